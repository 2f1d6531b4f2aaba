"""The services that a dispute has to do with, at work in memory on time that nobody waits for."""

import asyncio
import random
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import msgspec
from bson import decode

from services.community.main import service as community
from services.mediation.main import service as mediation
from services.notifications.main import service as notifications
from services.petitions.main import service as petitions
from shared.contracts.envelope import dead_letter_topic, public_events, topic
from shared.runtime.aggregate import Aggregate, Command, Rejected
from shared.runtime.documents import commit_of, stored_of
from shared.runtime.memory_bus import MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from shared.runtime.outcome import Outcome
from tests.chaos.checker import Evidence, Message, evidence_of
from tests.simulation.loop import VirtualClock, VirtualLoop, World
from tests.simulation.process import Parts, Process, Trouble

S = TypeVar("S")

SERVICES = {one.name: one for one in (community, petitions, mediation, notifications)}
BEGINS = datetime(2025, 3, 3, 1, 0, tzinfo=UTC)
STEP = 0.05
"""Seconds between two looks whether something still changes."""
QUIET = 3
"""So many looks in a row without a change are rest, once everybody has heard everything."""
PATIENCE = 2_000


class Machine:
    """Four services and their clock."""

    def __init__(self, seed: int, loop: VirtualLoop) -> None:
        self.world = World(loop, BEGINS)
        self.disks = {name: MemoryDisk() for name in SERVICES}
        self._topics = MemoryTopics()
        self.refused: dict[str, int] = {}
        self._public = dict.fromkeys(SERVICES, (0, 0))
        self._seen: dict[tuple[str, str], tuple[bytes, Any]] = {}
        parts = Parts(tuple(SERVICES.values()))
        self._processes = {
            name: Process(
                name,
                service,
                parts,
                self.world,
                loop,
                self.disks[name],
                self._topics,
                Trouble(),
                str(seed),
                lambda who, what: None,
            )
            for name, service in SERVICES.items()
        }
        clock = VirtualClock(self.world, random.Random(seed))
        self._eyes = {name: MemoryJournal(clock, disk) for name, disk in self.disks.items()}

    async def start(self) -> None:
        """All are open for commands."""
        for process in self._processes.values():
            process.clock.skew = timedelta(0)
            process.begin()
        await self.rest()

    async def rest(self) -> None:
        """Waits until everybody has heard everything, and nothing changes any more."""
        quiet, before = 0, None
        for _ in range(PATIENCE):
            await asyncio.sleep(STEP)
            present = self._mark()
            quiet = quiet + 1 if present == before else 0
            before = present
            if quiet >= QUIET and self._is_published() and self._have_heard():
                return
        raise AssertionError("it does not come to rest")

    def _mark(self) -> tuple[int, ...]:
        written = (len(disk._log) for disk in self.disks.values())
        return (*written, *(self._said(topic(name)) for name in SERVICES))

    def _said(self, heard: str) -> int:
        return sum(len(self._topics.log(heard, n)) for n in range(self._topics.partitions))

    def _is_published(self) -> bool:
        for name, disk in self.disks.items():
            read, public = self._public[name]
            names = {event.__name__ for event in public_events(name).values()}
            for raw in disk._log[read:]:
                events = commit_of(decode(raw)).events
                public += sum(one.name in names for one in events if one.data is not None)
            self._public[name] = (len(disk._log), public)
            if public > self._said(topic(name)):
                return False
        return True

    def _have_heard(self) -> bool:
        return all(
            self._topics.committed(name, heard) == self._said(heard)
            for name, service in SERVICES.items()
            for heard in (() if service.reactions is None else service.reactions.topics())
        ) and all(one.open for one in self._processes.values())

    async def do(
        self,
        service: str,
        aggregate: Aggregate[Any],
        id: str | None,
        command: Command,
        by: str = "test",
    ) -> str | None:
        """Somebody does something. Returns the id of the thing, None where a rule forbade it."""
        store = self._processes[service].running.store
        new = store.clock.new_id() if id is None else id
        try:
            done: Outcome = await self._processes[service].spawn(
                store.do(aggregate, new, command, actor=by, fresh=id is None)
            )
        except Rejected as refusal:
            key = f"{command.verb}: {refusal.code}"
            self.refused[key] = self.refused.get(key, 0) + 1
            return None
        assert done.version > 0
        return new

    async def live_until(self, moment: datetime) -> None:
        """Skips the hours in which nothing is due, and lives through what is."""
        while (due := self._next_due()) is not None and due < moment:
            self.world.skip_to(due)
            await self.rest()
        self.world.skip_to(moment)

    def _next_due(self) -> datetime | None:
        dues = [
            self.disks[name]._of(aggregate.kind).due[0][0]
            for name, service in SERVICES.items()
            for aggregate in service.aggregates
            if aggregate.kind != "hotlist" and self.disks[name]._of(aggregate.kind).due
        ]
        return min(dues, default=None)

    def states(self, service: str, aggregate: Aggregate[S]) -> Mapping[str, S]:
        """Everything of a kind as it stands."""
        there = self.disks[service]._of(aggregate.kind)._raw
        return {id: self.state(service, aggregate, id) for id in there}

    def state(self, service: str, aggregate: Aggregate[S], id: str) -> S:
        """One thing as it stands; the initial state where nothing has happened to it."""
        states = self.disks[service]._of(aggregate.kind)
        raw = states._raw.get(id)
        if raw is None:
            return aggregate.initial
        known = self._seen.get((aggregate.kind, id))
        if known is None or known[0] is not raw:
            stored = stored_of(states.copy(id))
            known = (raw, msgspec.convert(stored.state, type(aggregate.initial)))
            self._seen[aggregate.kind, id] = known
        seen: S = known[1]
        return seen

    def dead_letters(self) -> Iterable[str]:
        """What was put aside."""
        return [
            f"{name}: {dict(message.headers)}"
            for name in SERVICES
            for message in self._topics.messages(dead_letter_topic(name))
        ]

    async def evidence(self) -> list[Evidence]:
        """What the stores and the topics hold."""
        return [
            await evidence_of(
                service,
                self._eyes[name],
                [Message(m.key, m.value) for m in self._topics.messages(topic(name))],
            )
            for name, service in SERVICES.items()
        ]
