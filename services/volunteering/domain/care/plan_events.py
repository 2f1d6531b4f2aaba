"""What happens to a care plan and stays in the service."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.volunteering.domain.care.form import Check, OwnLimit, Reading
from services.volunteering.domain.care.rhythm import Rhythm
from shared.contracts.event import Event, Personal


@dataclass(frozen=True, slots=True)
class CarePlanDrawnUp(Event):
    """Who is to be visited why, how often and by whom; nothing is done before the consent."""

    plan: str
    place: str
    path: tuple[str, ...]
    person: str
    purpose: str
    rhythm: Rhythm
    minutes: int
    visitor: str
    deputy: str | None
    team: str | None
    leaders: tuple[str, ...]
    maker: str
    health_contact: str | None
    first: datetime


@dataclass(frozen=True, slots=True)
class CareConsented(Event):
    """How the person agreed, and when."""

    how: str
    given: datetime


@dataclass(frozen=True, slots=True)
class CareVisitSet(Event):
    """The visit of the rhythm that is to be made next."""

    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class CareRhythmSet(Event):
    """Visits are due otherwise, none of them before `first`."""

    rhythm: Rhythm
    minutes: int
    first: datetime


@dataclass(frozen=True, slots=True)
class CareLimitsSet(Event):
    """What is alarming for this person."""

    limits: tuple[OwnLimit, ...]


@dataclass(frozen=True, slots=True)
class CareHealthContactSet(Event):
    """Who hears of alarming readings."""

    health_contact: str | None


@dataclass(frozen=True, slots=True)
class CareLedBy(Event):
    """Who leads the team now."""

    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CareMakerLeft(Event):
    """Who made the plan has nothing to do with it any more."""

    maker: str


@dataclass(frozen=True, slots=True)
class CareMoved(Event):
    """Where the plan lies now."""

    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CareLeavePlanned(Event):
    """The visitor will be away."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class CarePausePlanned(Event):
    """There will be no visits for a while."""

    since: datetime
    until: datetime
    because: str


@dataclass(frozen=True, slots=True)
class CarePauseCalledOff(Event):
    """The pause that lay ahead will not be."""


@dataclass(frozen=True, slots=True)
class CareLeaveCalledOff(Event):
    """The leave that lay ahead will not be."""


@dataclass(frozen=True, slots=True)
class CareMinutesCorrected(Event):
    """So many minutes of a visit count as hours."""

    visit: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CareEndReasoned(Event):
    """Why there are no visits any more, and when what was written is forgotten."""

    because: str
    forget_at: datetime


@dataclass(frozen=True, slots=True)
class CareForgotten(Event):
    """Nothing personal is kept of the plan: neither words nor readings; of somebody `erased` not
    even who it was.
    """

    forgets: ClassVar[bool] = True
    erased: bool = False


# --- personal ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CareDescribed(Personal):
    """Who it is, where they live, what to heed."""

    words: str


@dataclass(frozen=True, slots=True)
class CareConsentWords(Personal):
    """Before whom somebody agreed, or where it is kept."""

    words: str


@dataclass(frozen=True, slots=True)
class CareVisitWritten(Personal):
    """What a visit found."""

    visit: int
    begun: datetime
    readings: tuple[Reading, ...]
    checks: tuple[Check, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CareUnmetNoted(Personal):
    """What was noted about a visit in vain."""

    visit: int
    note: str


@dataclass(frozen=True, slots=True)
class CareAlarmNoted(Personal):
    """What came of an alarm."""

    alarm: int
    came_of_it: str
    note: str
