"""A reward (积分商品): what a shop gives for points, how many are left, who has some reserved."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.types import (
    DaysToFetch,
    Id,
    Pieces,
    PlaceCode,
    Points,
    Title,
    Word,
)
from shared.runtime.aggregate import Command

MOST_WAITING = 500
"""Reservations of one reward that wait to be fetched."""
MOST_IN_STOCK = 100_000


class Status(StrEnum):
    """How a reward stands."""

    NONE = "none"
    UP = "up"
    DOWN = "down"


class Period(StrEnum):
    """In which time nobody gets more than `per_person` of a reward: local months and years."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a reward costs, from when until when it can be had, how many of it each may have in a
    month or a year, and for how many days it lies ready.
    """

    price: Points
    opens: datetime | None = None
    closes: datetime | None = None
    per_person: Pieces = 1
    period: Period = Period.YEAR
    days_to_fetch: DaysToFetch = 14


@dataclass(frozen=True)
class Reservation:
    """One of it lies ready for a purchase, until then."""

    purchase: str
    account: str
    by: str
    points: int
    until: datetime


@dataclass(frozen=True)
class Reward:
    """`stock` is what is free: what is reserved is not in it."""

    status: Status = Status.NONE
    reward: str = ""
    shop: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    title: str = ""
    text: str = ""
    terms: Terms = Terms(price=1)
    stock: int = 0
    handed_over: int = 0
    reservations: tuple[Reservation, ...] = ()


@dataclass(frozen=True, slots=True)
class RewardFacts:
    """The reward's own id; where it would be put up, and whether its shop takes points."""

    reward: str
    path: tuple[str, ...] = ()
    shop_open: bool = False


# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PutUp(Command):
    """Offer something for points: what it is, how many there are, on which terms."""

    by: Id
    shop: Id
    place: PlaceCode
    title: Title
    terms: Terms
    stock: Pieces
    text: Word = ""


@dataclass(frozen=True, slots=True)
class ChangeTerms(Command):
    """Other terms from now on; what is reserved keeps its own."""

    by: Id
    terms: Terms


@dataclass(frozen=True, slots=True)
class Describe(Command):
    """What it is called, and what is said of it."""

    by: Id
    title: Title
    text: Word = ""


@dataclass(frozen=True, slots=True)
class Restock(Command):
    """So many more have come in."""

    by: Id
    count: Pieces


@dataclass(frozen=True, slots=True)
class TakeDown(Command):
    """Nobody shall have it any more; what is reserved is still handed over."""

    by: Id


@dataclass(frozen=True, slots=True)
class HandOver(Command):
    """It was fetched at the counter."""

    by: Id
    purchase: Id


@dataclass(frozen=True, slots=True)
class Cancel(Command):
    """Whoever reserved it wants it no more."""

    by: Id
    purchase: Id


@dataclass(frozen=True, slots=True)
class WithdrawReservation(Command):
    """The shop cannot hand it over after all; it is not put back into stock."""

    verb = "withdraw"
    by: Id
    purchase: Id


@dataclass(frozen=True, slots=True)
class Reserve(Command):
    """Points are held for one, since then."""

    purchase: str
    account: str
    buyer: str
    points: int
    since: datetime


@dataclass(frozen=True, slots=True)
class FreeAll(Command):
    """An account was closed: what lies ready for it is free again."""

    account: str
