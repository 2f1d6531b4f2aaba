"""Promises in answers ("will be repaired by June"): recorded, falling due, and asked after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.petitions.domain.climbing import reopen
from services.petitions.domain.commands import Answer
from services.petitions.domain.ladder import Surroundings
from services.petitions.domain.quality import end_of
from services.petitions.domain.state import Petition, Promise, Status
from shared.contracts.event import Event, Personal
from shared.contracts.petitions import (
    PromiseFellDue,
    PromiseFollowedUp,
    PromiseJudged,
    PromiseMade,
    PromiseReported,
)
from shared.contracts.types import Id, PromiseNumber, Text, Word
from shared.runtime.aggregate import Command, Rejected, changed

JUDGED_WITHIN = timedelta(days=14)
"""How long the petitioner can say whether a promise was kept, from the day it fell due."""
MOST_PROMISES = 40
"""Promises of one petition, over all its answers."""


@dataclass(frozen=True, slots=True)
class ReportPromise(Command):
    """Staff say what was done about a promise."""

    by: Id
    promise: PromiseNumber
    text: Text


@dataclass(frozen=True, slots=True)
class JudgePromise(Command):
    """The petitioner says whether it was kept; a broken one reopens the petition."""

    by: Id
    promise: PromiseNumber
    kept: bool
    word: Word = ""


@dataclass(frozen=True, slots=True)
class FollowUpPromise(Command):
    """Somebody else than who gave the promise calls the petitioner, once it has fallen due, and
    asks whether it was kept.
    """

    by: Id
    promise: PromiseNumber
    reached: bool
    kept: bool | None = None
    word: Word = ""


@dataclass(frozen=True, slots=True)
class PromiseUnjudged(Event):
    """Nobody said whether it was kept while they could."""

    promise: int


@dataclass(frozen=True, slots=True)
class PromiseWritten(Personal):
    """The words of a promise, of the report on it (`reported`) or of its judgement."""

    promise: int
    text: str
    about: str


COMMANDS = (ReportPromise, JudgePromise, FollowUpPromise)
EVENTS = (
    PromiseMade,
    PromiseFellDue,
    PromiseReported,
    PromiseFollowedUp,
    PromiseJudged,
    PromiseUnjudged,
    PromiseWritten,
)


def made(petition: Petition, answer: Answer) -> list[Event]:
    """What follows from the promises of an answer."""
    if len(petition.promises) + len(answer.follows) > MOST_PROMISES:
        raise Rejected("too-many-promises", "so much was promised already: keep that first")
    return _made(petition, [(step.what, end_of(step.until)) for step in answer.follows], answer.by)


def shared(
    petition: Petition, follows: Sequence[str], until: Sequence[datetime], by: str
) -> list[Event]:
    """The same where the answer was given to the petition that this one is merged into: its own
    petitioner is asked, too. No more of them are taken than one petition has.
    """
    steps = list(zip(follows, until, strict=False))[: MOST_PROMISES - len(petition.promises)]
    return _made(petition, steps, by, shared=True)


def _made(
    petition: Petition, steps: Sequence[tuple[str, datetime]], by: str, shared: bool = False
) -> list[Event]:
    events: list[Event] = []
    for n, (what, until) in enumerate(steps, len(petition.promises) + 1):
        events += [
            PromiseMade(
                petition=petition.id,
                promise=n,
                due=until,
                by=by,
                place=petition.place,
                category=petition.category,
                petitioner=petition.named,
                shared=shared,
            ),
            PromiseWritten(n, what, "promised"),
        ]
    return events


def decide(command: Command, petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a report on a promise, or from the petitioner's judgement."""
    match command:
        case ReportPromise(by=by, promise=n, text=text):
            _waited_for(petition, n)
            return [
                PromiseReported(petition.id, n, by, petition.named),
                PromiseWritten(n, text, "reported"),
            ]
        case JudgePromise(promise=n, kept=kept, word=word):
            promise = _waited_for(petition, n)
            if not kept and now < promise.due:
                raise Rejected("promise-not-due", "its day has not come yet")
            return _judged(petition, promise, kept, word, now, facts)
        case FollowUpPromise():
            return _followed_up(command, petition, now, facts)
    raise TypeError(command)


def _judged(
    petition: Petition, promise: Promise, kept: bool, word: str, now: datetime, facts: Surroundings
) -> list[Event]:
    judged: list[Event] = [
        PromiseJudged(
            petition=petition.id,
            promise=promise.n,
            kept=kept,
            given_by=promise.by,
            place=petition.place,
            category=petition.category,
        ),
        *([PromiseWritten(promise.n, word, "judged")] if word else []),
    ]
    if kept or petition.status not in (Status.ANSWERED, Status.CLOSED):
        return judged
    if petition.outcome == "reviewed":  # the review has had the last word
        return judged
    return [*judged, *reopen(petition, now, facts)]


def _followed_up(
    call: FollowUpPromise, petition: Petition, now: datetime, facts: Surroundings
) -> list[Event]:
    promise = _waited_for(petition, call.promise)
    if call.by == promise.by:
        raise Rejected("own-follow-up", "who gave the promise does not ask whether it was kept")
    if promise.judge_by is None:
        raise Rejected("asked-too-early", "it is asked after when its day has come")
    if call.reached is (call.kept is None):
        raise Rejected("kept-or-not", "whoever was reached, and nobody else, has judged it")
    called = PromiseFollowedUp(
        petition.id, promise.n, call.by, call.reached, tries=promise.calls + 1
    )
    if call.kept is None:
        return [called]
    return [called, *_judged(petition, promise, call.kept, call.word, now, facts)]


def _waited_for(petition: Petition, n: int) -> Promise:
    for promise in petition.promises:
        if promise.n == n and not promise.over:
            return promise
    raise Rejected("no-such-promise", f"no promise {n} is waited for", promise=n)


def due(petition: Petition) -> datetime | None:
    """When the next promise falls due, or the petitioner's time to judge it is over."""
    waiting = [p.judge_by or p.due for p in petition.promises if not p.over]
    return min(waiting, default=None)


def time_passed(petition: Petition, now: datetime, facts: Surroundings) -> list[Event]:
    """A promise falls due and is asked after; one that nobody judged is waited for no more."""
    for promise in petition.promises:
        if promise.over or now < (promise.judge_by or promise.due):
            continue
        if promise.judge_by is not None:
            return [PromiseUnjudged(promise.n)]
        return [
            PromiseFellDue(
                petition=petition.id,
                promise=promise.n,
                due=promise.due,
                judge_by=now + JUDGED_WITHIN,
                by=promise.by,
                place=petition.place,
                petitioner=petition.named,
                shared=promise.shared,
            )
        ]
    return []


def evolve(petition: Petition, event: Event) -> Petition:
    """The petition after the event."""
    match event:
        case PromiseMade():
            made_now = Promise(event.promise, event.due, event.by, shared=event.shared)
            return changed(petition, promises=(*petition.promises, made_now))
        case PromiseFellDue():
            return _with(petition, event.promise, judge_by=event.judge_by)
        case PromiseFollowedUp():
            return _with(petition, event.promise, calls=event.tries)
        case PromiseJudged():
            return _with(petition, event.promise, kept=event.kept, over=True)
        case PromiseUnjudged():
            return _with(petition, event.promise, over=True)
    return petition


def _with(petition: Petition, n: int, **changes: object) -> Petition:
    promises = (changed(p, **changes) if p.n == n else p for p in petition.promises)
    return changed(petition, promises=tuple(promises))
