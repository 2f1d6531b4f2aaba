"""Begun, finished, confirmed by both sides; hours never exceed presence."""

from datetime import timedelta

from services.volunteering.domain.orders.commands import (
    Accept,
    Begin,
    Confirm,
    CorrectHours,
    Dispute,
    Finish,
    ProposeTime,
    Settle,
    TakeOver,
)
from services.volunteering.domain.orders.state import Status
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.contracts.volunteering.orders import (
    OrderAlarmed,
    OrderBeginConfirmed,
    OrderBegun,
    OrderDone,
    OrderFinished,
)
from shared.runtime.aggregate import Tick
from tests.services.volunteering.orders.an_order import (
    DAY,
    HOST,
    HOUR,
    ID,
    WANTED,
    Story,
    accepted,
    offered,
)

TEN = WANTED.begin + HOUR
END = TEN + timedelta(minutes=80, seconds=59)


def begun(by: str = "v-1") -> Story:
    return accepted().does(ProposeTime("v-1", TEN)).does(Begin(by), at=TEN)


def finished(by: str = "v-1") -> Story:
    return begun().does(Finish(by), at=END)


def done() -> Story:
    return finished().does(Confirm(HOST), at=END)


def test_it_begins_about_when_it_was_agreed() -> None:
    story = accepted().does(ProposeTime("v-1", TEN))
    story.refuses(Begin("v-1"), "too-early", at=TEN - HOUR - timedelta(minutes=1))
    story.refuses(Begin("v-9"), "not-your-side", at=TEN)
    story.does(Begin("v-1"), at=TEN - HOUR)
    assert story.one(OrderBegun).begun == TEN - HOUR
    accepted().refuses(Begin("v-1"), "order-wrong-moment", at=TEN)


def test_the_other_side_confirms_the_begin() -> None:
    story = begun()
    story.refuses(Confirm("v-1"), "other-side-confirms", at=TEN)
    story.does(Confirm(HOST), at=TEN)
    assert story.one(OrderBeginConfirmed).by == HOST
    story.refuses(Confirm(HOST), "other-side-confirms", at=TEN)


def test_both_confirm_and_the_hours_are_those_of_presence_in_whole_minutes() -> None:
    story = done()
    assert story.one(OrderDone).minutes == 80
    assert story.one(HoursConfirmed) == HoursConfirmed(
        ID, Work.ORDER, "v-1", "junmen-1", TEN, 80, HOST
    )
    assert story.state.status is Status.DONE
    story.refuses(Accept("v-2"), "order-taken")


def test_who_says_that_it_has_ended_says_that_it_had_begun() -> None:
    story = begun().does(Finish(HOST), at=END)
    assert story.names() == ["OrderBeginConfirmed", "OrderFinished"]
    story.refuses(Confirm(HOST), "other-side-confirms", at=END)
    story.does(Confirm("v-1"), at=END)
    assert story.names() == ["OrderDone", "HoursConfirmed"]


def test_one_side_alone_confirms_nothing() -> None:
    story = finished()
    story.refuses(Confirm("v-1"), "other-side-confirms", at=END)
    assert story.does(Confirm(HOST), at=END).names()[0] == "OrderBeginConfirmed"


def test_what_one_side_does_not_confirm_calls_the_office_which_settles_it() -> None:
    story = finished().does(Tick(), END + 3 * DAY)
    assert story.one(OrderAlarmed).because == "unconfirmed"
    assert story.aggregate.due(story.state) is None
    story.refuses(Settle("lin", 81), "more-than-present", at=END + 3 * DAY)
    story.refuses(Settle("v-1", 80), "own-matter", at=END + 3 * DAY)
    story.does(Settle("lin", 60), at=END + 3 * DAY)
    assert story.one(HoursConfirmed).minutes == 60


def test_a_dispute_is_settled_by_the_office() -> None:
    story = finished()
    story.refuses(Dispute("v-1"), "nothing-to-dispute", at=END)
    story.does(Dispute(HOST, "只来了半小时"), at=END)
    assert story.one(OrderAlarmed).because == "disputed"
    assert "DisputeWorded" in story.names()
    story.does(Settle("lin", 0), at=END + DAY)
    assert story.names() == ["OrderDone"]
    assert story.state.minutes == 0


def test_what_nobody_finishes_is_settled_by_the_office() -> None:
    story = begun()
    story.refuses(Settle("lin", 60), "still-going-on", at=END)
    story.does(Tick(), TEN + 12 * HOUR)
    assert story.one(OrderAlarmed).because == "unconfirmed"
    story.does(Settle("lin", 90), at=TEN + 13 * HOUR)
    assert story.one(OrderFinished).ended == TEN + 12 * HOUR
    assert story.one(HoursConfirmed).minutes == 90


def test_presence_is_bounded() -> None:
    story = begun().does(Finish("v-1"), at=TEN + 30 * HOUR).does(Confirm(HOST), at=TEN + 31 * HOUR)
    assert story.one(HoursConfirmed).minutes == 12 * 60


def test_hours_are_corrected_within_presence() -> None:
    story = done()
    story.refuses(CorrectHours("lin", 81), "more-than-present", at=END)
    story.refuses(CorrectHours("lin", 80), "nothing-corrected", at=END)
    story.refuses(CorrectHours(HOST, 60), "own-matter", at=END)
    story.refuses(CorrectHours("lin", 60), "too-long-ago", at=END + 91 * DAY)
    story.does(CorrectHours("lin", 60), at=END + DAY)
    corrected = story.one(HoursCorrected)
    assert (corrected.before, corrected.minutes) == (80, 60)
    story.does(CorrectHours("lin", 0), at=END + DAY).does(CorrectHours("lin", 30), at=END + DAY)
    assert story.one(HoursCorrected).before == 0


def test_hours_settled_at_nothing_are_first_confirmed_when_they_are_corrected() -> None:
    story = finished().does(Dispute(HOST), at=END).does(Settle("lin", 0), at=END)
    story.does(CorrectHours("lin", 30), at=END + DAY)
    assert story.one(HoursConfirmed).minutes == 30


def test_what_the_office_does_itself_serves_no_hours() -> None:
    story = offered("v-1").does(TakeOver("lin")).does(ProposeTime("lin", TEN))
    story.does(Begin("lin"), at=TEN).does(Finish("lin"), at=END).does(Confirm(HOST), at=END)
    assert story.one(OrderDone).by_office
    assert "HoursConfirmed" not in story.names()
    story.refuses(CorrectHours("wu", 10), "no-hours", at=END)
