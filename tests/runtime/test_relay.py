"""The relay over a journal in memory: nothing lost, each stream in order, one leader at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from shared.contracts.envelope import parse
from shared.runtime.bus import BusUnavailable
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Commit, Fenced, Position, Recorded, Unavailable
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from shared.runtime.publishing import envelopes, republish
from shared.runtime.relay import (
    GATHER_EACH_SECONDS,
    GATHER_SECONDS,
    LEASE,
    LEASE_SECONDS,
    Relay,
    first_of,
)
from tests.runtime.bus_fixtures import eventually

TOPIC = "petitions.events.v1"
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


class FastClock(SystemClock):
    """A thousand times faster than the machine's, so that leases run out while a test waits."""

    def __init__(self) -> None:
        self.origin = datetime.now(UTC)

    def monotonic(self) -> float:
        return super().monotonic() * 100

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / 100)


@dataclass
class World:
    clock: SystemClock
    disk: MemoryDisk
    topics: MemoryTopics

    def journal(self, fault: Callable[[str], None] | None = None) -> MemoryJournal:
        return MemoryJournal(self.clock, self.disk, fault)

    def relay(self, holder: str, **faults: object) -> Relay:
        journal = self.journal(faults.get("journal"))  # type: ignore[arg-type]
        bus = MemoryBus(self.topics, self.clock, fault=faults.get("bus", nothing))  # type: ignore[arg-type]
        return Relay("petitions", journal, bus, self.clock, holder)

    async def write(self, id: str, *versions: int, at: datetime | None = None) -> None:
        for version in versions:
            await self.journal().write([change(id, version, at or self.clock.now())])

    def published(self) -> list[tuple[str, int]]:
        """Stream and version of everything in the topic, first appearances, stream by stream."""
        found = [parse(message.value) for message in self.topics.messages(TOPIC)]
        return list(dict.fromkeys((each.subject, each.sequence) for each in found))

    def has(self, *expected: tuple[str, int]) -> bool:
        return {(f"petition-{id}", version) for id, version in expected} <= set(self.published())

    def in_order(self) -> bool:
        versions: dict[str, list[int]] = {}
        for stream, version in self.published():
            versions.setdefault(stream, []).append(version)
        return all(seen == list(range(1, len(seen) + 1)) for seen in versions.values())


async def nothing(step: str) -> None:
    return None


def change(id: str, version: int, at: datetime) -> Change:
    data = {"petition": id, "by": "s1", "assignee": None, "petitioner": None}
    events = (Recorded("PetitionCommented", data), Recorded("Private", {}))
    commit = Commit(f"petition-{id}", version, at, "s1", "comment", events, correlation="c1")
    return Change("petition", commit, None)


@pytest.fixture
def world() -> World:
    return World(FastClock(), MemoryDisk(), MemoryTopics())


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_a_commit_becomes_envelopes_of_its_public_events_only() -> None:
    data = {"petition": "7", "by": "s1", "assignee": None, "petitioner": None}
    commit = Commit(
        stream="petition-7",
        version=3,
        at=NINE,
        actor="s1",
        verb="comment",
        events=(
            Recorded("SomethingPrivate", {"x": 1}),
            Recorded("PetitionTextGiven", None),
            Recorded("PetitionCommented", data),
        ),
        correlation="c1",
        causation="community/place-1/1/0",
        trace=f"00-{'ab' * 16}-{'cd' * 8}-01",
    )

    (envelope,) = envelopes("petitions", commit)

    assert envelope.id == "petitions/petition-7/3/2"
    assert envelope.type == "cn.jinlin.petitions.PetitionCommented.v1"
    assert envelope.source == "/jinlin/petitions"
    assert (envelope.subject, envelope.sequence, envelope.time) == ("petition-7", 3, NINE)
    assert (envelope.correlationid, envelope.causationid) == ("c1", "community/place-1/1/0")
    assert (envelope.traceparent, envelope.data) == (commit.trace, data)
    assert parse(envelope.to_bytes()) == envelope
    assert orjson.loads(envelope.to_bytes())["partitionkey"] == "petition-7"


async def test_what_was_written_before_the_first_start_is_published_and_what_follows(
    world: World,
) -> None:
    await world.write("a", 1, 2)
    async with running(world.relay("one")):
        await eventually(lambda: world.has(("a", 2)))
        await world.write("a", 3)
        await world.write("b", 1)
        await eventually(lambda: world.has(("a", 3), ("b", 1)))

    assert world.in_order()
    assert {message.key for message in world.topics.messages(TOPIC)} == {
        b"petition-a",
        b"petition-b",
    }


async def test_a_stopped_relay_goes_on_where_it_was(world: World) -> None:
    await world.write("a", 1)
    relay = world.relay("one")
    async with running(relay):
        await eventually(lambda: world.has(("a", 1)))
        await relay.stop()
    await world.write("a", 2)

    async with running(world.relay("two")):
        await eventually(lambda: world.has(("a", 2)))

    assert len(world.topics.messages(TOPIC)) == 2


async def test_only_one_leads_and_the_other_takes_over_when_it_is_gone(world: World) -> None:
    one, two = world.relay("one"), world.relay("two")
    first = asyncio.create_task(one.run())
    await eventually(lambda: one.leading)
    async with running(two):
        await eventually(two.working)
        assert not two.leading
        await world.write("a", 1)
        await eventually(lambda: world.has(("a", 1)))
        first.cancel()  # as when the process is killed: the lease is left behind
        await asyncio.gather(first, return_exceptions=True)
        await world.write("a", 2)
        await eventually(lambda: two.leading)
        await eventually(lambda: world.has(("a", 2)))

    assert world.in_order()


async def test_a_leader_that_slept_through_its_lease_saves_nothing_and_steps_down(
    world: World,
) -> None:
    asleep, wake = asyncio.Event(), asyncio.Event()

    async def sleep_after_publishing(step: str) -> None:
        if step == "after-publish":
            asleep.set()
            await wake.wait()

    async def no_renewal(point: str) -> None:
        if point == "before-take-lease" and asleep.is_set():
            await wake.wait()

    one = world.relay("one", bus=sleep_after_publishing, journal=no_renewal)
    two = world.relay("two")
    async with running(one):
        await eventually(lambda: one.leading)
        await world.write("a", 1)
        await asleep.wait()
        async with running(two):
            await eventually(lambda: two.leading)
            await world.write("a", 2)
            await eventually(lambda: world.has(("a", 2)))
            position = await world.journal().position(LEASE)
            wake.set()
            await eventually(lambda: not one.leading)
            await eventually(one.working)
            assert two.leading
            with pytest.raises(Fenced):
                await world.journal().save_position(LEASE, Position("0:0", None), fence=1)
            assert position is None or await world.journal().position(LEASE) is not None

    assert world.in_order()


async def test_while_the_broker_is_away_everything_waits(world: World) -> None:
    relay = world.relay("one")
    async with running(relay):
        await eventually(lambda: relay.leading)
        world.topics.go_away()
        for version in range(1, 30):
            await world.write("a", version)
        await eventually(lambda: not relay.working())
        assert world.published() == []
        world.topics.come_back()
        await eventually(lambda: world.has(("a", 29)))
        await eventually(relay.working)

    assert world.in_order()


async def test_a_batch_of_unknown_fate_is_sent_again_before_anything_later(world: World) -> None:
    failures = 0

    async def fail_halfway(step: str) -> None:
        nonlocal failures
        if step == "after-publish" and failures < 3:
            failures += 1
            raise BusUnavailable("no answer")

    async with running(world.relay("one", bus=fail_halfway)):
        for version in range(1, 6):
            await world.write("a", version)
        # All may be in the batch that fails first: it is in the topic before it has failed thrice.
        await eventually(lambda: failures == 3 and world.has(("a", 5)))

    assert world.in_order()
    assert len(world.topics.messages(TOPIC)) > 5


class Gathering(FastClock):
    """Holds up those who gather; counts what they are told to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []
        self.go_on = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        if seconds > GATHER_SECONDS:
            await super().sleep(seconds)
        else:
            self.waits.append(seconds)
            await self.go_on.wait()


async def test_who_comes_alone_is_published_at_once_and_who_follows_soon_together() -> None:
    clock = Gathering()
    world = World(clock, MemoryDisk(), MemoryTopics())
    publications = 0

    async def count(step: str) -> None:
        nonlocal publications
        publications += step == "after-publish"

    relay = world.relay("one", bus=count)
    async with running(relay):
        await eventually(lambda: relay.leading)
        await world.write("a", 1)
        await eventually(lambda: world.has(("a", 1)) and bool(clock.waits))
        before = publications
        for n in range(30):
            await world.write(f"b{n}", 1)
        assert not world.has(("b0", 1))
        clock.go_on.set()
        await eventually(lambda: world.has(*((f"b{n}", 1) for n in range(30))))

    assert publications == before + 1
    assert clock.waits[0] == GATHER_EACH_SECONDS
    assert GATHER_SECONDS in clock.waits


async def test_a_lost_position_leads_to_a_rescan_of_the_last_hours(world: World) -> None:
    relay = world.relay("one")
    now = world.clock.now()
    await world.write("old", 1, at=now - timedelta(days=3))
    await world.write("a", 1, at=now)
    async with running(relay):
        await eventually(lambda: world.has(("old", 1), ("a", 1)))
        await relay.stop()
    # The clock was set back by an hour meanwhile.
    await world.write("b", 1, at=now - timedelta(hours=1))
    world.disk.forget_positions()

    async with running(world.relay("two")):
        await eventually(lambda: world.has(("b", 1)))
        await world.write("b", 2)
        await eventually(lambda: world.has(("b", 2)))

    assert world.in_order()
    subjects = [parse(message.value).subject for message in world.topics.messages(TOPIC)]
    assert subjects.count("petition-old") == 1


async def test_a_restored_store_tells_only_a_time_and_is_looked_through_from_there(
    world: World,
) -> None:
    now = world.clock.now()
    await world.write("old", 1, at=now - timedelta(days=3))
    await world.write("a", 1, 2)
    journal = world.journal()
    fence = await journal.take_lease(LEASE, "restore", 30)
    assert fence is not None
    await journal.save_position(LEASE, Position(None, now), fence)
    await journal.release_lease(LEASE, "restore")
    async with running(world.relay("r1")):
        await eventually(lambda: world.has(("a", 1), ("a", 2)))
        await world.write("a", 3)
        await eventually(lambda: world.has(("a", 3)))
    assert ("petition-old", 1) not in world.published()
    position = await journal.position(LEASE)
    assert position is not None
    assert position.token is not None


async def test_the_store_going_away_is_waited_for(world: World) -> None:
    failures = 0

    async def unavailable(point: str) -> None:
        nonlocal failures
        if point in ("before-followed", "before-position", "before-save-position"):
            failures += 1
            if failures % 3:
                raise Unavailable("no primary")

    async with running(world.relay("one", journal=unavailable)):
        for version in range(1, 10):
            await world.write("a", version)
        await eventually(lambda: world.has(("a", 9)))
        await eventually(lambda: failures > 6)

    assert world.in_order()


async def test_the_saved_position_is_never_ahead_of_the_broker(world: World) -> None:
    """Killed at every step in turn: what the next leader starts from leaves nothing out."""
    for kill_at in range(1, 25):
        steps = 0
        reached = asyncio.Event()

        async def count(
            step: str, kill_at: int = kill_at, reached: asyncio.Event = reached
        ) -> None:
            nonlocal steps
            steps += 1
            if steps == kill_at:
                reached.set()
                await asyncio.Event().wait()

        await world.write(f"s{kill_at}", 1, 2)
        async with running(world.relay(f"r{kill_at}", journal=count, bus=count)):
            try:
                async with asyncio.timeout(LEASE_SECONDS * 3 / 100):
                    await reached.wait()
            except TimeoutError:
                pass  # it had not that many steps to take
        await world.write(f"s{kill_at}", 3)

    async with running(world.relay("last")):
        await eventually(
            lambda: world.has(*((f"s{n}", v) for n in range(1, 25) for v in (1, 2, 3)))
        )
    assert world.in_order()


async def test_commits_can_be_published_once_more(world: World) -> None:
    await world.write("a", 1, at=NINE)
    await world.write("a", 2, at=NINE + timedelta(hours=1))
    bus = MemoryBus(world.topics, world.clock)

    assert await republish("petitions", world.journal(), bus, NINE + timedelta(minutes=1)) == 1
    assert await republish("petitions", world.journal(), bus, None) == 2
    assert [version for _, version in world.published()] == [2, 1]


async def test_work_that_does_not_hear_that_it_is_to_end_is_told_again() -> None:
    """As a driver busy with a broken connection: who waits for it once, waits for ever."""
    told = 0

    async def deaf() -> None:
        nonlocal told
        while told < 2:
            try:
                await asyncio.sleep(3600)
            except asyncio.CancelledError:
                told += 1

    async def breaks() -> None:
        raise Unavailable("the connection is cut")

    async with asyncio.timeout(30):
        with pytest.raises(Unavailable):
            await first_of(deaf(), breaks())
    assert told == 2
