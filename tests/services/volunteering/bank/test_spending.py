"""Points spent: held for a reward and settled or released, or taken by a till."""

from datetime import timedelta

import pytest

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import (
    Buy,
    Close,
    LieReady,
    Redeem,
    Refund,
    Release,
    Settle,
)
from services.volunteering.domain.bank.earning import AccountOpened
from services.volunteering.domain.bank.legs import EXPIRED, moved
from services.volunteering.domain.bank.reward_state import Period, Reward
from services.volunteering.domain.bank.reward_state import Status as RewardStatus
from services.volunteering.domain.bank.spending import PurchaseReady, TillCodeMissed
from services.volunteering.domain.bank.state import MOST_HOLDS, MOST_REDEMPTIONS, Account
from shared.contracts.volunteering import (
    PointsHeld,
    PointsRedeemed,
    PointsRefunded,
    PointsReleased,
    PointsReversed,
    PointsSpent,
)
from shared.contracts.volunteering.bank import Released
from shared.contracts.volunteering.hours import Work
from tests.given import Given, given
from tests.services.volunteering.bank.world import DAY, LIN, NOON, PATH, around, offer, points

OPENED = AccountOpened("lin", False, PATH, ("lin",))
P1, SHOP = f"{LIN}.1", "shop:o-shop"
BUY = Buy("lin", "r1", 30)
HELD = PointsHeld(LIN, P1, "r1", 30, "lin", NOON, moved(30, LIN, f"held:{P1}"))


def rich(count: int = 100) -> Given[Account]:
    return given(account, OPENED, points(count))


def test_buying_holds_the_points() -> None:
    state = rich().when(BUY, at=NOON, facts=around(reward=offer())).then(HELD).state
    assert (state.balance, state.books.held) == (70, 30)
    assert state.holds[0].until is None


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (None, "reward-not-offered"),
        (Reward(RewardStatus.DOWN, terms=offer().terms, stock=5), "reward-not-offered"),
        (offer(opens=NOON + DAY), "reward-not-offered"),
        (offer(closes=NOON), "reward-not-offered"),
        (offer(price=31), "price-changed"),
        (offer(stock=0), "sold-out"),
    ],
)
def test_what_is_not_to_be_had_is_refused_before_points_move(
    wanted: Reward | None, code: str
) -> None:
    rich().when(BUY, at=NOON, facts=around(reward=wanted)).then_rejected(code)


def test_nobody_spends_what_they_do_not_have() -> None:
    rich(29).when(BUY, at=NOON, facts=around(reward=offer())).then_rejected("not-enough-points")
    given(account).when(BUY, at=NOON, facts=around(reward=offer())).then_rejected("no-such-account")


def test_each_may_have_so_many_in_a_year_or_a_month() -> None:
    facts = around(reward=offer())
    there = rich().when(BUY, at=NOON, facts=facts).then(HELD)
    there.when(BUY, at=NOON + 200 * DAY, facts=facts).then_rejected("had-enough")
    assert there.when(BUY, at=NOON + 310 * DAY, facts=facts).then_among()
    monthly = around(reward=offer(period=Period.MONTH))
    there.when(BUY, at=NOON + DAY, facts=monthly).then_rejected("had-enough")
    assert there.when(BUY, at=NOON + 31 * DAY, facts=monthly).then_among()


def test_what_came_to_nothing_does_not_count() -> None:
    there = rich().when(BUY, at=NOON, facts=around(reward=offer())).then(HELD)
    back = there.when(Release(P1, Released.SOLD_OUT), at=NOON, facts=around()).then(
        PointsReleased(LIN, P1, "r1", 30, "lin", Released.SOLD_OUT, moved(30, f"held:{P1}", LIN))
    )
    assert back.state.balance == 100
    assert back.state.lots == rich().state.lots
    assert back.when(BUY, at=NOON, facts=around(reward=offer())).then_among()
    back.when(Release(P1, Released.SOLD_OUT), at=NOON, facts=around()).then()
    back.when(Settle(P1, "o-shop"), at=NOON, facts=around()).then()


def test_so_many_rewards_are_waited_for_at_once() -> None:
    there = rich(1000)
    facts = around(reward=offer(per_person=100))
    for _ in range(MOST_HOLDS):
        there = there.when(BUY, at=NOON, facts=facts).then_among()
    there.when(BUY, at=NOON, facts=facts).then_rejected("too-many-purchases")


def test_what_lies_ready_is_settled_when_it_is_fetched() -> None:
    there = rich().when(BUY, at=NOON, facts=around(reward=offer())).then(HELD)
    until = NOON + 14 * DAY
    there = there.when(LieReady(P1, until), at=NOON, facts=around()).then(PurchaseReady(P1, until))
    assert there.state.holds[0].until == until
    there = there.when(Settle(P1, "o-shop"), at=NOON, facts=around()).then(
        PointsSpent(LIN, P1, "r1", "o-shop", 30, "lin", moved(30, f"held:{P1}", SHOP))
    )
    assert (there.state.books.shop, there.state.holds) == (30, ())
    there.when(LieReady(P1, until), at=NOON, facts=around()).then()


def test_a_closed_account_keeps_what_is_held_until_that_is_settled() -> None:
    there = rich().when(BUY, at=NOON, facts=around(reward=offer())).then(HELD)
    closed = there.when(Close(), at=NOON, facts=around()).then_among()
    assert (closed.state.holder, closed.state.balance, len(closed.state.holds)) == ("", 0, 1)
    released = closed.when(Release(P1, Released.LAPSED), at=NOON, facts=around()).then(
        PointsReleased(LIN, P1, "r1", 30, "lin", Released.LAPSED, moved(30, f"held:{P1}", EXPIRED))
    )
    assert (released.state.balance, released.state.books.expired) == (0, 100)
    settled = closed.when(Settle(P1, "o-shop"), at=NOON, facts=around()).then_among()
    assert settled.state.books.shop == 30


def test_what_is_owed_is_paid_from_what_is_released() -> None:
    owing = PointsReversed(
        LIN, "w1", Work.ACTIVITY, NOON, 60, 100, 100, 30, moved(70, LIN, "issuing")
    )
    there = given(account, OPENED, points(100), HELD, owing)
    paid = there.when(Release(P1, Released.LAPSED), at=NOON, facts=around()).then_among().state
    assert (paid.balance, paid.owed, paid.books.sum) == (0, 0, 0)


# --- tills ---------------------------------------------------------------------------------------

AT_A_TILL = around(shop_open=True)


def test_a_till_takes_points_with_a_code_once() -> None:
    there = rich().when(Redeem("o-shop", 40, 0), at=NOON, facts=AT_A_TILL)
    after = there.then(PointsRedeemed(LIN, P1, "o-shop", 40, NOON, moved(40, LIN, SHOP)))
    assert (after.state.balance, after.state.till.uses) == (60, 1)
    after.when(Redeem("o-shop", 40, 0), at=NOON, facts=AT_A_TILL).then_rejected("code-used")
    assert after.when(Redeem("o-shop", 40, 1), at=NOON, facts=AT_A_TILL).then_among()


@pytest.mark.parametrize(("taken", "code"), [(51, "too-much-at-a-till"), (45, "not-enough-points")])
def test_a_till_takes_so_much_and_what_is_there(taken: int, code: str) -> None:
    rich(44).when(Redeem("o-shop", taken, 0), at=NOON, facts=AT_A_TILL).then_rejected(code)


def test_only_admitted_shops_take_points() -> None:
    rich().when(Redeem("o-x", 1, 0), at=NOON, facts=around()).then_rejected("shop-not-admitted")


def test_wrong_codes_lock_the_till_for_a_while() -> None:
    wrong, there = Redeem("o-shop", 1, None), rich()
    for count in range(1, 6):
        there = there.when(wrong, at=NOON, facts=AT_A_TILL).then(TillCodeMissed(count, NOON))
    there.when(wrong, at=NOON, facts=AT_A_TILL).then_rejected("till-locked")
    right = Redeem("o-shop", 1, 0)
    soon, later = NOON + timedelta(minutes=14), NOON + timedelta(minutes=15)
    there.when(right, at=soon, facts=AT_A_TILL).then_rejected("till-locked")
    there.when(wrong, at=later, facts=AT_A_TILL).then(TillCodeMissed(1, later))
    open_again = there.when(right, at=later, facts=AT_A_TILL).then_among()
    assert open_again.state.till.misses == 0


def test_a_shop_gives_back_what_its_till_took() -> None:
    taken = rich().when(Redeem("o-shop", 40, 0), at=NOON, facts=AT_A_TILL).then_among()
    back = Refund("clerk", "o-shop", P1)
    for refused, at in (
        (Refund("clerk", "o-other", P1), NOON),
        (Refund("clerk", None, P1), NOON),
        (back, NOON + 30 * DAY),
    ):
        taken.when(refused, at=at, facts=around()).then_rejected("no-such-redemption")
    again = taken.when(back, at=NOON + 29 * DAY, facts=around()).then(
        PointsRefunded(LIN, P1, "o-shop", 40, moved(40, SHOP, LIN))
    )
    assert (again.state.balance, again.state.lots) == (100, rich().state.lots)
    again.when(back, at=NOON, facts=around()).then_rejected("no-such-redemption")


def test_so_many_redemptions_are_remembered() -> None:
    there = rich()
    for uses in range(MOST_REDEMPTIONS + 1):
        there = there.when(Redeem("o-shop", 1, uses), at=NOON, facts=AT_A_TILL).then_among()
    assert len(there.state.redemptions) == MOST_REDEMPTIONS
    there.when(Refund("clerk", "o-shop", P1), at=NOON, facts=around()).then_rejected(
        "no-such-redemption"
    )
