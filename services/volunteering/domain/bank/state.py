"""An account of the points bank: what a person or a team has, holds and may still decline."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.volunteering.domain.bank.legs import Books
from services.volunteering.domain.bank.lots import Lot, total
from services.volunteering.domain.bank.reward_state import Reward
from services.volunteering.domain.bank.rules import RulesOverTime
from shared.contracts.volunteering.bank import Lots
from shared.worktime.hours import CHINA

MOST_HOLDS = 20
"""Rewards that one account waits for at once."""
MOST_RECEIVED = 50
"""Transfers that can still be declined."""
MOST_REDEMPTIONS = 50
"""What tills took last, for refunds."""
MOST_BOUGHT = 200
"""Rewards by month, in one year."""
MONTHS_KEPT = 14
"""Months whose works are remembered day by day, for limits and corrections."""

NO_BOOKS = Books()


class Status(StrEnum):
    """How an account stands."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True)
class Hold:
    """Points that wait for a reward. `until` is when it has to be fetched, None until the shop has
    it ready; `month` is when it was wanted.
    """

    purchase: str
    reward: str
    points: int
    by: str
    since: datetime
    lots: Lots
    until: datetime | None = None


@dataclass(frozen=True)
class Received:
    """Points that were given, and can be declined until then."""

    transfer: str
    sender: str
    points: int
    until: datetime


@dataclass(frozen=True)
class Redemption:
    """What a till took."""

    redemption: str
    shop: str
    at: datetime
    lots: Lots


@dataclass(frozen=True)
class Bought:
    """How many of a reward were wanted in a month; those that came to nothing do not count."""

    reward: str
    month: str
    count: int


@dataclass(frozen=True)
class Month:
    """What the work of each day of a month is worth, before limits."""

    month: str
    days: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Score:
    """The points that the work of a year has earned."""

    year: int = 0
    points: int = 0


@dataclass(frozen=True)
class Given:
    """What was given to others in a month."""

    month: str = ""
    points: int = 0


@dataclass(frozen=True)
class Till:
    """What guards the codes that are shown at tills. `uses` counts those that were used: with each,
    all codes change. `misses` are wrong ones since `missed_at`.
    """

    uses: int = 0
    misses: int = 0
    missed_at: datetime | None = None


@dataclass(frozen=True)
class Account:
    """An account. `holder` is the person or the team; `keepers` may spend from it: the person, a
    team's leaders. `owed` was earned by hours that were none and is spent: it is claimed from what
    comes in. `even` and `odd` are the scores of the last two years with work, by the year's parity,
    so that each can be looked up.
    """

    status: Status = Status.NONE
    holder: str = ""
    of_a_team: bool = False
    path: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()
    lots: tuple[Lot, ...] = ()
    owed: int = 0
    holds: tuple[Hold, ...] = ()
    received: tuple[Received, ...] = ()
    redemptions: tuple[Redemption, ...] = ()
    bought: tuple[Bought, ...] = ()
    given: Given = Given()
    months: tuple[Month, ...] = ()
    even: Score = Score()
    odd: Score = Score()
    till: Till = Till()
    moves: int = 0
    """Transfers, purchases and redemptions so far: they are numbered."""
    warned: datetime | None = None
    """The expiry of which was told."""
    books: Books = NO_BOOKS

    @property
    def balance(self) -> int:
        """The points that can be spent."""
        return total(self.lots)


@dataclass(frozen=True)
class Around:
    """What an account's rules are told: which account it is, where it would lie and who would keep
    it if it were opened now, the point rules, and what else the command names.
    """

    account: str
    rules: RulesOverTime
    path: tuple[str, ...] = ()
    keepers: tuple[str, ...] = ()
    reward: Reward | None = None
    """What is to be bought; None where there is no such reward."""
    payee_open: bool = False
    """Whether the one to whom points go has an account."""
    shop_open: bool = False
    """Whether the shop at whose till they are spent takes points."""

    @property
    def of_a_team(self) -> bool:
        """Whether it is a team's account."""
        return self.account.startswith("team:")

    @property
    def holder(self) -> str:
        """The person or the team."""
        return self.account.partition(":")[2]


def month_of(moment: datetime) -> str:
    """The local month of a moment: ``2026-03``."""
    return f"{moment.astimezone(CHINA):%Y-%m}"


def score_of(account: Account, year: int) -> int:
    """The points that the work of a year has earned, of the last two years."""
    score = account.odd if year % 2 else account.even
    return score.points if score.year == year else 0
