"""What can be done with an order. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from services.volunteering.domain.orders.matching import Found
from services.volunteering.domain.orders.state import Window
from shared.contracts.types import Code, Id, PlaceCode, Stars, Title, Word, at_most, between
from shared.runtime.aggregate import Command

MOST_AT_ONCE = 50
"""Volunteers who are asked at once by hand."""
MOST_MINUTES = 12 * 60
"""Of one order. Whatever takes longer was not finished in time."""

Times = Annotated[tuple[Window, ...], at_most(5)]
ServedMinutes = Annotated[int, between(0, MOST_MINUTES)]


class Flag(StrEnum):
    """What a rating says beside its stars."""

    PUNCTUAL = "punctual"
    KIND = "kind"
    SKILLED = "skilled"
    LATE = "late"
    CARELESS = "careless"
    RUDE = "rude"
    NOT_AS_ORDERED = "not-as-ordered"
    ASKED_FOR_MONEY = "asked-for-money"
    UNSAFE = "unsafe"
    HARASSING = "harassing"


class GivenBackBecause(StrEnum):
    """Why a volunteer gives an order back."""

    ILL = "ill"
    BUSY = "busy"
    TOO_FAR = "too-far"
    NOT_FIT = "not-fit"
    OTHER = "other"


class EndedBecause(StrEnum):
    """Why an office ends an order that nobody took."""

    NOT_OFFERED_HERE = "not-offered-here"
    UNSAFE = "unsafe"
    NO_MEANS = "no-means"
    HELPED_OTHERWISE = "helped-otherwise"
    AGAINST_THE_RULES = "against-the-rules"


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the resident, and where to go: for the one who has the order, and for staff."""

    name: Title | None = None
    phone: Title | None = None
    address: Title | None = None


# --- the resident's side --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceOrder(Command):
    """Order a service (点单): for oneself, or (`on_behalf`, staff only) for somebody else.

    `resident` is read only with `on_behalf`; None there means somebody without an account, for whom
    the caller speaks. `times` are those at which the resident is there.
    """

    by: Id
    service: Code
    place: PlaceCode
    times: Times
    need: Word = ""
    contact: Contact | None = None
    on_behalf: bool = False
    resident: Id | None = None


@dataclass(frozen=True, slots=True)
class NameTimes(Command):
    """Name other times, while nobody has it."""

    by: Id
    times: Times


@dataclass(frozen=True, slots=True)
class Cancel(Command):
    """It is not wanted any more."""

    by: Id


# --- whoever takes it -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accept(Command):
    """Take it (接单)."""

    by: Id


@dataclass(frozen=True, slots=True)
class Decline(Command):
    """Do not take it: the next in line is asked."""

    by: Id


@dataclass(frozen=True, slots=True)
class GiveBack(Command):
    """Do not do it after all: another is looked for."""

    by: Id
    because: GivenBackBecause


# --- those who dispatch ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dispatch(Command):
    """Ask these volunteers (派单), by hand."""

    by: Id
    org: Id | None
    to: Annotated[tuple[Id, ...], at_most(MOST_AT_ONCE)]


@dataclass(frozen=True, slots=True)
class Entrust(Command):
    """Let an organisation dispatch it (组织派单), for so many hours."""

    by: Id
    organisation: Id
    hours: Annotated[int, between(1, 168)] = 24


@dataclass(frozen=True, slots=True)
class ReturnEntrusted(Command):
    """The organisation dispatches it no more."""

    verb = "return"
    by: Id


@dataclass(frozen=True, slots=True)
class TakeOver(Command):
    """The office does it itself."""

    by: Id


@dataclass(frozen=True, slots=True)
class EndOrder(Command):
    """It is not done, and that is why; the words are for the resident."""

    verb = "end"
    by: Id
    because: EndedBecause
    words: Word = ""


@dataclass(frozen=True, slots=True)
class Acknowledge(Command):
    """The alarm has been looked into."""

    by: Id


# --- both sides -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposeTime(Command):
    """Propose when to begin. What a volunteer proposes within a time wanted is agreed at once."""

    by: Id
    begin: datetime


@dataclass(frozen=True, slots=True)
class Agree(Command):
    """Agree to what the other side proposed."""

    by: Id


@dataclass(frozen=True, slots=True)
class Begin(Command):
    """The volunteer is there and begins now."""

    by: Id


@dataclass(frozen=True, slots=True)
class Finish(Command):
    """It is finished now."""

    by: Id


@dataclass(frozen=True, slots=True)
class Confirm(Command):
    """It is as the other side says: it has begun, or begun and ended then."""

    by: Id


@dataclass(frozen=True, slots=True)
class Dispute(Command):
    """It is not as the other side says; the office settles it."""

    by: Id
    words: Word = ""


@dataclass(frozen=True, slots=True)
class ReportAbsence(Command):
    """The other side was not there at the time agreed."""

    by: Id


@dataclass(frozen=True, slots=True)
class Settle(Command):
    """The office says how many minutes it took: never more than from begin to end."""

    by: Id
    minutes: ServedMinutes


@dataclass(frozen=True, slots=True)
class CorrectHours(Command):
    """The minutes were wrong: they are these, never more than from begin to end."""

    by: Id
    minutes: ServedMinutes


@dataclass(frozen=True, slots=True)
class Rate(Command):
    """Say how the other side was; the words are for them and for staff."""

    by: Id
    stars: Stars
    flags: frozenset[Flag] = frozenset()
    words: Word = ""


# --- from events ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Weigh(Command):
    """These were found in a round of the search."""

    number: int
    found: tuple[Found, ...]


@dataclass(frozen=True, slots=True)
class TellOffice(Command):
    """Somebody does the duty again at an office that nobody heard an alarm at."""

    place: str
    person: str


@dataclass(frozen=True, slots=True)
class LoseTaker(Command):
    """A volunteer serves no more (``stopped``), or not `until` then (``suspended``)."""

    person: str
    because: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class LookAgain(Command):
    """Something changed of which hangs whether somebody may take it."""

    person: str


@dataclass(frozen=True, slots=True)
class ErasePerson(Command):
    """Somebody was erased, who may have to do with it in any way."""

    person: str
