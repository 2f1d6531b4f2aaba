"""The dead letters of a service: read, sent again, or put away for good.

A dead letter topic is a log. What became of a letter is a further record in it, with the letter's
id as key and the outcome in its headers; a letter without such a record is unresolved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError

from shared.contracts.envelope import CONTENT_TYPE, dead_letter_topic
from shared.runtime.subscriber import REPLAYED_FOR
from shared.runtime.topics import DEAD_LETTER_MAX_BYTES

RESOLUTION = "resolution"
"""The header of a record that says what became of a letter: ``replayed`` or ``dropped``."""


class NoBroker(Exception):
    """Kafka does not answer, or not with what was asked for."""


class NoSuchLetter(Exception):
    """There is no unresolved letter of that id."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that could not be handled. `id` is ``<partition>-<offset>`` in the dead letter
    topic.
    """

    id: str
    service: str
    key: bytes | None
    value: bytes
    headers: dict[str, bytes]

    def header(self, name: str) -> str:
        """A header as text, empty where there is none."""
        return self.headers.get(name, b"").decode(errors="replace")


class DeadLetters:
    """The dead letters of one service on one broker. Every method raises `NoBroker`."""

    def __init__(self, bootstrap: str, service: str) -> None:
        self._bootstrap = bootstrap
        self._service = service
        self._topic = dead_letter_topic(service)

    def unresolved(self) -> list[Letter]:
        """The letters of which nothing has become yet, by partition and oldest first."""
        letters: dict[str, Letter] = {}
        resolved: set[str] = set()
        with _trouble(self._bootstrap):
            for id, key, value, headers in self._read():
                if RESOLUTION in headers:
                    resolved.add((key or b"").decode(errors="replace"))
                else:
                    original = headers.get("original-key")
                    letters[id] = Letter(id, self._service, original, value, headers)
        return [letter for id, letter in letters.items() if id not in resolved]

    def find(self, id: str) -> Letter:
        """An unresolved letter. Raises `NoSuchLetter`."""
        for letter in self.unresolved():
            if letter.id == id:
                return letter
        raise NoSuchLetter(id)

    def replay(self, letters: list[Letter]) -> None:
        """Sends letters again to the topics they came from, for this service only, and notes it.

        A crash in between sends a letter a second time: that has no effect.
        """
        with self._producer() as producer:
            for letter in letters:
                headers = [
                    ("content-type", CONTENT_TYPE.encode()),
                    (REPLAYED_FOR, self._service.encode()),
                ]
                target = letter.header("original-topic")
                sent = producer.send(target, key=letter.key, value=letter.value, headers=headers)
                sent.get(timeout=15)
                self._resolve(producer, letter, "replayed", "")

    def drop(self, letter: Letter, reason: str) -> None:
        """Notes that a letter is put away for good, and why."""
        with self._producer() as producer:
            self._resolve(producer, letter, "dropped", reason)

    def _resolve(self, producer: KafkaProducer, letter: Letter, how: str, reason: str) -> None:
        headers = [
            (RESOLUTION, how.encode()),
            ("reason", reason.encode()),
            ("at", datetime.now(UTC).isoformat(timespec="milliseconds").encode()),
        ]
        sent = producer.send(self._topic, key=letter.id.encode(), value=b"", headers=headers)
        sent.get(timeout=15)

    def _read(self) -> Iterator[tuple[str, bytes | None, bytes, dict[str, bytes]]]:
        consumer = KafkaConsumer(
            bootstrap_servers=self._bootstrap,
            group_id=None,
            enable_auto_commit=False,
            request_timeout_ms=15_000,
            bootstrap_timeout_ms=5_000,
        )
        try:
            numbers = consumer.partitions_for_topic(self._topic)
            if not numbers:
                raise NoBroker(f"there is no topic {self._topic}: run `make topics`")
            places = [TopicPartition(self._topic, number) for number in sorted(numbers)]
            consumer.assign(places)
            consumer.seek_to_beginning(*places)
            ends = consumer.end_offsets(places)
            for place in places:
                consumer.pause(*places)
                consumer.resume(place)
                while consumer.position(place) < ends[place]:
                    for record in consumer.poll(timeout_ms=1000).get(place, []):
                        headers = {name: value or b"" for name, value in record.headers}
                        id = f"{record.partition}-{record.offset}"
                        yield id, record.key, record.value or b"", headers
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


@contextmanager
def _trouble(bootstrap: str) -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError) as error:
        raise NoBroker(f"Kafka at {bootstrap} does not answer: {error!r}") from error
