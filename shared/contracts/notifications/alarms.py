"""Alarms: something that somebody has to see to at once, and who is called until one does."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class AlarmRaised(Event):
    """`called` are told, as the first of the on-call list for this `duty`; where none of them
    acknowledges it by `answer_by`, the next ones are. `because` is the alarm's kind, `about` the
    stream that it is about. `place` is None for one of the platform itself, `alert` then its name.

    `holes` are the rungs passed over because nobody was on call, as ``<place>:<number>``. Where
    nobody could be called, `called` is empty, and it is tried again at `answer_by`.
    """

    alarm: str
    because: str
    duty: str
    place: str | None
    about: str
    called: tuple[str, ...]
    holes: tuple[str, ...]
    rung: int
    answer_by: datetime
    alert: str | None = None


class WhyClimbed(StrEnum):
    """Why others are called."""

    UNANSWERED = "unanswered"
    """Nobody acknowledged it in time."""
    UNRESOLVED = "unresolved"
    """Whoever acknowledged it has not seen to it."""


@dataclass(frozen=True, slots=True)
class AlarmClimbed(Event):
    """Nobody has seen to it: the next ones are called, at last everybody on the lists
    (`everybody`), again and again.
    """

    alarm: str
    because: str
    duty: str
    place: str | None
    why: WhyClimbed
    called: tuple[str, ...]
    holes: tuple[str, ...]
    rung: int
    everybody: bool
    answer_by: datetime
    alert: str | None = None


@dataclass(frozen=True, slots=True)
class AlarmAcknowledged(Event):
    """`by` sees to it; until `resolve_by` nobody else is called. `informed` were called, too."""

    alarm: str
    because: str
    place: str | None
    by: str
    informed: tuple[str, ...]
    resolve_by: datetime


@dataclass(frozen=True, slots=True)
class AlarmUnanswered(Event):
    """All on the lists were called many times, in vain. It stays in the list of alarms."""

    alarm: str
    because: str
    duty: str
    place: str | None


@dataclass(frozen=True, slots=True)
class AlarmResolved(Event):
    """It has been seen to: by somebody, or (None) by what happened meanwhile."""

    alarm: str
    because: str
    place: str | None
    by: str | None
    informed: tuple[str, ...]
