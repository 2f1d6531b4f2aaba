"""What the tests of the points bank share: rules, accounts, a reward."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.volunteering.domain.bank.legs import ISSUING, moved, person_account, team_account
from services.volunteering.domain.bank.lots import expiry
from services.volunteering.domain.bank.reward_state import Reward, Terms
from services.volunteering.domain.bank.reward_state import Status as RewardStatus
from services.volunteering.domain.bank.rules import RuleSet, RulesOverTime
from services.volunteering.domain.bank.state import Around
from shared.contracts.volunteering import PointsEarned
from shared.contracts.volunteering.hours import Work

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai, a Wednesday."""
DAY = timedelta(days=1)
END_OF_MARCH_2028 = datetime(2028, 3, 31, 16, 0, tzinfo=UTC)

LIN, WANG, TEAM = person_account("lin"), person_account("wang"), team_account("t1")
PATH = ("gl", "dj", "jm")

RULES = RuleSet(
    an_hour=((Work.ACTIVITY, 10), (Work.CARE, 15)),
    a_wish=20,
    most_a_day=80,
    most_a_month=300,
    lasts_months=24,
    team_percent=10,
    most_given=100,
    most_given_a_month=150,
    most_at_a_till=50,
)
FROM_THE_FIRST = RulesOverTime(((LONG_AGO, RULES),))


def around(account: str = LIN, rules: RulesOverTime = FROM_THE_FIRST, **more: Any) -> Around:
    """What an account's rules are told."""
    keepers = ("captain",) if account == TEAM else (account.partition(":")[2],)
    return Around(account, rules, PATH, keepers, **more)


def points(count: int, *, work: str = "w1", at: datetime = NOON, account: str = LIN) -> Any:
    """So many points earned by an hour's work, without limits."""
    return PointsEarned(
        account,
        work,
        Work.ACTIVITY,
        at,
        60,
        count,
        count,
        expiry(at, RULES.lasts_months),
        moved(count, ISSUING, account),
    )


def offer(stock: int = 5, **terms: Any) -> Reward:
    """A reward that is offered."""
    return Reward(
        RewardStatus.UP,
        "r1",
        "o-shop",
        "jm",
        PATH,
        "一袋米",
        "",
        Terms(**{"price": 30, **terms}),
        stock,
    )
