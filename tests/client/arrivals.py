"""Events as other systems receive them, and a subscriber of them that keeps a book."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from shared.client import About, Message, Store, Subscriber
from shared.contracts.envelope import Envelope, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.petitions import PetitionSupported

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
POISON = "poison"
"""Whose support no handler of these tests can bear."""


def enveloped(event: Event, stream: str, version: int, n: int = 0) -> Envelope:
    """An event as the relay publishes it."""
    service = emitting_service(type(event))
    return Envelope(
        id=f"{service}/{stream}/{version}/{n}",
        type=type_of(type(event)),
        source=f"/jinlin/{service}",
        subject=stream,
        time=NOON,
        data=msgspec.to_builtins(event),
        sequence=version,
        correlationid=f"{service}/{stream}/1",
    )


def supported(petition: str, version: int, n: int = 0, by: str = "r1") -> Envelope:
    """That somebody supports a petition: one of many events of its stream."""
    event = PetitionSupported(petition=petition, by=by, supporters=version)
    return enveloped(event, f"petition-{petition}", version, n)


def message(envelope: Envelope, place: str = "") -> Message:
    """An envelope, as a source gives it."""
    return Message(place or envelope.id, envelope.to_bytes(), envelope.type)


class Given:
    """A source that gives these batches; what is not done comes again, as from a broker."""

    def __init__(self, *batches: Sequence[Message]) -> None:
        self.batches = [list(batch) for batch in batches]
        self.subscriber: Subscriber | None = None
        self.types: Collection[str] = ()
        self.closed = False
        self._polled: list[Message] = []

    def open(self, types: Collection[str], store: Store) -> None:
        self.types = types

    def poll(self) -> Sequence[Message]:
        if not self.batches:
            assert self.subscriber is not None
            self.subscriber.stop()
            return ()
        self._polled = self.batches.pop(0)
        return self._polled

    def done(self, count: int) -> None:
        if self._polled[count:]:
            self.batches.insert(0, self._polled[count:])
        self._polled = []

    def close(self) -> None:
        self.closed = True


def bookkeeper(source: object, path: Path) -> Subscriber:
    """A subscriber that enters who supported what into a table of its own, and fails for `POISON`
    for as long as the table `cure` is empty.
    """
    subscriber = Subscriber(source, path)  # type: ignore[arg-type]
    with subscriber.store.transaction():
        subscriber.store.db.execute("CREATE TABLE IF NOT EXISTS book (event TEXT, supporter TEXT)")
        subscriber.store.db.execute("CREATE TABLE IF NOT EXISTS cure (at TEXT)")

    @subscriber.on(PetitionSupported)
    def entered(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        db.execute("INSERT INTO book VALUES (?, ?)", (about.id, event.by))
        cured = db.execute("SELECT count(*) FROM cure").fetchone()[0]
        if event.by == POISON and not cured:
            raise ValueError("cannot be borne")

    return subscriber


def book(subscriber: Subscriber) -> list[str]:
    """The ids of the events entered, in the order of their entering."""
    return [row[0] for row in subscriber.store.db.execute("SELECT event FROM book ORDER BY rowid")]
