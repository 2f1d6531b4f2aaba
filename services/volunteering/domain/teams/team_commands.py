"""What is asked of a team, and the events of it that stay in the service."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar

from services.volunteering.domain.teams.volunteer_commands import Cause
from services.volunteering.domain.teams.volunteer_state import Volunteer
from shared.contracts.event import Event, Personal
from shared.contracts.types import Age, Code, Id, PlaceCode, Text, Title, at_most
from shared.contracts.volunteering.teams import TeamKind
from shared.runtime.aggregate import Command

MOST_DEPUTIES = 3
MOST_AT_ONCE = 200
"""Volunteers who are trained or insured together in one entry."""


@dataclass(frozen=True, slots=True)
class Seat:
    """An office, and who does its duty now: nobody while it is vacant."""

    place: str
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What the rules ask for: the team's own id, the path of the place that is named (empty where
    nobody knows it), what is known of the volunteer in question, the offices that are called when
    nobody leads, the nearest first, and for how many days each training holds, None for good.
    """

    team: str
    path: tuple[str, ...] = ()
    volunteer: Volunteer | None = None
    offices: tuple[Seat, ...] = ()
    trainings: Mapping[str, int | None] = field(default_factory=dict)


# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FoundTeam(Command):
    """A team begins, with its captain as first member. `least_age` and `most_age` are asked of who
    applies, in completed years.
    """

    verb = "found"
    by: Id
    place: PlaceCode
    kind: TeamKind
    name: Title
    charter: Text
    captain: Id
    least_age: Age | None = None
    most_age: Age | None = None


@dataclass(frozen=True, slots=True)
class RenameTeam(Command):
    """It is called otherwise."""

    verb = "rename"
    by: Id
    name: Title


@dataclass(frozen=True, slots=True)
class AdoptCharter(Command):
    """What the team is for, and what holds in it, is this from now on."""

    by: Id
    charter: Text
    least_age: Age | None = None
    most_age: Age | None = None


@dataclass(frozen=True, slots=True)
class MoveTeam(Command):
    """It serves at another place."""

    verb = "move"
    by: Id
    place: PlaceCode


@dataclass(frozen=True, slots=True)
class GiveContact(Command):
    """By what name and number the team is reached: the caller's, for members and staff."""

    by: Id
    name: Title
    phone: Title


@dataclass(frozen=True, slots=True)
class Apply(Command):
    """A volunteer asks to be taken in."""

    by: Id


@dataclass(frozen=True, slots=True)
class WithdrawApplication(Command):
    """They do not want to, after all."""

    by: Id


@dataclass(frozen=True, slots=True)
class Accept(Command):
    """They belong to the team."""

    by: Id
    volunteer: Id


@dataclass(frozen=True, slots=True)
class RefuseApplicant(Command):
    """They are not taken in."""

    verb = "refuse"
    by: Id
    volunteer: Id


@dataclass(frozen=True, slots=True)
class LeaveTeam(Command):
    """The caller belongs to it no more; what they led passes on."""

    verb = "leave"
    by: Id


@dataclass(frozen=True, slots=True)
class Dismiss(Command):
    """A member belongs to it no more."""

    by: Id
    volunteer: Id
    because: Cause


@dataclass(frozen=True, slots=True)
class SuspendMember(Command):
    """They do not serve in this team until then, and lead it no more."""

    by: Id
    volunteer: Id
    until: datetime
    because: Cause


@dataclass(frozen=True, slots=True)
class ResumeMember(Command):
    """They serve in it again, before the time is over."""

    by: Id
    volunteer: Id


@dataclass(frozen=True, slots=True)
class NameDeputies(Command):
    """These stand in for the captain, the first in line first."""

    by: Id
    deputies: Annotated[tuple[Id, ...], at_most(MOST_DEPUTIES)]


@dataclass(frozen=True, slots=True)
class NameCaptain(Command):
    """A member leads the team from now on."""

    by: Id
    captain: Id


@dataclass(frozen=True, slots=True)
class StepDown(Command):
    """The caller leads the team no more, and stays a member."""

    by: Id


@dataclass(frozen=True, slots=True)
class AgreeToLead(Command):
    """Who was asked leads the team."""

    by: Id


@dataclass(frozen=True, slots=True)
class DeclineToLead(Command):
    """Who was asked does not want to."""

    by: Id


@dataclass(frozen=True, slots=True)
class TrainTogether(Command):
    """Members have learned something; without `until` it holds as its list says."""

    by: Id
    training: Code
    volunteers: Annotated[tuple[Id, ...], at_most(MOST_AT_ONCE)]
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class InsureTogether(Command):
    """Members are insured until then."""

    by: Id
    volunteers: Annotated[tuple[Id, ...], at_most(MOST_AT_ONCE)]
    until: datetime


@dataclass(frozen=True, slots=True)
class SuspendTeam(Command):
    """It takes nobody in and begins nothing until then."""

    verb = "suspend"
    by: Id
    until: datetime
    because: Cause


@dataclass(frozen=True, slots=True)
class ResumeTeam(Command):
    """It serves again, before the time is over."""

    verb = "resume"
    by: Id


@dataclass(frozen=True, slots=True)
class DissolveTeam(Command):
    """It is no more. What it did stays."""

    verb = "dissolve"
    by: Id


@dataclass(frozen=True, slots=True)
class HearTeamPath(Command):
    """Its place lies elsewhere, or another one has taken its place."""

    place: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HearBarred(Command):
    """A member does not serve anywhere until then; None: they do again."""

    person: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class HearStopped(Command):
    """Somebody serves no more."""

    person: str


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TeamChartered(Event):
    """What it is for, in the words of the team: a public document."""

    charter: str
    least_age: int | None
    most_age: int | None


@dataclass(frozen=True, slots=True)
class ApplicantUnderAge(Event):
    """In that year they are of age for sure."""

    person: str
    of_age_in: int


@dataclass(frozen=True, slots=True)
class MemberBarred(Event):
    """They do not serve anywhere until then; None: they do again."""

    person: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class CaptaincyDeclined(Event):
    """Who was asked will not lead: they said so, or said nothing in time, or cannot any more."""

    person: str


@dataclass(frozen=True, slots=True)
class TeamContactNamed(Event):
    """Whose name and number are in the dossier."""

    person: str


@dataclass(frozen=True, slots=True)
class TeamContactForgotten(Event):
    """The name and number are deleted."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class TeamContactGiven(Personal):
    """By what name and number the team is reached. The latest one holds."""

    name: str
    phone: str
