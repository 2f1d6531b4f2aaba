"""The appointment: agreed, given back, missed."""

from datetime import timedelta

from services.volunteering.domain.orders.commands import (
    Acknowledge,
    Agree,
    Cancel,
    GiveBack,
    GivenBackBecause,
    ProposeTime,
    ReportAbsence,
    Weigh,
)
from services.volunteering.domain.orders.record import AtHand, OrderRecord
from services.volunteering.domain.orders.state import Status
from shared.contracts.volunteering.orders import (
    OrderAgreed,
    OrderAlarmed,
    OrderCancelled,
    OrderEnded,
    OrderGivenBack,
    OrderNear,
    OrderOffered,
    OrderTimeProposed,
    TakersSought,
)
from shared.runtime.aggregate import Tick
from tests.services.volunteering.orders.an_order import (
    DAY,
    HOST,
    HOUR,
    NOW,
    WANTED,
    Story,
    accepted,
    found,
)

TEN = WANTED.begin + HOUR
LATER = WANTED.begin + 3 * DAY


def agreed() -> Story:
    return accepted().does(ProposeTime("v-1", TEN))


def test_a_time_that_was_wanted_is_agreed_at_once() -> None:
    story = agreed()
    one = story.one(OrderAgreed)
    assert (one.begin, one.end) == (TEN, TEN + timedelta(minutes=90))
    assert story.state.status is Status.AGREED


def test_another_time_needs_the_other_side() -> None:
    story = accepted().does(ProposeTime("v-1", LATER))
    assert story.one(OrderTimeProposed).to == HOST
    story.refuses(Agree("v-1"), "own-proposal")
    story.does(Agree(HOST))
    assert story.one(OrderAgreed).begin == LATER


def test_the_resident_proposes_and_the_volunteer_agrees() -> None:
    story = accepted().does(ProposeTime(HOST, TEN))
    assert story.one(OrderTimeProposed).to == "v-1"
    story.refuses(Agree(HOST), "own-proposal")
    assert story.does(Agree("v-1")).state.begin == TEN


def test_a_time_that_is_past_or_far_is_not_proposed_nor_agreed_to() -> None:
    story = accepted()
    story.refuses(ProposeTime("v-1", NOW), "not-ahead")
    story.refuses(ProposeTime("v-1", NOW + 61 * DAY), "not-ahead")
    story.refuses(ProposeTime("v-1", TEN.replace(tzinfo=None)), "without-zone")
    story.refuses(Agree(HOST), "nothing-proposed")
    story.does(ProposeTime(HOST, TEN)).refuses(Agree("v-1"), "nothing-proposed", at=TEN)


def test_nobody_is_at_two_orders_at_once() -> None:
    elsewhere = OrderRecord(at_hand=(AtHand("order-2", TEN + HOUR, TEN + 2 * HOUR),))
    accepted().refuses(ProposeTime("v-1", TEN), "busy-then", records={"v-1": elsewhere})


def test_strangers_agree_to_nothing() -> None:
    accepted().refuses(ProposeTime("v-9", TEN), "not-your-side")
    accepted().refuses(GiveBack("v-9", GivenBackBecause.ILL), "not-your-side")
    accepted().refuses(Cancel("v-1"), "not-your-side")


def test_who_names_no_time_has_it_no_more() -> None:
    story = accepted()
    assert story.state.agree_by is not None
    story.does(Tick(), story.state.agree_by)
    back = story.one(OrderGivenBack)
    assert (back.because, back.late) == ("not-agreed", False)
    assert story.one(TakersSought).number == 2


def test_a_proposal_waits_for_the_resident_until_its_time() -> None:
    story = accepted().does(ProposeTime("v-1", LATER))
    assert story.aggregate.due(story.state) == LATER
    story.does(Tick(), LATER)
    assert story.one(OrderEnded).because == "not-agreed"


def test_the_residents_own_proposal_gives_the_volunteer_time_again() -> None:
    story = accepted().does(ProposeTime("v-1", LATER))
    story.does(ProposeTime(HOST, TEN), at=NOW + DAY)
    due = story.aggregate.due(story.state)
    assert due is not None
    assert due > NOW + DAY


def test_both_are_reminded_a_day_before() -> None:
    story = accepted().does(ProposeTime("v-1", LATER)).does(Agree(HOST))
    story.does(Tick(), LATER - DAY)
    assert story.one(OrderNear).begin == LATER
    soon = accepted().does(ProposeTime("v-1", TEN), at=TEN - 5 * HOUR)
    assert soon.state.remind_at is None


def test_who_gives_back_makes_room_and_is_not_asked_again() -> None:
    story = agreed().does(GiveBack("v-1", GivenBackBecause.ILL))
    assert story.one(OrderGivenBack).late is False
    story.does(Weigh(2, (found("v-1"), found("v-2"))))
    assert story.one(OrderOffered).volunteers == ("v-2",)


def test_shortly_before_is_late() -> None:
    story = agreed().does(GiveBack("v-1", GivenBackBecause.BUSY), at=TEN - HOUR)
    assert story.one(OrderGivenBack).late
    late = agreed().does(Cancel(HOST), at=TEN - HOUR)
    assert late.one(OrderCancelled).late
    early = agreed().does(Cancel(HOST))
    cancelled = early.one(OrderCancelled)
    assert (cancelled.volunteer, cancelled.late) == ("v-1", False)


def test_when_it_is_too_late_for_another_it_ends() -> None:
    story = agreed().does(GiveBack("v-1", GivenBackBecause.ILL), at=WANTED.end)
    assert story.one(OrderEnded).because == "no-taker"


def test_a_volunteer_who_does_not_come_has_it_no_more() -> None:
    story = agreed()
    story.refuses(ReportAbsence(HOST), "too-early-to-say", at=TEN)
    story.does(ReportAbsence(HOST), at=TEN + timedelta(minutes=15))
    back = story.one(OrderGivenBack)
    assert (back.because, back.late) == ("absent", True)


def test_nobody_at_home_ends_it() -> None:
    story = agreed().does(ReportAbsence("v-1"), at=TEN + timedelta(minutes=20))
    ended = story.one(OrderEnded)
    assert (ended.because, ended.by) == ("nobody-home", "v-1")


def test_what_nobody_begins_is_told_to_the_office_and_ends() -> None:
    story = agreed().does(Tick(), TEN - DAY).does(Tick(), TEN + HOUR)
    assert story.one(OrderAlarmed).because == "not-begun"
    story.does(Acknowledge("lin"), TEN + 2 * HOUR)
    assert story.aggregate.due(story.state) == TEN + 3 * DAY
    story.does(Tick(), TEN + 3 * DAY)
    assert story.one(OrderEnded).because == "never-begun"
