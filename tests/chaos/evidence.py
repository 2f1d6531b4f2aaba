"""What a run leaves for the checker: what clients were told, what stores hold and topics carry."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.runtime.aggregate import Aggregate
from shared.runtime.journal import Commit, Journal, Stored
from shared.runtime.reactions import Reactions
from shared.runtime.service import Service


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A client was told that its command is done. `cause` is as the commits have it.

    `perhaps_idle` is for commands that may rightly change nothing (to take what one has taken):
    then no commit need be there.
    """

    service: str
    stream: str
    version: int
    cause: str
    perhaps_idle: bool = False


@dataclass(frozen=True, slots=True)
class Unacknowledged:
    """A client never heard what became of its command (503, timeout, a cut connection)."""

    service: str
    cause: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A client was told that a rule forbids its command (409, 412, 422)."""

    service: str
    cause: str


Told = Acknowledged | Unacknowledged | Refused


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a topic."""

    key: bytes | None
    value: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one service holds and has published.

    `messages` are those of its topic, partition by partition, each in order. `dead` are the ids of
    the events it put aside as dead letters.
    """

    service: str
    aggregates: tuple[Aggregate[Any], ...]
    commits: Sequence[Commit]
    states: Mapping[str, Sequence[Stored]]
    messages: Sequence[Message] = ()
    reactions: Reactions | None = None
    dead: frozenset[str] = frozenset()


async def evidence_of(
    service: Service,
    journal: Journal,
    messages: Sequence[Message],
    dead: Iterable[str] = (),
) -> Evidence:
    """Reads a service's store; the messages of its topic are given."""
    commits = [commit async for batch in journal.rescan(None) for commit in batch]
    states = {
        aggregate.kind: [stored async for stored in journal.all(aggregate.kind)]
        for aggregate in service.aggregates
    }
    return Evidence(
        service.name,
        service.aggregates,
        commits,
        states,
        messages,
        service.reactions,
        frozenset(dead),
    )
