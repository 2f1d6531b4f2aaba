"""Promise (承诺): what an organisation promises an alliance for a year, and what became of it.

The organisation reports, the chair judges; nobody judges a promise of their own: what the chair
promised is judged by another member. What is not reported in time is overdue, once and for all to
see.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from enum import StrEnum

from shared.contracts.community import (
    AlliancePromiseJudged,
    AlliancePromiseMade,
    AlliancePromiseOverdue,
    AlliancePromiseReported,
)
from shared.contracts.event import Event
from shared.contracts.types import Id, Word, Year
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

CITY_TIME = timezone(timedelta(hours=8))
"""In which a year begins and ends."""


class Status(StrEnum):
    """How far a promise has come."""

    UNMADE = "unmade"
    MADE = "made"
    REPORTED = "reported"
    KEPT = "kept"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Promise:
    """`said_kept` is what the organisation reported; `text` and `account` are organisations' words,
    not a person's."""

    promise: str = ""
    alliance: str = ""
    place: str = ""
    organisation: str = ""
    year: int = 0
    text: str = ""
    due: datetime | None = None
    status: Status = Status.UNMADE
    said_kept: bool | None = None
    account: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class Ring:
    """The promise's own id, and the alliance as it is now."""

    promise: str
    place: str = ""
    chair: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MakePromise(Command):
    """The caller's organisation promises something until a time within the year."""

    by: Id
    org: Id | None
    alliance: Id
    year: Year
    text: Word
    due: datetime


@dataclass(frozen=True, slots=True)
class ReportPromise(Command):
    """The organisation says what became of it."""

    verb = "report"
    by: Id
    kept: bool
    account: Word = ""


@dataclass(frozen=True, slots=True)
class JudgePromise(Command):
    """The chair, or for the chair's own promise another member, says whether it was kept."""

    verb = "judge"
    by: Id
    org: Id | None
    kept: bool


@dataclass(frozen=True, slots=True)
class PromiseWorded(Event):
    """What was promised."""

    text: str


@dataclass(frozen=True, slots=True)
class PromiseAccounted(Event):
    """What the organisation says became of it."""

    account: str


def decide(
    command: Command, promise: Promise, now: datetime, ring: Ring | None = None
) -> list[Event]:
    """What follows from a command; `ring` is the alliance, None where there is none."""
    match promise.status, command:
        case Status.MADE, Tick() if not promise.overdue and lies_behind(promise, now):
            return [overdue(promise)]
        case _, Tick():
            return []
        case Status.UNMADE, MakePromise():
            return made(command, now, ring)
        case Status.UNMADE, _:
            raise Rejected("unknown-promise", "no such promise was made")
        case Status.MADE | Status.REPORTED, ReportPromise(kept=kept, account=account):
            reported = AlliancePromiseReported(
                promise.promise, promise.alliance, promise.organisation, kept
            )
            return [reported, PromiseAccounted(account)]
        case Status.MADE, JudgePromise() if not promise.overdue:
            raise Rejected("not-reported", "the organisation reports first, or the time runs out")
        case Status.MADE | Status.REPORTED, JudgePromise(org=org, kept=kept):
            must_judge(promise, org, ring)
            return [
                AlliancePromiseJudged(promise.promise, promise.alliance, promise.organisation, kept)
            ]
    raise Rejected("promise-judged", "the promise was judged: that stays")


def made(command: MakePromise, now: datetime, ring: Ring | None) -> list[Event]:
    """A promise of one of the alliance's members, due within its year."""
    if ring is None or not ring.members:
        raise Rejected("unknown-alliance", "no such alliance was founded")
    if command.org is None or command.org not in ring.members:
        raise Rejected("not-in-the-alliance", "this organisation is no member of the alliance")
    if not command.text:
        raise Rejected("promise-empty", "say what is promised")
    if command.due <= now or command.due.astimezone(CITY_TIME).year != command.year:
        raise Rejected("not-in-the-year", "a promise falls due after now and within its year")
    promised = AlliancePromiseMade(
        ring.promise, command.alliance, ring.place, command.org, command.year, command.due
    )
    return [promised, PromiseWorded(command.text)]


def must_judge(promise: Promise, org: str | None, ring: Ring | None) -> None:
    """Rejects whoever is not to judge this promise."""
    if ring is None or org is None or org not in ring.members or org == promise.organisation:
        raise Rejected("not-to-judge", "another member of the alliance judges this promise")
    if org != ring.chair and promise.organisation != ring.chair:
        raise Rejected("not-to-judge", "the chair of the alliance judges this promise")


def lies_behind(promise: Promise, now: datetime) -> bool:
    """Whether the promise's time is over."""
    return promise.due is not None and promise.due <= now


def overdue(promise: Promise) -> AlliancePromiseOverdue:
    """Nobody reported in time."""
    assert promise.due is not None, "what was made falls due"
    return AlliancePromiseOverdue(
        promise.promise, promise.alliance, promise.place, promise.organisation, promise.due
    )


def evolve(promise: Promise, event: Event) -> Promise:
    """The promise after an event."""
    match event:
        case AlliancePromiseMade(promise=id, alliance=alliance, place=place, year=year, due=due):
            return Promise(
                id, alliance, place, event.organisation, year, due=due, status=Status.MADE
            )
        case PromiseWorded(text=text):
            return replace(promise, text=text)
        case AlliancePromiseReported(kept=kept):
            return replace(promise, status=Status.REPORTED, said_kept=kept)
        case PromiseAccounted(account=account):
            return replace(promise, account=account)
        case AlliancePromiseOverdue():
            return replace(promise, overdue=True)
        case AlliancePromiseJudged(kept=kept):
            return replace(promise, status=Status.KEPT if kept else Status.MISSED)
    return promise


def due(promise: Promise) -> datetime | None:
    """When a promise that nobody reported on is overdue."""
    return promise.due if promise.status is Status.MADE and not promise.overdue else None


def open_verbs(promise: Promise) -> tuple[str, ...]:
    """The verbs that this promise knows now."""
    match promise.status:
        case Status.REPORTED:
            return ("report", "judge")
        case Status.MADE:
            return ("report", "judge") if promise.overdue else ("report",)
    return ()


promise = Aggregate(
    kind="promise",
    initial=Promise(),
    decide=decide,
    evolve=evolve,
    events=(
        AlliancePromiseMade,
        PromiseWorded,
        AlliancePromiseReported,
        PromiseAccounted,
        AlliancePromiseOverdue,
        AlliancePromiseJudged,
    ),
    due=due,
)
