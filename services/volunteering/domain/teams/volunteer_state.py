"""A volunteer: what is known of somebody who serves, and what they are fit for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.worktime.hours import CHINA

OF_AGE = 18


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


@dataclass(frozen=True)
class FreeTime:
    """On this weekday (0 is Monday) somebody has time, in minutes of the local day."""

    weekday: int
    begin: int
    end: int


@dataclass(frozen=True)
class Conditions:
    """What is asked of who takes part; None and empty ask for nothing."""

    least_age: int | None = None
    most_age: int | None = None
    trainings: tuple[str, ...] = ()
    team: str | None = None


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
    if is_minor(volunteer, day) and not _reaches(volunteer.consent_until, begin):
        return "guardian-must-consent"
    if asked.least_age is not None and least_age(volunteer, day) < asked.least_age:
        return "too-young"
    if asked.most_age is not None and least_age(volunteer, day) > asked.most_age:
        return "too-old"
    trained = {one.code for one in volunteer.trainings if one.until is None or begin < one.until}
    if not trained.issuperset(asked.trainings):
        return "training-missing"
    if asked.team is not None and asked.team not in teams_of(volunteer):
        return "not-in-the-team"
    return None


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
