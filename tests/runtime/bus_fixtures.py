"""The same bus tests over memory and over a real Kafka."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol
from uuid import uuid4

import pytest
from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition

from shared.runtime.bus import Bus, Incoming, Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.topics import TopicSpec, provision


class Broker(Protocol):
    """What a test needs of the other side: buses to connect, and a look at the topics."""

    async def bus(self) -> Bus:
        """A further connection, as of a further process; stopped at the end of the test."""
        ...

    def topic(self, name: str | None = None) -> str:
        """Makes a topic of six partitions, named by chance unless a name is given."""
        ...

    def messages(self, topic: str) -> list[Incoming]:
        """All messages of a topic, partition by partition."""
        ...

    def write(
        self,
        topic: str,
        value: bytes,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        """Puts a message there as somebody else's program would."""
        ...

    def start_now(self, group: str, topic: str) -> None:
        """Lets a new group begin behind what other tests have left in a topic."""
        ...


class MemoryBroker:
    def __init__(self) -> None:
        self.disk = MemoryTopics()
        self.buses: list[MemoryBus] = []

    async def bus(self) -> MemoryBus:
        bus = MemoryBus(self.disk, SystemClock())
        await bus.start()
        self.buses.append(bus)
        return bus

    def topic(self, name: str | None = None) -> str:
        return name or f"topic-{uuid4().hex[:8]}"

    def messages(self, topic: str) -> list[Incoming]:
        return self.disk.messages(topic)

    def write(
        self,
        topic: str,
        value: bytes,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        message = Outgoing(topic=topic, key="", value=value, headers=tuple(headers))
        self.disk.append(message, timestamp_ms=0, key=key)

    def start_now(self, group: str, topic: str) -> None:
        return None  # nothing is left: every test has a broker of its own


class KafkaTestBroker:
    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self.buses: list[KafkaBus] = []

    async def bus(self) -> KafkaBus:
        bus = KafkaBus(self.bootstrap, "tests", SystemClock())
        await bus.start()
        self.buses.append(bus)
        return bus

    def topic(self, name: str | None = None) -> str:
        name = name or f"topic-{uuid4().hex[:8]}"
        provision(self.bootstrap, [TopicSpec(name)])
        return name

    def messages(self, topic: str) -> list[Incoming]:
        with consumer_of(self.bootstrap) as consumer:
            places = [TopicPartition(topic, n) for n in range(6)]
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            ends = consumer.end_offsets(places)
            found: list[Incoming] = []
            while any(consumer.position(place) < ends[place] for place in places):
                for records in consumer.poll(timeout_ms=500).values():
                    found += [
                        Incoming(
                            topic=record.topic,
                            partition=record.partition,
                            offset=record.offset,
                            key=record.key,
                            value=record.value or b"",
                            headers=tuple(record.headers),
                        )
                        for record in records
                    ]
        return sorted(found, key=lambda message: (message.partition, message.offset))

    def write(
        self,
        topic: str,
        value: bytes,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes]] = (),
    ) -> None:
        producer = KafkaProducer(bootstrap_servers=self.bootstrap)
        try:
            producer.send(topic, key=key, value=value, headers=list(headers)).get(timeout=15)
        finally:
            producer.close()

    def start_now(self, group: str, topic: str) -> None:
        with consumer_of(self.bootstrap, group) as consumer:
            places = [TopicPartition(topic, n) for n in range(6)]
            consumer.assign(places)
            ends = consumer.end_offsets(places)
            consumer.commit({place: OffsetAndMetadata(ends[place], "", -1) for place in places})


@contextmanager
def consumer_of(bootstrap: str, group: str | None = None) -> Iterator[KafkaConsumer]:
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    try:
        yield consumer
    finally:
        consumer.close()


@pytest.fixture(params=["memory", pytest.param("kafka", marks=pytest.mark.servers)])
async def broker(request: pytest.FixtureRequest) -> AsyncIterator[Broker]:
    """A broker in memory, and a real one."""
    made: MemoryBroker | KafkaTestBroker
    if request.param == "memory":
        made = MemoryBroker()
    else:
        made = KafkaTestBroker(request.getfixturevalue("kafka").bootstrap)
    yield made
    await asyncio.gather(*(bus.stop() for bus in made.buses))


async def eventually(condition: Callable[[], object], seconds: float = 30) -> None:
    """Returns as soon as the condition holds; fails when it does not in that time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.01)


class Inbox:
    """A handler that keeps what it gets; `trouble` runs before a batch is taken and may raise."""

    def __init__(
        self, trouble: Callable[[Sequence[Incoming]], Awaitable[None]] | None = None
    ) -> None:
        self.batches: list[list[Incoming]] = []
        self.taken: list[Incoming] = []
        self._trouble = trouble

    async def __call__(self, batch: Sequence[Incoming]) -> None:
        self.batches.append(list(batch))
        if self._trouble is not None:
            await self._trouble(batch)
        self.taken += batch

    def values(self, key: str) -> list[bytes]:
        """The values taken of one key in order of their first appearance."""
        return list(dict.fromkeys(m.value for m in self.taken if m.key == key.encode()))
