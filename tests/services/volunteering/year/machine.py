"""The service at work through a year: its real store and reactions over the journal in memory, a
clock that stands still until it is put forward, and what people are about to do.

Time goes from what is due to what somebody does next, never minute by minute. After each moment the
service hears its own events as the relay publishes them; some come twice.
"""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, time, timedelta
from heapq import heappop, heappush
from typing import Any, TypeVar

import msgspec

from services.volunteering.main import service
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.runtime.aggregate import Aggregate, Command, Rejected
from shared.runtime.bus import TYPE_HEADER, Incoming
from shared.runtime.clock import SystemClock, id_at
from shared.runtime.journal import Change, Commit
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.publishing import envelopes
from shared.runtime.running import Running
from shared.worktime.hours import CHINA

S = TypeVar("S")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOST_DUE = 10_000
"""Due times acted on in one look."""
TWICE = 0.02
"""The share of events that come a second time."""

Act = Callable[[], Awaitable[object]]
"""What somebody does, once its time has come."""
Heard = Callable[[dict[str, Any], Commit], None]
"""What somebody does on an event: they plan to act."""


class Standing(SystemClock):
    """A clock that stands still until it is put forward. Its ids are the same in every run."""

    def __init__(self, begin: datetime) -> None:
        super().__init__()
        self._now = begin
        self._count = 0

    def now(self) -> datetime:
        return self._now

    def new_id(self) -> str:
        self._count += 1
        return id_at(self._now, self._count.to_bytes(10, "big"))

    def put(self, moment: datetime) -> None:
        """From now on it is then, cut to milliseconds."""
        moment -= timedelta(microseconds=moment.microsecond % 1000)
        self._now = max(self._now, moment)


class Watched(MemoryJournal):
    """A journal that hands on each commit once it is written."""

    def __init__(self, clock: Standing) -> None:
        super().__init__(clock)
        self.written: Callable[[Commit], None] = lambda _: None

    async def write(self, changes: Sequence[Change]) -> None:
        await super().write(changes)
        for change in changes:
            self.written(change.commit)


class Machine:
    """The service, the time, and what is going to be done."""

    def __init__(
        self, running: Running, journal: Watched, topics: MemoryTopics, clock: Standing, seed: int
    ) -> None:
        self.running = running
        self.topics = topics
        self.journal = journal
        self.clock = clock
        self.chance = random.Random(seed)
        self.refused: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.watchers: list[Callable[[Commit], None]] = []
        self._hearing: defaultdict[str, list[Heard]] = defaultdict(list)
        self._acts: list[tuple[datetime, int, Act]] = []
        self._fresh: list[Commit] = []
        self._told = 0
        journal.written = self._written

    # --- what people do ---

    @property
    def now(self) -> datetime:
        """The moment."""
        return self.clock.now()

    def at(self, moment: datetime, act: Act) -> None:
        """Somebody does this then; in one go with all that is done at the same moment."""
        self.counts["acts"] += 1
        heappush(self._acts, (max(moment, self.now), self.counts["acts"], act))

    def on(self, event: type[Event], heard: Heard) -> None:
        """Somebody plans what to do whenever this happens."""
        self._hearing[event.__name__].append(heard)

    async def do(
        self, aggregate: Aggregate[S], id: str, command: Command, *foreseen: str
    ) -> S | None:
        """The state after a command; None where it was refused, for a reason that was foreseen."""
        self.counts["commands"] += 1
        actor = getattr(command, "by", "somebody")
        try:
            outcome = await self.running.store.do(aggregate, id, command, actor=actor)
        except Rejected as refusal:
            if refusal.code not in foreseen:
                raise AssertionError(f"{id} {command} on {self.now}: {refusal}") from refusal
            self.refused[refusal.code] += 1
            return None
        state: S = outcome.state
        return state

    async def state(self, aggregate: Aggregate[S], id: str) -> S:
        """How something stands."""
        snapshot = await self.running.store.get(aggregate, id)
        return aggregate.initial if snapshot is None else snapshot.state

    async def hear(self, event: Event, stream: str) -> None:
        """Another service's event arrives."""
        emitter = emitting_service(type(event))
        assert emitter is not None, "only public events arrive"
        self._told += 1
        envelope = Envelope(
            id=f"{emitter}/{stream}/{self._told}/0",
            type=type_of(type(event)),
            source=f"/jinlin/{emitter}",
            subject=stream,
            time=self.now,
            data=msgspec.to_builtins(event),
            sequence=self._told,
            correlationid="year",
        )
        await self._twice([incoming(envelope)])

    # --- time ---

    async def run(self, until: datetime) -> None:
        """From moment to moment, as long as something is due or planned by then."""
        while (moment := self._next()) is not None and moment <= until:
            self.clock.put(moment)
            self.counts["moments"] += 1
            await self._ticks()
            await self.deliver()
            acts: list[Act] = []
            while self._acts and self._acts[0][0] <= self.now:
                acts.append(heappop(self._acts)[2])
            await asyncio.gather(*(act() for act in acts))
            await self.deliver()
        self.clock.put(until)

    def _next(self) -> datetime | None:
        planned = self._acts[0][0] if self._acts else None
        return min((one for one in (planned, self.next_due()) if one is not None), default=None)

    def next_due(self) -> datetime | None:
        """The first moment that anything waits for."""
        kinds = (self.journal.disk._of(one.kind).due for one in service.aggregates)
        return min((due[0][0] for due in kinds if due), default=None)

    async def _ticks(self) -> None:
        for aggregate in service.aggregates:
            found = await self.journal.due(aggregate.kind, self.now, MOST_DUE)
            self.counts["ticks"] += len(found)
            await asyncio.gather(
                *(self.running.store.tick(aggregate, id, due) for id, due in found)
            )

    # --- events ---

    def _written(self, commit: Commit) -> None:
        self.counts["commits"] += 1
        self.counts["events"] += len(commit.events)
        self._fresh.append(commit)
        for watch in self.watchers:
            watch(commit)
        for event in commit.events:
            for heard in self._hearing.get(event.name, ()):
                assert event.data is not None, "nobody hears what is personal"
                heard(event.data, commit)

    async def deliver(self) -> None:
        """The service's own events come to its reactions, until nothing follows from them."""
        while self._fresh:
            commits, self._fresh = self._fresh, []
            batch = [
                incoming(envelope)
                for commit in commits
                for envelope in envelopes(service.name, commit)
                if REACTIONS.for_type(envelope.type)
            ]
            self.counts["delivered"] += len(batch)
            await self._twice(batch)

    async def _twice(self, batch: list[Incoming]) -> None:
        """Handled; and some of it once more, which changes nothing."""
        await self.running.subscriber.handle(batch)
        again = [message for message in batch if self.chance.random() < TWICE]
        before = self.counts["commits"]
        await self.running.subscriber.handle(again)
        assert self.counts["commits"] == before, "an event that came twice changed something"
        self.counts["delivered twice"] += len(again)


assert service.reactions is not None, "it reacts"
REACTIONS = service.reactions


def incoming(envelope: Envelope) -> Incoming:
    """An event as it comes from the bus."""
    return Incoming(
        topic(envelope.service),
        0,
        0,
        envelope.subject.encode(),
        envelope.to_bytes(),
        ((TYPE_HEADER, envelope.type.encode()),),
    )


@asynccontextmanager
async def machine(begin: datetime, seed: int) -> AsyncIterator[Machine]:
    """The service in memory at that moment, with nothing in it."""
    clock = Standing(begin)
    journal, topics = Watched(clock), MemoryTopics()
    running = service.assemble(journal, MemoryBus(topics, clock), clock)
    await running.open()
    await running.ticker.stop()  # time passes only as the machine has it
    try:
        yield Machine(running, journal, topics, clock, seed)
    finally:
        await running.stop()


def local(day: date, clock: str) -> datetime:
    """A moment of the city."""
    return datetime.combine(day, time.fromisoformat(clock), CHINA).astimezone(UTC)


def moment_of(text: Any) -> datetime:
    """A time as it stands in an event's data."""
    return text if isinstance(text, datetime) else datetime.fromisoformat(text)
