"""What happens to some petitions: danger, suspension, promises, publication, being forgotten."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.types import Level


@dataclass(frozen=True, slots=True)
class PetitionAlarmed(Event):
    """Its words warn of `danger` (``gas``, ``fire`` ...): `called` are the duty holders of two
    levels, the first from the one that has it up at which somebody has the duty. `answer_by` counts
    time on the wall.
    """

    petition: str
    danger: str
    category: str
    level: Level
    place: str
    called: tuple[str, ...]
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class PetitionSuspended(Event):
    """Its clock stands still until a date, for a `reason` from the city's list.

    It ends by itself at `until`, or before; `PetitionResumed` then has the new deadline.
    """

    petition: str
    reason: str
    until: datetime
    by: str
    level: Level
    place: str
    assignee: str | None
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionResumed(Event):
    """Its clock runs again, with the time that the level had left.

    `because` is ``until`` (the date came), ``resumed`` (somebody ended it before) or ``done`` (it
    is answered or closed now), ``mediation`` (that is over). `suspended_until` is the end that
    counts for the total.
    """

    petition: str
    because: str
    reason: str
    level: Level
    place: str
    assignee: str | None
    petitioner: str | None
    answer_by: datetime
    warn_at: datetime
    suspended_until: datetime


@dataclass(frozen=True, slots=True)
class PetitionSentToMediation(Event):
    """A dispute came out of it, and each knows of the other. Once mediation begins, its clock is
    held.
    """

    petition: str
    dispute: str
    level: Level
    place: str
    assignee: str | None
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PetitionMediated(Event):
    """Mediation of the dispute that came out of it is over. Where it is `settled`, the assignee
    answers with what was agreed; else as if there had been none.
    """

    petition: str
    dispute: str
    settled: bool
    level: Level
    place: str
    assignee: str | None
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PromiseMade(Event):
    """An answer promised something until `due`; `promise` counts those of this petition from 1.

    A `shared` one is that of the petition which this one was merged into: made to its own
    petitioner, too.
    """

    petition: str
    promise: int
    due: datetime
    by: str
    place: str
    category: str
    petitioner: str | None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class PromiseFellDue(Event):
    """The date of a promise has come: the petitioner is asked, until `judge_by`, whether it was
    kept; who gave it (`by`) is reminded, of a `shared` one by the petition that it was given to.
    """

    petition: str
    promise: int
    due: datetime
    judge_by: datetime
    by: str
    place: str
    petitioner: str | None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class PromiseFollowedUp(Event):
    """Somebody called the petitioner after a promise; `tries` counts the calls about it. Who was
    `reached` has judged it.
    """

    petition: str
    promise: int
    by: str
    reached: bool
    tries: int


@dataclass(frozen=True, slots=True)
class PromiseReported(Event):
    """Staff say that what was promised is done."""

    petition: str
    promise: int
    by: str
    petitioner: str | None


@dataclass(frozen=True, slots=True)
class PromiseJudged(Event):
    """The petitioner said whether a promise was kept."""

    petition: str
    promise: int
    kept: bool
    given_by: str
    place: str
    category: str


@dataclass(frozen=True, slots=True)
class PetitionReleased(Event):
    """Everybody may read what was asked and answered, in words written for the public.

    `place` is no closer than the neighbourhood.
    """

    petition: str
    place: str
    category: str


@dataclass(frozen=True, slots=True)
class PetitionReleaseWithdrawn(Event):
    """What was released is public no longer."""

    petition: str


@dataclass(frozen=True, slots=True)
class PetitionForgotten(Event):
    """The petitioner was erased: all words of the petition are gone, and it has no petitioner."""

    forgets: ClassVar[bool] = True

    petition: str
