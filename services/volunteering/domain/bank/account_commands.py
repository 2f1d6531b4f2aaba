"""What can be done with an account of the points bank."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.types import Greeting, Id, PlaceCode, Points
from shared.contracts.volunteering.bank import Lots, Released, Returned
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Command

# --- what people do ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Open(Command):
    """Open an account (存折) at a place: one's own, or for `person`, who cannot do it alone.
    Volunteers and teams have one already.
    """

    by: Id
    place: PlaceCode
    person: Id | None = None


@dataclass(frozen=True, slots=True)
class Give(Command):
    """Give points to somebody in need, with a word that only they read."""

    by: Id
    to: Id
    points: Points
    word: Greeting = ""


@dataclass(frozen=True, slots=True)
class Decline(Command):
    """Do not take what somebody gave: it goes back to them."""

    by: Id
    transfer: Id


@dataclass(frozen=True, slots=True)
class Buy(Command):
    """Have a reward at the price that was seen. The points are held until it is handed over."""

    by: Id
    reward: Id
    price: Points


@dataclass(frozen=True, slots=True)
class Refund(Command):
    """Give back what a till took: all of it."""

    by: Id
    org: Id | None
    redemption: Id


# --- what follows from other things --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenForWork(Command):
    """Whoever serves has an account: a volunteer, or a team with those who lead it."""

    path: tuple[str, ...]
    keepers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Follow(Command):
    """The person lives elsewhere, the team serves elsewhere: rankings go by that."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassOn(Command):
    """Others lead the team: they keep its account."""

    keepers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earn(Command):
    """Work was confirmed: so many minutes of it, or (`granted`) a wish."""

    work: str
    kind: Work
    begun: datetime
    minutes: int
    granted: bool = False


@dataclass(frozen=True, slots=True)
class Correct(Command):
    """The minutes of a piece of work were wrong."""

    work: str
    kind: Work
    begun: datetime
    before: int
    minutes: int


@dataclass(frozen=True, slots=True)
class TakeIn(Command):
    """Points have come from another account."""

    transfer: str
    sender: str
    points: int
    lots: Lots


@dataclass(frozen=True, slots=True)
class TakeBack(Command):
    """What was given has come back."""

    transfer: str
    points: int
    lots: Lots
    because: Returned


@dataclass(frozen=True, slots=True)
class LieReady(Command):
    """The shop has the reward ready, until then."""

    purchase: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Settle(Command):
    """The reward was handed over."""

    purchase: str
    shop: str


@dataclass(frozen=True, slots=True)
class Release(Command):
    """The reward was not to be had, or not fetched."""

    purchase: str
    because: Released


@dataclass(frozen=True, slots=True)
class Redeem(Command):
    """A till takes points with a code that was shown there. `uses` is how many codes had been used
    when this one was reckoned, None where it is wrong: that is counted.
    """

    shop: str
    points: int
    uses: int | None


@dataclass(frozen=True, slots=True)
class Close(Command):
    """The person was erased, the team is no more: what is left expires."""
