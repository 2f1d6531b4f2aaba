"""What can be done with a need, and its events that are not published."""

from dataclasses import dataclass
from datetime import datetime

from services.volunteering.domain.lists.resource_state import Measure, Quantity
from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, PlaceCode, Title, Word
from shared.contracts.volunteering.lists import Provision
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class StateNeed(Command):
    """At a place something is needed within a time."""

    by: Id
    kind: Provision
    place: PlaceCode
    title: Title
    text: Word
    quantity: Quantity
    measure: Measure
    begin: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class AskResource(Command):
    """Ask a resource for so much; it promises it, or refuses."""

    by: Id
    resource: Id
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class ReleaseResource(Command):
    """Give back what a resource has promised, or was asked for."""

    by: Id
    resource: Id


@dataclass(frozen=True, slots=True)
class AcceptNeed(Command):
    """Who was offered it does so much of it: the person, or who acts for the organisation."""

    verb = "accept"
    by: Id
    org: Id | None
    checkin: Id
    quantity: Quantity = 1


@dataclass(frozen=True, slots=True)
class DeclineOffer(Command):
    """Who was offered it does not do it, or (until a project carries it) no more."""

    verb = "decline"
    by: Id
    org: Id | None
    checkin: Id


@dataclass(frozen=True, slots=True)
class WithdrawNeed(Command):
    """It is needed no more."""

    verb = "withdraw"
    by: Id


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who has checked in and offers what is needed."""

    checkin: str
    place: str
    person: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class OfferNeed(Command):
    """These can be asked, the nearest first."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class StrikeMembers(Command):
    """They have checked out, or were erased."""

    checkins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HearReserved(Command):
    """A resource promises so much."""

    resource: str
    quantity: int


@dataclass(frozen=True, slots=True)
class HearRefused(Command):
    """A resource promises nothing, or nothing any more."""

    resource: str
    because: str


@dataclass(frozen=True, slots=True)
class AttachProject(Command):
    """A project wants to carry it."""

    project: str


@dataclass(frozen=True, slots=True)
class DetachProject(Command):
    """The project does not carry it any more."""

    project: str


@dataclass(frozen=True, slots=True)
class FulfilNeed(Command):
    """The project met it."""

    project: str


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NeedMeasured(Event):
    """In what it is counted."""

    measure: Measure


@dataclass(frozen=True, slots=True)
class NeedPromised(Event):
    """A resource has promised so much."""

    resource: str
    quantity: int


@dataclass(frozen=True, slots=True)
class NeedMembersStruck(Event):
    """They do not do it; who they were is kept no more."""

    checkins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedCarried(Event):
    """A project carries it, or (None) none any more."""

    project: str | None


@dataclass(frozen=True, slots=True)
class NeedDescribed(Personal):
    """What is needed, in words."""

    title: str
    text: str
