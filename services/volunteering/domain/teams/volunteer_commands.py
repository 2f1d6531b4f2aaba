"""What is asked of a volunteer's record, and the events of it that stay in the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from services.volunteering.domain.teams.volunteer_state import FreeTime
from shared.contracts.event import Event, Personal
from shared.contracts.types import (
    BirthYear,
    ClockTime,
    Code,
    DaySpan,
    Id,
    PlaceCode,
    Title,
    Weekday,
    at_most,
)
from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import Validity
from shared.runtime.aggregate import Command

MOST_SKILLS = 20
MOST_FREE = 21
"""Three times a day."""


class Cause(StrEnum):
    """Why somebody, or a team, does not serve for a time, or is let go."""

    BROKE_RULES = "broke-rules"
    UNSAFE = "unsafe"
    COMPLAINT = "complaint"
    ABSENT = "absent"
    HEALTH = "health"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FreeHours:
    """On this weekday (0 is Monday) somebody has time, within the local day."""

    weekday: Weekday
    span: DaySpan


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rules ask for: whose record it is, the path of the place that is named (empty where
    nobody knows it), and for how many days each training holds, None for good.
    """

    person: str
    path: tuple[str, ...] = ()
    trainings: Mapping[str, int | None] = field(default_factory=dict)


# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RegisterVolunteer(Command):
    """Somebody wants to serve; staff may enter them. Who is under age names a guardian, now or
    later.
    """

    by: Id
    volunteer: Id
    place: PlaceCode
    birth_year: BirthYear
    name: Title
    phone: Title | None = None
    skills: Annotated[tuple[Code, ...], at_most(MOST_SKILLS)] = ()
    free: Annotated[tuple[FreeHours, ...], at_most(MOST_FREE)] = ()
    guardian: Id | None = None


@dataclass(frozen=True, slots=True)
class ChangeProfile(Command):
    """What somebody can do and when they have time is this from now on."""

    verb = "change"
    by: Id
    skills: Annotated[tuple[Code, ...], at_most(MOST_SKILLS)]
    free: Annotated[tuple[FreeHours, ...], at_most(MOST_FREE)]


@dataclass(frozen=True, slots=True)
class MoveVolunteer(Command):
    """They are at home at another place."""

    verb = "move"
    by: Id
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class CorrectBirthYear(Command):
    """The year was wrong: staff have seen a document."""

    by: Id
    birth_year: BirthYear


@dataclass(frozen=True, slots=True)
class DescribeVolunteer(Command):
    """Sets name and telephone number anew."""

    verb = "describe"
    by: Id
    name: Title
    phone: Title | None = None


@dataclass(frozen=True, slots=True)
class StopVolunteering(Command):
    """They serve no more: name and number are forgotten."""

    verb = "stop"
    by: Id


@dataclass(frozen=True, slots=True)
class AgreeToBeNamed(Command):
    """In rankings and honours. For who is under age the guardian agrees."""

    by: Id


@dataclass(frozen=True, slots=True)
class WithdrawNaming(Command):
    """They want to be named no more."""

    by: Id


@dataclass(frozen=True, slots=True)
class NameGuardian(Command):
    """Somebody under age says who their guardian is. A former guardian's consent ends."""

    by: Id
    guardian: Id


@dataclass(frozen=True, slots=True)
class ConfirmGuardian(Command):
    """Staff have seen that they are the guardian."""

    by: Id


@dataclass(frozen=True, slots=True)
class RefuseGuardian(Command):
    """Staff have seen that they are not, or are no longer."""

    by: Id


@dataclass(frozen=True, slots=True)
class Consent(Command):
    """The guardian says in what they may serve, when they have to be done on a day, and until when
    this holds.
    """

    by: Id
    works: Annotated[tuple[Work, ...], at_most(len(Work))]
    latest: ClockTime
    until: datetime


@dataclass(frozen=True, slots=True)
class WithdrawConsent(Command):
    """They may serve no more, for now."""

    by: Id


@dataclass(frozen=True, slots=True)
class RecordTraining(Command):
    """They have learned it; without `until` it holds as long as the list of trainings says."""

    by: Id
    training: Code
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class StrikeTraining(Command):
    """They have not learned it after all."""

    by: Id
    training: Code


@dataclass(frozen=True, slots=True)
class Insure(Command):
    """They are insured until then."""

    by: Id
    until: datetime


@dataclass(frozen=True, slots=True)
class SuspendVolunteer(Command):
    """They do not serve until then."""

    verb = "suspend"
    by: Id
    until: datetime
    because: Cause


@dataclass(frozen=True, slots=True)
class ResumeVolunteer(Command):
    """They may serve again, before the time is over."""

    verb = "resume"
    by: Id


@dataclass(frozen=True, slots=True)
class HearJoined(Command):
    """A team has taken them in."""

    team: str
    since: datetime


@dataclass(frozen=True, slots=True)
class HearLeft(Command):
    """They belong to a team no more."""

    team: str


@dataclass(frozen=True, slots=True)
class HearSuspendedInTeam(Command):
    """They do not serve in a team until then; None: they do again."""

    team: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HearTrained(Command):
    """Their team was trained."""

    training: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HearInsured(Command):
    """Their team is insured."""

    until: datetime


@dataclass(frozen=True, slots=True)
class HearPath(Command):
    """Their place lies elsewhere, or another one has taken its place."""

    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoseGuardian(Command):
    """The guardian was erased."""

    guardian: str


@dataclass(frozen=True, slots=True)
class ForgetVolunteer(Command):
    """They were erased."""


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VolunteerBorn(Event):
    """The year of birth, as far as known."""

    year: int


@dataclass(frozen=True, slots=True)
class VolunteerProfiled(Event):
    """What they can do, and when they have time."""

    skills: tuple[str, ...]
    free: tuple[FreeTime, ...]


@dataclass(frozen=True, slots=True)
class ConsentTimed(Event):
    """When the guardian wants them to be done, in minutes of the local day."""

    latest: int


@dataclass(frozen=True, slots=True)
class GuardianReleased(Event):
    """They are of age: nobody consents for them any more."""


@dataclass(frozen=True, slots=True)
class TrainingStruck(Event):
    """They have not learned it after all."""

    training: str


@dataclass(frozen=True, slots=True)
class ReminderPlanned(Event):
    """Then it will be said that something ends."""

    kind: Validity
    training: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class MembershipBegan(Event):
    """They belong to a team since then."""

    team: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MembershipEnded(Event):
    """They belong to it no more."""

    team: str


@dataclass(frozen=True, slots=True)
class MembershipSuspended(Event):
    """They do not serve in it until then; None: they do again."""

    team: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class VolunteerForgotten(Event):
    """Name and number are deleted; of who was `erased`, nothing else is kept either."""

    forgets: ClassVar[bool] = True
    erased: bool


@dataclass(frozen=True, slots=True)
class VolunteerDescribed(Personal):
    """Who they are. The latest one holds."""

    name: str
    phone: str | None
