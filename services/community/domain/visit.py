"""Visit (入户走访): a grid worker calls on a household or a person, for a purpose, until a time.

Whom it is about, and what was found, never leaves this service: others hear of the place (a grid or
neighbourhood, no household), the purpose and the keeper. The note lies in the dossier; who reads it
says why, and the person visited can see who did.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from shared.contracts.community import VisitCalledOff, VisitMade, VisitMissed, VisitPlanned
from shared.contracts.event import Event, Personal
from shared.contracts.types import Id, PlaceCode, PlaceKind, Word
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick


class Purpose(StrEnum):
    """Why somebody is visited."""

    CHILD_ALONE = "child-alone"
    CONSULTATION = "consultation"
    DISABILITY = "disability"
    DISPUTE = "dispute"
    HARDSHIP = "hardship"
    LONE_ELDER = "lone-elder"
    NEW_RESIDENT = "new-resident"
    SAFETY_CHECK = "safety-check"


class Found(StrEnum):
    """What a visit found."""

    ALL_WELL = "all-well"
    DANGER_FOUND = "danger-found"
    HELP_GIVEN = "help-given"
    HELP_NEEDED = "help-needed"
    NOBODY_HOME = "nobody-home"
    REFUSED = "refused"
    VISIT_AGAIN = "visit-again"


class Because(StrEnum):
    """Why a visit is called off."""

    DONE_OTHERWISE = "done-otherwise"
    MOVED_AWAY = "moved-away"
    NOT_WANTED = "not-wanted"
    PLANNED_IN_ERROR = "planned-in-error"


class Status(StrEnum):
    """How far a visit has come. One that was missed can still be made, late."""

    UNPLANNED = "unplanned"
    PLANNED = "planned"
    MISSED = "missed"
    MADE = "made"
    CALLED_OFF = "called-off"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Visit:
    """`place` is the grid or neighbourhood of the household; `resident` is None where the whole
    household is visited."""

    visit: str = ""
    place: str = ""
    household: str = ""
    resident: str | None = None
    purpose: str = ""
    keeper: str = ""
    due: datetime | None = None
    status: Status = Status.UNPLANNED
    found: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """The visit's own id, and the household named: its kind (None where it is not registered) and
    the grid, neighbourhood or larger place that it lies in."""

    visit: str
    kind: PlaceKind | None = None
    place: str = ""


@dataclass(frozen=True, slots=True)
class PlanVisit(Command):
    """Somebody (`keeper`) is to visit a household, or one person of it, before a time."""

    by: Id
    household: PlaceCode
    purpose: Purpose
    keeper: Id
    due: datetime
    resident: Id | None = None


@dataclass(frozen=True, slots=True)
class RecordVisit(Command):
    """The visit was made; the note is for those who look after the household."""

    verb = "record"
    by: Id
    found: frozenset[Found]
    note: Word = ""


@dataclass(frozen=True, slots=True)
class CallOffVisit(Command):
    """The visit will not be made."""

    verb = "call-off"
    by: Id
    because: Because


@dataclass(frozen=True, slots=True)
class ForgetVisit(Command):
    """The person visited was erased."""


@dataclass(frozen=True, slots=True)
class VisitAddressed(Event):
    """Which household, and which person of it, is to be visited."""

    household: str
    resident: str | None


@dataclass(frozen=True, slots=True)
class VisitFound(Event):
    """What the visit found."""

    found: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitForgotten(Event):
    """Nothing is kept of it but that it was."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class VisitNoted(Personal):
    """What the keeper wrote down."""

    note: str


def decide(command: Command, visit: Visit, now: datetime, door: Door | None = None) -> list[Event]:
    """What follows from a command; `door` is the household it names."""
    match visit.status, command:
        case Status.PLANNED, Tick() if visit.due is not None and visit.due <= now:
            return [VisitMissed(visit.visit, visit.place, visit.purpose, visit.keeper, visit.due)]
        case _, Tick():
            return []
        case ((Status.UNPLANNED | Status.FORGOTTEN), ForgetVisit()):
            return []
        case _, ForgetVisit():
            return [VisitForgotten()]
        case Status.UNPLANNED, PlanVisit():
            return planned(command, now, door)
        case ((Status.PLANNED | Status.MISSED), RecordVisit(found=found)) if not found:
            raise Rejected("nothing-found", "say what the visit found: all well, help needed ...")
        case ((Status.PLANNED | Status.MISSED), RecordVisit(found=found, note=note)):
            in_time = visit.due is not None and now < visit.due
            made = VisitMade(visit.visit, visit.place, visit.purpose, visit.keeper, in_time)
            noted = [VisitNoted(note)] if note else []
            return [made, VisitFound(tuple(sorted(one.value for one in found))), *noted]
        case ((Status.PLANNED | Status.MISSED), CallOffVisit(because=because)):
            return [VisitCalledOff(visit.visit, visit.place, visit.keeper, because.value)]
    raise Rejected("visit-over", "this visit was made, called off or never planned")


def planned(command: PlanVisit, now: datetime, door: Door | None) -> list[Event]:
    """A visit to a registered unit, due later than now."""
    if door is None or door.kind is None:
        place = command.household
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    if door.kind is not PlaceKind.UNIT:
        raise Rejected(
            "not-a-unit",
            f"{command.household} is a {door.kind}; a household is a unit",
            place=command.household,
            kind=door.kind,
        )
    if command.due <= now:
        raise Rejected("due-passed", "a visit falls due later than now")
    event = VisitPlanned(door.visit, door.place, command.purpose.value, command.keeper, command.due)
    return [event, VisitAddressed(command.household, command.resident)]


def evolve(visit: Visit, event: Event) -> Visit:
    """The visit after an event."""
    match event:
        case VisitPlanned(visit=id, place=place, purpose=purpose, keeper=keeper, due=due):
            return Visit(id, place, purpose=purpose, keeper=keeper, due=due, status=Status.PLANNED)
        case VisitAddressed(household=household, resident=resident):
            return replace(visit, household=household, resident=resident)
        case VisitMade():
            return replace(visit, status=Status.MADE)
        case VisitFound(found=found):
            return replace(visit, found=found)
        case VisitMissed():
            return replace(visit, status=Status.MISSED)
        case VisitCalledOff():
            return replace(visit, status=Status.CALLED_OFF)
        case VisitForgotten():
            return Visit(status=Status.FORGOTTEN)
    return visit


def due(visit: Visit) -> datetime | None:
    """When a planned visit is missed."""
    return visit.due if visit.status is Status.PLANNED else None


def open_verbs(visit: Visit) -> tuple[str, ...]:
    """The verbs that this visit knows now."""
    return ("record", "call-off") if visit.status in (Status.PLANNED, Status.MISSED) else ()


visit = Aggregate(
    kind="visit",
    initial=Visit(),
    decide=decide,
    evolve=evolve,
    events=(
        VisitPlanned,
        VisitAddressed,
        VisitMade,
        VisitFound,
        VisitMissed,
        VisitCalledOff,
        VisitForgotten,
        VisitNoted,
    ),
    due=due,
)
