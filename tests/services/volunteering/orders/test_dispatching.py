"""Staff, and organisations that are trusted with it, choose whom to ask."""

from typing import Any

from services.volunteering.domain.orders.commands import (
    Accept,
    Acknowledge,
    Decline,
    Dispatch,
    EndedBecause,
    EndOrder,
    Entrust,
    ReturnEntrusted,
    TellOffice,
    Weigh,
)
from services.volunteering.domain.orders.state import Desk, Status
from shared.contracts.types import Level
from shared.contracts.volunteering.orders import (
    OrderAccepted,
    OrderAlarmed,
    OrderClimbed,
    OrderEnded,
    OrderEntrusted,
    OrderEntrustmentEnded,
    OrderOffered,
)
from shared.runtime.aggregate import Tick
from tests.services.volunteering.orders.an_order import (
    HOUR,
    NOW,
    Story,
    found,
    handy,
    offered,
    placing,
)

CLINIC = "o-clinic"
FIFTY = tuple(f"v-{n}" for n in range(50))


def entrusted() -> Story:
    return Story().does(placing()).does(Entrust("lin", CLINIC, 12))


def test_staff_ask_fifty_at_once_and_one_has_it() -> None:
    story = Story().does(placing()).does(Dispatch("lin", None, FIFTY))
    asked = story.one(OrderOffered)
    assert (asked.volunteers, asked.by) == (FIFTY, "lin")
    story.does(Accept("v-17"))
    assert len(story.one(OrderAccepted).passed_over) == 49
    for person in FIFTY:
        if person != "v-17":
            story.refuses(Accept(person), "order-taken")


def test_whoever_is_asked_already_is_not_asked_twice() -> None:
    story = offered("v-1")
    story.does(Dispatch("lin", None, ("v-1", "v-2", "v-2")))
    assert story.one(OrderOffered).volunteers == ("v-2",)
    story.refuses(Dispatch("lin", None, ("v-1", "v-2")), "nobody-to-ask")


def test_who_cannot_take_it_is_not_asked() -> None:
    story = Story().does(placing())
    world: dict[str, Any] = {"volunteers": {"v-1": handy(), "v-2": handy(skills=())}}
    story.refuses(Dispatch("lin", None, ("v-1", "v-2")), "volunteer-unfit", **world)
    story.refuses(Dispatch("lin", None, ("nobody",)), "volunteer-unfit", **world)


def test_what_is_asked_at_once_and_ever_is_bounded() -> None:
    story = Story().does(placing()).does(Dispatch("lin", None, FIFTY))
    story.refuses(Dispatch("lin", None, ("v-51",)), "too-many-offers")
    crowd = [f"w-{n}" for n in range(201)]
    world: dict[str, Any] = {"volunteers": {person: handy() for person in (*crowd, "w-last")}}
    story = Story().does(placing())
    for person in crowd[:200]:
        story.does(Dispatch("lin", None, (person,)), **world).does(Decline(person))
    story.refuses(Dispatch("lin", None, ("w-200",)), "too-many-asked", **world)


def test_an_organisation_dispatches_and_the_matching_asks_nobody() -> None:
    story = entrusted()
    assert story.one(OrderEntrusted).until == NOW + 12 * HOUR
    assert story.does(Weigh(1, (found("v-1"),))).last == []
    story.does(Dispatch("doctor", CLINIC, ("v-1",)))
    assert story.one(OrderOffered).by == "doctor"
    story.does(Decline("v-1"))
    assert story.names() == ["OrderDeclined"]  # the organisation has its time


def test_an_organisation_that_finds_nobody_is_followed_by_the_office() -> None:
    story = entrusted()
    until = story.state.entrusted_until
    assert until is not None
    story.does(Tick(), until)
    assert story.one(OrderEntrustmentEnded).because == "lapsed"
    assert story.one(OrderClimbed).level is Level.COMMUNITY
    returned = entrusted().does(ReturnEntrusted("doctor"))
    assert returned.one(OrderEntrustmentEnded).because == "returned"
    assert returned.one(OrderClimbed).called == "lin"
    returned.refuses(ReturnEntrusted("doctor"), "not-entrusted")


def test_at_an_office_what_comes_back_calls_it() -> None:
    story = Story().does(placing()).does(Weigh(1, ())).does(Entrust("lin", CLINIC))
    story.does(ReturnEntrusted("doctor"))
    assert story.one(OrderAlarmed).because == "untaken"


def test_who_was_asked_by_an_organisation_keeps_the_time_to_answer() -> None:
    story = entrusted().does(Dispatch("doctor", CLINIC, ("v-1",))).does(ReturnEntrusted("doctor"))
    assert story.names() == ["OrderEntrustmentEnded"]
    assert story.does(Accept("v-1")).state.volunteer == "v-1"


def test_staff_who_dispatch_take_it_from_the_organisation() -> None:
    story = entrusted().does(Dispatch("lin", None, ("v-1",)))
    assert story.one(OrderEntrustmentEnded).because == "withdrawn"
    assert story.state.organisation is None


def test_an_unknown_organisation_is_not_trusted_nor_the_same_twice() -> None:
    Story().does(placing()).refuses(Entrust("lin", "o-x"), "unknown-organisation", body_known=False)
    entrusted().refuses(Entrust("lin", CLINIC), "entrusted-already")


def test_the_office_ends_it_and_says_why() -> None:
    story = offered("v-1").does(EndOrder("lin", EndedBecause.NO_MEANS, "社区暂无此项服务"))
    ended = story.one(OrderEnded)
    assert (ended.because, ended.by, ended.offered) == ("no-means", "lin", ("v-1",))
    assert "EndExplained" in story.names()
    story.refuses(Accept("v-1"), "order-over")


def test_a_new_holder_of_the_duty_hears_the_alarm_that_nobody_heard() -> None:
    vacant = {Level.COMMUNITY: Desk("junmen")}
    story = Story().does(placing()).does(Weigh(1, ()), offices=vacant)
    assert story.does(TellOffice("wufeng", "wu")).last == []
    story.does(TellOffice("junmen", "lin"))
    alarm = story.one(OrderAlarmed)
    assert (alarm.because, alarm.called, alarm.number) == ("no-taker", "lin", 2)
    assert story.does(TellOffice("junmen", "he")).last == []


def test_an_alarm_is_acknowledged_once() -> None:
    story = Story().does(placing()).does(Weigh(1, ())).does(Acknowledge("lin"))
    assert story.state.alarm is None
    assert story.state.status is Status.SEEKING
    story.refuses(Acknowledge("lin"), "no-alarm")
