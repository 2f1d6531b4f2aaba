"""The bus in memory, for the simulation and for tests: what Kafka does to a subscriber, without
Kafka.

`MemoryTopics` is the broker: it outlives the buses, as Kafka outlives a service that crashes. All
choices come from the given `random.Random` and all waiting goes through the clock, so a run can be
repeated.
"""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from shared.runtime.bus import BusUnavailable, Handler, Incoming, Outgoing
from shared.runtime.clock import Clock
from shared.runtime.memory_letters import MemoryLetterbox

PARTITIONS = 6
MAX_RECORDS = 500
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a batch whose handler raised is given again, doubled up to the longest."""

Fault = Callable[[str], Awaitable[None]]
"""Called between two steps with the step's name (``before-publish``, ``after-publish``,
``before-handle``, ``after-handle``, ``after-commit``). It may wait or raise: what raises there is
what breaks there."""

Place = tuple[str, int]
"""A topic and a partition."""

log = structlog.get_logger(__name__)


async def _nothing_breaks(step: str) -> None:
    return None


@dataclass(slots=True)
class _Group:
    """What the broker knows of a group: who is in it, who has which partition, how far each one is
    done.
    """

    offsets: dict[Place, int] = field(default_factory=dict)
    members: list["MemorySubscription"] = field(default_factory=list)


class MemoryTopics:
    """The messages, the groups and their offsets: all that is on the broker's disk."""

    def __init__(self, partitions: int = PARTITIONS) -> None:
        self.partitions = partitions
        self.logs: dict[Place, list[Incoming]] = {}
        self.groups: dict[str, _Group] = {}
        self.available = True

    def go_away(self) -> None:
        """From now on the broker is not reached."""
        self.available = False

    def come_back(self) -> None:
        """The broker is reached again."""
        self.available = True
        self._wake()

    def rebalance(self, group: str) -> None:
        """Takes the partitions of a group from its members and deals them out anew."""
        self._deal(self.groups[group])

    def committed(self, group: str, topic: str) -> int:
        """How many messages of a topic the group is done with."""
        done = self.groups[group].offsets if group in self.groups else {}
        return sum(offset for (name, _), offset in done.items() if name == topic)

    def messages(self, topic: str) -> list[Incoming]:
        """All messages of a topic, partition by partition."""
        return [m for n in range(self.partitions) for m in self.log(topic, n)]

    def log(self, topic: str, partition: int) -> list[Incoming]:
        """One partition."""
        return self.logs.setdefault((topic, partition), [])

    def append(self, message: Outgoing, timestamp_ms: int, key: bytes | None = None) -> Incoming:
        """Writes a message to the partition of its key; `key` stands for one that is not text."""
        raw = message.key.encode() if key is None else key
        partition = zlib.crc32(raw) % self.partitions
        messages = self.log(message.topic, partition)
        kept = Incoming(
            topic=message.topic,
            partition=partition,
            offset=len(messages),
            key=raw,
            value=message.value,
            headers=message.headers,
            timestamp_ms=timestamp_ms,
        )
        messages.append(kept)
        self._wake()
        return kept

    def _wake(self) -> None:
        for group in self.groups.values():
            for member in group.members:
                member.wake()

    def _join(self, name: str, member: "MemorySubscription") -> None:
        group = self.groups.setdefault(name, _Group())
        group.members.append(member)
        self._deal(group)

    def _leave(self, name: str, member: "MemorySubscription") -> None:
        group = self.groups[name]
        if member in group.members:
            group.members.remove(member)
            self._deal(group)

    def _deal(self, group: _Group) -> None:
        hands: list[dict[Place, int]] = [{} for _ in group.members]
        topics = sorted({topic for member in group.members for topic in member.topics})
        dealt = 0
        for topic in topics:
            able = [n for n, member in enumerate(group.members) if topic in member.topics]
            for partition in range(self.partitions):
                place = (topic, partition)
                hands[able[dealt % len(able)]][place] = group.offsets.get(place, 0)
                dealt += 1
        for member, hand in zip(group.members, hands, strict=True):
            member.receive(hand)


class MemorySubscription:
    """A member of a group. Its partitions and positions are dealt to it by `MemoryTopics`."""

    def __init__(
        self, bus: "MemoryBus", topics: Sequence[str], group: str, handler: Handler
    ) -> None:
        self.topics = tuple(topics)
        self._bus = bus
        self._group = group
        self._handler = handler
        self._positions: dict[Place, int] = {}
        self._generation = 0
        self._awake = asyncio.Event()
        self._stopping = False
        bus.disk._join(group, self)
        self._task = asyncio.create_task(self._run(), name=f"{group} subscription")

    def working(self) -> bool:
        return self._bus.disk.available and not self._task.done()

    async def stop(self) -> None:
        self._stopping = True
        self.wake()
        await asyncio.gather(self._task, return_exceptions=True)
        self._leave()

    def kill(self) -> None:
        """Ends at once, as a process that is killed: nothing more is handled or committed."""
        self._task.cancel()
        self._leave()

    def receive(self, positions: dict[Place, int]) -> None:
        """Takes over the partitions dealt to this member, each from its committed offset on."""
        self._positions = positions
        self._generation += 1
        self.wake()

    def wake(self) -> None:
        """Something has changed: messages, partitions, the broker, or the wish to stop."""
        self._awake.set()

    def _leave(self) -> None:
        self._bus.disk._leave(self._group, self)
        if self in self._bus.subscriptions:
            self._bus.subscriptions.remove(self)

    async def _run(self) -> None:
        while not self._stopping:
            self._awake.clear()
            batch = self._take() if self._bus.disk.available else []
            if not batch:
                await self._awake.wait()
                continue
            await self._bus.delay()
            generation = self._generation
            if await self._handle(batch):
                self._commit(batch, generation)
                await self._bus.fault("after-commit")

    def _take(self) -> list[Incoming]:
        batch: list[Incoming] = []
        most = self._bus.batch_size()
        for place in sorted(self._positions):
            position = self._bus.maybe_again(self._positions[place])
            taken = self._bus.disk.log(*place)[position : position + most - len(batch)]
            batch += taken
            if taken:
                self._positions[place] = taken[-1].offset + 1
        return batch

    async def _handle(self, batch: list[Incoming]) -> bool:
        pause = FIRST_PAUSE
        while not self._stopping:
            try:
                await self._bus.fault("before-handle")
                await self._handler(batch)
                await self._bus.fault("after-handle")
            except Exception as error:
                log.warning("batch not handled, again after a pause", error=type(error).__name__)
                await self._bus.clock.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return True
        return False

    def _commit(self, batch: list[Incoming], generation: int) -> None:
        if generation != self._generation:
            return  # dealt anew meanwhile: whoever has the partitions now does these again
        offsets = self._bus.disk.groups[self._group].offsets
        for message in batch:
            place = (message.topic, message.partition)
            # A message given a second time must not set its partition back.
            offsets[place] = max(offsets.get(place, 0), message.offset + 1)
        if self._bus.deals_anew():
            self._bus.disk.rebalance(self._group)


class MemoryBus:
    """One service's connection to `MemoryTopics`.

    With `randomness` batches are of any size, come late, come twice, and partitions change hands.
    `fault` is called between the steps.
    """

    def __init__(
        self,
        disk: MemoryTopics,
        clock: Clock,
        randomness: random.Random | None = None,
        fault: Fault = _nothing_breaks,
    ) -> None:
        self.disk = disk
        self.clock = clock
        self.fault = fault
        self.subscriptions: list[MemorySubscription] = []
        self._randomness = randomness

    async def start(self) -> None:
        while not self.disk.available:
            log.info("waiting for the broker")
            await self.clock.sleep(1)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        await self.fault("before-publish")
        await self.delay()
        for message in messages:
            if not self.disk.available:
                raise BusUnavailable("the broker is away")
            self.disk.append(message, int(self.clock.now().timestamp() * 1000))
        await self.fault("after-publish")

    async def subscribe(
        self, topics: Sequence[str], group: str, handler: Handler
    ) -> MemorySubscription:
        subscription = MemorySubscription(self, topics, group, handler)
        self.subscriptions.append(subscription)
        return subscription

    def letters(self, service: str) -> MemoryLetterbox:
        return MemoryLetterbox(self.disk, self.clock, service)

    async def stop(self) -> None:
        for subscription in list(self.subscriptions):
            await subscription.stop()

    def crash(self) -> None:
        """Ends all subscriptions at once, as when the process is killed; the topics stay."""
        for subscription in list(self.subscriptions):
            subscription.kill()

    # What chance decides, all in one place so that a seed tells the whole story.

    async def delay(self) -> None:
        """Up to a second and a half, in a fifth of the cases."""
        if self._randomness is not None and self._randomness.random() < 0.2:
            await self.clock.sleep(self._randomness.random() * 1.5)

    def batch_size(self) -> int:
        """How many messages the next batch may have."""
        return MAX_RECORDS if self._randomness is None else self._randomness.randint(1, 20)

    def maybe_again(self, position: int) -> int:
        """The position, or in one case of ten one up to three messages before it."""
        if self._randomness is None or self._randomness.random() >= 0.1:
            return position
        return max(0, position - self._randomness.randint(1, 3))

    def deals_anew(self) -> bool:
        """Whether the group's partitions change hands now."""
        return self._randomness is not None and self._randomness.random() < 0.02
