"""Numbers kept in stock: none is given twice, and a busy process is never short of them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal, Unavailable
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from shared.runtime.numbers import Numbers
from shared.runtime.store import Store
from tests.runtime.lamp import Install, lamp
from tests.runtime.lamp_service import Outage

TAKES = 0.1
"""Seconds that a slow store takes for a block."""


@asynccontextmanager
async def followed(numbers: Numbers, journal: Journal) -> AsyncIterator[Numbers]:
    """Numbers with their stock kept up."""
    following = asyncio.create_task(numbers.follow(journal, SystemClock()))
    try:
        yield numbers
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def turns(count: int) -> None:
    """Lets others run."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_without_a_stock_there_is_no_number() -> None:
    numbers = Numbers("receipt", 10)
    assert not numbers.ready
    with pytest.raises(Unavailable, match="receipt"):
        numbers.next()


async def test_between_one_and_two_blocks_are_in_stock() -> None:
    journal = MemoryJournal(SystemClock())
    async with followed(Numbers("receipt", 10), journal) as numbers:
        await numbers.loaded()
        await turns(5)
        assert numbers.ready
        assert [numbers.next() for _ in range(10)] == list(range(1, 11))
        await turns(5)
        assert await journal.take_numbers("receipt", 1) == 21
        assert numbers.next() == 11
        await turns(5)
        assert await journal.take_numbers("receipt", 1) == 32
        # The last one in stock, and the first of the block that was fetched meanwhile.
        assert [numbers.next() for _ in range(10)][-2:] == [20, 22]


async def test_no_number_comes_twice_from_processes_side_by_side_or_after_another() -> None:
    disk, given = MemoryDisk(), list[int]()
    for _ in range(3):
        journals = [MemoryJournal(SystemClock(), disk) for _ in range(2)]
        async with (
            followed(Numbers("receipt", 5), journals[0]) as one,
            followed(Numbers("receipt", 5), journals[1]) as other,
        ):
            await one.loaded()
            await other.loaded()
            for _ in range(40):
                given += [one.next(), other.next()]
                await turns(3)
    assert len(set(given)) == len(given) == 240


async def test_when_the_store_is_away_the_stock_is_used_up_and_then_filled_again() -> None:
    outage = Outage()
    journal = MemoryJournal(SystemClock(), fault=outage)
    async with followed(Numbers("receipt", 5), journal) as numbers:
        await numbers.loaded()
        await turns(5)
        outage.away = True
        before = [numbers.next() for _ in range(10)]
        with pytest.raises(Unavailable):
            numbers.next()
        assert not numbers.ready
        await turns(5)
        outage.away = False
        async with asyncio.timeout(10):
            while not numbers.ready:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert numbers.next() > max(before)


async def test_three_thousand_a_second_are_never_short_with_a_slow_store() -> None:
    async def slow(point: str) -> None:
        if point == "before-take-numbers":
            await asyncio.sleep(TAKES)

    journal = MemoryJournal(SystemClock(), fault=slow)
    async with followed(Numbers("receipt"), journal) as numbers:
        await numbers.loaded()
        given = []
        for _ in range(30):
            given += [numbers.next() for _ in range(150)]
            await asyncio.sleep(0.05)
        assert len(set(given)) == 4_500


async def test_a_command_that_wants_a_number_in_vain_is_told_that_the_store_is_away() -> None:
    clock = SystemClock()
    numbers = Numbers("receipt")
    facts = {"lamp": lambda *_known: numbers.next()}
    store = Store("community", MemoryJournal(clock), clock, [lamp], facts)
    with pytest.raises(Unavailable):
        await store.do(lamp, "l1", Install("p1", "k1", 60, "a1"), actor="a1")
    assert await store.get(lamp, "l1") is None
