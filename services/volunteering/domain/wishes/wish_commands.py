"""What can be done with a wish. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.types import (
    Age,
    Code,
    Id,
    PlaceCode,
    Stars,
    Text,
    Title,
    Word,
    at_most,
    between,
)
from shared.contracts.volunteering.wishes import WishKind
from shared.runtime.aggregate import Command

MOST_HELPERS = 20
"""Volunteers of a team who grant one wish together."""
LONGEST_MINUTES = 12 * 60
"""That somebody serves for one wish."""

Minutes = Annotated[int, between(0, LONGEST_MINUTES)]
"""Of service. None are served by who only gives a thing."""


class ConsentHow(StrEnum):
    """How a resident agreed that their wish is posted."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    GUARDIAN = "guardian"


class DeclinedBecause(StrEnum):
    """Why something is not taken as a wish."""

    DUPLICATE = "duplicate"
    MONEY = "money"
    NOT_SMALL = "not-small"
    TRADE = "trade"
    UNLAWFUL = "unlawful"
    UNSUITABLE = "unsuitable"


class DisputedBecause(StrEnum):
    """What is wrong with a granting."""

    HOURS = "hours"
    NOT_AS_AGREED = "not-as-agreed"
    NOT_DONE = "not-done"


class ClosedBecause(StrEnum):
    """Why staff end a wish."""

    FOUND_OTHERWISE = "found-otherwise"
    MOVED_AWAY = "moved-away"
    POSTED_IN_ERROR = "posted-in-error"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the owner, for who grants the wish."""

    name: Title | None = None
    phone: Title | None = None
    address: Title | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """The resident agreed, in this way, then."""

    how: ConsentHow
    given: datetime


@dataclass(frozen=True, slots=True)
class Served:
    """A volunteer, and how many minutes they served."""

    volunteer: Id
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class PostWish(Command):
    """Hope for something small: for oneself, or (`on_behalf`, staff only) for a resident who has
    agreed. `owner` is read only with `on_behalf`; None there means that the resident is not on the
    platform. Without `until` it stays open for sixty days.
    """

    by: Id
    kind: WishKind
    place: PlaceCode
    title: Title
    text: Text
    contact: Contact | None = None
    until: datetime | None = None
    on_behalf: bool = False
    owner: Id | None = None
    consent: Consent | None = None


@dataclass(frozen=True, slots=True)
class WordWish(Command):
    """Write what is shown of it, and what is asked of who grants it. It is open at once where the
    check doubts nothing and the writer did not post it; else another person releases it.
    """

    verb = "word"
    by: Id
    title: Title
    text: Text
    least_age: Age | None = None
    trainings: Annotated[tuple[Code, ...], at_most(10)] = ()


@dataclass(frozen=True, slots=True)
class ReleaseWording(Command):
    """Say, as a second person, that the wording may be shown."""

    verb = "release"
    by: Id


@dataclass(frozen=True, slots=True)
class ReturnWish(Command):
    """Ask the poster to put it otherwise."""

    verb = "return"
    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class RewordWish(Command):
    """Put it otherwise, after it was returned."""

    verb = "reword"
    by: Id
    title: Title
    text: Text


@dataclass(frozen=True, slots=True)
class DeclineWish(Command):
    """It is not taken as a wish."""

    verb = "decline"
    by: Id
    because: DeclinedBecause
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class ReferWish(Command):
    """It is no small wish but a petition: whoever posted it, or staff, files that with the origin
    ``wish:<id>``.
    """

    verb = "refer"
    by: Id
    reason: Text


@dataclass(frozen=True, slots=True)
class ProlongWish(Command):
    """Keep it open for longer."""

    verb = "prolong"
    by: Id
    until: datetime


@dataclass(frozen=True, slots=True)
class ClaimWish(Command):
    """Take it on, alone or for a team that one leads."""

    verb = "claim"
    by: Id
    team: Id | None = None


@dataclass(frozen=True, slots=True)
class GiveBackWish(Command):
    """Not grant it after all."""

    verb = "give-back"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class GrantWish(Command):
    """It is done: from when to when, and who served how long."""

    verb = "grant"
    by: Id
    begun: datetime
    ended: datetime
    served: Annotated[tuple[Served, ...], at_most(MOST_HELPERS)]
    note: Word = ""


@dataclass(frozen=True, slots=True)
class ConfirmGrant(Command):
    """It was granted. `minutes` is the most that each volunteer gets, where that is less than they
    say.
    """

    verb = "confirm"
    by: Id
    minutes: Minutes | None = None
    stars: Stars | None = None
    thanks: Word = ""


@dataclass(frozen=True, slots=True)
class DisputeGrant(Command):
    """It was not granted as the volunteer says."""

    verb = "dispute"
    by: Id
    because: DisputedBecause
    reason: Text


@dataclass(frozen=True, slots=True)
class ReplyToDispute(Command):
    """The volunteer's side of it."""

    verb = "reply"
    by: Id
    text: Text


@dataclass(frozen=True, slots=True)
class SettleDispute(Command):
    """Whether it was granted, and with how many minutes at most for each."""

    verb = "settle"
    by: Id
    granted: bool
    reason: Text
    minutes: Minutes | None = None


@dataclass(frozen=True, slots=True)
class CorrectHours(Command):
    """The confirmed minutes of a volunteer were wrong; 0 takes them back."""

    verb = "correct"
    by: Id
    volunteer: Id
    minutes: Minutes
    reason: Text


@dataclass(frozen=True, slots=True)
class WithdrawWish(Command):
    """It is hoped for no more."""

    verb = "withdraw"
    by: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class CloseWish(Command):
    """Staff end it."""

    verb = "close"
    by: Id
    because: ClosedBecause
    reason: Word = ""


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BecomePetition(Command):
    """A petition was filed that names the wish as its origin."""

    petition: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class HouseOwner(Command):
    """The owner belongs to another household, or none that is known."""

    household: str | None


@dataclass(frozen=True, slots=True)
class PassClaim(Command):
    """These lead the team now, the captain first."""

    team: str
    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopServing(Command):
    """The volunteer, or the team, serves no more."""

    volunteer: str | None = None
    team: str | None = None


@dataclass(frozen=True, slots=True)
class LookAgain(Command):
    """Something changed of which hangs whether the volunteer may grant it."""

    volunteer: str


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """Somebody was erased."""

    person: str
