"""What can be done with an alarm. `by` is the caller."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.event import Personal
from shared.contracts.types import Code, Id, PlaceCode, Word
from shared.runtime.aggregate import Command


class AlarmKind(StrEnum):
    """Why it is raised."""

    DANGER = "danger"
    """A petition's words warn of gas, fire and the like."""
    CARE = "care"
    """What was found at a visit, or that nobody came."""
    PATROL = "patrol"
    """A patrol has not reported back."""
    BROADCAST = "broadcast"
    """An urgent broadcast waits for its approval."""
    WEBHOOK = "webhook"
    """Another system is no longer told."""
    PLATFORM = "platform"
    """The platform's own monitoring."""
    OTHER = "other"
    """Somebody says so."""


@dataclass(frozen=True, slots=True)
class RaiseAlarm(Command):
    """Call whoever is on call for this duty, at a place or (None) for the platform. What the
    `words` say is read by those who are called.
    """

    by: Id
    duty: Code
    place: PlaceCode | None = None
    because: AlarmKind = AlarmKind.OTHER
    words: Word = ""
    alert: Id | None = None


@dataclass(frozen=True, slots=True)
class Raise(Command):
    """An event, or a monitoring system, says that something has to be seen to. With `where_listed`
    it is one only where an on-call list is kept for it.
    """

    because: AlarmKind
    duty: str
    place: str | None
    about: str
    where_listed: bool = True
    words: str = ""
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class AcknowledgeAlarm(Command):
    """See to it: nobody else is called."""

    by: Id


@dataclass(frozen=True, slots=True)
class ResolveAlarm(Command):
    """It has been seen to."""

    by: Id


@dataclass(frozen=True, slots=True)
class LearnSeenTo(Command):
    """An event says that somebody has begun to see to what it is about."""

    person: str


@dataclass(frozen=True, slots=True)
class Resolved(Command):
    """An event, or the monitoring system, says that it is over."""


@dataclass(frozen=True, slots=True)
class AlarmDescribed(Personal):
    """What somebody wrote of it, for those who are called."""

    words: str
