"""The bus on Apache Kafka: an idempotent producer; memberships are in `kafka_subscription`."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner

from shared.runtime.bus import BusUnavailable, Handler, Outgoing
from shared.runtime.clock import Clock
from shared.runtime.kafka_letters import KafkaLetterbox
from shared.runtime.kafka_subscription import METADATA_MAX_AGE_MS, KafkaSubscription
from shared.runtime.topics import DEAD_LETTER_MAX_BYTES

MAX_BATCH_BYTES = 512 * 1024
"""Half of what a broker takes, so that a full batch is never refused for its size."""
PUBLISH_TIMEOUT = 15.0
"""Seconds a batch is tried before `BusUnavailable`: a leader change is over by then."""

log = structlog.get_logger(__name__)


class KafkaBus:
    """One service's connection to Kafka at `bootstrap` (host:port, several with commas).

    `member` is a name of this process that outlives it (static membership): restarted under the
    same name it has its partitions back at once, instead of after the dead one's session. No two
    processes of a service may bear the same.
    """

    def __init__(
        self, bootstrap: str, client_id: str, clock: Clock, member: str | None = None
    ) -> None:
        self._member = member
        self._bootstrap = bootstrap.split(",")
        self._client_id = client_id
        self._clock = clock
        self._producer: AIOKafkaProducer[bytes, bytes] | None = None
        # The hash runs in Python, and the events of one stream come in company.
        self._partition = lru_cache(maxsize=4096)(_partition_of)
        self._renewing = asyncio.Lock()
        self._subscriptions: list[KafkaSubscription] = []

    async def start(self) -> None:
        while True:
            try:
                await self._ready_producer()
                return
            except BusUnavailable as away:
                log.warning("waiting for the broker", bootstrap=self._bootstrap, reason=str(away))
                await self._clock.sleep(2)

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """See `Bus`. Of one key nothing is sent before what stands ahead of it is acknowledged or
        fails.

        After `BusUnavailable` the caller gives the whole call again before anything later.
        """
        producer = await self._ready_producer()
        try:
            lanes = await self._by_partition(producer, messages)
        except (KafkaError, TimeoutError) as error:
            raise BusUnavailable(repr(error)) from error
        sending = (self._send(producer, topic, n, lane) for (topic, n), lane in lanes.items())
        results = await asyncio.gather(*sending, return_exceptions=True)
        failures = [result for result in results if result is not None]
        if not failures:
            return
        # What became of the failed batch is unknown, and the producer's sequence numbers with it. A
        # fresh producer starts a fresh sequence, and the old one must send nothing more on its own.
        await self._retire(producer)
        for failure in failures:
            if not isinstance(failure, (KafkaError, TimeoutError)):
                raise failure
        raise BusUnavailable("; ".join(sorted({repr(failure) for failure in failures})))

    async def subscribe(
        self, topics: Sequence[str], group: str, handler: Handler
    ) -> KafkaSubscription:
        subscription = KafkaSubscription(
            self._bootstrap,
            self._client_id,
            self._clock,
            tuple(topics),
            group,
            handler,
            self._member,
        )
        self._subscriptions.append(subscription)
        await subscription.start()
        return subscription

    def letters(self, service: str) -> KafkaLetterbox:
        return KafkaLetterbox(",".join(self._bootstrap), service)

    async def stop(self) -> None:
        await asyncio.gather(*(subscription.stop() for subscription in self._subscriptions))
        if self._producer is not None:
            await self._retire(self._producer)

    async def _ready_producer(self) -> AIOKafkaProducer[bytes, bytes]:
        async with self._renewing:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    client_id=self._client_id,
                    acks="all",
                    enable_idempotence=True,
                    max_batch_size=MAX_BATCH_BYTES,
                    max_request_size=DEAD_LETTER_MAX_BYTES,
                    request_timeout_ms=10_000,
                    metadata_max_age_ms=METADATA_MAX_AGE_MS,
                )
                try:
                    await producer.start()
                except (KafkaError, OSError) as error:
                    with contextlib.suppress(KafkaError, OSError):
                        await producer.stop()
                    raise BusUnavailable(repr(error)) from error
                self._producer = producer
            return self._producer

    async def _retire(self, producer: AIOKafkaProducer[bytes, bytes]) -> None:
        async with self._renewing:
            if self._producer != producer:
                return  # another call that failed was faster
            self._producer = None
        sender: Any = producer._sender
        # An idempotent producer retries for ever, and stop() waits for that: its sender is ended
        # first.
        # What it ends with says nothing new; a wish to end this very task passes through.
        await asyncio.gather(sender.close(), return_exceptions=True)
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(5):
                await producer.stop()

    async def _by_partition(
        self, producer: AIOKafkaProducer[bytes, bytes], messages: Sequence[Outgoing]
    ) -> dict[tuple[str, int], list[Outgoing]]:
        partitions: dict[str, list[int]] = {}
        for topic in {message.topic for message in messages}:
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                partitions[topic] = sorted(await producer.partitions_for(topic))
        lanes: dict[tuple[str, int], list[Outgoing]] = defaultdict(list)
        for message in messages:
            partition = self._partition(message.key, tuple(partitions[message.topic]))
            lanes[message.topic, partition].append(message)
        return lanes

    async def _send(
        self,
        producer: AIOKafkaProducer[bytes, bytes],
        topic: str,
        partition: int,
        lane: list[Outgoing],
    ) -> None:
        """Sends one partition's messages in as few batches as they fit in, one after the other."""
        rest = iter(lane)
        message = next(rest, None)
        while message is not None:
            batch = producer.create_batch()
            while message is not None and (
                batch.append(
                    timestamp=None,
                    key=message.key.encode(),
                    value=message.value,
                    headers=list(message.headers),
                )
                is not None
            ):
                message = next(rest, None)
            batch.close()
            async with asyncio.timeout(PUBLISH_TIMEOUT):
                await (await producer.send_batch(batch, topic, partition=partition))


def _partition_of(key: str, partitions: tuple[int, ...]) -> int:
    """Kafka's own choice: every producer puts a key into the same partition, leader or none."""
    chosen: int = DefaultPartitioner()(key.encode(), list(partitions), list(partitions))
    return chosen
