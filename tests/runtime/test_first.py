"""What a service does first: once for all time, however many processes start however often."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from shared.runtime.running import First, Running
from tests.runtime.lamp import Install, Status, lamp, lamps
from tests.runtime.lamp_service import Outage

FIRST = First(lamp, "first", Install("p1", "k1", 60, "u1"))


@asynccontextmanager
async def process(disk: MemoryDisk, outage: Outage | None = None) -> AsyncIterator[Running]:
    """A process of the service on that disk; killed at the end."""
    clock = SystemClock()
    running = lamps(first=(FIRST,)).assemble(
        MemoryJournal(clock, disk, outage), MemoryBus(MemoryTopics(), clock), clock
    )
    await running.open()
    try:
        yield running
    finally:
        running.kill()


async def done(running: Running) -> None:
    """Returns when the thing is there."""
    while await running.store.get(lamp, "first") is None:  # noqa: ASYNC110 - no bell rings
        await asyncio.sleep(0.01)


async def test_it_is_done_when_a_process_starts() -> None:
    disk = MemoryDisk()
    async with process(disk) as running:
        await done(running)
    [commit] = disk.commits()
    assert (commit.stream, commit.actor) == ("lamp-first", "service:community")
    assert disk.states("lamp")["first"].state["status"] == Status.LIT


async def test_it_is_done_once_by_all_processes_and_all_starts() -> None:
    disk = MemoryDisk()
    async with process(disk) as one, process(disk) as other:
        await done(one)
        await done(other)
    async with process(disk) as again:
        await done(again)
        await asyncio.sleep(0.05)
    assert len(disk.commits()) == 1


async def test_it_waits_for_a_store_that_is_away() -> None:
    disk, outage = MemoryDisk(), Outage()
    async with process(disk, outage) as running:
        outage.away = True
        await asyncio.sleep(0.05)
        assert disk.commits() == []
        outage.away = False
        await done(running)
