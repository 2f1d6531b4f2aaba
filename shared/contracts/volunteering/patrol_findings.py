"""Patrols (三重巡防): what is found on them, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event
from shared.contracts.types import Level, Urgency
from shared.contracts.volunteering.patrols import PatrolKind


class FindingNews(StrEnum):
    """What became of the petition that a finding was filed as."""

    ANSWERED = "answered"
    REOPENED = "reopened"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class PatrolFindingRecorded(Event):
    """`by` found something during a shift; it is to be settled, or filed as a petition with
    ``patrol-finding:<id>`` as its origin, by `until`.
    """

    finding: str
    shift: str
    place: str
    path: tuple[str, ...]
    category: str
    urgency: Urgency
    kind: PatrolKind
    team: str
    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class PatrolFindingWaiting(Event):
    """It was neither settled nor filed in time."""

    finding: str
    shift: str
    place: str
    by: str | None
    organisers: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class PatrolFindingClimbed(Event):
    """It still is not: as `PatrolAlarmClimbed`."""

    finding: str
    shift: str
    place: str
    since: datetime
    level: Level
    office: str
    called: str | None


@dataclass(frozen=True, slots=True)
class PatrolFindingSettled(Event):
    """Nothing has to be filed: ``put-right``, ``passed-on``, ``nothing-to-do``."""

    finding: str
    shift: str
    place: str
    path: tuple[str, ...]
    category: str
    kind: PatrolKind
    team: str
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class FindingBecamePetition(Event):
    """The petition was filed."""

    finding: str
    petition: str
    shift: str
    place: str
    path: tuple[str, ...]
    category: str
    kind: PatrolKind
    team: str
    crew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingHeard(Event):
    """What became of it, for those who patrolled and who answer for it: the petition was answered,
    reopened, or closed with that `outcome`.
    """

    finding: str
    petition: str
    shift: str
    place: str
    news: FindingNews
    outcome: str | None
    crew: tuple[str, ...]
    organisers: tuple[str, ...]
