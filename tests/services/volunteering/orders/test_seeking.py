"""From placing an order to somebody who has it."""

from datetime import timedelta

import pytest

from services.volunteering.domain.orders.climbing import MOST_ROUNDS
from services.volunteering.domain.orders.commands import (
    Accept,
    Decline,
    NameTimes,
    TakeOver,
    Weigh,
)
from services.volunteering.domain.orders.events import OrderDescribed
from services.volunteering.domain.orders.record import AtHand, OrderRecord
from services.volunteering.domain.orders.state import Desk, Status, Window
from shared.contracts.types import Level
from shared.contracts.volunteering.orders import (
    OrderAccepted,
    OrderAlarmed,
    OrderClimbed,
    OrderDeclined,
    OrderEnded,
    OrderOffered,
    OrderOffersLapsed,
    OrderPlaced,
    OrderTakenOver,
    OrderTimesNamed,
    TakersSought,
)
from shared.runtime.aggregate import Tick
from tests.services.volunteering.orders.an_order import (
    DAY,
    HOST,
    HOUR,
    ID,
    NOW,
    PATH,
    WANTED,
    Story,
    found,
    handy,
    offered,
    placing,
)


def placed() -> Story:
    return Story().does(placing())


# --- placing --------------------------------------------------------------------------------------


def test_an_order_is_placed_and_takers_are_sought() -> None:
    story = placed()
    assert story.one(OrderPlaced) == OrderPlaced(
        ID, "repair", "junmen-1", PATH, HOST, HOST, WANTED.begin, WANTED.end
    )
    assert story.one(TakersSought).number == 1
    assert story.one(OrderDescribed).need == "客厅的灯不亮了"
    assert story.state.status is Status.SEEKING


def test_staff_place_it_for_somebody_without_an_account_and_speak_for_them() -> None:
    story = Story().does(placing(by="grid-1", on_behalf=True, resident=None))
    assert story.one(OrderPlaced).resident is None
    assert story.state.host == "grid-1"


def test_what_a_resident_says_of_others_is_not_read() -> None:
    story = Story().does(placing(resident="r-other"))
    assert story.state.resident == HOST


@pytest.mark.parametrize(
    ("times", "code"),
    [
        ((), "no-times"),
        ((Window(NOW + timedelta(minutes=30), NOW + 3 * HOUR),), "time-out-of-reach"),
        ((Window(NOW + 61 * DAY, NOW + 61 * DAY + 3 * HOUR),), "time-out-of-reach"),
        ((Window(NOW + DAY, NOW + DAY + HOUR),), "time-too-short"),
        ((Window(NOW + DAY, NOW + 2 * DAY),), "not-within-a-day"),
        ((Window(WANTED.begin.replace(tzinfo=None), WANTED.end),), "without-zone"),
    ],
)
def test_times_that_cannot_be_meant_are_refused(times: tuple[Window, ...], code: str) -> None:
    Story().refuses(placing(times=times), code)


def test_an_unknown_or_ended_service_and_an_unknown_or_closed_place_are_refused() -> None:
    Story().refuses(placing(), "unknown-service", service=None)
    Story().refuses(placing(), "unknown-place", site=None)
    Story().refuses(placing(), "place-closed", closed=True)


def test_who_waits_for_enough_or_calls_off_too_often_asks_staff() -> None:
    waiting = OrderRecord(open=("a", "b", "c", "d", "e"))
    Story().refuses(placing(), "enough-open", records={HOST: waiting})
    late = OrderRecord(late=(NOW - DAY, NOW - 2 * DAY, NOW - 3 * DAY))
    Story().refuses(placing(), "called-off-too-often", records={HOST: late})
    long_ago = OrderRecord(late=(NOW - 100 * DAY,) * 3)
    Story().does(placing(), records={HOST: long_ago})
    Story().does(placing(by="grid-1", on_behalf=True, resident=HOST), records={HOST: late})


# --- offers ---------------------------------------------------------------------------------------


def test_the_matching_asks_three_at_once_and_keeps_the_others_in_line() -> None:
    story = offered("v-1", "v-2", "v-3", "v-4", "v-5")
    asked = story.one(OrderOffered)
    assert len(asked.volunteers) == 3
    assert asked.by is None
    assert story.state.status is Status.OFFERED
    assert {*asked.volunteers, *story.state.line} == {"v-1", "v-2", "v-3", "v-4", "v-5"}
    # Two days to the last call: an offer lasts a sixth of that.
    assert timedelta(hours=7) < asked.until - NOW < timedelta(hours=9)


def test_a_late_or_repeated_search_asks_nobody() -> None:
    story = offered("v-1")
    assert story.does(Weigh(1, (found("v-2"),))).last == []
    assert story.does(Weigh(7, (found("v-2"),))).last == []


def test_the_first_who_accepts_has_it_and_the_others_hear_that_it_is_taken() -> None:
    story = offered("v-1", "v-2", "v-3").does(Accept("v-2"))
    accepted = story.one(OrderAccepted)
    assert accepted.volunteer == "v-2"
    assert set(accepted.passed_over) == {"v-1", "v-3"}
    assert story.state.status is Status.ACCEPTED
    story.refuses(Accept("v-1"), "order-taken")
    story.refuses(Accept("v-3"), "order-taken")
    assert story.does(Accept("v-2")).last == []


def test_who_declines_makes_room_for_the_next_in_line() -> None:
    story = offered("v-1", "v-2", "v-3", "v-4")
    first, (next_one,) = story.state.offers[0].volunteer, story.state.line
    story.does(Decline(first))
    assert story.one(OrderDeclined).volunteer == first
    assert story.one(OrderOffered).volunteers == (next_one,)
    story.refuses(Accept(first), "offer-over")
    story.refuses(Decline(first), "offer-over")


def test_offers_lapse_and_the_next_are_asked() -> None:
    story = offered("v-1", "v-2", "v-3", "v-4")
    until = story.state.offers[0].until
    waiting = story.state.line
    story.refuses(Accept("v-1"), "offer-over", at=until)
    story.does(Tick(), until)
    assert len(story.one(OrderOffersLapsed).volunteers) == 3
    assert story.one(OrderOffered).volunteers == waiting


def test_who_is_unfit_by_now_does_not_get_it() -> None:
    story = offered("v-1")
    story.refuses(Accept("v-1"), "not-a-volunteer", volunteers={})
    story.refuses(Accept("v-1"), "skill-missing", volunteers={"v-1": handy(skills=())})
    story.refuses(
        Accept("v-1"), "guardian-must-consent", volunteers={"v-1": handy(birth_year=2008)}
    )
    full = OrderRecord(at_hand=tuple(AtHand(f"o-{n}") for n in range(5)))
    story.refuses(Accept("v-1"), "enough-at-hand", records={"v-1": full})


def test_nobody_takes_their_own_order() -> None:
    story = Story().does(placing(by="grid-1", on_behalf=True, resident="v-1"))
    story.does(Weigh(1, (found("v-1"), found("grid-1"), found("v-2"))))
    assert story.one(OrderOffered).volunteers == ("v-2",)
    assert [one.unfit for one in story.state.weighed] == [None, "own-order", "own-order"]


def test_other_times_end_the_offers_and_ask_anew() -> None:
    story = offered("v-1", "v-2").does(Decline("v-1"))
    other = Window(NOW + 3 * DAY, NOW + 3 * DAY + 2 * HOUR)
    story.does(NameTimes(HOST, (other,)))
    assert story.one(OrderTimesNamed).offered == ("v-2",)
    story.does(Weigh(story.one(TakersSought).number, (found("v-1"),)))
    assert story.one(OrderOffered).volunteers == ("v-1",)


# --- nobody takes it ------------------------------------------------------------------------------


def test_without_anybody_it_climbs_to_the_community_and_then_to_the_street() -> None:
    story = placed().does(Weigh(1, ()))
    climbed = story.one(OrderClimbed)
    assert (climbed.level, climbed.place, climbed.called) == (Level.COMMUNITY, "junmen", "lin")
    story.does(Tick(), climbed.until)
    again = story.one(OrderClimbed)
    assert (again.level, again.place, again.called) == (Level.STREET, "wufeng", "wu")
    # The street is larger: there takers are looked for once more.
    assert story.one(TakersSought).number == 2
    story.does(Weigh(2, (found("v-9"),)), climbed.until + HOUR)
    assert story.one(OrderOffered).volunteers == ("v-9",)


def test_a_search_that_brings_nothing_in_time_found_nobody() -> None:
    story = placed()
    assert story.state.seek_by is not None
    story.does(Tick(), story.state.seek_by)
    assert story.one(OrderClimbed).level is Level.COMMUNITY


def test_the_street_is_called_each_day_until_somebody_is_found_or_it_is_too_late() -> None:
    far = Window(NOW + 9 * DAY, NOW + 9 * DAY + 3 * HOUR)
    story = Story().does(placing(times=(far,))).does(Weigh(1, ()))
    story.does(Tick(), story.state.climb_by).does(Weigh(2, ()), story.state.climb_by)
    for number in (2, 3, 4):
        story.does(Tick(), story.state.climb_by)
        alarm = story.one(OrderAlarmed)
        assert (alarm.because, alarm.called, alarm.number) == ("overdue", "wu", number)
    story.does(Tick(), far.end)
    ended = story.one(OrderEnded)
    assert (ended.because, ended.by) == ("no-taker", None)
    assert story.aggregate.due(story.state) is None


def test_an_alarm_that_nobody_heard_is_kept() -> None:
    vacant = {Level.COMMUNITY: Desk("junmen", None)}
    story = placed().does(Weigh(1, ()), offices=vacant)
    assert story.one(OrderClimbed).called is None
    assert story.state.alarm is not None
    assert story.state.alarm.person is None


def test_offers_that_run_out_at_an_office_call_it() -> None:
    story = placed().does(Weigh(1, ()))
    story.does(Tick(), story.state.climb_by).does(Weigh(2, (found("v-1"),)), story.state.climb_by)
    story.does(Decline("v-1"))
    assert story.one(OrderAlarmed).because == "untaken"


def test_the_office_takes_it_itself() -> None:
    story = offered("v-1", "v-2").does(TakeOver("lin"))
    assert set(story.one(OrderTakenOver).passed_over) == {"v-1", "v-2"}
    assert (story.state.volunteer, story.state.by_office) == ("lin", True)
    story.refuses(Accept("v-1"), "order-taken")
    without_account = Story().does(placing(by="grid-1", on_behalf=True))
    without_account.refuses(TakeOver("grid-1"), "own-order")


def test_searches_for_one_order_are_bounded() -> None:
    story = placed()
    for number in range(1, MOST_ROUNDS + 1):
        story.does(Weigh(number, (found("v-1"),)))
        story.does(NameTimes(HOST, (WANTED,)))
    assert story.state.round == MOST_ROUNDS
    assert "TakersSought" not in story.names()
    assert story.one(OrderClimbed).level is Level.COMMUNITY
