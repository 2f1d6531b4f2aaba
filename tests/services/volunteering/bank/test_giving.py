"""Points given to others: out of one account, on their way, into another, or back."""

from datetime import timedelta

import pytest

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import (
    Close,
    Decline,
    Give,
    TakeBack,
    TakeIn,
)
from services.volunteering.domain.bank.earning import AccountOpened
from services.volunteering.domain.bank.giving import WordGiven
from services.volunteering.domain.bank.legs import EXPIRED, moved
from services.volunteering.domain.bank.state import MOST_RECEIVED, Account
from shared.contracts.volunteering import (
    PointsReceived,
    PointsReturned,
    PointsReversed,
    PointsSent,
    PointsTakenBack,
)
from shared.contracts.volunteering.bank import Returned
from shared.contracts.volunteering.hours import Work
from tests.given import Given, given
from tests.services.volunteering.bank.world import (
    DAY,
    END_OF_MARCH_2028,
    LIN,
    NOON,
    PATH,
    WANG,
    around,
    points,
)

OPENED = AccountOpened("lin", False, PATH, ("lin",))
T1 = f"{LIN}.1"
LOTS = ((END_OF_MARCH_2028, 40),)
SENT = PointsSent(LIN, T1, WANG, 40, LOTS, NOON, moved(40, LIN, f"transit:{T1}"))
TO_WANG = around(WANG)
KNOWN = around(payee_open=True)
COME_IN = TakeIn(T1, LIN, 40, LOTS)


def wang() -> Given[Account]:
    return given(account, AccountOpened("wang", False, PATH, ("wang",)))


def test_points_go_on_their_way_with_a_word() -> None:
    gift = Give("lin", "wang", 40, "保重身体")
    there = given(account, OPENED, points(60)).when(gift, at=NOON, facts=KNOWN)
    state = there.then(SENT, WordGiven(T1, "保重身体")).state
    assert state.balance == 20
    assert (state.books.person, state.books.transit) == (20, 40)


@pytest.mark.parametrize(
    ("gift", "code"),
    [
        (Give("lin", "lin", 10), "own-account"),
        (Give("lin", "wang", 101), "gift-too-large"),
        (Give("lin", "wang", 90), "not-enough-points"),
    ],
)
def test_what_is_given_has_limits(gift: Give, code: str) -> None:
    given(account, OPENED, points(60)).when(gift, at=NOON, facts=KNOWN).then_rejected(code)


def test_a_month_has_a_limit_and_the_next_has_its_own() -> None:
    there = given(account, OPENED, points(500))
    for amount in (100, 50):
        there = there.when(Give("lin", "wang", amount), at=NOON, facts=KNOWN).then_among()
    there.when(Give("lin", "wang", 1), at=NOON, facts=KNOWN).then_rejected("given-enough")
    later = NOON + 30 * DAY
    assert there.when(Give("lin", "wang", 1), at=later, facts=KNOWN).then_among().state.given == (
        type(there.state.given)("2026-04", 1)
    )


def test_nothing_is_given_to_who_has_no_account() -> None:
    gift = given(account, OPENED, points(60)).when(Give("lin", "x", 1), at=NOON, facts=around())
    gift.then_rejected("no-such-account")
    given(account).when(Give("lin", "wang", 1), at=NOON, facts=KNOWN).then_rejected(
        "no-such-account"
    )


def test_points_come_in_and_keep_their_day() -> None:
    state = (
        wang()
        .when(COME_IN, at=NOON, facts=TO_WANG)
        .then(
            PointsReceived(
                WANG,
                T1,
                LIN,
                40,
                LOTS,
                NOON + timedelta(days=14),
                moved(40, f"transit:{T1}", WANG),
            )
        )
        .state
    )
    assert [(lot.expires, lot.points) for lot in state.lots] == [*LOTS]


def test_the_receiver_declines_within_two_weeks() -> None:
    there = wang().when(COME_IN, at=NOON, facts=TO_WANG).then_among()
    no = Decline("wang", T1)
    there.when(no, at=NOON + 14 * DAY, facts=TO_WANG).then_rejected("not-to-be-declined")
    after = there.when(no, at=NOON + 13 * DAY, facts=TO_WANG).then(
        PointsReturned(WANG, T1, LIN, 40, LOTS, Returned.DECLINED, moved(40, WANG, f"transit:{T1}"))
    )
    after.when(no, at=NOON + 13 * DAY, facts=TO_WANG).then_rejected("not-to-be-declined")
    assert after.state.books.sum == 0


def test_what_is_spent_is_not_declined() -> None:
    there = wang().when(COME_IN, at=NOON, facts=TO_WANG).then_among()
    spent = there.when(Give("wang", "lin", 1), at=NOON, facts=around(WANG, payee_open=True))
    spent.then_among().when(Decline("wang", T1), at=NOON, facts=TO_WANG).then_rejected(
        "not-enough-points"
    )


def test_who_cannot_take_it_sends_it_back() -> None:
    back = PointsReturned(WANG, T1, LIN, 40, LOTS, Returned.CLOSED, ())
    given(account).when(COME_IN, at=NOON, facts=TO_WANG).then(back)
    closed = wang().when(Close(), at=NOON, facts=TO_WANG).then_among()
    closed.when(COME_IN, at=NOON, facts=TO_WANG).then(back)
    full = wang()
    for n in range(MOST_RECEIVED):
        full = full.when(TakeIn(f"x.{n}", LIN, 1, ()), at=NOON, facts=TO_WANG).then_among()
    full.when(COME_IN, at=NOON, facts=TO_WANG).then(
        PointsReturned(WANG, T1, LIN, 40, LOTS, Returned.TOO_MANY, ())
    )
    assert full.when(COME_IN, at=NOON + 14 * DAY, facts=TO_WANG).then_among()


def test_what_comes_back_is_there_again_or_expires() -> None:
    there = given(account, OPENED, points(60), SENT)
    home = TakeBack(T1, 40, LOTS, Returned.DECLINED)
    state = (
        there.when(home, at=NOON, facts=around())
        .then(
            PointsTakenBack(LIN, T1, 40, LOTS, Returned.DECLINED, moved(40, f"transit:{T1}", LIN))
        )
        .state
    )
    assert (state.balance, state.books.transit) == (60, 0)
    closed = there.when(Close(), at=NOON, facts=around()).then_among()
    after = closed.when(home, at=NOON, facts=around()).then(
        PointsTakenBack(LIN, T1, 40, (), Returned.DECLINED, moved(40, f"transit:{T1}", EXPIRED))
    )
    assert (after.state.balance, after.state.books.expired) == (0, 60)


def test_what_is_owed_is_paid_from_what_comes_back_but_not_from_a_gift() -> None:
    owing = PointsReversed(
        LIN, "w1", Work.ACTIVITY, NOON, 60, 60, 60, 40, moved(20, LIN, "issuing")
    )
    there = given(account, OPENED, points(60), SENT, owing)
    home = TakeBack(T1, 40, LOTS, Returned.DECLINED)
    paid = there.when(home, at=NOON, facts=around()).then_among().state
    assert (paid.balance, paid.owed) == (0, 0)
    gift = TakeIn(f"{WANG}.1", WANG, 5, ((END_OF_MARCH_2028, 5),))
    kept = there.when(gift, at=NOON, facts=around()).then_among().state
    assert (kept.balance, kept.owed) == (5, 40)
