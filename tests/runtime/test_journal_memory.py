"""What the journal in memory does for the simulation: crashes, faults and virtual time."""

import asyncio
from contextlib import aclosing
from datetime import datetime, timedelta

import pytest

from shared.runtime.clock import id_at
from shared.runtime.journal import Fenced, PositionLost, Unavailable
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from tests.runtime.journal_material import MONDAY, change, ids_of, next_of


class HandClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def new_id(self) -> str:
        return id_at(self.now(), bytes(10))

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self.seconds + seconds, woken))
        await woken

    def sleeping(self) -> int:
        """How many still wait."""
        return sum(not woken.done() for _, woken in self._sleepers)

    def move(self, seconds: float) -> None:
        """Lets time pass."""
        self.seconds += seconds
        for until, woken in self._sleepers:
            if until <= self.seconds and not woken.done():
                woken.set_result(None)


async def settle() -> None:
    """Lets everything run that can."""
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_was_written_survives_a_crash() -> None:
    disk = MemoryDisk()
    before = MemoryJournal(HandClock(), disk)
    await before.write([change("a", cause="k", texts=("t",))])
    async with aclosing(before.follow(None)) as stream:
        position = (await next_of(stream)).position
    await before.write([change("b")])

    after = MemoryJournal(HandClock(), disk)
    assert set(await after.load("thing", ["a", "b"])) == {"a", "b"}
    assert set(await after.by_cause(["k"])) == {"k"}
    assert len(await after.dossier("thing-a")) == 1
    async with aclosing(after.follow(position)) as stream:
        assert ids_of((await next_of(stream)).commits) == ["thing-b/1"]
    assert ids_of(disk.commits()) == ["thing-a/1", "thing-b/1"]
    assert set(disk.states("thing")) == {"a", "b"}


async def test_faults_strike_before_and_after_the_effect() -> None:
    struck = ""

    def fault(point: str) -> None:
        if point == struck:
            raise Unavailable(point)

    journal = MemoryJournal(HandClock(), fault=fault)
    struck = "before-write"
    with pytest.raises(Unavailable):
        await journal.write([change("a")])
    assert journal.disk.commits() == []
    struck = "after-write"
    with pytest.raises(Unavailable):
        await journal.write([change("a")])
    assert ids_of(journal.disk.commits()) == ["thing-a/1"]


async def test_a_fault_may_wait() -> None:
    clock = HandClock()
    journal = MemoryJournal(clock, fault=lambda _: clock.sleep(5))
    writing = asyncio.create_task(journal.write([change("a")]))
    await settle()
    assert journal.disk.commits() == []
    clock.move(5)
    await settle()
    assert len(journal.disk.commits()) == 1
    assert not writing.done()
    clock.move(5)
    await writing


async def test_a_follower_waits_in_the_clocks_time() -> None:
    clock = HandClock()
    journal = MemoryJournal(clock)
    async with aclosing(journal.follow(None)) as stream:
        await next_of(stream)
        quiet = asyncio.create_task(anext(stream))
        await settle()
        assert not quiet.done()
        clock.move(1)
        assert (await quiet).commits == []
        woken = asyncio.create_task(anext(stream))
        await settle()
        await journal.write([change("a")])
        assert ids_of((await woken).commits) == ["thing-a/1"]
        await settle()
        assert clock.sleeping() == 0, "a follower that was woken leaves no timer behind"


async def test_positions_can_be_lost() -> None:
    journal = MemoryJournal(HandClock())
    async with aclosing(journal.follow(None)) as stream:
        old = (await next_of(stream)).position
        journal.disk.forget_positions()
        with pytest.raises(PositionLost):
            await next_of(journal.follow(old))
        await journal.write([change("a")])
        fresh = (await next_of(stream)).position
    async with aclosing(journal.follow(fresh)) as stream:
        await journal.write([change("b")])
        assert ids_of((await next_of(stream)).commits) == ["thing-b/1"]


async def test_leases_run_out_in_the_clocks_time() -> None:
    clock = HandClock()
    disk = MemoryDisk()
    one, two = MemoryJournal(clock, disk), MemoryJournal(clock, disk)
    async with aclosing(one.follow(None)) as stream:
        position = (await next_of(stream)).position
    assert await one.take_lease("relay", "one", 10) == 1
    clock.move(9.9)
    assert await two.take_lease("relay", "two", 10) is None
    clock.move(0.1)
    assert await two.take_lease("relay", "two", 10) == 2
    with pytest.raises(Fenced):
        await one.save_position("relay", position, 1)
