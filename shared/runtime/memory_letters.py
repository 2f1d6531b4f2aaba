"""The dead letters of a service in memory, for the simulation and for tests."""

from typing import Protocol

from shared.contracts.envelope import dead_letter_topic
from shared.runtime.bus import BusUnavailable, Incoming, Outgoing
from shared.runtime.clock import Clock
from shared.runtime.letters import (
    DROPPED,
    NEWEST,
    REPLAYED,
    Letter,
    Look,
    Record,
    letters_in,
    replay_headers,
    resolution_headers,
)


class Disk(Protocol):
    """What is needed of `shared.runtime.memory_bus.MemoryTopics`."""

    partitions: int
    available: bool

    def log(self, topic: str, partition: int) -> list[Incoming]:
        """One partition."""
        ...

    def append(self, message: Outgoing, timestamp_ms: int, key: bytes | None = None) -> Incoming:
        """Writes a message; `key` stands for one that is not text."""
        ...


class MemoryLetterbox:
    """A `shared.runtime.letters.Letterbox` on the topics of a `MemoryBus`."""

    def __init__(self, disk: Disk, clock: Clock, service: str) -> None:
        self._disk = disk
        self._clock = clock
        self._service = service
        self._topic = dead_letter_topic(service)

    async def look(self, whole: str | None = None) -> Look:
        self._must_be_there()
        partitions = [self._disk.log(self._topic, n) for n in range(self._disk.partitions)]
        records = [_record(one, whole) for log in partitions for one in log[-NEWEST:]]
        complete = all(len(log) <= NEWEST for log in partitions)
        return Look(letters_in(self._service, records), complete)

    async def replay(self, letter: Letter, by: str) -> None:
        self._write(letter.origin[0], letter.key, letter.value, replay_headers(self._service))
        self._resolve(letter, REPLAYED, "", by)

    async def drop(self, letter: Letter, reason: str, by: str) -> None:
        self._resolve(letter, DROPPED, reason, by)

    def _resolve(self, letter: Letter, how: str, reason: str, by: str) -> None:
        headers = resolution_headers(how, reason, by, self._clock.now())
        self._write(self._topic, letter.id.encode(), b"", headers)

    def _write(
        self, topic: str, key: bytes | None, value: bytes, headers: tuple[tuple[str, bytes], ...]
    ) -> None:
        self._must_be_there()
        message = Outgoing(topic, "", value, headers)
        self._disk.append(message, int(self._clock.now().timestamp() * 1000), key)

    def _must_be_there(self) -> None:
        if not self._disk.available:
            raise BusUnavailable("the broker is away")


def _record(message: Incoming, whole: str | None) -> Record:
    id = f"{message.partition}-{message.offset}"
    return Record(id, message.key, message.value if id == whole else b"", dict(message.headers))
