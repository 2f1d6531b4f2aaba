"""What the bus in memory can do besides: break by chance, and break the same way again."""

import asyncio
import random
from collections.abc import Sequence

import pytest

from shared.runtime.bus import BusUnavailable, Incoming, Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from tests.runtime.bus_fixtures import Inbox, eventually


class Impatient(SystemClock):
    """Pauses are over at once; the order of what waits is kept."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)


def letters(keys: str, count: int) -> list[Outgoing]:
    return [Outgoing("t", key, f"{key}{n}".encode()) for n in range(count) for key in keys]


async def history(seed: int) -> list[list[bytes]]:
    """The batches that two members got, in order, with everything that chance does to them."""
    topics, chance = MemoryTopics(), random.Random(seed)
    buses = [MemoryBus(topics, Impatient(), chance) for _ in range(2)]
    inboxes = [Inbox(), Inbox()]
    for bus, inbox in zip(buses, inboxes, strict=True):
        await bus.subscribe(["t"], "g", inbox)
    await buses[0].publish(letters("abcdef", 40))
    await eventually(lambda: topics.committed("g", "t") == 240)
    for bus in buses:
        await bus.stop()
    assert {m.value for inbox in inboxes for m in inbox.taken} == {
        letter.value for letter in letters("abcdef", 40)
    }
    return [[m.value for m in batch] for inbox in inboxes for batch in inbox.batches]


async def test_chance_repeats_and_delays_but_loses_nothing_and_can_be_repeated() -> None:
    runs = [await history(seed) for seed in range(10)]

    assert any(sum(len(batch) for batch in run) > 240 for run in runs)
    assert [await history(seed) for seed in range(10)] == runs
    assert runs[0] != runs[1]


async def test_a_crash_before_the_commit_brings_the_batch_again() -> None:
    topics, clock = MemoryTopics(), SystemClock()
    reached = asyncio.Event()

    async def die_here(step: str) -> None:
        if step == "after-handle":
            reached.set()
            await asyncio.Event().wait()

    dying, before, after = MemoryBus(topics, clock, fault=die_here), Inbox(), Inbox()
    await dying.publish(letters("abc", 5))
    await dying.subscribe(["t"], "g", before)
    await reached.wait()
    dying.crash()
    await MemoryBus(topics, clock).subscribe(["t"], "g", after)
    await eventually(lambda: len(after.taken) == 15)

    assert len(before.taken) == 15


async def test_what_was_dealt_anew_meanwhile_is_not_committed_by_its_former_owner() -> None:
    topics = MemoryTopics()
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(batch: Sequence[Incoming]) -> None:
        entered.set()
        await leave.wait()

    bus, first = MemoryBus(topics, SystemClock()), Inbox(slow)
    await bus.publish(letters("abc", 5))
    await bus.subscribe(["t"], "g", first)
    await entered.wait()
    topics.rebalance("g")
    leave.set()
    await eventually(lambda: topics.committed("g", "t") == 15)

    assert len(first.taken) == 30


async def test_while_the_broker_is_away_nothing_is_published_or_handled() -> None:
    topics, inbox = MemoryTopics(), Inbox()
    bus = MemoryBus(topics, Impatient())
    subscription = await bus.subscribe(["t"], "g", inbox)
    topics.go_away()

    with pytest.raises(BusUnavailable):
        await bus.publish(letters("a", 1))
    assert not subscription.working()

    topics.come_back()
    await bus.publish(letters("a", 1))
    await eventually(lambda: inbox.taken)
    assert subscription.working()
