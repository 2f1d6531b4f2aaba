"""One process of a service, which may die between any two steps and never says goodbye."""

import asyncio
import random
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from shared.runtime.bus import BusUnavailable
from shared.runtime.clock import Clock
from shared.runtime.journal import Unavailable
from shared.runtime.memory_bus import Fault as BusFault
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import Fault, MemoryDisk, MemoryJournal
from shared.runtime.service import Service
from tests.simulation.loop import VirtualClock, VirtualLoop, World, owner

MakeJournal = Callable[[str, Clock, MemoryDisk, Fault, MemoryBus], MemoryJournal]
MakeBus = Callable[[MemoryTopics, Clock, random.Random, BusFault], MemoryBus]


def right_journal(
    service: str, clock: Clock, disk: MemoryDisk, fault: Fault, bus: MemoryBus
) -> MemoryJournal:
    """The journal as it is."""
    return MemoryJournal(clock, disk, fault)


@dataclass(frozen=True, slots=True)
class Parts:
    """What the platform is made of: the product's own parts, or those of a planted bug."""

    services: tuple[Service, ...]
    journal: MakeJournal = right_journal
    bus: MakeBus = MemoryBus


@dataclass(slots=True)
class Trouble:
    """How likely each thing goes wrong at a step. All of it ends with `end`."""

    crash: float = 0.0
    crash_at_write: float = 0.0
    store: float = 0.0
    store_at_write: float = 0.0
    broker: float = 0.0
    slow: float = 0.0

    @staticmethod
    def some(chance: random.Random) -> "Trouble":
        """As much trouble as this run is to have."""
        much = chance.choice((0.0, 0.3, 1.0, 1.0, 2.0))
        return Trouble(
            crash=0.0003 * much,
            crash_at_write=0.01 * much,
            store=0.001 * much,
            store_at_write=0.03 * much,
            broker=0.04 * much,
            slow=chance.choice((0.05, 0.3)),
        )

    def end(self) -> None:
        """From now on nothing goes wrong any more."""
        self.crash = self.crash_at_write = self.store = self.store_at_write = self.broker = 0.0


Say = Callable[[str, str], None]
"""Tells the log of the run who did what."""


class Process:
    """A service at work on a disk that outlives it."""

    def __init__(
        self,
        name: str,
        service: Service,
        parts: Parts,
        world: World,
        loop: VirtualLoop,
        disk: MemoryDisk,
        topics: MemoryTopics,
        trouble: Trouble,
        seed: str,
        say: Say,
    ) -> None:
        self.name = name
        self.dead = False
        self.open = False
        self.store_away = False
        self._trouble = trouble
        self._say = say
        self._loop = loop
        self._chance = random.Random(f"{seed}/{name}/trouble")
        skew = timedelta(milliseconds=self._chance.randint(-1500, 1500))
        self.clock = VirtualClock(world, random.Random(f"{seed}/{name}/ids"), skew)
        self._moves_again = 0.0
        self.bus = parts.bus(
            topics, self.clock, random.Random(f"{seed}/{name}/bus"), self._bus_step
        )
        journal = parts.journal(service.name, self.clock, disk, self._journal_step, self.bus)
        self.running = service.assemble(
            journal, self.bus, self.clock, randomness=random.Random(f"{seed}/{name}/pauses")
        )
        self._context = copy_context()
        self._context.run(owner.set, self)

    def begin(self) -> None:
        """Starts it; it is `open` for commands as soon as it has its copies."""
        self.spawn(self._start())

    async def _start(self) -> None:
        await self.running.open()
        self.open = True
        self._say(self.name, "is open")
        await self.running.connect()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Runs something within the process: it dies with it."""
        return self._context.run(self._loop.create_task, work)

    def stand_still(self, seconds: float) -> None:
        """No step of it is done for so long; then it goes on as if nothing had been."""
        self._moves_again = self._loop.time() + seconds

    def crash(self, where: str) -> None:
        """Ends it at once. What it was doing is done no further; what it had written stays."""
        if self.dead:
            return
        self.dead, self.open = True, False
        self._say(self.name, f"crashes at {where}")
        for task in self._loop.tasks_of(self):
            task.cancel()
        self.bus.crash()

    # -- between any two steps -----------------------------------------------------------------

    def _journal_step(self, step: str) -> Coroutine[Any, Any, None] | None:
        if self.dead:
            raise asyncio.CancelledError
        trouble = self._trouble
        writes = step in ("before-write", "after-write")
        dice = self._chance.random()
        crash = trouble.crash_at_write if writes else trouble.crash
        if dice < crash:
            self.crash(step)
            raise asyncio.CancelledError
        if self.store_away or dice - crash < (trouble.store_at_write if writes else trouble.store):
            if not self.store_away:
                self._say(self.name, f"loses its store at {step}")
            raise Unavailable(f"the store is away {step}")
        if self._moves_again > self._loop.time():
            return asyncio.sleep(self._moves_again - self._loop.time())
        if self._chance.random() < (0.5 if writes else 0.03):
            return asyncio.sleep(self._chance.random() * trouble.slow)
        return None

    async def _bus_step(self, step: str) -> None:
        if self.dead:
            raise asyncio.CancelledError
        if self._moves_again > self._loop.time():
            await asyncio.sleep(self._moves_again - self._loop.time())
        dice = self._chance.random()
        crash = self._trouble.crash_at_write
        if dice < crash:
            self.crash(step)
            raise asyncio.CancelledError
        if step != "after-commit" and dice - crash < self._trouble.broker:
            self._say(self.name, f"loses the broker at {step}")
            raise BusUnavailable(f"the broker is away {step}")
