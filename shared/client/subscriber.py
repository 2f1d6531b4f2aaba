"""A subscriber: a source, a table of handlers and a store, put together."""

from __future__ import annotations

import logging
from collections.abc import Callable
from os import PathLike
from typing import TypeVar

from shared.client.arriving import Away, Source
from shared.client.store import Aside, Store
from shared.client.taking import FIRST_PAUSE, LONGEST_PAUSE, Handler, Stopping, Taking
from shared.contracts.envelope import type_of
from shared.contracts.event import Event

log = logging.getLogger(__name__)

H = TypeVar("H", bound=Handler)


class Subscriber:
    """Reads `source` and gives each event for which there is a handler to it, once.

    `store` is the file that remembers what is done; handlers write their own tables into it. Events
    without a handler are passed over; messages that cannot be read, or whose handler fails at every
    try, are put aside with the reason.
    """

    def __init__(self, source: Source, store: str | PathLike[str]) -> None:
        self.store = Store(store)
        self._source = source
        self._handlers: dict[str, Handler] = {}
        self._stopping = Stopping()
        self._taking = Taking(self._handlers, self.store, self._stopping)

    def on(self, *events: type[Event]) -> Callable[[H], H]:
        """Names what handles events of these classes: a function of the event, what its envelope
        tells (`About`) and the connection to write with.

        Raises ValueError for an event that is not public or has a handler.
        """
        if not events:
            raise ValueError("on() needs the event classes to handle")
        types = [type_of(event) for event in events]
        for type in types:
            if type in self._handlers:
                raise ValueError(f"{type} has a handler")

        def register(handler: H) -> H:
            self._handlers.update(dict.fromkeys(types, handler))
            return handler

        return register

    def run(self) -> None:
        """Takes events until `stop` is called, then ends what is at hand and gives the source back.

        Waits for a source that is away. Raises what the source raises where waiting is no use:
        another's group, an expired token.
        """
        if not self._handlers:
            raise ValueError("a subscriber needs handlers: name them with on()")
        waits = 0
        opened = False
        try:
            while not self._stopping.wished:
                try:
                    if not opened:
                        self._source.open(frozenset(self._handlers), self.store)
                        opened = True
                    messages = self._source.poll()
                    self._source.done(self._taking.take(messages))
                    waits = 0
                except Away as away:
                    waits += 1
                    log.warning("waiting for the source: %s", away)
                    self._stopping.pause(min(FIRST_PAUSE * 2.0 ** min(waits, 16), LONGEST_PAUSE))
        finally:
            self._source.close()

    def stop(self, *_: object) -> None:
        """Ends `run` after what is at hand; may be called by other threads, or given to
        `signal.signal`.
        """
        self._stopping.wished = True

    def close(self) -> None:
        """Closes the store, after `run`."""
        self.store.close()

    # --- what was put aside ----------------------------------------------------------------------

    def aside(self) -> list[Aside]:
        """What is put aside, oldest first."""
        return self.store.aside()

    def again(self) -> int:
        """Gives what is put aside to its handlers once more; returns how many went well. To be
        called after the repair, while `run` does not run in this process.
        """
        return self._taking.again()

    def drop(self, id: int) -> bool:
        """Drops something that is put aside; False where there is no such thing."""
        with self.store.transaction():
            return self.store.drop(id)
