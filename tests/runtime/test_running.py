"""The parts of a service end when they are told to, whatever a driver makes of it."""

import asyncio

from shared.runtime.clock import Clock, SystemClock
from shared.runtime.journal import Journal
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.relay import LEASE
from shared.runtime.running import Running
from tests.runtime.lamp import Install, lamp, lamps


class Stubborn:
    """Is kept in memory by a driver that makes an error of its own of being cancelled."""

    name = "stubborn"

    def __init__(self) -> None:
        self._at_work = asyncio.Event()

    async def loaded(self) -> None:
        """Once it is at work."""
        await self._at_work.wait()

    async def follow(self, _journal: Journal, clock: Clock) -> None:
        self._at_work.set()
        try:
            await clock.sleep(3600)
        except asyncio.CancelledError:
            raise RuntimeError("Lock is not acquired.") from None


async def test_a_cancellation_that_became_an_error_ends_a_part_as_well() -> None:
    clock = SystemClock()
    running = Running(
        "community",
        journal=MemoryJournal(clock),
        bus=MemoryBus(MemoryTopics(), clock),
        clock=clock,
        aggregates=[lamp],
        copies=[Stubborn],
    )
    await running.start()
    async with asyncio.timeout(5):
        await running.stop()


class Postman:
    """Works until it is stopped, and says what became of it."""

    name = "postman"

    def __init__(self) -> None:
        self.at_work = asyncio.Event()
        self.stopping = asyncio.Event()
        self.ended = asyncio.Event()

    async def run(self) -> None:
        """Until it is stopped."""
        self.at_work.set()
        await self.stopping.wait()
        self.ended.set()

    async def stop(self) -> None:
        """Returns when it has ended."""
        self.stopping.set()
        await self.ended.wait()


async def test_what_reaches_outward_works_until_the_service_stops() -> None:
    clock, postman = SystemClock(), Postman()
    running = Running(
        "community",
        journal=MemoryJournal(clock),
        bus=MemoryBus(MemoryTopics(), clock),
        clock=clock,
        aggregates=[lamp],
        outward=[lambda store, copies: postman],
    )
    async with asyncio.timeout(5):
        await running.start()
        await postman.at_work.wait()
        await running.stop()
    assert postman.ended.is_set()


async def test_one_for_requests_takes_commands_and_leaves_the_rest_to_others() -> None:
    clock, postman = SystemClock(), Postman()
    journal = MemoryJournal(clock)
    taking = lamps().assemble(
        journal,
        MemoryBus(MemoryTopics(), clock),
        clock,
        outward=[lambda store, copies: postman],
        requests_only=True,
    )
    async with asyncio.timeout(10):
        await taking.start()
        await taking.store.do(lamp, "7", Install("350102", "anna", 60, "test"), actor="test")
        await taking.stop()
    assert await journal.take_lease(LEASE, "another", 30) == 1, "nobody had it before"
    assert not postman.at_work.is_set()
