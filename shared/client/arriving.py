"""What arrives: messages of a source, and what an envelope tells of its event."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.client.store import Store
from shared.contracts.envelope import Envelope, Unreadable


@dataclass(frozen=True, slots=True)
class Message:
    """An event as it came.

    `place` says where it stood, and names it where it cannot be read:
    ``petitions.events.v1/3@42``. `type` is its CloudEvents type where the source tells that
    beside the message.
    """

    place: str
    value: bytes
    type: str | None = None


@dataclass(frozen=True, slots=True)
class About:
    """What the envelope tells of an event.

    `id` is the same for ever and consists of `service`, `stream`, `version` and `n`: the events of
    one stream happened in the order of (`version`, `n`). `time` is when it was recorded (UTC).
    `correlation` is shared by all that followed from one request, `cause` is the id of the event
    that led to it, if one did.
    """

    id: str
    type: str
    service: str
    stream: str
    version: int
    n: int
    time: datetime
    correlation: str
    cause: str | None


def about(envelope: Envelope) -> About:
    """What an envelope tells. Raises `Unreadable` where its id is not made as ours are."""
    head, _, n = envelope.id.rpartition("/")
    origin, _, version = head.rpartition("/")
    service, _, stream = origin.partition("/")
    if not (service and stream and _counts(version) and _counts(n)):
        raise Unreadable("not an envelope of ours: `id` is not <service>/<stream>/<version>/<n>")
    return About(
        id=envelope.id,
        type=envelope.type,
        service=service,
        stream=stream,
        version=int(version),
        n=int(n),
        time=envelope.time,
        correlation=envelope.correlationid,
        cause=envelope.causationid,
    )


def _counts(text: str) -> bool:
    # 18 digits: what SQLite keeps as a whole number.
    return text.isascii() and text.isdecimal() and len(text) <= 18


class Away(Exception):
    """A source cannot be reached now; it will be asked again."""


class Source(Protocol):
    """Where messages come from. One thread uses it."""

    def open(self, types: Collection[str], store: Store) -> None:
        """Begins to read events of these CloudEvents types, after what was done before.

        Raises `Away`.
        """
        ...

    def poll(self) -> Sequence[Message]:
        """What is there next, in order; waits a while and gives nothing where there is nothing.

        Raises `Away`.
        """
        ...

    def done(self, count: int) -> None:
        """The first `count` messages of the last poll have taken effect and need not come again.

        The others come again with the next poll.
        """
        ...

    def close(self) -> None:
        """Gives back what is held. May be called without `open`."""
        ...
