"""The store: loads, decides, and commits many commands together (group commit).

Commands that arrive while others are being written wait together and are then loaded, decided and
written as one batch: one read per kind, one transaction. A command that comes alone waits for
nobody. While a batch waits for the disk, the next may be decided, if it is large enough to be
worth a transaction and touches no stream of those under way.

Outcomes are told only after the write: an acknowledged command is durable. Causes (Idempotency-Key,
event id, due time) are unique: a repeated one gets the first outcome.
"""

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from opentelemetry.trace import Span

from shared.runtime import metrics, tracing
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick
from shared.runtime.clock import Clock
from shared.runtime.deciding import (
    Batch,
    Decider,
    Facts,
    Pending,
    Permit,
    echo,
    may_be_joined,
    state_of,
)
from shared.runtime.journal import Commit, Conflict, DossierEntry, Journal, Query, Stored
from shared.runtime.lookups import Lookups
from shared.runtime.outcome import Busy, CauseReused, Outcome, Snapshot
from shared.runtime.reactions import About, Do

S = TypeVar("S")

MAX_BATCH = 128
"""Commits written together at most: beyond that a transaction only grows slower."""
MOST_COMMANDS = 1_024
"""Commands that these come from at most, where many are decided as one."""
WORTH_BESIDE = (1, 8, 24)
"""Commands that have to wait before a batch begins beside none, one or two others. Fewer would make
many small transactions, which cost more together than their waiting does.
"""
MOST_BATCHES = len(WORTH_BESIDE)
"""Batches under way at a time."""
WORTH_SHARING = 32
"""Commands from which on a batch leaves some to others that may begin beside it (ADR 1)."""
MAX_CONFLICTS = 30
"""How often one command is decided anew because others were faster, before it is given back as
`Busy`.
"""


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
        self._lookups = Lookups(journal)
        self._decider = Decider(service, clock, facts or {})
        self._queue: deque[Pending] = deque()
        self._begins = False
        self._writing: dict[asyncio.Task[None], frozenset[str]] = {}
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
            Pending(
                aggregate,
                id,
                command,
                actor,
                asyncio.get_running_loop().create_future(),
                cause=cause,
                fingerprint=fingerprint,
                correlation=correlation,
                trace=trace or tracing.current_traceparent(),
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
            Pending(
                aggregate,
                id,
                command,
                f"service:{self.service}",
                asyncio.get_running_loop().create_future(),
                cause=f"{about.id}>{aggregate.stream(id)}",
                correlation=about.correlation,
                causation=about.id,
                trace=tracing.current_traceparent() or about.trace,
                is_reaction=True,
            )
        )

    def do_for(self, about: About) -> Do:
        """What reactions to that event are given."""
        return _Doing(self, about)

    async def tick(self, aggregate: Aggregate[Any], id: str, due: datetime) -> None:
        """Sends the `Tick` for a due time that has passed. Raises `StuckTick`, `Unavailable`."""
        cause = f"due>{aggregate.stream(id)}>{due.isoformat()}"
        outcome = await self._tick(aggregate, id, cause)
        if outcome.repeated:
            # Another process was faster, or the very time that acted once has come to be due anew.
            found = await self.get(aggregate, id)
            if found is not None and aggregate.due(found.state) == due:
                await self._tick(aggregate, id, f"{cause}>{found.version}")

    async def _tick(self, aggregate: Aggregate[Any], id: str, cause: str) -> Outcome:
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        clock = f"clock:{self.service}"
        return await self._submit(Pending(aggregate, id, Tick(), clock, future, cause=cause))

    async def get(self, aggregate: Aggregate[S], id: str) -> Snapshot[S] | None:
        """The present state, or None where nothing has happened yet."""
        stored = await self._lookups.one(aggregate.kind, id)
        return (
            None
            if stored is None
            else Snapshot(self.read(aggregate, stored), stored.version, stored.at)
        )

    async def find(self, aggregate: Aggregate[S], query: Query) -> AsyncIterator[tuple[str, S]]:
        """Id and state of everything that matches, page by page of the query's `limit`."""
        while True:
            page = await self.journal.find(aggregate.kind, query)
            for stored in page.items:
                yield stored.id, self.read(aggregate, stored)
            if page.next is None:
                return
            query = replace(query, after=page.next)

    def read(self, aggregate: Aggregate[S], stored: Stored) -> S:
        """A stored state as the aggregate's own type."""
        state: S = state_of(aggregate, stored)
        return state

    async def drain(self) -> None:
        """Returns when nothing is waiting or being written."""
        while self._begins or self._writing:
            await asyncio.gather(*self._writing, asyncio.sleep(0), return_exceptions=True)

    # -- batches -------------------------------------------------------------------------------

    async def _submit(self, waiting: Pending) -> Outcome:
        self._queue.append(waiting)
        if not self._begins:
            self._begins = True
            # Whoever is ready in this turn of the loop comes along.
            asyncio.get_running_loop().call_soon(self._begin)
        try:
            return await waiting.outcome
        finally:
            if waiting.batch is not None:
                tracing.link_to(waiting.batch)

    def _begin(self) -> None:
        """Sends off what may be written now."""
        self._begins = False
        while self._queue and len(self._writing) < MOST_BATCHES:
            if not (batch := self._next_batch()):
                return
            task = asyncio.create_task(self._traced(batch))
            self._writing[task] = frozenset(one.stream for one in batch)
            task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._writing[task]
        self._begin()

    def _next_batch(self) -> list[Pending]:
        """The first that wait and may be written now; none where that is not worth a batch.

        A stream that is being written waits: decided beside, its commands would only conflict.
        """
        worth = WORTH_BESIDE[len(self._writing)]
        if len(self._queue) < worth:
            return []
        share = math.ceil(len(self._queue) / (MOST_BATCHES - len(self._writing)))
        most = min(MAX_BATCH, max(WORTH_SHARING, share))
        taken = frozenset[str]().union(*self._writing.values())
        batch: list[Pending] = []
        held: list[Pending] = []
        joined: set[str] = set()
        commits = 0
        while self._queue and commits < most and len(batch) < MOST_COMMANDS:
            one = self._queue.popleft()
            if one.outcome.done():  # who has gone meanwhile wants nothing any more
                continue
            if one.stream in taken:
                held.append(one)
                continue
            batch.append(one)
            if not may_be_joined(one):
                commits += 1
            elif one.stream not in joined:
                joined.add(one.stream)
                commits += 1
        if len(batch) < worth:
            held, batch = [*batch, *held], []
        self._queue.extendleft(reversed(held))
        return batch

    async def _traced(self, batch: list[Pending]) -> None:
        with tracing.for_many(f"batch {self.service}", (one.trace for one in batch)) as span:
            if span.is_recording():
                for one in batch:
                    one.batch = span.get_span_context()
            conflicts = await self._carry_out(batch, span)
            span.set_attributes({"jinlin.commands": len(batch), "jinlin.conflicts": conflicts})

    async def _carry_out(self, waiting: list[Pending], span: Span) -> int:
        """Decides and writes; on a conflict in halves, until only the one that lost is decided
        anew. Returns how many conflicts there were.
        """
        if not waiting:
            return 0
        try:
            await self._attempt(waiting, span)
        except Conflict:
            metrics.CONFLICTS.labels(self.service).inc()
            span.add_event("conflict")
            for one in waiting:
                one.fresh = False
            if len(waiting) > 1:
                middle = len(waiting) // 2
                earlier = await self._carry_out(waiting[:middle], span)
                return 1 + earlier + await self._carry_out(waiting[middle:], span)
            waiting[0].conflicts += 1
            if waiting[0].conflicts < MAX_CONFLICTS:
                return 1 + await self._carry_out(waiting, span)
            _answer(waiting[0], Busy())
            return 1
        except Exception as error:
            tracing.failed_by(span, error)
            for one in waiting:
                _answer(one, error)
        return 0

    async def _attempt(self, waiting: list[Pending], span: Span) -> None:
        batch = await self._look_up(waiting)
        span.add_event("read")
        echoes: list[tuple[Pending, Pending]] = []
        leads: dict[str, Pending] = {}
        firsts: list[Pending] = []
        for one in waiting:
            if one.cause is not None and (lead := leads.setdefault(one.cause, one)) is not one:
                echoes.append((one, lead))
            else:
                firsts.append(one)
        self._decider.decide_all(firsts, batch)
        span.add_event("decided")
        if batch.changes:
            started = self.clock.monotonic()
            await self.journal.write(batch.changes)
            self._commit_seconds.observe(self.clock.monotonic() - started)
            self._commit_size.observe(len(batch.changes))
            span.add_event("written", {"jinlin.commits": len(batch.changes)})
        for one, answer in batch.answers:
            _answer(one, answer)
            self._counter(one.aggregate.kind, one.command.verb, _outcome_of(one, answer)).inc()
        if echoes:
            told = dict(batch.answers)
            for one, lead in echoes:
                _answer(one, echo(one, lead, told[lead]))

    async def _look_up(self, waiting: list[Pending]) -> Batch:
        wanted: dict[str, dict[str, None]] = {}
        for one in waiting:
            if not one.fresh:
                wanted.setdefault(one.aggregate.kind, {})[one.id] = None
            for aggregate, id in self._decider.looks_at(one):
                wanted.setdefault(aggregate.kind, {})[id] = None
        causes = [one.cause for one in waiting if one.cause is not None]
        kinds = list(wanted)
        reads: list[Any] = [self.journal.load(kind, list(wanted[kind])) for kind in kinds]
        if causes:
            reads.append(self.journal.by_cause(causes))
        found = await asyncio.gather(*reads) if len(reads) > 1 else [await read for read in reads]
        seen: dict[str, Commit] = found.pop() if causes else {}
        return Batch(
            known={
                f"{kind}-{id}": stored
                for kind, states in zip(kinds, found, strict=True)
                for id, stored in states.items()
            },
            causes=seen,
            asked={f"{kind}-{id}" for kind in kinds for id in wanted[kind]},
        )


@dataclass(frozen=True, slots=True)
class _Doing:
    """The store as the reactions to one event see it."""

    store: Store
    about: About

    async def __call__(self, aggregate: Aggregate[Any], id: str, command: Command) -> None:
        await self.store.react(self.about, aggregate, id, command)

    async def many(self, commands: Iterable[tuple[Aggregate[Any], str, Command]]) -> None:
        await asyncio.gather(*(self(*each) for each in commands))

    def find(self, aggregate: Aggregate[S], query: Query) -> AsyncIterator[tuple[str, S]]:
        return self.store.find(aggregate, query)

    async def get(self, aggregate: Aggregate[S], id: str) -> S | None:
        snapshot = await self.store.get(aggregate, id)
        return None if snapshot is None else snapshot.state

    async def latest(
        self, aggregate: Aggregate[Any], id: str, name: str
    ) -> Mapping[str, Any] | None:
        entries = await self.dossier(aggregate, id)
        return next((entry.data for entry in reversed(entries) if entry.name == name), None)

    async def dossier(self, aggregate: Aggregate[Any], id: str) -> Sequence[DossierEntry]:
        return await self.store.journal.dossier(aggregate.stream(id))


def _answer(one: Pending, answer: Outcome | Exception) -> None:
    if one.outcome.done():  # the sender has gone meanwhile; what was written stays written
        return
    if isinstance(answer, Exception):
        one.outcome.set_exception(answer)
    else:
        one.outcome.set_result(answer)


def _outcome_of(one: Pending, answer: Outcome | Exception) -> str:
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
