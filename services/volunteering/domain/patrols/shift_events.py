"""The events of a patrol's shift that stay in the service."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.volunteering.domain.patrols.shift_state import Leg
from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class ShiftArranged(Event):
    """What the rota says of it beside what everybody is told."""

    size: int
    keeper: str | None
    successor: str | None
    successor_begin: datetime | None


@dataclass(frozen=True, slots=True)
class WayTaken(Event):
    """The checkpoints as the route had them when the patrol began."""

    version: int
    at: datetime
    legs: tuple[Leg, ...]


@dataclass(frozen=True, slots=True)
class PatrollerCame(Event):
    """Somebody is on patrol."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PatrollerLeft(Event):
    """They are no more."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LegPassed(Event):
    """When somebody was at a checkpoint."""

    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class HoursNotCounted(Event):
    """Somebody's time on patrol counts for nothing."""

    person: str
    by: str


@dataclass(frozen=True, slots=True)
class PatrollerForgotten(Event):
    """Nothing tells any more that they patrolled, and no word of the shift is left."""

    person: str
    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CheckExplained(Personal):
    """Why there is only somebody's word."""

    number: int
    because: str
    text: str


@dataclass(frozen=True, slots=True)
class MatterLeft(Personal):
    """What is left open for the next patrol."""

    text: str


@dataclass(frozen=True, slots=True)
class AlarmExplained(Personal):
    """Why something was not as it should be."""

    alarm: str
    number: int | None
    text: str
