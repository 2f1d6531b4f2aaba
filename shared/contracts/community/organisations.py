"""Organisations, their alliances, and who checks in at a place (双报到)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.types import OrganisationKind


@dataclass(frozen=True, slots=True)
class OrganisationRegistered(Event):
    """An organisation has a part in the neighbourhood: `home` is where its seat is, `serves` where
    it works. What it is called stands on its door."""

    organisation: str
    kind: OrganisationKind
    name: str
    home: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationRenamed(Event):
    """An organisation has a new name."""

    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class OrganisationServes(Event):
    """An organisation works in these places from now on, and in no others."""

    organisation: str
    serves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrganisationAnswersFor(Event):
    """From `since` on a department answers for these categories under the duty; with none of them
    it does so no more. What was said before of `since` or a later time holds no more."""

    organisation: str
    duty: str
    categories: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class OrganisationMemberJoined(Event):
    """A person (by subject) belongs to an organisation, or has another `role` in it: ``head``,
    ``contact`` or ``member``."""

    organisation: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class OrganisationMemberLeft(Event):
    """A person belongs to an organisation no more."""

    organisation: str
    person: str


@dataclass(frozen=True, slots=True)
class OrganisationClosed(Event):
    """An organisation exists no more."""

    organisation: str


@dataclass(frozen=True, slots=True)
class AllianceFounded(Event):
    """Organisations (`members`, the `chair` among them) work together for a place."""

    alliance: str
    place: str
    name: str
    chair: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AllianceMemberJoined(Event):
    """An organisation belongs to an alliance."""

    alliance: str
    organisation: str


@dataclass(frozen=True, slots=True)
class AllianceMemberLeft(Event):
    """An organisation belongs to an alliance no more."""

    alliance: str
    organisation: str


@dataclass(frozen=True, slots=True)
class AllianceChairPassed(Event):
    """Another member has the chair of an alliance."""

    alliance: str
    chair: str
    before: str


@dataclass(frozen=True, slots=True)
class AllianceDissolved(Event):
    """An alliance has ended."""

    alliance: str


@dataclass(frozen=True, slots=True)
class AlliancePromiseMade(Event):
    """An organisation promised an alliance something for a year."""

    promise: str
    alliance: str
    place: str
    organisation: str
    year: int
    due: datetime


@dataclass(frozen=True, slots=True)
class AlliancePromiseReported(Event):
    """The organisation says whether it kept its promise."""

    promise: str
    alliance: str
    organisation: str
    kept: bool


@dataclass(frozen=True, slots=True)
class AlliancePromiseOverdue(Event):
    """Nothing was reported of a promise until it fell due."""

    promise: str
    alliance: str
    place: str
    organisation: str
    due: datetime


@dataclass(frozen=True, slots=True)
class AlliancePromiseJudged(Event):
    """Whether a promise was kept, as the alliance's chair judges."""

    promise: str
    alliance: str
    organisation: str
    kept: bool


@dataclass(frozen=True, slots=True)
class CheckedIn(Event):
    """A person, or without one an organisation, is there for a place with what they offer
    (`offers`). A person's `organisation` is the one that sends them."""

    checkin: str
    place: str
    person: str | None
    organisation: str | None
    offers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckInRefused(Event):
    """A person's check-in was not confirmed; `because` is a reason's code or ``lapsed``."""

    forgets: ClassVar[bool] = True
    checkin: str
    place: str
    person: str
    because: str


@dataclass(frozen=True, slots=True)
class CheckedOut(Event):
    """A person or an organisation is there for a place no more."""

    forgets: ClassVar[bool] = True
    checkin: str
    place: str
    person: str | None
    organisation: str | None
