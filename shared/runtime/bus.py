"""The bus, as a port: topics with partitions, keys that keep order, groups that share the work.

`KafkaBus` and `MemoryBus` implement it and pass one test suite.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.runtime.letters import Letterbox

TYPE_HEADER = "type"
"""The header with an event's CloudEvents type."""
REPUBLISHED_HEADER = "republished"
"""Stands on events that are published once more, long after they happened."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to publish: messages of one key keep their order."""

    topic: str
    key: str
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as received. Headers are raw bytes: what others write there is not trusted to be
    text.
    """

    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes
    headers: tuple[tuple[str, bytes], ...] = field(default=())
    timestamp_ms: int = 0


Handler = Callable[[Sequence[Incoming]], Awaitable[None]]
"""Handles a batch. When it returns, all its effects are stored and the offsets may be committed."""


class BusUnavailable(Exception):
    """The broker cannot be reached now; whether the messages arrived is unknown."""


class Subscription(Protocol):
    """A running membership in a group."""

    def working(self) -> bool:
        """Whether partitions are assigned and polls succeed."""
        ...

    async def stop(self) -> None:
        """Finishes the batch at hand, commits its offsets and leaves the group."""
        ...


class Bus(Protocol):
    """Publishing and subscribing of one service."""

    async def start(self) -> None:
        """Connects; waits (and says so) while the broker is not there."""
        ...

    async def publish(self, messages: Sequence[Outgoing]) -> None:
        """Returns when all are acknowledged by all in-sync replicas. Raises `BusUnavailable`."""
        ...

    async def subscribe(self, topics: Sequence[str], group: str, handler: Handler) -> Subscription:
        """Joins a group, from the earliest message on where it has no offsets.

        The handler gets one batch at a time; offsets are committed after it returns. A handler that
        raises is given the batch again, after a pause.
        """
        ...

    def letters(self, service: str) -> Letterbox:
        """The dead letters of a service."""
        ...

    async def stop(self) -> None:
        """Stops subscriptions and flushes."""
        ...
