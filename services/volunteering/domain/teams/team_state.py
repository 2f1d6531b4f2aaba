"""A team (志愿服务队): what it is for, where it serves, and who leads it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.volunteering.teams import TeamKind
from shared.worktime.hours import CHINA


class TeamStatus(StrEnum):
    """How a team stands."""

    NONE = "none"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DISSOLVED = "dissolved"


@dataclass(frozen=True)
class Member:
    """Somebody who belongs to a team. Of who joined under age it is known in which year they are of
    age for sure.
    """

    person: str
    since: datetime
    of_age_in: int | None = None
    suspended_until: datetime | None = None
    """Until when they do not serve in this team."""
    barred_until: datetime | None = None
    """Until when they do not serve in any."""


@dataclass(frozen=True)
class Applicant:
    """Somebody who waits to be taken in; `told` once it was said that nobody answers."""

    person: str
    since: datetime
    of_age_in: int | None = None
    told: bool = False


@dataclass(frozen=True)
class Sought:
    """A member who is asked to lead, until then."""

    person: str
    until: datetime


@dataclass(frozen=True)
class Leaderless:
    """No member will lead: the office of `place` has to name a captain until then; `number` counts
    how often an office was called.
    """

    place: str
    called: str | None
    number: int
    until: datetime


@dataclass(frozen=True)
class Team:
    """A team. `path` are the places it serves in, the district first; `captain` is None while
    nobody leads it. `members` are in the order in which they joined, the captain among them.
    """

    status: TeamStatus = TeamStatus.NONE
    kind: TeamKind = TeamKind.OTHER
    place: str = ""
    path: tuple[str, ...] = ()
    captain: str | None = None
    deputies: tuple[str, ...] = ()
    team: str = ""
    name: str = ""
    charter: str = ""
    least_age: int | None = None
    most_age: int | None = None
    members: tuple[Member, ...] = ()
    applicants: tuple[Applicant, ...] = ()
    suspended_until: datetime | None = None
    contact: str | None = None
    """Whose name and telephone number stand in the dossier."""
    sought: Sought | None = None
    declined: tuple[str, ...] = ()
    """Who would not lead, since nobody does."""
    leaderless: Leaderless | None = None

    @property
    def leaders(self) -> tuple[str, ...]:
        """Captain and deputies."""
        return self.deputies if self.captain is None else (self.captain, *self.deputies)


def member_of(team: Team, person: str) -> Member | None:
    """What somebody is in a team; None for who is no member."""
    return next((one for one in team.members if one.person == person), None)


def can_lead(member: Member, now: datetime) -> bool:
    """Whether somebody is of age for sure, and not suspended."""
    if member.of_age_in is not None and now.astimezone(CHINA).year < member.of_age_in:
        return False
    return all(
        until is None or until <= now for until in (member.suspended_until, member.barred_until)
    )
