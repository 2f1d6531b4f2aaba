"""Taking messages: each has its effect once, whatever source it comes from and however often.

The events of a stretch are one transaction, each of them in a part of its own: that is one write to
the disk for many events, and one that fails undoes nothing but itself.
"""

from __future__ import annotations

import logging
import sqlite3
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from shared.client.arriving import About, Message, about
from shared.client.store import Aside, Store
from shared.contracts.envelope import Unreadable, event_in, parse

TRIES = 5
"""How often a message whose handler fails is tried before it is put aside."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 10.0
"""Seconds between tries, doubled from the first to the longest."""
LOOK_SECONDS = 0.05
"""How often whoever pauses looks whether to stop."""
STRETCH_SECONDS = 1.0
"""After this a transaction ends, so that others can write, and a wish to stop is heard."""
REASON_LENGTH = 4000
"""Characters of the reason why something was put aside."""
PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
    }
)
"""SQLite's errors that have nothing to do with the message."""

log = logging.getLogger(__name__)

Handler = Callable[[Any, About, sqlite3.Connection], None]
"""Gets the event, what its envelope tells, and the connection to write with. What it writes, and
that the event is done, are one transaction; an exception undoes it.
"""


class Later(Exception):
    """Raised by a handler: the trouble is ours and will pass (another system is away). The event is
    tried again for as long as it takes, and nothing behind it is taken meanwhile.
    """


class Stopping:
    """The wish to stop. It takes no lock: a signal may have interrupted whoever holds it."""

    def __init__(self) -> None:
        self.wished = False

    def pause(self, seconds: float) -> None:
        """Waits, unless it is wished to stop."""
        until = time.monotonic() + seconds
        while not self.wished and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, LOOK_SECONDS))


class Taking:
    """Takes messages with `handlers`, a table by CloudEvents type, until it is wished to stop."""

    def __init__(self, handlers: Mapping[str, Handler], store: Store, stopping: Stopping) -> None:
        self._handlers = handlers
        self._store = store
        self._stopping = stopping
        self._waits = 0

    def take(self, messages: Sequence[Message]) -> int:
        """Takes them in order; returns how many are done: have had their effect, now or before, or
        were put aside.

        Fewer than all where something has to pass first (after a pause), or where it is to stop.
        """
        done = tries = 0
        try:
            self._store.prune()
            while done < len(messages) and not self._stopping.wished:
                taken, failure = self._stretch(messages[done:])
                done += taken
                tries = 1 if taken else tries + 1
                if failure is None:
                    tries = self._waits = 0
                elif _will_pass(failure):
                    raise failure
                elif tries < TRIES and not isinstance(failure, Unreadable):
                    self._pause(tries)
                else:
                    self._put_aside(messages[done], failure, tries)
                    done, tries = done + 1, 0
        except (Later, sqlite3.Error) as trouble:
            self._waits += 1
            log.warning("waiting before the next try: %s", trouble or type(trouble).__name__)
            self._pause(self._waits)
        return done

    def again(self) -> int:
        """Tries once more what is put aside; returns how many went well and are there no more."""
        went_well = 0
        for letter in self._store.aside():
            try:
                went_well += self._once_more(letter)
            except Exception as failure:
                with self._store.transaction():
                    self._store.failed_again(letter.id, _reason(failure))
        return went_well

    def _stretch(self, messages: Sequence[Message]) -> tuple[int, Exception | None]:
        """Takes as many as go well in one transaction; returns how many, and what the next met."""
        taken, failure = 0, None
        until = time.monotonic() + STRETCH_SECONDS
        with self._store.transaction():
            for message in messages:
                try:
                    with self._store.attempt():
                        self._effect(message)
                except Exception as error:
                    failure = error
                    break
                taken += 1
                if time.monotonic() > until or self._stopping.wished:
                    break
            if not self._store.db.in_transaction:
                taken = 0  # the store has undone all of it by itself
        return taken, failure

    def _effect(self, message: Message) -> None:
        if message.type is not None and message.type not in self._handlers:
            return
        envelope = parse(message.value)
        handler = self._handlers.get(envelope.type)
        if handler is None:
            return
        told = about(envelope)
        if self._store.first_time(told):
            handler(event_in(envelope), told, self._store.db)

    def _once_more(self, letter: Aside) -> bool:
        with self._store.transaction():
            if not self._store.drop(letter.id):
                return False  # another process was quicker
            envelope = parse(letter.message)
            handler = self._handlers.get(envelope.type)
            if handler is None:
                raise Later(f"nothing handles {envelope.type}")
            # Marked as done when it was put aside: it came again to nobody meanwhile.
            handler(event_in(envelope), about(envelope), self._store.db)
        return True

    def _put_aside(self, message: Message, failure: Exception, tries: int) -> None:
        told = None
        try:
            told = about(parse(message.value))
        except Unreadable:
            pass  # then its place has to name it
        with self._store.transaction():
            if told is not None:
                self._store.first_time(told)
            self._store.put_aside(
                message.place,
                message.value,
                _reason(failure),
                tries,
                event=told.id if told else None,
                type=told.type if told else message.type,
            )
        name = told.id if told else message.place
        log.error("put aside after %d tries: %s: %s", tries, name, failure)

    def _pause(self, times: int) -> None:
        self._stopping.pause(min(FIRST_PAUSE * 2.0 ** min(times - 1, 16), LONGEST_PAUSE))


def _will_pass(failure: Exception) -> bool:
    if isinstance(failure, sqlite3.OperationalError):
        return getattr(failure, "sqlite_errorcode", 0) & 0xFF in PASSING
    return isinstance(failure, Later)


def _reason(failure: Exception) -> str:
    if isinstance(failure, (Later, Unreadable)):
        return str(failure)[:REASON_LENGTH]
    # The end says what it was, the beginning only how we came there.
    return "".join(traceback.format_exception(failure))[-REASON_LENGTH:]
