"""Granting a wish: hours that somebody else confirms, thanks, disputes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given as hypothesis_given
from hypothesis import strategies as st

from services.volunteering.domain.wishes.wish import wish
from services.volunteering.domain.wishes.wish_commands import (
    ConfirmGrant,
    CorrectHours,
    DisputedBecause,
    DisputeGrant,
    ForgetPerson,
    GrantWish,
    ReplyToDispute,
    Served,
    SettleDispute,
    WithdrawWish,
)
from services.volunteering.domain.wishes.wish_events import (
    WishAwaits,
    WishClaimAnswered,
    WishGrantTold,
    WishRated,
    WishReasonGiven,
    WishServantForgotten,
    WishServed,
    WishThanked,
)
from services.volunteering.domain.wishes.wish_state import Status
from shared.contracts.volunteering import (
    HoursConfirmed,
    HoursCorrected,
    WishFulfilled,
    WishGranted,
    WishReleased,
    WishWaits,
)
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.wishes import Awaited, WishKind
from shared.runtime.aggregate import Rejected, Tick
from tests.given import given
from tests.services.volunteering.wishes.stories import (
    AROUND,
    BEGUN,
    CLAIMED,
    CLAIMED_BY_HELPER,
    CLAIMED_FOR_TEAM,
    DAY,
    DISPUTED,
    ELDER,
    ENDED,
    GRANTED,
    HELPER,
    HOUR,
    JOINED,
    NOW,
    OF_A_TEAM,
    OPEN,
    PATH,
    RIVAL,
    SCREENER,
    WORKER,
)

LATER = NOW + 2 * DAY
GRANT = GrantWish(HELPER, BEGUN, ENDED, (Served(HELPER, 50),), "换好了")


def hours(
    minutes: int, by: str, volunteer: str = HELPER, team: str | None = None
) -> HoursConfirmed:
    return HoursConfirmed("w1", Work.WISH, volunteer, "n", BEGUN, minutes, by, team)


def fulfilled(by: str, team: str | None = None) -> WishFulfilled:
    return WishFulfilled(
        "w1", WishKind.REPAIR, "n", PATH, HELPER, team, ELDER, ELDER, by, by != ELDER
    )


def test_a_wish_is_granted_confirmed_and_thanked_for() -> None:
    granted = (
        given(wish, *CLAIMED)
        .when(GRANT, at=LATER, facts=AROUND)
        .then(
            WishServed(BEGUN, ENDED, ((HELPER, 50),)),
            WishGranted("w1", "n", HELPER, None, ELDER, ELDER, LATER + 7 * DAY),
            WishAwaits(Awaited.CONFIRMATION, LATER + 7 * DAY),
            WishGrantTold("换好了"),
        )
    )
    confirm = ConfirmGrant(ELDER, stars=5, thanks="谢谢小伙子")
    over = granted.when(confirm, facts=AROUND).then(
        hours(50, ELDER), fulfilled(ELDER), WishRated(5), WishThanked("谢谢小伙子")
    )
    assert (over.state.status, over.state.outcome) == (Status.FULFILLED, "fulfilled")
    over.when(confirm, facts=AROUND).then_rejected("wish-over")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"begun": NOW - HOUR}, "grant-times"),
        ({"ended": BEGUN - timedelta(minutes=1)}, "grant-times"),
        ({"ended": BEGUN}, "more-than-presence"),
        ({"ended": LATER + HOUR}, "grant-times"),
        ({"ended": BEGUN + 13 * HOUR}, "grant-too-long"),
        ({"served": ()}, "served-by-whom"),
        ({"served": (Served(HELPER, 1), Served(HELPER, 2))}, "served-by-whom"),
        ({"served": (Served(RIVAL, 10),)}, "served-by-others"),
        ({"served": (Served(HELPER, 61),)}, "more-than-presence"),
    ],
)
def test_hours_are_no_more_than_presence(change: dict[str, object], code: str) -> None:
    grant = replace(GRANT, **change)  # type: ignore[arg-type]
    given(wish, *CLAIMED).when(grant, at=LATER, facts=AROUND).then_rejected(code)


def test_what_is_done_in_the_minute_of_the_claim_is_done_after_it() -> None:
    """Times are told by the minute, and a claim has its second."""
    minute = NOW.replace(second=0, microsecond=0)
    late = minute + timedelta(seconds=40)
    past = (*OPEN, CLAIMED_BY_HELPER, WishClaimAnswered(late, HELPER, (HELPER,)))
    claimed = given(wish, *past)
    for ended, served in ((minute, 0), (minute + timedelta(minutes=5), 5)):
        grant = replace(GRANT, begun=minute, ended=ended, served=(Served(HELPER, served),))
        claimed.when(grant, at=late + timedelta(minutes=6), facts=AROUND).then_among(
            WishServed(minute, ended, ((HELPER, served),))
        )
    before = replace(GRANT, begun=minute - timedelta(minutes=1), served=(Served(HELPER, 1),))
    claimed.when(before, at=LATER, facts=AROUND).then_rejected("grant-times")


def test_a_team_grants_with_its_members() -> None:
    grant = replace(GRANT, served=(Served(RIVAL, 60), Served(HELPER, 50)), note="")
    granted = (
        given(wish, *CLAIMED_FOR_TEAM)
        .when(grant, at=LATER, facts=OF_A_TEAM)
        .then_among(WishServed(BEGUN, ENDED, ((HELPER, 50), (RIVAL, 60))))
    )
    granted.when(ConfirmGrant(ELDER, minutes=55), facts=AROUND).then(
        hours(50, ELDER, team="t1"), hours(55, ELDER, RIVAL, "t1"), fulfilled(ELDER, "t1")
    )
    outsider = replace(grant, served=(Served("third", 10),))
    given(wish, *CLAIMED_FOR_TEAM).when(outsider, at=LATER, facts=OF_A_TEAM).then_rejected(
        "not-in-the-team"
    )
    family = replace(OF_A_TEAM, volunteers={"grandson": JOINED})
    theirs = replace(grant, served=(Served("grandson", 10),))
    given(wish, *CLAIMED_FOR_TEAM).when(theirs, at=LATER, facts=family).then_rejected(
        "own-household"
    )


def test_staff_confirm_for_the_owner_but_never_what_they_granted() -> None:
    given(wish, *GRANTED).when(ConfirmGrant(WORKER), facts=AROUND).then(
        hours(50, WORKER), fulfilled(WORKER)
    )
    given(wish, *GRANTED).when(ConfirmGrant(HELPER), facts=AROUND).then_rejected("own-grant")


def test_what_nobody_confirms_is_told_and_counts_for_nothing_yet() -> None:
    told = (
        given(wish, *GRANTED)
        .when(Tick(), at=NOW + 9 * DAY, facts=AROUND)
        .then(WishWaits("w1", "n", Awaited.CONFIRMATION, "c", "desk"))
    )
    assert told.state.status is Status.GRANTED
    assert wish.due(told.state) is None


def test_a_dispute_hears_both_sides_and_is_settled_by_somebody_else() -> None:
    dispute = DisputeGrant(ELDER, DisputedBecause.NOT_DONE, "没人来过")
    given(wish, *GRANTED).when(dispute, at=NOW + 3 * DAY, facts=AROUND).then(
        *DISPUTED[-2:], WishReasonGiven("dispute", "没人来过")
    )
    open = given(wish, *DISPUTED)
    open.when(ReplyToDispute(HELPER, "来过"), facts=AROUND).then(WishGrantTold("来过"))
    for partial, code in ((HELPER, "own-grant"), (ELDER, "own-dispute")):
        settle = SettleDispute(partial, True, "看过记录")
        open.when(settle, facts=AROUND).then_rejected(code)
    open.when(SettleDispute(SCREENER, True, "看过记录", 30), facts=AROUND).then(
        hours(30, SCREENER), fulfilled(SCREENER), WishReasonGiven("settle", "看过记录")
    )
    again = open.when(SettleDispute(SCREENER, False, "确实没来"), facts=AROUND).then(
        WishReleased("w1", "n", HELPER, None, ELDER, ELDER, "not-granted"),
        WishReasonGiven("settle", "确实没来"),
    )
    assert (again.state.status, again.state.former) == (Status.OPEN, (HELPER,))
    assert again.state.disputed_by is None


def test_a_granted_wish_is_disputed_not_withdrawn() -> None:
    given(wish, *GRANTED).when(WithdrawWish(ELDER), facts=AROUND).then_rejected("wish-wrong-moment")


def test_confirmed_hours_are_corrected_within_presence() -> None:
    over = given(wish, *GRANTED, hours(50, ELDER), fulfilled(ELDER))
    fix = CorrectHours(SCREENER, HELPER, 40, "算错")
    over.when(fix, facts=AROUND).then(
        HoursCorrected("w1", Work.WISH, HELPER, "n", BEGUN, 50, 40, SCREENER),
        WishReasonGiven("correct", "算错"),
    )
    over.when(replace(fix, minutes=50), facts=AROUND).then()
    over.when(replace(fix, minutes=61), facts=AROUND).then_rejected("more-than-presence")
    over.when(replace(fix, volunteer=RIVAL), facts=AROUND).then_rejected("served-nothing")
    over.when(replace(fix, by=HELPER), facts=AROUND).then_rejected("own-grant")


def test_hours_of_somebody_who_was_erased_are_not_confirmed() -> None:
    gone = (
        given(wish, *GRANTED)
        .when(ForgetPerson(HELPER), facts=AROUND)
        .then(WishServantForgotten(HELPER))
    )
    gone.when(ConfirmGrant(ELDER), facts=AROUND).then(fulfilled(ELDER))


@hypothesis_given(
    begin=st.integers(0, 3000),
    length=st.integers(-60, 900),
    said=st.integers(0, 720),
    most=st.none() | st.integers(0, 720),
    corrected=st.integers(0, 720),
)
def test_hours_never_exceed_presence(
    begin: int, length: int, said: int, most: int | None, corrected: int
) -> None:
    begun: datetime = NOW + timedelta(minutes=begin)
    ended = begun + timedelta(minutes=length)
    state = given(wish, *CLAIMED).state
    grant = GrantWish(HELPER, begun, ended, (Served(HELPER, said),))
    try:
        state = wish.fold(state, wish.decide(grant, state, LATER, AROUND))
    except Rejected:
        return
    state = wish.fold(state, wish.decide(ConfirmGrant(ELDER, most), state, LATER, AROUND))
    assert dict(state.confirmed).get(HELPER, 0) <= min(length, said, said if most is None else most)
    try:
        fix = CorrectHours(SCREENER, HELPER, corrected, "x")
        state = wish.fold(state, wish.decide(fix, state, LATER, AROUND))
    except Rejected:
        pass
    assert dict(state.confirmed).get(HELPER, 0) <= length


def test_who_gives_a_thing_serves_no_hours() -> None:
    grant = replace(GRANT, served=(Served(HELPER, 0),), note="")
    granted = (
        given(wish, *CLAIMED)
        .when(grant, at=LATER, facts=AROUND)
        .then_among(WishServed(BEGUN, ENDED, ((HELPER, 0),)))
    )
    granted.when(ConfirmGrant(ELDER), facts=AROUND).then(fulfilled(ELDER))
    given(wish, *GRANTED).when(ConfirmGrant(ELDER, minutes=0), facts=AROUND).then(fulfilled(ELDER))
