"""The subscriber's own store: which events are done, what was put aside, how far a source is read.

One SQLite file, which also holds the tables of the handlers: the mark that an event is done and
what its handler writes are one transaction. All processes of one subscriber share the file, on one
machine.

What is done is known in two ways. For `KEPT` the event itself is remembered, in some twenty bytes.
After that only how far each stream was done: what lies at or before that place counts as done. So
the store grows with the events of `KEPT` and with the number of streams, and an event that comes
again takes no second effect however old it is. The price: an event that comes for the *first* time
after a later one of its stream has been forgotten (a replay of what was missed over `KEPT` ago) is
taken for done. Who wants that begins with a new file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from os import PathLike
from typing import Any, NoReturn, Protocol

KEPT = timedelta(days=35)
"""How long single events are remembered: five times what the topics keep."""
LOCKED_SECONDS = 30.0
"""How long a write waits for that of another process."""

_TABLES = (
    # `version`, `n`: how far the stream is done and forgotten.
    """CREATE TABLE IF NOT EXISTS jinlin_stream (
        id INTEGER PRIMARY KEY,
        service TEXT NOT NULL,
        name TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT -1,
        n INTEGER NOT NULL DEFAULT -1,
        UNIQUE (service, name)
    ) STRICT""",
    # `day`: when it was done, in days since 1970.
    """CREATE TABLE IF NOT EXISTS jinlin_done (
        stream INTEGER NOT NULL,
        version INTEGER NOT NULL,
        n INTEGER NOT NULL,
        day INTEGER NOT NULL,
        PRIMARY KEY (stream, version, n)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE IF NOT EXISTS jinlin_aside (
        id INTEGER PRIMARY KEY,
        at TEXT NOT NULL,
        place TEXT NOT NULL UNIQUE,
        event TEXT,
        type TEXT,
        tries INTEGER NOT NULL,
        reason TEXT NOT NULL,
        message BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE IF NOT EXISTS jinlin_position (
        source TEXT PRIMARY KEY,
        position TEXT NOT NULL
    ) STRICT""",
)


class Placed(Protocol):
    """An event's place among all: which service's, which stream, where in it."""

    @property
    def service(self) -> str: ...
    @property
    def stream(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def n(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Aside:
    """A message that was put aside: it could not be read, or its handler failed at every try.

    `place` is where it stood, `event` and `type` are its id and type where they could be read,
    `reason` is for people.
    """

    id: int
    at: datetime
    place: str
    event: str | None
    type: str | None
    tries: int
    reason: str
    message: bytes


class Connection(sqlite3.Connection):
    """What handlers write with: all of `sqlite3.Connection` but ending the transaction, which holds
    the mark as well and is ended by the subscriber.
    """

    def commit(self) -> NoReturn:
        """Not for handlers."""
        raise sqlite3.ProgrammingError("the subscriber commits, with the mark that this is done")

    def rollback(self) -> NoReturn:
        """Not for handlers: raising an exception undoes what a handler wrote."""
        raise sqlite3.ProgrammingError("raise an exception: what the handler wrote is undone")

    def executescript(self, script: str, /) -> NoReturn:
        """Not for handlers: it would commit first."""
        raise sqlite3.ProgrammingError("executescript() commits: use execute() for each statement")

    def __enter__(self) -> NoReturn:
        raise sqlite3.ProgrammingError("the subscriber commits: write without `with db`")


class Store:
    """The store in a file, made where it is missing. One thread uses it.

    `clock` tells the time (UTC). Raises sqlite3.Error where the file cannot be used.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clock = clock
        self._pruned: int | None = None
        self.db: sqlite3.Connection = sqlite3.connect(
            path,
            timeout=LOCKED_SECONDS,
            isolation_level=None,
            factory=Connection,
            check_same_thread=False,
        )
        self.db.execute("PRAGMA journal_mode = WAL")
        # An offset is committed after the effect: what the disk has not taken would be lost.
        self.db.execute("PRAGMA synchronous = FULL")
        with self.transaction():
            for table in _TABLES:
                self.db.execute(table)

    def close(self) -> None:
        """Closes the file."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written within, or nothing where an exception leaves."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
            if self.db.in_transaction:
                self.db.execute("COMMIT")
        except BaseException:
            # A full disk may have ended it already.
            if self.db.in_transaction:
                self.db.execute("ROLLBACK")
            raise

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """A part of a transaction that is undone alone where an exception leaves it."""
        self.db.execute("SAVEPOINT attempt")
        try:
            yield
            self.db.execute("RELEASE attempt")
        except BaseException:
            if self.db.in_transaction:
                self.db.execute("ROLLBACK TO attempt")
                self.db.execute("RELEASE attempt")
            raise

    # --- what is done ----------------------------------------------------------------------------

    def first_time(self, event: Placed) -> bool:
        """Marks an event as done; False where it was done before."""
        known = self.db.execute(
            "SELECT id, version, n FROM jinlin_stream WHERE service = ? AND name = ?",
            (event.service, event.stream),
        ).fetchone()
        if known is None:
            stream = self.db.execute(
                "INSERT INTO jinlin_stream (service, name) VALUES (?, ?)",
                (event.service, event.stream),
            ).lastrowid
        else:
            stream, *forgotten = known
            if [event.version, event.n] <= forgotten:
                return False
        marked = self.db.execute(
            "INSERT OR IGNORE INTO jinlin_done VALUES (?, ?, ?, ?)",
            (stream, event.version, event.n, _day(self._clock())),
        )
        return marked.rowcount == 1

    def prune(self) -> None:
        """Forgets single events that were done over `KEPT` ago; does so once a day."""
        today = _day(self._clock())
        if self._pruned == today:
            return
        before = today - KEPT.days
        with self.transaction():
            old = self.db.execute(
                "SELECT stream, version, n FROM jinlin_done WHERE day < ? ORDER BY 1, 2, 3",
                (before,),
            )
            # In order: the last of a stream stays.
            reached = {stream: (version, n) for stream, version, n in old}
            self.db.executemany(
                "UPDATE jinlin_stream SET version = ?1, n = ?2"
                " WHERE id = ?3 AND (version, n) < (?1, ?2)",
                [(version, n, stream) for stream, (version, n) in reached.items()],
            )
            self.db.execute("DELETE FROM jinlin_done WHERE day < ?", (before,))
        self._pruned = today

    # --- what was put aside ----------------------------------------------------------------------

    def put_aside(
        self,
        place: str,
        message: bytes,
        reason: str,
        tries: int,
        event: str | None = None,
        type: str | None = None,
    ) -> None:
        """Puts a message aside, once for each place."""
        self.db.execute(
            "INSERT OR IGNORE INTO jinlin_aside (at, place, event, type, tries, reason, message)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._clock().isoformat(), place, event, type, tries, reason, message),
        )

    def aside(self) -> list[Aside]:
        """What is put aside, oldest first."""
        rows = self.db.execute("SELECT * FROM jinlin_aside ORDER BY id")
        return [Aside(id, datetime.fromisoformat(at), *rest) for id, at, *rest in rows]

    def failed_again(self, id: int, reason: str) -> None:
        """Counts one more try of what is put aside."""
        self.db.execute(
            "UPDATE jinlin_aside SET tries = tries + 1, reason = ? WHERE id = ?", (reason, id)
        )

    def drop(self, id: int) -> bool:
        """Drops what is put aside; False where there is no such thing (any more)."""
        return self.db.execute("DELETE FROM jinlin_aside WHERE id = ?", (id,)).rowcount == 1

    # --- how far a source is read ----------------------------------------------------------------

    def position(self, source: str) -> str | None:
        """How far a source was read; None where it never was."""
        row: tuple[Any, ...] | None = self.db.execute(
            "SELECT position FROM jinlin_position WHERE source = ?", (source,)
        ).fetchone()
        return None if row is None else str(row[0])

    def keep_position(self, source: str, position: str) -> None:
        """Keeps how far a source was read."""
        self.db.execute(
            "INSERT INTO jinlin_position VALUES (?1, ?2)"
            " ON CONFLICT (source) DO UPDATE SET position = ?2",
            (source, position),
        )


def _day(moment: datetime) -> int:
    return int(moment.timestamp() // 86_400)
