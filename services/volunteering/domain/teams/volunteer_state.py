"""A volunteer: what is known of somebody who serves, and what they are fit for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.contracts.volunteering.hours import Work
from shared.contracts.volunteering.teams import Validity
from shared.worktime.hours import CHINA

OF_AGE = 18
MINORS_MAY = (Work.ACTIVITY, Work.WISH, Work.PROJECT)
"""What a guardian can consent to. Patrols, orders and care visits lead to strangers' homes or into
the night: they are for those of age.
"""
LATEST_OF_MINORS = 21 * 60
"""When those under age have to be done, at the latest, whatever their guardian allows: minutes of
the local day.
"""


@dataclass(frozen=True)
class Training:
    """Somebody has learned something (a code from the list of trainings), valid `until`."""

    code: str
    until: datetime | None


@dataclass(frozen=True)
class Membership:
    """Somebody belongs to a team since then."""

    team: str
    since: datetime
    suspended_until: datetime | None = None
    """Until when they do not serve in this team."""


@dataclass(frozen=True)
class Reminder:
    """When somebody is told that something of theirs ends: a training by its code."""

    kind: Validity
    training: str | None
    at: datetime


@dataclass(frozen=True)
class FreeTime:
    """On this weekday (0 is Monday) somebody has time, in minutes of the local day."""

    weekday: int
    begin: int
    end: int


@dataclass(frozen=True)
class Conditions:
    """What is asked of who takes part; None and empty ask for nothing.

    `work` and `end` say what it is and when it is over: whether it is for those under age goes by
    both. Whoever knows them names them.
    """

    least_age: int | None = None
    most_age: int | None = None
    trainings: tuple[str, ...] = ()
    team: str | None = None
    work: Work | None = None
    end: datetime | None = None


@dataclass(frozen=True)
class Volunteer:
    """Somebody who serves. Only the year of birth is known: ages are counted so that nobody is
    taken to be of age before they are.
    """

    registered: bool = False
    place: str = ""
    path: tuple[str, ...] = ()
    birth_year: int = 0
    skills: tuple[str, ...] = ()
    free: tuple[FreeTime, ...] = ()
    memberships: tuple[Membership, ...] = ()
    trainings: tuple[Training, ...] = ()
    insured_until: datetime | None = None
    suspended_until: datetime | None = None
    consent_until: datetime | None = None
    """Until when a guardian has consented, of somebody who is not of age."""
    named: bool = False
    """Whether they agreed to be named in rankings and honours."""
    person: str = ""
    guardian: str | None = None
    guardian_confirmed: bool = False
    consent_works: tuple[Work, ...] = ()
    consent_latest: int = 0
    """When the guardian wants them to be done, in minutes of the local day."""
    reminders: tuple[Reminder, ...] = ()


def least_age(volunteer: Volunteer, day: date) -> int:
    """The years that somebody has completed for sure on a day."""
    return day.year - volunteer.birth_year - 1


def is_minor(volunteer: Volunteer, day: date) -> bool:
    """Whether somebody may still be under age on a day."""
    return least_age(volunteer, day) < OF_AGE


def lacking(volunteer: Volunteer | None, asked: Conditions, begin: datetime) -> str | None:
    """What somebody lacks to take part in what begins then, as the code of a refusal; None for
    somebody who is fit.
    """
    if volunteer is None or not volunteer.registered:
        return "not-a-volunteer"
    day = begin.astimezone(CHINA).date()
    if volunteer.suspended_until is not None and begin < volunteer.suspended_until:
        return "volunteer-suspended"
    if is_minor(volunteer, day) and (lacks := _lacking_of_minor(volunteer, asked, begin)):
        return lacks
    if asked.least_age is not None and least_age(volunteer, day) < asked.least_age:
        return "too-young"
    if asked.most_age is not None and least_age(volunteer, day) > asked.most_age:
        return "too-old"
    trained = {one.code for one in volunteer.trainings if one.until is None or begin < one.until}
    if not trained.issuperset(asked.trainings):
        return "training-missing"
    if asked.team is not None:
        return _lacking_in_team(volunteer, asked.team, begin)
    return None


def _lacking_of_minor(volunteer: Volunteer, asked: Conditions, begin: datetime) -> str | None:
    if not _reaches(volunteer.consent_until, begin):
        return "guardian-must-consent"
    if asked.work is not None and asked.work not in volunteer.consent_works:
        return "not-for-minors"
    if asked.end is not None:
        midnight = begin.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        latest = min(volunteer.consent_latest, LATEST_OF_MINORS)
        if asked.end > midnight + timedelta(minutes=latest):
            return "too-late-for-minors"
    return None


def _lacking_in_team(volunteer: Volunteer, team: str, begin: datetime) -> str | None:
    for one in volunteer.memberships:
        if one.team == team:
            return "suspended-in-the-team" if _reaches(one.suspended_until, begin) else None
    return "not-in-the-team"


def teams_of(volunteer: Volunteer) -> frozenset[str]:
    """The teams that somebody belongs to."""
    return frozenset(one.team for one in volunteer.memberships)


def is_free(volunteer: Volunteer, begin: datetime, end: datetime) -> bool:
    """Whether a time of one day lies within what somebody named as free."""
    start, stop = begin.astimezone(CHINA), end.astimezone(CHINA)
    first = start.hour * 60 + start.minute
    last = first + (end - begin) // timedelta(minutes=1)
    return any(
        one.weekday == start.weekday() and one.begin <= first and last <= one.end
        for one in volunteer.free
        if stop - start <= timedelta(days=1)
    )


def _reaches(until: datetime | None, moment: datetime) -> bool:
    return until is not None and moment < until
