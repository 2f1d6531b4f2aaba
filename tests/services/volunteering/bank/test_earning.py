"""What work earns: by the rules of its own time, within limits, corrected by reversal, expiring."""

from datetime import UTC, datetime, timedelta

import pytest

from services.volunteering.domain.bank.account import account
from services.volunteering.domain.bank.account_commands import Close, Correct, Earn, OpenForWork
from services.volunteering.domain.bank.earning import AccountOpened
from services.volunteering.domain.bank.legs import EXPIRED, ISSUING, moved
from services.volunteering.domain.bank.rules import RuleSet, RulesOverTime
from services.volunteering.domain.bank.state import Account, score_of
from shared.contracts.event import Event
from shared.contracts.volunteering import (
    PointsClaimed,
    PointsEarned,
    PointsExpired,
    PointsExpiring,
    PointsHeld,
    PointsReversed,
)
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Tick
from tests.given import given
from tests.services.volunteering.bank.world import (
    DAY,
    END_OF_MARCH_2028,
    FROM_THE_FIRST,
    LIN,
    LONG_AGO,
    NOON,
    PATH,
    RULES,
    TEAM,
    around,
    points,
)

OPENED = AccountOpened("lin", False, PATH, ("lin",))


def hours(minutes: int, work: str = "w1", begun: datetime = NOON) -> Earn:
    return Earn(work, Work.ACTIVITY, begun, minutes)


def earned(worth: int, got: int, minutes: int, work: str = "w1", begun: datetime = NOON) -> Event:
    return PointsEarned(
        LIN,
        work,
        Work.ACTIVITY,
        begun,
        minutes,
        worth,
        got,
        END_OF_MARCH_2028,
        moved(got, ISSUING, LIN),
    )


def test_confirmed_hours_open_an_account_and_earn_points() -> None:
    after = given(account).when(hours(90), at=NOON, facts=around())
    there = after.then(OPENED, earned(15, 15, 90)).state
    assert there.balance == 15
    assert there.keepers == ("lin",)
    assert score_of(there, 2026) == 15
    assert there.books.by_kind() == {
        **dict.fromkeys(there.books.by_kind(), 0),
        "issuing": -15,
        "person": 15,
    }


def test_begun_points_are_not_given_and_unpaid_work_earns_nothing() -> None:
    given(account, OPENED).when(hours(5), at=NOON, facts=around()).then()
    project = Earn("w1", Work.PROJECT, NOON, 600)
    given(account, OPENED).when(project, at=NOON, facts=around()).then()


def test_a_granted_wish_earns_what_a_wish_earns() -> None:
    wish = Earn("wish-1", Work.WISH, NOON, 0, granted=True)
    there = given(account, OPENED).when(wish, at=NOON, facts=around())
    assert there.then_among().state.balance == 20


def test_the_team_gets_its_share_without_limits() -> None:
    facts = around(TEAM)
    first = given(account).when(hours(600), at=NOON, facts=facts).then_among().state
    assert (first.balance, first.holder, first.keepers) == (10, "t1", ("captain",))
    no_share = RulesOverTime(((LONG_AGO, RuleSet(an_hour=RULES.an_hour)),))
    given(account).when(hours(600), at=NOON, facts=around(TEAM, no_share)).then(
        AccountOpened("t1", True, PATH, ("captain",))
    )


def test_a_day_and_a_month_have_a_limit() -> None:
    there = given(account, OPENED)
    there = there.when(hours(300, "w1"), at=NOON, facts=around()).then(earned(50, 50, 300, "w1"))
    there = there.when(hours(300, "w2"), at=NOON, facts=around()).then(earned(50, 30, 300, "w2"))
    there = there.when(hours(300, "w3"), at=NOON, facts=around()).then(earned(50, 0, 300, "w3"))
    for day in range(1, 3):
        begun = NOON + day * DAY
        there = there.when(hours(480, f"d{day}", begun), at=begun, facts=around()).then_among()
    begun = NOON + 3 * DAY
    there = there.when(hours(480, "last", begun), at=begun, facts=around()).then(
        earned(80, 60, 480, "last", begun)
    )
    assert there.state.balance == 300
    april = datetime(2026, 4, 1, 4, tzinfo=UTC)
    there = there.when(hours(60, "april", april), at=april, facts=around()).then_among()
    assert there.state.balance == 310


def test_work_earns_by_the_rules_in_force_when_it_began() -> None:
    doubled = RuleSet(((Work.ACTIVITY, 20),), 0, 1000, 1000, 12)
    rules = RulesOverTime(((LONG_AGO, RULES), (NOON, doubled)))
    before, facts = NOON - DAY, around(rules=rules)
    old = given(account, OPENED).when(hours(60, begun=before), at=NOON + DAY, facts=facts)
    assert old.then_among().state.balance == 10
    new = given(account, OPENED).when(hours(60), at=NOON + DAY, facts=facts).then_among().state
    assert new.balance == 20
    assert new.lots[0].expires == datetime(2027, 3, 31, 16, tzinfo=UTC)
    never = RulesOverTime(((NOON + DAY, RULES),))
    given(account, OPENED).when(hours(60), at=NOON + DAY, facts=around(rules=never)).then()


def test_points_of_a_month_are_one_lot() -> None:
    there = given(account, OPENED, points(10), points(7, work="w2", at=NOON + DAY)).state
    assert [(lot.expires, lot.points) for lot in there.lots] == [(END_OF_MARCH_2028, 17)]


@pytest.mark.parametrize("begun", [NOON - timedelta(days=367), NOON + timedelta(days=2)])
def test_work_of_another_time_earns_nothing(begun: datetime) -> None:
    given(account).when(hours(60, begun=begun), at=NOON, facts=around()).then()
    correct = Correct("w1", Work.ACTIVITY, begun, 60, 0)
    given(account).when(correct, at=NOON, facts=around()).then()


def test_nothing_comes_to_a_closed_account() -> None:
    closed = given(account, OPENED).when(Close(), at=NOON, facts=around()).then_among()
    closed.when(hours(60), at=NOON, facts=around()).then()


def test_it_is_opened_again_when_somebody_comes_back() -> None:
    closed = given(account, OPENED, points(9)).when(Close(), at=NOON, facts=around()).then_among()
    again = closed.when(OpenForWork(PATH, ("lin",)), at=NOON, facts=around()).then(OPENED).state
    assert again.balance == 0
    assert again.books.sum == 0


# --- corrected -----------------------------------------------------------------------------------


def test_wrong_hours_are_reversed_and_the_right_ones_earn() -> None:
    wrong = Correct("w1", Work.ACTIVITY, NOON, 150, 120)
    there = given(account, OPENED, points(25)).when(wrong, at=NOON, facts=around())
    state = there.then(
        PointsReversed(LIN, "w1", Work.ACTIVITY, NOON, 150, 25, 25, 0, moved(25, LIN, ISSUING)),
        earned(20, 20, 120),
    ).state
    assert state.balance == score_of(state, 2026) == 20


def test_hours_that_change_no_point_change_nothing() -> None:
    same = Correct("w1", Work.ACTIVITY, NOON, 125, 120)
    given(account, OPENED, points(20)).when(same, at=NOON, facts=around()).then()


def test_what_is_spent_is_owed_and_claimed_from_what_is_earned_next() -> None:
    spent = PointsHeld(LIN, f"{LIN}.1", "r1", 20, "lin", NOON, moved(20, LIN, f"held:{LIN}.1"))
    none = Correct("w1", Work.ACTIVITY, NOON, 150, 0)
    there = given(account, OPENED, points(25), spent).when(none, at=NOON, facts=around())
    owing = there.then(
        PointsReversed(LIN, "w1", Work.ACTIVITY, NOON, 150, 25, 25, 20, moved(5, LIN, ISSUING))
    )
    assert (owing.state.balance, owing.state.owed) == (0, 20)
    first = owing.when(hours(60, "w2"), at=NOON, facts=around()).then(
        earned(10, 10, 60, "w2"), PointsClaimed(LIN, 10, moved(10, LIN, ISSUING))
    )
    assert (first.state.balance, first.state.owed) == (0, 10)
    second = first.when(hours(120, "w3"), at=NOON, facts=around()).then_among()
    assert (second.state.balance, second.state.owed) == (10, 0)


def test_what_all_works_of_a_day_earn_does_not_depend_on_their_order() -> None:
    def balance(*commands: Earn | Correct) -> int:
        there = given(account, OPENED)
        for command in commands:
            there = there.when(command, at=NOON, facts=around()).then_among()
        state: Account = there.state
        return state.balance

    long, short = hours(480, "long"), hours(60, "short")
    wrong = Correct("long", Work.ACTIVITY, NOON, 480, 240)
    assert balance(long, short, wrong) == balance(long, wrong, short) == 50
    assert balance(short, long, wrong) == 50


# --- expired -------------------------------------------------------------------------------------


def test_points_expire_with_their_month_and_it_is_told_before() -> None:
    there = given(account, OPENED, points(10), points(5, work="w2", at=NOON + 40 * DAY))
    assert account.due(there.state) == END_OF_MARCH_2028 - timedelta(days=30)
    told = there.when(Tick(), at=END_OF_MARCH_2028 - 30 * DAY, facts=around()).then(
        PointsExpiring(LIN, 10, END_OF_MARCH_2028)
    )
    assert account.due(told.state) == END_OF_MARCH_2028
    gone = told.when(Tick(), at=END_OF_MARCH_2028, facts=around()).then(
        PointsExpired(LIN, 10, moved(10, LIN, EXPIRED))
    )
    assert gone.state.balance == 5
    assert gone.state.books.expired == 10
    assert account.due(gone.state) == datetime(2028, 4, 30, 16, tzinfo=UTC) - 30 * DAY
    assert account.due(Account()) is None


def test_rules_add_up_what_a_month_earns() -> None:
    assert FROM_THE_FIRST.posted("2026-03", {}) == 0
    assert FROM_THE_FIRST.posted("2026-03", {"01": 100, "31": 10, "02": -5}) == 90
    assert FROM_THE_FIRST.posted("2026-12", {f"{day:02}": 80 for day in range(1, 32)}) == 300
