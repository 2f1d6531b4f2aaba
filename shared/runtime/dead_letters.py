"""The dead letters of a service on Kafka: read, sent again, or put away for good."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from shared.contracts.envelope import dead_letter_topic
from shared.runtime.bus import BusUnavailable
from shared.runtime.letters import (
    DROPPED,
    REPLAYED,
    Letter,
    Look,
    NoSuchLetter,
    Record,
    letters_in,
    replay_headers,
    resolution_headers,
)
from shared.runtime.topics import DEAD_LETTER_MAX_BYTES

BY_HAND = "by hand"
"""Who resolved a letter, where it was not asked for over HTTP."""
FETCHED_AT_ONCE = 4 * 1024 * 1024
"""Bytes of letters in memory while a look goes through them; a larger one comes by itself."""


class NoBroker(BusUnavailable):
    """Kafka does not answer, or not with what was asked for."""


@dataclass(slots=True)
class _Bounds:
    """How much of a topic is read: so many records of each partition, the newest, and until when
    (`time.monotonic`). `cut` says that there was more.
    """

    newest: int
    until: float
    cut: bool = False


class DeadLetters:
    """The dead letters of one service on one broker. Every method raises `NoBroker`."""

    def __init__(self, bootstrap: str, service: str) -> None:
        self._bootstrap = bootstrap
        self._service = service
        self._topic = dead_letter_topic(service)

    def unresolved(self) -> list[Letter]:
        """The letters of which nothing has become yet, by partition and oldest first, all of them
        and in full.
        """
        with _trouble(self._bootstrap):
            return Look(letters_in(self._service, self._read()), complete=True).unresolved()

    def find(self, id: str) -> Letter:
        """An unresolved letter. Raises `NoSuchLetter`."""
        for letter in self.unresolved():
            if letter.id == id:
                return letter
        raise NoSuchLetter(id)

    def look(self, newest: int, seconds: float, whole: str | None = None) -> Look:
        """The newest letters, and what became of them: as `Letterbox.look` has it."""
        bounds = _Bounds(newest, time.monotonic() + seconds)
        with _trouble(self._bootstrap):
            found = letters_in(self._service, self._read(bounds, whole))
            return Look(found, complete=not bounds.cut)

    def replay(self, letters: Sequence[Letter], by: str = BY_HAND) -> None:
        """Sends letters again to the topics they came from, for this service only, and notes it.

        A crash in between sends a letter a second time: that has no effect.
        """
        with self._producer() as producer:
            for letter in letters:
                target, headers = letter.origin[0], list(replay_headers(self._service))
                sent = producer.send(target, key=letter.key, value=letter.value, headers=headers)
                sent.get(timeout=15)
                self._resolve(producer, letter, REPLAYED, "", by)

    def drop(self, letter: Letter, reason: str, by: str = BY_HAND) -> None:
        """Notes that a letter is put away for good, and why."""
        with self._producer() as producer:
            self._resolve(producer, letter, DROPPED, reason, by)

    def _resolve(
        self, producer: KafkaProducer, letter: Letter, how: str, reason: str, by: str
    ) -> None:
        headers = list(resolution_headers(how, reason, by, datetime.now(UTC)))
        sent = producer.send(self._topic, key=letter.id.encode(), value=b"", headers=headers)
        sent.get(timeout=15)

    def _read(self, bounds: _Bounds | None = None, whole: str | None = None) -> Iterator[Record]:
        """The records; within bounds, and then without what they say but for the one that is
        wanted whole.
        """
        consumer = KafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=None,
            enable_auto_commit=False,
            request_timeout_ms=15_000,
            bootstrap_timeout_ms=5_000,
            fetch_max_bytes=FETCHED_AT_ONCE,
        )
        try:
            numbers = consumer.partitions_for_topic(self._topic)
            if not numbers:
                raise NoBroker(f"there is no topic {self._topic}: run `make topics`")
            places = [TopicPartition(self._topic, number) for number in sorted(numbers)]
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            ends = consumer.end_offsets(places)
            if bounds is not None:
                _begin_late(consumer, bounds, ends)
            for place in places:
                consumer.pause(*places)
                consumer.resume(place)
                while consumer.position(place) < ends[place]:
                    if bounds is not None and time.monotonic() > bounds.until:
                        bounds.cut = True
                        return
                    for record in consumer.poll(timeout_ms=1000).get(place, []):
                        headers = {name: value or b"" for name, value in record.headers}
                        id = f"{record.partition}-{record.offset}"
                        wanted = bounds is None or id == whole
                        value = (record.value or b"") if wanted else b""
                        yield Record(id, record.key, value, headers)
        finally:
            consumer.close()

    @contextmanager
    def _producer(self) -> Iterator[KafkaProducer]:
        with _trouble(self._bootstrap):
            producer = KafkaProducer(
                bootstrap_servers=self._bootstrap,
                acks="all",
                enable_idempotence=True,
                max_request_size=DEAD_LETTER_MAX_BYTES,
                bootstrap_timeout_ms=5_000,
                max_block_ms=15_000,
            )
            try:
                yield producer
            finally:
                producer.close(timeout=15)


def _begin_late(consumer: KafkaConsumer, bounds: _Bounds, ends: dict[TopicPartition, int]) -> None:
    """Begins with the newest records where there are more than are wanted."""
    for place, first in consumer.beginning_offsets(list(ends)).items():
        if ends[place] - first > bounds.newest:
            consumer.seek(place, ends[place] - bounds.newest)
            bounds.cut = True


@contextmanager
def _trouble(bootstrap: str) -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError) as error:
        raise NoBroker(f"Kafka at {bootstrap} does not answer: {error!r}") from error
