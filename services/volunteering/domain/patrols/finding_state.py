"""What is remembered of a finding, what can be done with it, and what of it stays here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from services.volunteering.domain.patrols.climbing import Climb, Office
from services.volunteering.domain.patrols.shift_state import PatrolShift
from shared.contracts.event import Event, Personal
from shared.contracts.types import Code, Id, PlaceCode, Text, Title, Urgency
from shared.contracts.volunteering.patrol_findings import (
    FindingNews,
)
from shared.contracts.volunteering.patrols import (
    PatrolKind,
)
from shared.runtime.aggregate import Command

ORIGIN = "patrol-finding"
"""The kind before the colon in the origin of a petition."""
FILED_WITHIN = {Urgency.NORMAL: timedelta(hours=24), Urgency.URGENT: timedelta(minutes=30)}
"""After it was recorded a finding is settled or filed."""
RECORDED_WITHIN = timedelta(hours=2)
"""After the end of a shift its findings are recorded."""


class FindingStatus(StrEnum):
    """How far a finding has come."""

    NONE = "none"
    RECORDED = "recorded"
    SETTLED = "settled"
    FILED = "filed"
    ANSWERED = "answered"
    CLOSED = "closed"


class Settled(StrEnum):
    """Why nothing has to be filed."""

    NOTHING_TO_DO = "nothing-to-do"
    PASSED_ON = "passed-on"
    PUT_RIGHT = "put-right"


@dataclass(frozen=True)
class Finding:
    """A finding of a shift. `crew` are those who patrolled then, `finder` the one who wrote it
    down: None once they were erased.
    """

    status: FindingStatus = FindingStatus.NONE
    finding: str = ""
    shift: str = ""
    place: str = ""
    path: tuple[str, ...] = ()
    category: str = ""
    urgency: Urgency = Urgency.NORMAL
    kind: PatrolKind = PatrolKind.SAFETY
    team: str = ""
    finder: str | None = None
    crew: tuple[str, ...] = ()
    keeper: str | None = None
    organisers: tuple[str, ...] = ()
    recorded_at: datetime | None = None
    until: datetime | None = None
    waiting: Climb | None = None
    because: str | None = None
    petition: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What the rules are told: the finding's id, the shift and the path of the place that are named
    (empty where it is not known or closed), the offices that it climbs to.
    """

    finding: str
    shift: PatrolShift | None = None
    path: tuple[str, ...] = ()
    offices: tuple[Office, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordFinding(Command):
    """Somebody on patrol saw something. The category is one of petitions'."""

    verb = "record-finding"
    by: Id
    shift: Id
    place: PlaceCode
    category: Code
    title: Title
    text: Text
    urgency: Urgency = Urgency.NORMAL


@dataclass(frozen=True, slots=True)
class SettleFinding(Command):
    """Nothing has to be filed, and why."""

    verb = "settle-finding"
    by: Id
    because: Settled
    text: Text


@dataclass(frozen=True, slots=True)
class LinkPetition(Command):
    """A petition names it as its origin; `petitioner` raised it, None where that is told to
    nobody.
    """

    petition: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class HearOfPetition(Command):
    """What became of the petition."""

    petition: str
    news: FindingNews
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class ForgetFinder(Command):
    """Somebody was erased."""

    person: str


@dataclass(frozen=True, slots=True)
class FindingWitnessed(Event):
    """Who patrolled, and who answers for the patrol."""

    at: datetime
    crew: tuple[str, ...]
    keeper: str | None
    organisers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FinderForgotten(Event):
    """Nothing tells any more that they patrolled. Words that they wrote are gone."""

    person: str


@dataclass(frozen=True, slots=True)
class FindingForgotten(Event):
    """Who wrote it down was erased: no word of it is left."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class FindingDescribed(Personal):
    """What they saw."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SettlementDescribed(Personal):
    """What was done instead of filing it."""

    text: str
