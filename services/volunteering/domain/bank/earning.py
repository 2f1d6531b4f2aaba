"""What work earns, what wrong hours take back, and what lies too long.

What the works of a day and a month earn in all follows from their hours alone: neither their order
nor how often they are corrected changes it. Hours that were none are taken back from what is
there; the rest is owed, and claimed from what comes in.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.volunteering.domain.bank.account_commands import Correct, Earn
from services.volunteering.domain.bank.legs import EXPIRED, ISSUING, moved
from services.volunteering.domain.bank.lots import expiry, newest, oldest, without
from services.volunteering.domain.bank.lots import with_lots as put_to
from services.volunteering.domain.bank.state import (
    MONTHS_KEPT,
    Account,
    Around,
    Month,
    Score,
    Status,
    month_of,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.bank import (
    PointsClaimed,
    PointsEarned,
    PointsExpired,
    PointsExpiring,
    PointsReversed,
)
from shared.contracts.volunteering.hours import Work
from shared.runtime.aggregate import Command, Tick
from shared.worktime.hours import CHINA

COUNTS_FOR = timedelta(days=366)
"""How long after a piece of work its hours earn points, or change them."""
CLOCKS_DIFFER = timedelta(days=1)
"""By so much a piece of work may begin after now: no more is believed."""
WARNED_BEFORE = timedelta(days=30)
"""It is said that points expire so long before they do."""


@dataclass(frozen=True, slots=True)
class _Job:
    """A piece of work, and what it is worth."""

    work: str
    kind: Work
    begun: datetime
    minutes: int
    worth: int


def decide(command: Command, account: Account, now: datetime, around: Around) -> list[Event] | None:
    """What follows from a command; None for one that is another chapter's."""
    match command:
        case Earn(work, kind, begun, minutes, granted):
            if not counts(account, begun, now):
                return []
            worth = around.rules.at(begun).a_wish if granted else None
            job = job_of(work, kind, begun, minutes, around, worth)
            return [*account_opened(account, around), *earned(account, job, now, around)]
        case Correct(work, kind, begun, before, minutes):
            if not counts(account, begun, now):
                return []
            wrong = job_of(work, kind, begun, before, around)
            right = job_of(work, kind, begun, minutes, around)
            if wrong.worth == right.worth:
                return []
            opened = account_opened(account, around)
            return [*opened, *corrected(account, wrong, right, now, around)]
        case Tick():
            return expired(account, now, around)
    return None


def counts(account: Account, begun: datetime, now: datetime) -> bool:
    """Whether work of that time earns something on this account."""
    return account.status is not Status.CLOSED and -CLOCKS_DIFFER <= now - begun <= COUNTS_FOR


def job_of(
    work: str,
    kind: Work,
    begun: datetime,
    minutes: int,
    around: Around,
    worth: int | None = None,
) -> _Job:
    """A piece of work with what it is worth by the rules in force when it began."""
    rules = around.rules.at(begun)
    full = rules.worth(kind, minutes) if worth is None else worth
    return _Job(work, kind, begun, minutes, rules.for_the_team(full) if around.of_a_team else full)


# --- earned and taken back -----------------------------------------------------------------------


def earned(account: Account, job: _Job, now: datetime, around: Around) -> Iterable[Event]:
    """The points of a piece of work, and what is claimed of them."""
    if not job.worth:
        return
    before = days_of(account, job.begun)
    points = posted(job, with_work(before, job.begun, job.worth), around) - posted(
        job, before, around
    )
    yield gain(job, points, now, around)
    yield from claimed(around, account.owed, points)


def corrected(
    account: Account, wrong: _Job, right: _Job, now: datetime, around: Around
) -> Iterable[Event]:
    """What the wrong hours had earned is taken back, what the right ones earn is put to it."""
    there = days_of(account, wrong.begun)
    rest = with_work(there, wrong.begun, -wrong.worth)
    then = with_work(rest, right.begun, right.worth)
    taken = posted(wrong, there, around) - posted(wrong, rest, around)
    owed = max(taken - account.balance, 0)
    yield PointsReversed(
        around.account,
        wrong.work,
        wrong.kind,
        wrong.begun,
        wrong.minutes,
        wrong.worth,
        taken,
        owed,
        moved(taken - owed, around.account, ISSUING),
    )
    if right.worth:
        points = posted(right, then, around) - posted(right, rest, around)
        yield gain(right, points, now, around)
        yield from claimed(around, account.owed + owed, points)


def gain(job: _Job, points: int, now: datetime, around: Around) -> PointsEarned:
    """Points for a piece of work; none where the limits were reached: it counts all the same."""
    return PointsEarned(
        around.account,
        job.work,
        job.kind,
        job.begun,
        job.minutes,
        job.worth,
        points,
        expiry(now, around.rules.at(job.begun).lasts_months),
        moved(points, ISSUING, around.account),
    )


def claimed(around: Around, owed: int, came_in: int) -> Iterable[Event]:
    """What is owed is paid from what came in."""
    if points := min(owed, came_in):
        yield PointsClaimed(around.account, points, moved(points, around.account, ISSUING))


def posted(job: _Job, days: dict[str, int], around: Around) -> int:
    """What all work of the job's month earns. A team has no limits: many earn for it."""
    if around.of_a_team:
        return max(sum(days.values()), 0)
    return around.rules.posted(month_of(job.begun), days)


def days_of(account: Account, begun: datetime) -> dict[str, int]:
    """What the work of each day of that month is worth so far."""
    name = month_of(begun)
    return next((one.days for one in account.months if one.month == name), {})


def with_work(days: dict[str, int], begun: datetime, worth: int) -> dict[str, int]:
    """The days with more (or less) work on one of them."""
    day = f"{begun.astimezone(CHINA):%d}"
    return {**days, day: days.get(day, 0) + worth}


def account_opened(account: Account, around: Around) -> list[Event]:
    """Whoever serves has an account."""
    if account.status is not Status.NONE:
        return []
    return [AccountOpened(around.holder, around.of_a_team, around.path, around.keepers)]


# --- expired -------------------------------------------------------------------------------------


def expired(account: Account, now: datetime, around: Around) -> list[Event]:
    """What the clock does: the oldest points expire, and before that it is said."""
    if points := sum(lot.points for lot in account.lots if lot.expires <= now):
        legs = moved(points, around.account, EXPIRED)
        return [PointsExpired(around.account, points, legs)]
    if (until := to_tell(account)) is not None and until - WARNED_BEFORE <= now:
        points = sum(lot.points for lot in account.lots if lot.expires == until)
        return [PointsExpiring(around.account, points, until)]
    return []


def to_tell(account: Account) -> datetime | None:
    """The next expiry that was not told yet."""
    told = account.warned
    return next((lot.expires for lot in account.lots if told is None or told < lot.expires), None)


def due(account: Account) -> datetime | None:
    """When points expire, or it is to be said that they will."""
    if not account.lots:
        return None
    first = account.lots[0].expires
    until = to_tell(account)
    return first if until is None else min(first, until - WARNED_BEFORE)


# --- what follows for the account ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccountOpened(Event):
    """A person or a team has an account, kept by these."""

    holder: str
    of_a_team: bool
    path: tuple[str, ...]
    keepers: tuple[str, ...]


def evolve(account: Account, event: Event) -> Account:
    """The account after an event."""
    match event:
        case AccountOpened():
            return replace(
                account,
                status=Status.OPEN,
                holder=event.holder,
                of_a_team=event.of_a_team,
                path=event.path,
                keepers=event.keepers,
            )
        case PointsEarned():
            lots = put_to(account.lots, ((event.expires, event.points),))
            return worked(replace(account, lots=lots), event, event.worth, event.points)
        case PointsReversed():
            gone = newest(account.lots, event.points - event.owed)
            left = replace(
                account, lots=without(account.lots, gone), owed=account.owed + event.owed
            )
            return worked(left, event, -event.worth, -event.points)
        case PointsClaimed(points=points):
            lots = without(account.lots, newest(account.lots, points))
            return replace(account, lots=lots, owed=account.owed - points)
        case PointsExpired(points=points):
            return replace(account, lots=without(account.lots, oldest(account.lots, points)))
        case PointsExpiring(until=until):
            return replace(account, warned=until)
    return account


def worked(
    account: Account, event: PointsEarned | PointsReversed, worth: int, points: int
) -> Account:
    """The account with more (or less) work on its day and in its year."""
    name = month_of(event.begun)
    days = with_work(days_of(account, event.begun), event.begun, worth)
    others = tuple(one for one in account.months if one.month != name)
    months = sorted((*others, Month(name, days)), key=lambda one: one.month)[-MONTHS_KEPT:]
    scored = replace(account, months=tuple(months))
    year = event.begun.astimezone(CHINA).year
    if year % 2:
        return replace(scored, odd=raised(account.odd, year, points))
    return replace(scored, even=raised(account.even, year, points))


def raised(score: Score, year: int, points: int) -> Score:
    """The score of that year; one of a later year stays: nobody ranks what lies before it."""
    if score.year == year:
        return Score(year, score.points + points)
    return score if score.year > year else Score(year, points)
