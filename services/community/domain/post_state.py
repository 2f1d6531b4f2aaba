"""The state of a post: terms, leave, deputies and vacancies, and who is responsible at a time."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Rejected


@dataclass(frozen=True, slots=True)
class Term:
    """Somebody's time in a post: from `since` on, before `until` if it has an end; perhaps for an
    organisation that fills the post.
    """

    holder: str
    since: datetime
    until: datetime | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """The holder is away from `since` on, before `until`. `begun` says that it was told of."""

    since: datetime
    until: datetime
    begun: bool = False


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post that must be filled and is not: since when, until when it should be; `overdue` says
    that the time has passed and was told of. It was last told at the place `to`, and climbs from
    there at `climbs_at`; None where no level is left.
    """

    since: datetime
    due: datetime
    overdue: bool = False
    to: str | None = None
    climbs_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A duty at a place; with an empty duty it is not established yet.

    `term` is the one that runs, `ahead` the one that begins later. The `deputy` stands in while the
    holder is on `leave`. A post that a pattern asks for has the days to fill it in
    (`fill_within_days`), and a `vacancy` while nobody holds it.
    """

    place: str = ""
    duty: str = ""
    term: Term | None = None
    ahead: Term | None = None
    deputy: str | None = None
    leave: Leave | None = None
    fill_within_days: int | None = None
    vacancy: Vacancy | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The place of a post, as the rules ask for it; the facts are None where there is none.

    `above` are the places of the levels above it, the next one first, each with who sees to a
    vacancy there now; only what the clock does reads them.
    """

    kind: PlaceKind
    open: bool = True
    above: tuple[tuple[str, str | None], ...] = ()


def post_id(place: str, duty: str) -> str:
    """The id of the post for a duty at a place."""
    return f"{place}:{duty}"


def in_utc(moment: datetime) -> datetime:
    """A time as it is kept: in UTC, in whole milliseconds."""
    if moment.tzinfo is None:
        raise Rejected("time-without-zone", "give times with an offset (RFC 3339)")
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def holder_at(post: Post, now: datetime) -> Term | None:
    """The term that runs now: one that is over does not, even before the clock has ended it."""
    term = post.term
    if term is None or (term.until is not None and term.until <= now):
        return None
    return term


def away_at(post: Post, now: datetime) -> Leave | None:
    """The leave that runs now."""
    leave = post.leave
    return leave if leave is not None and leave.since <= now < leave.until else None


def responsible_at(post: Post, now: datetime) -> str | None:
    """Who does the duty now: the holder, or while they are away the deputy, if there is one."""
    term = holder_at(post, now)
    if term is None:
        return None
    return term.holder if away_at(post, now) is None else post.deputy
