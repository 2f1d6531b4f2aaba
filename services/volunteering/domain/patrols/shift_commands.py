"""What can be done with a patrol's shift."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from services.volunteering.domain.patrols.route import MOST_CHECKPOINTS
from shared.contracts.types import (
    Accuracy,
    Id,
    Latitude,
    Longitude,
    SignCode,
    Text,
    Title,
    Word,
    at_most,
    between,
)
from shared.contracts.volunteering.patrols import (
    PatrolAlarm,
    PatrolKind,
)
from shared.runtime.aggregate import Command

MOST_MATTERS = 20
MOST_MINUTES = 24 * 60

Number = Annotated[int, between(0, MOST_CHECKPOINTS)]
"""Of a checkpoint on its route, from 0."""


class CallingOff(StrEnum):
    """Why nobody patrols."""

    EVENT = "event"
    PLANNED_IN_ERROR = "planned-in-error"
    TOO_FEW = "too-few"
    WEATHER = "weather"


class WithoutProof(StrEnum):
    """Why there is only somebody's word that they were there."""

    BLOCKED = "blocked"
    NO_SIGNAL = "no-signal"
    SIGN_GONE = "sign-gone"
    OTHER = "other"


# --- planning ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanShift(Command):
    """A shift of a rota that was published."""

    rota: str
    number: int
    route: str
    place: str
    kind: PatrolKind
    team: str
    begin: datetime
    end: datetime
    size: int
    crew: tuple[str, ...]
    keeper: str | None
    successor: str | None
    successor_begin: datetime | None


@dataclass(frozen=True, slots=True)
class ChangeCrew(Command):
    """The rota has another in somebody's place."""

    before: str | None
    person: str | None
    because: str


@dataclass(frozen=True, slots=True)
class CallOffShift(Command):
    """Nobody patrols then."""

    verb = "call-off"
    by: Id
    because: CallingOff


@dataclass(frozen=True, slots=True)
class Cease(Command):
    """The team does nothing any more, or not `until` then: nobody patrols in what begins before."""

    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Replace(Command):
    """Once the shift can be begun: somebody else patrols in another's place, or in one that nobody
    has.
    """

    by: Id
    person: Id
    instead_of: Id | None = None


# --- on the way ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BeginPatrol(Command):
    """The first of the crew is on the way."""

    verb = "begin"
    by: Id


@dataclass(frozen=True, slots=True)
class Join(Command):
    """Another of the crew is there, too."""

    by: Id


@dataclass(frozen=True, slots=True)
class Leave(Command):
    """One of the crew goes before the end."""

    by: Id


@dataclass(frozen=True, slots=True)
class Check(Command):
    """At a checkpoint, by the code on its sign."""

    by: Id
    number: Number
    code: SignCode


@dataclass(frozen=True, slots=True)
class CheckHere(Command):
    """At a checkpoint, by standing near it. The position (GCJ-02, degrees, good to so many metres)
    is compared and never kept.
    """

    by: Id
    number: Number
    latitude: Latitude
    longitude: Longitude
    accuracy: Accuracy


@dataclass(frozen=True, slots=True)
class CheckByHand(Command):
    """At a checkpoint, by one's word: say why there is no better proof."""

    by: Id
    number: Number
    because: WithoutProof
    text: Word = ""


@dataclass(frozen=True, slots=True)
class HandOver(Command):
    """The patrol is back. What is left open for the next one is named, one by one."""

    by: Id
    matters: Annotated[tuple[Title, ...], at_most(MOST_MATTERS)] = ()


@dataclass(frozen=True, slots=True)
class HearHandover(Command):
    """This shift has to take over from another by then."""

    former: str
    until: datetime


@dataclass(frozen=True, slots=True)
class TakeOver(Command):
    """What was left open is known to the caller: as one of the crew of the `shift` that follows, or
    as an organiser.
    """

    by: Id
    shift: Id | None = None


# --- afterwards ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fewer:
    """Somebody patrolled for so many minutes only."""

    person: Id
    minutes: Annotated[int, between(0, MOST_MINUTES)]


@dataclass(frozen=True, slots=True)
class ConfirmHours(Command):
    """Everybody's hours are right, but for one's own; of those named they are `fewer`."""

    by: Id
    fewer: Annotated[tuple[Fewer, ...], at_most(20)] = ()


@dataclass(frozen=True, slots=True)
class CorrectHours(Command):
    """Somebody's confirmed hours were wrong."""

    by: Id
    person: Id
    minutes: Annotated[int, between(0, MOST_MINUTES)]


@dataclass(frozen=True, slots=True)
class Settle(Command):
    """Why something was not as it should be: who answers for the patrol has looked at it."""

    by: Id
    alarm: PatrolAlarm
    text: Text
    number: Number | None = None


@dataclass(frozen=True, slots=True)
class ForgetPatroller(Command):
    """Somebody was erased."""

    person: str
