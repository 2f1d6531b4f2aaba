"""What of a commit is published, and how: its public events, as messages to the service's topic."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache

from shared.contracts.envelope import CONTENT_TYPE, Envelope, public_events, topic
from shared.runtime.bus import REPUBLISHED_HEADER, TYPE_HEADER, Bus, Outgoing
from shared.runtime.journal import Commit, Journal

CONTENT_TYPE_HEADER = ("content-type", CONTENT_TYPE.encode())


@cache
def _types(service: str) -> dict[str, str]:
    return {event.__name__: type for type, event in public_events(service).items()}


def envelopes(service: str, *commits: Commit) -> list[Envelope]:
    """The public events of commits as they are published, private and personal ones left out."""
    types = _types(service)
    return [
        Envelope(
            id=f"{service}/{commit.stream}/{commit.version}/{n}",
            type=types[event.name],
            source=f"/jinlin/{service}",
            subject=commit.stream,
            time=commit.at,
            data=event.data,
            sequence=commit.version,
            correlationid=commit.correlation,
            causationid=commit.causation,
            traceparent=commit.trace,
        )
        for commit in commits
        for n, event in enumerate(commit.events)
        if event.data is not None and event.name in types
    ]


def messages_of(service: str, published: Sequence[Envelope]) -> list[Outgoing]:
    """The messages that carry events of a service to its topic."""
    name = topic(service)
    return [
        Outgoing(
            topic=name,
            key=envelope.subject,
            value=envelope.to_bytes(),
            headers=_headers(envelope.type),
        )
        for envelope in published
    ]


@cache
def _headers(type: str) -> tuple[tuple[str, bytes], ...]:
    """Of an event's message. Its type stands there, too: for those who look before they read."""
    return (CONTENT_TYPE_HEADER, (TYPE_HEADER, type.encode()))


async def republish(service: str, journal: Journal, bus: Bus, since: datetime | None) -> int:
    """Publishes the events of all commits since then once more; returns how many.

    Subscribers that know them do nothing. Raises `BusUnavailable` or `Unavailable`; may be run
    again.
    """
    published = 0
    async for commits in journal.rescan(since):
        messages = [
            replace(message, headers=(*message.headers, (REPUBLISHED_HEADER, b"")))
            for message in messages_of(service, envelopes(service, *commits))
        ]
        await bus.publish(messages)
        published += len(messages)
    return published
