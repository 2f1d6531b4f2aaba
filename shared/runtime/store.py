"""The store: loads, decides, and commits many commands together (group commit).

Commands that arrive while others are being written wait together and are then loaded, decided and
written as one batch: one read per kind, one transaction. A command that comes alone waits for
nobody. Two batches may be under way at once, never with the same stream in both.

Outcomes are told only after the write: an acknowledged command is durable. Causes (Idempotency-Key,
event id, due time) are unique: a repeated one gets the first outcome.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, Generic, TypeVar, cast

import msgspec

from shared.contracts.envelope import MAX_BYTES
from shared.contracts.event import Event, Personal
from shared.runtime import metrics
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.runtime.clock import Clock
from shared.runtime.journal import (
    Change,
    Commit,
    Conflict,
    DossierEntry,
    Journal,
    Recorded,
    Stored,
)
from shared.runtime.reactions import About
from shared.runtime.tracing import current_traceparent

S = TypeVar("S")

MAX_BATCH = 128
"""Commands written together at most: beyond that a transaction only grows slower."""
BATCHES_AT_ONCE = 2
"""One is decided while the other is being written."""
MAX_CONFLICTS = 30
"""How often one command is decided anew because others were faster, before it is given back as
`Busy`.
"""

Permit = Callable[[Any, int], None]
"""Looks at the state and version a command meets; raises where its sender may not do it."""

Facts = Callable[[str, Command, Any], Any]
"""Makes, from an id, a command and the state it meets, the facts that `decide` takes as fourth
argument."""


class VersionMismatch(Exception):
    """If-Match names another version than the present one."""

    def __init__(self, present: int) -> None:
        super().__init__(f"the present version is {present}")
        self.present = present


class CauseReused(Exception):
    """The Idempotency-Key was used before, with another request."""


class Busy(Exception):
    """Too many others changed the same stream at the same moment. Nothing was changed."""


class StuckTick(Exception):
    """A `Tick` led to no event although its time had passed: the aggregate's `due` and `decide`
    disagree.
    """


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a command. `repeated` when its cause had been seen before and this is the
    first outcome.
    """

    stream: str
    id: str
    version: int
    at: datetime
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[S]):
    """An aggregate's state as last committed."""

    state: S
    version: int
    at: datetime


@dataclass(slots=True, eq=False)
class _Waiting:
    """A command on its way, and the future its sender waits for."""

    aggregate: Aggregate[Any]
    id: str
    command: Command
    actor: str
    outcome: asyncio.Future[Outcome]
    cause: str | None = None
    fingerprint: str | None = None
    correlation: str | None = None
    causation: str | None = None
    trace: str | None = None
    expected: Collection[int] | None = None
    permit: Permit | None = None
    fresh: bool = False
    is_reaction: bool = False
    refused: bool = False
    conflicts: int = 0
    stream: str = ""

    def __post_init__(self) -> None:
        self.stream = self.aggregate.stream(self.id)


@dataclass(slots=True)
class _Batch:
    """What a batch has decided so far: the running states, the changes to write, the answers to
    give after it.
    """

    known: dict[str, Stored]
    causes: dict[str, Commit]
    running: dict[str, tuple[Any, int, datetime | None]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    answers: list[tuple[_Waiting, Outcome | Exception]] = field(default_factory=list)


class Store:
    """Loads, decides and commits for one service process."""

    def __init__(
        self,
        service: str,
        journal: Journal,
        clock: Clock,
        aggregates: Sequence[Aggregate[Any]],
        facts: Mapping[str, Facts] | None = None,
    ) -> None:
        self.service = service
        self.journal = journal
        self.clock = clock
        self.aggregates = {aggregate.kind: aggregate for aggregate in aggregates}
        self._facts = facts or {}
        self._queue: deque[_Waiting] = deque()
        self._busy_streams: set[str] = set()
        self._busy_causes: set[str] = set()
        self._under_way: set[asyncio.Task[None]] = set()
        # A metric's child is dear to look up.
        self._counter = lru_cache(maxsize=None)(partial(metrics.COMMANDS.labels, service))
        self._commit_seconds = metrics.COMMIT_SECONDS.labels(service)
        self._commit_size = metrics.COMMIT_SIZE.labels(service)

    # -- what others call ----------------------------------------------------------------------

    async def do(
        self,
        aggregate: Aggregate[Any],
        id: str,
        command: Command,
        *,
        actor: str,
        cause: str | None = None,
        fingerprint: str | None = None,
        correlation: str | None = None,
        trace: str | None = None,
        expected: Collection[int] | None = None,
        permit: Permit | None = None,
        fresh: bool = False,
    ) -> Outcome:
        """Carries out a command and returns when it is durable.

        `permit` is asked about the very state that is decided on; what it raises is raised here. A
        repeated cause is told its first outcome before: doing it may have ended the right to do it.
        Of `expected`, if given, one must be the present version.

        `fresh` says that the id was just made, so that the stream need not be looked up. Raises
        `Rejected`, `VersionMismatch`, `CauseReused`, `Busy`, `shared.runtime.journal.Unavailable`.
        """
        return await self._submit(
            _Waiting(
                aggregate,
                id,
                command,
                actor,
                asyncio.get_running_loop().create_future(),
                cause=cause,
                fingerprint=fingerprint,
                correlation=correlation,
                trace=trace or current_traceparent(),
                expected=expected,
                permit=permit,
                fresh=fresh,
            )
        )

    async def react(
        self, about: About, aggregate: Aggregate[Any], id: str, command: Command
    ) -> None:
        """Carries out a command that an event leads to; the same event never does it twice.

        A command that a rule rejects has no effect, now or when the event comes again. Raises
        `Unavailable`.
        """
        await self._submit(
            _Waiting(
                aggregate,
                id,
                command,
                f"service:{self.service}",
                asyncio.get_running_loop().create_future(),
                cause=f"{about.id}>{aggregate.stream(id)}",
                correlation=about.correlation,
                causation=about.id,
                trace=current_traceparent() or about.trace,
                is_reaction=True,
            )
        )

    async def tick(self, aggregate: Aggregate[Any], id: str, due: datetime) -> None:
        """Sends the `Tick` for a due time that has passed. Raises `StuckTick`, `Unavailable`."""
        waiting = _Waiting(
            aggregate,
            id,
            Tick(),
            f"clock:{self.service}",
            asyncio.get_running_loop().create_future(),
            cause=f"due>{aggregate.stream(id)}>{due.isoformat()}",
        )
        await self._submit(waiting)

    async def get(self, aggregate: Aggregate[S], id: str) -> Snapshot[S] | None:
        """The present state, or None where nothing has happened yet."""
        stored = (await self.journal.load(aggregate.kind, [id])).get(id)
        return (
            None
            if stored is None
            else Snapshot(self.read(aggregate, stored), stored.version, stored.at)
        )

    def read(self, aggregate: Aggregate[S], stored: Stored) -> S:
        """A stored state as the aggregate's own type."""
        return msgspec.convert(stored.state, type(aggregate.initial))

    async def drain(self) -> None:
        """Returns when nothing is waiting or being written."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    # -- batches -------------------------------------------------------------------------------

    async def _submit(self, waiting: _Waiting) -> Outcome:
        self._queue.append(waiting)
        self._start_writing()
        return await waiting.outcome

    def _start_writing(self) -> None:
        if self._queue and len(self._under_way) < BATCHES_AT_ONCE:
            self._under_way.add(asyncio.create_task(self._write_what_waits()))

    async def _write_what_waits(self) -> None:
        try:
            await asyncio.sleep(0)  # whoever is ready in this turn of the loop comes along
            while batch := self._take():
                await self._carry_out_alone(batch)
        finally:
            # In the same turn as the last look at the queue: what comes later starts a new task.
            self._under_way.discard(cast("asyncio.Task[None]", asyncio.current_task()))
        # What is left waits for a stream of the other batch: that one's task takes it next.

    async def _carry_out_alone(self, batch: list[_Waiting]) -> None:
        """Carries out a batch while no other one touches its streams and causes."""
        streams = {waiting.stream for waiting in batch}
        causes = {waiting.cause for waiting in batch if waiting.cause is not None}
        self._busy_streams |= streams
        self._busy_causes |= causes
        try:
            await self._carry_out(batch)
        finally:
            self._busy_streams -= streams
            self._busy_causes -= causes

    def _take(self) -> list[_Waiting]:
        """The waiting commands, in order, whose stream and cause no other batch holds."""
        taken: list[_Waiting] = []
        left: list[_Waiting] = []
        held_back: set[str] = set()
        while self._queue and len(taken) < MAX_BATCH:
            waiting = self._queue.popleft()
            if waiting.outcome.done():  # its sender has gone
                continue
            if (
                waiting.stream in self._busy_streams
                or waiting.stream in held_back
                or waiting.cause in self._busy_causes
            ):
                held_back.add(waiting.stream)
                left.append(waiting)
            else:
                taken.append(waiting)
        self._queue.extendleft(reversed(left))
        return taken

    async def _carry_out(self, waiting: list[_Waiting]) -> None:
        """Decides and writes; on a conflict in halves, until only the one that lost is decided
        anew.
        """
        try:
            await self._attempt(waiting)
        except Conflict:
            metrics.CONFLICTS.labels(self.service).inc()
            for one in waiting:
                one.fresh = False
            if len(waiting) > 1:
                middle = len(waiting) // 2
                await self._carry_out(waiting[:middle])
                await self._carry_out(waiting[middle:])
                return
            waiting[0].conflicts += 1
            if waiting[0].conflicts >= MAX_CONFLICTS:
                _answer(waiting[0], Busy())
            else:
                await self._carry_out(waiting)
        except Exception as error:
            for one in waiting:
                _answer(one, error)

    async def _attempt(self, waiting: list[_Waiting]) -> None:
        batch = await self._look_up(waiting)
        echoes: list[tuple[_Waiting, int]] = []
        leads: dict[str, int] = {}
        for one in waiting:
            if one.cause is not None and one.cause in leads:
                echoes.append((one, leads[one.cause]))
                continue
            if one.cause is not None:
                leads[one.cause] = len(batch.answers)
            self._decide(one, batch)
        if batch.changes:
            started = self.clock.monotonic()
            await self.journal.write(batch.changes)
            self._commit_seconds.observe(self.clock.monotonic() - started)
            self._commit_size.observe(len(batch.changes))
        for one, answer in batch.answers:
            _answer(one, answer)
            self._counter(one.aggregate.kind, one.command.verb, _outcome_of(one, answer)).inc()
        for one, lead in echoes:
            _answer(one, _echo(one, *batch.answers[lead]))

    async def _look_up(self, waiting: list[_Waiting]) -> _Batch:
        wanted: dict[str, dict[str, None]] = {}
        for one in waiting:
            if not one.fresh:
                wanted.setdefault(one.aggregate.kind, {})[one.id] = None
        causes = [one.cause for one in waiting if one.cause is not None]
        kinds = list(wanted)
        reads: list[Any] = [self.journal.load(kind, list(wanted[kind])) for kind in kinds]
        if causes:
            reads.append(self.journal.by_cause(causes))
        found = await asyncio.gather(*reads) if len(reads) > 1 else [await read for read in reads]
        seen: dict[str, Commit] = found.pop() if causes else {}
        return _Batch(
            known={
                f"{kind}-{id}": stored
                for kind, states in zip(kinds, found, strict=True)
                for id, stored in states.items()
            },
            causes=seen,
        )

    def _decide(self, one: _Waiting, batch: _Batch) -> None:
        """Decides one command on top of what the batch has decided before it."""
        first = batch.causes.get(one.cause) if one.cause is not None else None
        if first is not None:
            batch.answers.append((one, _first_outcome(one, first)))
            return
        state, version, last = self._state(one, batch)
        # A host's clock may jump back; a stream's own time never does.
        now = self.clock.now() if last is None else max(self.clock.now(), last)
        if (refusal := _refusal(one, state, version)) is not None:
            one.refused = True
            batch.answers.append((one, refusal))
            return
        try:
            events = self._events(one, state, now)
            if events:
                new = one.aggregate.fold(state, events)
                change = self._change(one, new, version + 1, now, events)
        except Rejected as rejected:
            if one.is_reaction:
                self._mark(one, version, now, batch)
            else:
                batch.answers.append((one, rejected))
            return
        except Exception as error:  # a defect in the domain harms its own command only
            batch.answers.append((one, error))
            return
        if not events:
            if isinstance(one.command, Tick) and _still_due(one, state, now):
                batch.answers.append((one, StuckTick(one.stream)))
            elif one.is_reaction:
                self._mark(one, version, now, batch)
            else:
                batch.answers.append((one, Outcome(one.stream, one.id, version, now)))
            return
        batch.running[one.stream] = (new, version + 1, now)
        batch.changes.append(change)
        batch.answers.append((one, Outcome(one.stream, one.id, version + 1, now)))

    def _state(self, one: _Waiting, batch: _Batch) -> tuple[Any, int, datetime | None]:
        if (running := batch.running.get(one.stream)) is not None:
            return running
        if (stored := batch.known.get(one.stream)) is not None:
            return self.read(one.aggregate, stored), stored.version, stored.at
        return one.aggregate.initial, 0, None

    def _events(self, one: _Waiting, state: Any, now: datetime) -> list[Event]:
        facts = self._facts.get(one.aggregate.kind)
        if facts is None:
            return one.aggregate.decide(one.command, state, now)
        return one.aggregate.decide(one.command, state, now, facts(one.id, one.command, state))

    def _change(
        self, one: _Waiting, state: Any, version: int, now: datetime, events: list[Event]
    ) -> Change:
        recorded: list[Recorded] = []
        dossier: list[DossierEntry] = []
        for n, event in enumerate(events):
            name = type(event).__name__
            data: dict[str, Any] = msgspec.to_builtins(event)
            if isinstance(event, Personal):
                recorded.append(Recorded(name, None))
                dossier.append(DossierEntry(one.stream, version, n, name, now, data))
            else:
                recorded.append(Recorded(name, data))
        if len(msgspec.json.encode(recorded)) > MAX_BYTES:
            raise Rejected("too-large", "this is more than one step can hold; make it shorter")
        commit = self._commit(one, version, now, tuple(recorded))
        return Change(
            one.aggregate.kind,
            commit,
            Stored(
                one.id,
                version,
                now,
                msgspec.to_builtins(state, builtin_types=(datetime,)),
                one.aggregate.due(state),
            ),
            tuple(dossier),
        )

    def _mark(self, one: _Waiting, version: int, now: datetime, batch: _Batch) -> None:
        """Keeps that the cause was seen and led to nothing."""
        batch.changes.append(Change(one.aggregate.kind, self._commit(one, 0, now, ()), None))
        batch.answers.append((one, Outcome(one.stream, one.id, version, now)))

    def _commit(
        self, one: _Waiting, version: int, now: datetime, events: tuple[Recorded, ...]
    ) -> Commit:
        return Commit(
            stream=one.stream,
            version=version,
            at=now,
            actor=one.actor,
            verb=one.command.verb,
            events=events,
            correlation=one.correlation or f"{self.service}/{one.stream}/{version}",
            cause=one.cause,
            fingerprint=one.fingerprint,
            causation=one.causation,
            trace=one.trace,
        )


def _refusal(one: _Waiting, state: Any, version: int) -> Exception | None:
    """Why the sender may not do it to this state, or not to this version."""
    try:
        if one.permit is not None:
            one.permit(state, version)
    except Exception as refusal:
        return refusal
    if one.expected is not None and version not in one.expected:
        return VersionMismatch(version)
    return None


def _still_due(one: _Waiting, state: Any, now: datetime) -> bool:
    due = one.aggregate.due(state)
    return due is not None and due <= now


def _first_outcome(one: _Waiting, first: Commit) -> Outcome | Exception:
    if one.fingerprint != first.fingerprint:
        return CauseReused()
    id = first.stream.removeprefix(f"{one.aggregate.kind}-")
    return Outcome(first.stream, id, first.version, first.at, repeated=True)


def _echo(one: _Waiting, lead: _Waiting, answer: Outcome | Exception) -> Outcome | Exception:
    """The answer to a command whose cause came twice in one batch: the first one's."""
    if one.fingerprint != lead.fingerprint:
        return CauseReused()
    return replace(answer, repeated=True) if isinstance(answer, Outcome) else answer


def _answer(one: _Waiting, answer: Outcome | Exception) -> None:
    if one.outcome.done():  # the sender has gone meanwhile; what was written stays written
        return
    if isinstance(answer, Exception):
        one.outcome.set_exception(answer)
    else:
        one.outcome.set_result(answer)


def _outcome_of(one: _Waiting, answer: Outcome | Exception) -> str:
    """The outcome's name in the metrics."""
    match answer:
        case Outcome(repeated=True):
            return "repeated"
        case Outcome():
            return "done"
        case Rejected():
            return "rejected"
        case CauseReused():
            return "refused"
        case _:
            return "refused" if one.refused else "failed"
