"""Rewards: what a shop offers, whose stock is never oversold, and what becomes of reservations."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.volunteering.domain.bank.reward import (
    RewardDescribed,
    RewardTermsSet,
    is_offered,
    open_verbs,
    reward,
)
from services.volunteering.domain.bank.reward_state import (
    MOST_IN_STOCK,
    MOST_WAITING,
    Cancel,
    ChangeTerms,
    Describe,
    FreeAll,
    HandOver,
    PutUp,
    Reserve,
    Restock,
    Reward,
    RewardFacts,
    TakeDown,
    Terms,
    WithdrawReservation,
)
from shared.contracts.volunteering import (
    RewardChanged,
    RewardFreed,
    RewardHandedOver,
    RewardPutUp,
    RewardRefused,
    RewardReserved,
    RewardRestocked,
    RewardTakenDown,
)
from shared.contracts.volunteering.bank import Released
from shared.runtime.aggregate import Tick
from tests.given import Given, given
from tests.services.volunteering.bank.world import DAY, LIN, NOON, PATH, WANG

FACTS = RewardFacts("r1", PATH, shop_open=True)
RICE = PutUp("clerk", "o-shop", "jm", "一袋米", Terms(30), 2, "五公斤")
P1, P2, P3 = f"{LIN}.1", f"{WANG}.1", f"{WANG}.2"
UNTIL = NOON + 14 * DAY


def wanted(purchase: str, account: str = LIN, price: int = 30, since: datetime = NOON) -> Reserve:
    return Reserve(purchase, account, account.partition(":")[2], price, since)


def up(stock: int = 2, terms: Terms = Terms(30)) -> Given[Reward]:
    asked = replace(RICE, stock=stock, terms=terms)
    return given(reward).when(asked, at=NOON, facts=FACTS).then_among()


def test_a_shop_puts_a_reward_up() -> None:
    state = (
        given(reward)
        .when(RICE, at=NOON, facts=FACTS)
        .then(
            RewardPutUp("r1", "o-shop", "jm", 30, 2),
            RewardTermsSet(Terms(30), PATH),
            RewardDescribed("一袋米", "五公斤"),
        )
        .state
    )
    assert (state.stock, state.path, state.title) == (2, PATH, "一袋米")
    assert is_offered(state, NOON)
    assert set(open_verbs(state, "lin")) == {"change-terms", "describe", "restock", "take-down"}


@pytest.mark.parametrize(
    ("asked", "facts", "code"),
    [
        (RICE, RewardFacts("r1", (), True), "unknown-place"),
        (RICE, RewardFacts("r1", PATH, False), "shop-not-admitted"),
        (replace(RICE, terms=Terms(30, closes=NOON)), FACTS, "closes-before-it-opens"),
        (
            replace(RICE, terms=Terms(30, NOON + DAY, NOON + DAY)),
            FACTS,
            "closes-before-it-opens",
        ),
    ],
)
def test_what_cannot_be_put_up(asked: PutUp, facts: RewardFacts, code: str) -> None:
    given(reward).when(asked, at=NOON, facts=facts).then_rejected(code)


def test_the_last_one_goes_to_who_came_first() -> None:
    there = up(stock=1).when(wanted(P1), at=NOON, facts=FACTS)
    there_now = there.then(RewardReserved("r1", P1, LIN, "lin", "o-shop", UNTIL))
    assert there_now.state.stock == 0
    there_now.when(wanted(P2, WANG), at=NOON, facts=FACTS).then(
        RewardRefused("r1", P2, WANG, Released.SOLD_OUT)
    )
    there_now.when(wanted(P1), at=NOON, facts=FACTS).then()


@pytest.mark.parametrize(
    ("asked", "because"),
    [
        (wanted(P1, price=29), Released.PRICE_CHANGED),
        (wanted(P1, since=NOON + DAY), Released.TAKEN_DOWN),
    ],
)
def test_a_purchase_is_refused_with_the_reason(asked: Reserve, because: Released) -> None:
    terms = Terms(30, closes=NOON + DAY)
    there = up(terms=terms).when(asked, at=NOON + 2 * DAY, facts=FACTS)
    there.then(RewardRefused("r1", P1, LIN, because))


def test_who_came_before_it_closed_gets_it() -> None:
    there = up(terms=Terms(30, closes=NOON + DAY))
    there.when(wanted(P1), at=NOON + 2 * DAY, facts=FACTS).then_among(
        RewardReserved("r1", P1, LIN, "lin", "o-shop", UNTIL + 2 * DAY)
    )


def test_what_is_taken_down_is_refused_and_what_is_reserved_is_handed_over() -> None:
    there = up().when(wanted(P1), at=NOON, facts=FACTS).then_among()
    down = there.when(TakeDown("clerk"), at=NOON, facts=FACTS).then(RewardTakenDown("r1"))
    down.when(wanted(P2, WANG), at=NOON, facts=FACTS).then(
        RewardRefused("r1", P2, WANG, Released.TAKEN_DOWN)
    )
    assert set(open_verbs(down.state, "lin")) == {"cancel", "hand-over", "withdraw"}
    assert set(open_verbs(down.state, "wang")) == {"hand-over", "withdraw"}
    over = down.when(HandOver("clerk", P1), at=NOON, facts=FACTS).then(
        RewardHandedOver("r1", P1, LIN, "o-shop")
    )
    assert (over.state.handed_over, over.state.reservations) == (1, ())
    over.when(HandOver("clerk", P1), at=NOON, facts=FACTS).then_rejected("no-such-reservation")
    down.when(Restock("clerk", 1), at=NOON, facts=FACTS).then_rejected("reward-taken-down")


def test_what_is_not_fetched_lapses_and_is_free_for_others() -> None:
    there = up(stock=1).when(wanted(P1), at=NOON, facts=FACTS).then_among()
    assert reward.due(there.state) == UNTIL
    there.when(HandOver("clerk", P1), at=UNTIL, facts=FACTS).then_rejected("no-such-reservation")
    free = there.when(Tick(), at=UNTIL, facts=FACTS).then(
        RewardFreed("r1", P1, LIN, Released.LAPSED)
    )
    assert (free.state.stock, reward.due(free.state)) == (1, None)


def test_who_reserved_it_cancels_and_nobody_else() -> None:
    there = up().when(wanted(P1), at=NOON, facts=FACTS).then_among()
    there.when(Cancel("wang", P1), at=NOON, facts=FACTS).then_rejected("no-such-reservation")
    free = there.when(Cancel("lin", P1), at=NOON, facts=FACTS).then(
        RewardFreed("r1", P1, LIN, Released.CANCELLED)
    )
    assert free.state.stock == 2


def test_what_the_shop_does_not_have_is_not_put_back() -> None:
    there = up().when(wanted(P1), at=NOON, facts=FACTS).then_among()
    gone = there.when(WithdrawReservation("clerk", P1), at=NOON, facts=FACTS).then(
        RewardFreed("r1", P1, LIN, Released.WITHDRAWN)
    )
    assert gone.state.stock == 1


def test_what_lies_ready_for_a_closed_account_is_free() -> None:
    there = up(stock=3)
    for purchase, whose in ((P1, LIN), (P2, WANG), (P3, WANG)):
        there = there.when(wanted(purchase, whose), at=NOON, facts=FACTS).then_among()
    free = there.when(FreeAll(WANG), at=NOON, facts=FACTS).then(
        RewardFreed("r1", P2, WANG, Released.CANCELLED),
        RewardFreed("r1", P3, WANG, Released.CANCELLED),
    )
    assert free.state.stock == 2


def test_terms_words_and_stock_change() -> None:
    there = up()
    dearer = there.when(ChangeTerms("clerk", Terms(40)), at=NOON, facts=FACTS).then(
        RewardChanged("r1", 40), RewardTermsSet(Terms(40), PATH)
    )
    dearer.when(wanted(P1), at=NOON, facts=FACTS).then(
        RewardRefused("r1", P1, LIN, Released.PRICE_CHANGED)
    )
    there.when(Describe("clerk", "油"), at=NOON, facts=FACTS).then(RewardDescribed("油", ""))
    more = there.when(Restock("clerk", 5), at=NOON, facts=FACTS).then(RewardRestocked("r1", 5))
    assert more.state.stock == 7
    full = given(reward, RewardPutUp("r1", "o-shop", "jm", 30, MOST_IN_STOCK))
    full.when(Restock("clerk", 1), at=NOON, facts=FACTS).then_rejected("too-many-in-stock")


def test_so_many_wait_at_once() -> None:
    there = up(stock=MOST_WAITING + 1)
    state = there.state
    for n in range(MOST_WAITING):
        for event in reward.decide(wanted(f"{LIN}.{n}"), state, NOON, FACTS):
            state = reward.evolve(state, event)
    assert reward.decide(wanted(P2, WANG), state, NOON, FACTS) == [
        RewardRefused("r1", P2, WANG, Released.TOO_MANY_WAIT)
    ]


def test_a_reward_that_was_never_put_up_is_refused() -> None:
    given(reward).when(wanted(P1), at=NOON, facts=RewardFacts("r1")).then(
        RewardRefused("r1", P1, LIN, Released.TAKEN_DOWN)
    )
