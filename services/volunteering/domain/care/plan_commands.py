"""What is done to a care plan."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from services.volunteering.domain.care.form import Check, OwnLimit, Reading
from services.volunteering.domain.care.rhythm import Rhythm
from shared.contracts.types import Code, Id, PlaceCode, Text, Word, at_most, between
from shared.contracts.volunteering.care import CareUnmet
from shared.runtime.aggregate import Command

MOST_FIELDS = 40
"""Of a form."""

CountedMinutes = Annotated[int, between(0, 1_440)]
Number = Annotated[int, between(1, 1_000_000)]
"""Of a visit, of an alarm."""


class ConsentGiven(StrEnum):
    """How somebody agreed to be visited, where they do not say it themselves here."""

    WRITTEN = "written"
    SPOKEN = "spoken"
    GUARDIAN = "guardian"


class PauseReason(StrEnum):
    """Why there are no visits for a while."""

    HOSPITAL = "hospital"
    TRAVEL = "travel"
    WITH_FAMILY = "with-family"
    OTHER = "other"


class EndReason(StrEnum):
    """Why there are no visits any more."""

    CARE_HOME = "care-home"
    DECEASED = "deceased"
    MADE_IN_ERROR = "made-in-error"
    MOVED_AWAY = "moved-away"
    NO_LONGER_NEEDED = "no-longer-needed"


class CameOfIt(StrEnum):
    """What came of an alarm."""

    ALL_WELL = "all-well"
    AMBULANCE = "ambulance"
    DANGER_REMOVED = "danger-removed"
    DOCTOR = "doctor"
    FAMILY = "family"
    MEASURED_AGAIN = "measured-again"


@dataclass(frozen=True, slots=True)
class MakeCarePlan(Command):
    """`person` shall be visited by `visitor`, or `deputy` when that one is away. The visits begin
    with their consent, not before `first`. `minutes` of a visit count as hours at most. `words` say
    who it is, where they live and what to heed: they are for those who care.
    """

    by: Id
    person: Id
    place: PlaceCode
    purpose: Code
    rhythm: Rhythm
    visitor: Id
    minutes: CountedMinutes
    words: Text
    deputy: Id | None = None
    team: Id | None = None
    health_contact: Id | None = None
    first: datetime | None = None


@dataclass(frozen=True, slots=True)
class Consent(Command):
    """The person agrees, and the visits begin."""

    by: Id


@dataclass(frozen=True, slots=True)
class RecordConsent(Command):
    """The person has agreed elsewhere; `words` say before whom, or where it is kept."""

    by: Id
    how: ConsentGiven
    given: datetime
    words: Text


@dataclass(frozen=True, slots=True)
class WithdrawConsent(Command):
    """The person wants no visits any more: the plan ends, and what was written is forgotten."""

    by: Id


@dataclass(frozen=True, slots=True)
class Describe(Command):
    """Who it is, where they live and what to heed, anew."""

    by: Id
    words: Text


@dataclass(frozen=True, slots=True)
class SetRhythm(Command):
    """Visits are due otherwise from the next one on."""

    by: Id
    rhythm: Rhythm
    minutes: CountedMinutes


@dataclass(frozen=True, slots=True)
class SetVisitors(Command):
    """Others visit from now on."""

    by: Id
    visitor: Id
    deputy: Id | None = None


@dataclass(frozen=True, slots=True)
class GiveUp(Command):
    """The caller visits no more; of a visitor's plan the deputy becomes the visitor."""

    by: Id


@dataclass(frozen=True, slots=True)
class TakeLeave(Command):
    """The visitor is away, and the deputy steps in."""

    by: Id
    until: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnFromLeave(Command):
    """The visitor visits again."""

    verb = "return"
    by: Id


@dataclass(frozen=True, slots=True)
class SetLimits(Command):
    """From now on other readings are alarming for this person than the form says."""

    by: Id
    limits: Annotated[tuple[OwnLimit, ...], at_most(MOST_FIELDS)]


@dataclass(frozen=True, slots=True)
class SetHealthContact(Command):
    """Who hears of alarming readings beside the organisers: a nurse of the community's station."""

    by: Id
    health_contact: Id | None = None


@dataclass(frozen=True, slots=True)
class RecordVisit(Command):
    """The caller was there from `begun` to `end` (now where none is named): what was measured, seen
    and heard.
    """

    by: Id
    begun: datetime
    end: datetime | None = None
    readings: Annotated[tuple[Reading, ...], at_most(MOST_FIELDS)] = ()
    checks: Annotated[tuple[Check, ...], at_most(MOST_FIELDS)] = ()
    note: Word = ""


@dataclass(frozen=True, slots=True)
class RecordUnmet(Command):
    """The caller came in vain."""

    by: Id
    outcome: CareUnmet
    note: Word = ""


@dataclass(frozen=True, slots=True)
class CorrectMinutes(Command):
    """The minutes of a visit that count as hours were wrong; never more than it lasted."""

    by: Id
    visit: Number
    minutes: CountedMinutes


@dataclass(frozen=True, slots=True)
class Acknowledge(Command):
    """The caller sees to an alarm."""

    by: Id
    alarm: Number


@dataclass(frozen=True, slots=True)
class SettleAlarm(Command):
    """An alarm has been seen to."""

    by: Id
    alarm: Number
    came_of_it: CameOfIt
    note: Word = ""


@dataclass(frozen=True, slots=True)
class PausePlan(Command):
    """There are no visits for a while, from now or `since`; at `until` they begin again."""

    verb = "pause"
    by: Id
    because: PauseReason
    until: datetime
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ResumePlan(Command):
    """The visits begin again earlier than planned; a pause that lies ahead is called off."""

    verb = "resume"
    by: Id


@dataclass(frozen=True, slots=True)
class EndPlan(Command):
    """There are no visits any more."""

    verb = "end"
    by: Id
    because: EndReason


# --- by reaction ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FollowTeam(Command):
    """The team has other leaders."""

    leaders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FollowPlace(Command):
    """The place, or one above it, was moved, or another has taken its place."""

    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoseVisitor(Command):
    """Somebody serves no more, or not in the team."""

    person: str


@dataclass(frozen=True, slots=True)
class ForgetPerson(Command):
    """Somebody was erased: who is visited, or who has to do with it."""

    person: str
