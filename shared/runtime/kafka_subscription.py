"""A membership in a consumer group: FastStream's batch subscriber, acknowledged by our own hand.

Everything that looks roundabout stands against a loss: offsets are committed after the effects and
by name, headers are never decoded, an exception of the handler never reaches FastStream, which
would go on to the next batch.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError, IllegalStateError, KafkaError
from faststream.kafka import KafkaBroker, KafkaMessage
from faststream.kafka.message import FAKE_CONSUMER
from faststream.middlewares import AckPolicy

from shared.runtime import metrics
from shared.runtime.bus import Handler, Incoming
from shared.runtime.clock import Clock

MAX_RECORDS = 2000
POLL_MS = 1000
"""How long one call waits for messages; those that come end it at once."""
FETCH_WAIT_MS = 500
"""How long the broker holds a request for all partitions while there is nothing to give; what comes
is given at once. A service at rest asks this seldom.
"""
REST_FETCH_WAIT_MS = 25
"""The same of a request that leaves out partitions whose messages still wait here to be handled.
aiokafka has one request under way per broker, and this one keeps it from asking for those that were
left out: with 500 ms, every batch of a busy partition waited for that.
"""
MAX_POLL_INTERVAL_MS = 15 * 60 * 1000
"""A member whose handler takes longer gives its partitions to others: the store has long been away
by then.
"""
SESSION_TIMEOUT_MS = 6000
"""After this the partitions of a member that was killed are given to others."""
METADATA_MAX_AGE_MS = 10_000
"""How soon a topic that was created after the subscription is found."""
SILENCE = 15.0
"""Seconds without a sign from the broker after which a subscription counts as not working."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger(__name__)


class KafkaSubscription:
    """A member of a consumer group: a FastStream subscriber with the acknowledgement in our own
    hands.
    """

    def __init__(
        self,
        bootstrap: list[str],
        client_id: str,
        clock: Clock,
        topics: tuple[str, ...],
        group: str,
        handler: Handler,
        member: str | None = None,
    ) -> None:
        self._clock = clock
        self._topics = topics
        self._group = group
        self._handler = handler
        self._stopping = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._last_sign = float("-inf")
        self._last_poll = 0
        self._done: dict[TopicPartition, int] = {}
        self._health: asyncio.Task[None] | None = None
        # apply_types off: no injection, no conversion. logger None: it would log every batch.
        self._broker = KafkaBroker(
            bootstrap,
            client_id=client_id,
            consumer_only=True,
            allow_auto_create_topics=False,
            metadata_max_age_ms=METADATA_MAX_AGE_MS,
            request_timeout_ms=10_000,
            graceful_timeout=1.0,
            apply_types=False,
            logger=None,
        )
        self._subscriber = self._broker.subscriber(
            *topics,
            group_id=group,
            group_instance_id=member,
            batch=True,
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            auto_offset_reset="earliest",
            max_records=MAX_RECORDS,
            batch_timeout_ms=POLL_MS,
            fetch_max_wait_ms=REST_FETCH_WAIT_MS,
            max_poll_interval_ms=MAX_POLL_INTERVAL_MS,
            session_timeout_ms=SESSION_TIMEOUT_MS,
            heartbeat_interval_ms=SESSION_TIMEOUT_MS // 4,
            parser=_untouched,
            decoder=_whole_message,
        )
        self._subscriber(self._receive)

    async def start(self) -> None:
        """Joins the group; waits, and says so, while the broker is not there."""
        while True:
            try:
                await self._broker.start()
                self._wait_long_for_all()
                self._read_carefully()
                break
            except (KafkaError, OSError) as error:
                # A topic that is not there is an error as well: it is waited for like the broker.
                log.warning(
                    "waiting for the broker and the topics",
                    group=self._group,
                    topics=self._topics,
                    reason=repr(error),
                )
                with contextlib.suppress(KafkaError, OSError):
                    await self._broker.stop()
                await self._clock.sleep(2)
        self._health = asyncio.create_task(self._watch_health(), name=f"{self._group} health")

    def working(self) -> bool:
        return self._clock.monotonic() - self._last_sign < SILENCE

    async def stop(self) -> None:
        if self._stopping.is_set():
            return
        self._stopping.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(30):
                await self._idle.wait()
        if self._health is not None:
            self._health.cancel()
            await asyncio.gather(self._health, return_exceptions=True)
        with contextlib.suppress(KafkaError, OSError, TimeoutError):
            async with asyncio.timeout(10):
                await self._broker.stop()

    def _wait_long_for_all(self) -> None:
        """Has requests that leave no partition out wait longer than others.

        aiokafka knows one wait for all of them. Of nine services at rest, each with 40 requests a
        second, broker and services together took the half of a core.
        """
        consumer: Any = self._subscriber.consumer
        fetcher = consumer._fetcher
        next_requests = fetcher._get_actions_per_node

        def get_actions_per_node(assignment: Any) -> Any:
            waiting_here = bool(fetcher._records)
            fetcher._fetch_max_wait_ms = REST_FETCH_WAIT_MS if waiting_here else FETCH_WAIT_MS
            return next_requests(assignment)

        fetcher._get_actions_per_node = get_actions_per_node

    def _read_carefully(self) -> None:
        """Keeps a message with a header name that is not UTF-8 from stopping everything, and
        returns only with messages.

        aiokafka raises for it at every poll, FastStream starts its loop anew, and so for ever. And
        after a call that found nothing FastStream sleeps for as long again, whatever comes.
        """
        consumer: Any = self._subscriber.consumer
        read = consumer.getmany

        async def getmany(**options: Any) -> Any:
            found: Any = None
            while not found:
                try:
                    found = await read(**options)
                except UnicodeDecodeError:
                    # What was read in this call before the message is lost to us: begin again, one
                    # by one, so that the next to raise is the message itself and nothing besides.
                    await consumer.seek_to_committed()
                    found = await self._one_by_one(consumer, read)
            return found

        consumer.getmany = getmany

    async def _one_by_one(self, consumer: Any, read: Any) -> Any:
        found: dict[TopicPartition, list[Any]] = {}
        for place in consumer.assignment():
            taken = 0
            while taken < MAX_RECORDS:
                try:
                    records = await read(place, timeout_ms=1000, max_records=1)
                except UnicodeDecodeError:
                    offset = await consumer.position(place)
                    log.error(
                        "message passed over: a header's name is not UTF-8",
                        group=self._group,
                        topic=place.topic,
                        partition=place.partition,
                        offset=offset,
                    )
                    metrics.EVENTS_HANDLED.labels(self._group, "any", "unreadable").inc()
                    consumer.seek(place, offset + 1)
                    continue
                if not records:
                    break
                found.setdefault(place, []).extend(records[place])
                taken += 1
        return found

    async def _receive(self, message: KafkaMessage) -> None:
        records: tuple[ConsumerRecord[bytes, bytes], ...] = message.raw_message
        if self._stopping.is_set():
            return  # neither handled nor committed: it comes again to whoever is next
        self._idle.clear()
        try:
            if await self._handle([_incoming(record) for record in records]):
                await self._commit(records)
                self._last_sign = self._clock.monotonic()
        finally:
            self._idle.set()

    async def _handle(self, batch: list[Incoming]) -> bool:
        """Gives the batch to the handler until it returns. Whatever leaves here is swallowed by
        FastStream.
        """
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                await self._handler(batch)
                return True
            except Exception as error:
                log.error(
                    "batch not handled, again after a pause",
                    group=self._group,
                    error=type(error).__name__,
                    pause=pause,
                )
            # Waits for the pause or for the wish to stop, whichever comes first.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._stopping.wait()
            pause = min(pause * 2, LONGEST_PAUSE)
        return False

    async def _commit(self, records: tuple[ConsumerRecord[bytes, bytes], ...]) -> None:
        done = {TopicPartition(r.topic, r.partition): r.offset + 1 for r in records}
        self._done.update(done)
        pause = FIRST_PAUSE
        while True:
            consumer = self._subscriber.consumer
            if consumer is None:
                return
            ours = consumer.assignment()
            offsets = {place: offset for place, offset in done.items() if place in ours}
            if not offsets:
                return
            try:
                async with asyncio.timeout(10):
                    await consumer.commit(offsets)
                return
            except (CommitFailedError, IllegalStateError):
                # The partitions went to another member: it does the batch again, without effect.
                log.info("partitions moved before the commit", group=self._group)
                return
            except (KafkaError, TimeoutError) as error:
                log.warning("offsets not committed yet", group=self._group, reason=repr(error))
            if self._stopping.is_set():
                return
            await self._clock.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _watch_health(self) -> None:
        """Now and then: is the broker heard of, and how far behind is the group."""
        was_working = False
        while True:
            consumer = self._subscriber.consumer
            if consumer is not None:
                assigned = consumer.assignment()
                if assigned:
                    polls = (consumer.last_poll_timestamp(place) or 0 for place in assigned)
                    latest = max(polls)
                    if latest != self._last_poll:
                        self._last_poll, self._last_sign = latest, self._clock.monotonic()
                    await self._measure_lag(consumer, assigned)
                else:
                    await self._probe(consumer)
            if self.working() != was_working:
                was_working = not was_working
                log.info("subscription", group=self._group, working=was_working)
            await self._clock.sleep(1 if was_working else 0.1)

    async def _probe(self, consumer: AIOKafkaConsumer[Any, Any]) -> None:
        """A member without partitions polls nothing: whether its group is served is asked for."""
        if not consumer.subscription():
            return
        with contextlib.suppress(KafkaError, TimeoutError):
            async with asyncio.timeout(5):
                await consumer.committed(TopicPartition(self._topics[0], 0))
                self._last_sign = self._clock.monotonic()

    async def _measure_lag(
        self, consumer: AIOKafkaConsumer[Any, Any], assigned: frozenset[TopicPartition]
    ) -> None:
        for place in assigned:
            if place not in self._done:
                with contextlib.suppress(KafkaError, TimeoutError):
                    async with asyncio.timeout(5):
                        committed = await consumer.committed(place)
                        self._done.setdefault(place, committed or 0)
            end = consumer.highwater(place)
            if end is not None and place in self._done:
                lag = metrics.CONSUMER_LAG.labels(self._group, place.topic, str(place.partition))
                lag.set(max(0, end - self._done[place]))
        for place in set(self._done) - assigned:
            del self._done[place]
            with contextlib.suppress(KeyError):
                metrics.CONSUMER_LAG.remove(self._group, place.topic, str(place.partition))


def _incoming(record: ConsumerRecord[bytes, bytes]) -> Incoming:
    return Incoming(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=record.key,
        value=record.value or b"",
        headers=tuple((name, value or b"") for name, value in record.headers),
        timestamp_ms=record.timestamp,
    )


async def _untouched(records: tuple[ConsumerRecord[bytes, bytes], ...]) -> KafkaMessage:
    """In place of FastStream's parser, which decodes headers as UTF-8 and dies of any other."""
    return KafkaMessage(raw_message=records, body=b"", headers={}, consumer=FAKE_CONSUMER)


async def _whole_message(message: KafkaMessage) -> KafkaMessage:
    """In place of FastStream's decoder, which would look for JSON in the body."""
    return message
