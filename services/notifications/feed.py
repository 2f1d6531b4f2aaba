"""New messages as they come: one watch over the store per process, fanned out to its listeners."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from services.notifications.views.inbox import came_since
from shared.runtime.journal import Journal, Stored
from shared.runtime.store import Store
from shared.runtime.watching import Watching

HEARTBEAT = 15.0
"""Seconds after which a stream asks the store for what the watch may have missed."""
OVERLAP = timedelta(seconds=10)
"""How far back it looks again: messages of several processes may come to light out of order."""
REMEMBERED = 500
"""Messages that a stream knows it has sent, so that looking again sends none twice."""
MOST_WAITING = 256
"""Messages that wait for one slow listener; then it is sent away, and resumes from the store."""


class Listener:
    """What one open connection has still to be sent."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Stored] = asyncio.Queue(MOST_WAITING)
        self.ended = asyncio.Event()

    def hand(self, stored: Stored) -> None:
        """Gives it a message; a listener that has too many waiting is ended."""
        try:
            self._waiting.put_nowait(stored)
        except asyncio.QueueFull:
            self.ended.set()

    async def next(self, seconds: float) -> Stored | None:
        """The next message, or None after that time without one."""
        try:
            return await asyncio.wait_for(self._waiting.get(), max(seconds, 0.0))
        except TimeoutError:
            return None


class Feed:
    """The listeners of a process. The watch runs while there is at least one."""

    def __init__(self, journal: Journal) -> None:
        self._listeners: defaultdict[str, set[Listener]] = defaultdict(set)
        self._watching = Watching(journal, "message", self._hand, self._end)

    @asynccontextmanager
    async def listen(self, recipient: str) -> AsyncIterator[Listener]:
        """Hands over what comes for this person, for as long as the context lasts."""
        listener = Listener()
        self._listeners[recipient].add(listener)
        try:
            # Watching begins before the store is asked for what there is already.
            with self._watching.at_work():
                yield listener
        finally:
            self._listeners[recipient].discard(listener)
            if not self._listeners[recipient]:
                del self._listeners[recipient]

    def _hand(self, stored: Stored) -> None:
        for listener in self._listeners.get(stored.state["recipient"], ()):
            listener.hand(stored)

    def _end(self) -> None:
        # Whoever listens connects again and resumes from the store.
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.ended.set()


async def arrivals(
    store: Store, feed: Feed, recipient: str, since: datetime, last: str | None = None
) -> AsyncIterator[tuple[str, Stored]]:
    """What comes for this person from `since` on: ``("message", it)``, or ``("read", it)``.

    `last` is the message at `since` that the listener has already. Ends when the listener is too
    slow or the watch breaks; the next connection resumes.
    """
    floor = since if last is None else since - OVERLAP
    sent: deque[str] = deque([] if last is None else [last], maxlen=REMEMBERED)
    newest = since
    async with feed.listen(recipient) as listener:
        while not listener.ended.is_set():
            async for stored in _stored_since(store, recipient, max(floor, newest - OVERLAP)):
                newest = max(newest, stored.state["posted"])
                if stored.id not in sent:
                    sent.append(stored.id)
                    yield "message", stored
            look_again = store.clock.monotonic() + HEARTBEAT
            while (
                stored_now := await listener.next(look_again - store.clock.monotonic())
            ) is not None:
                if stored_now.state["read"]:
                    yield "read", stored_now
                elif stored_now.id not in sent:
                    sent.append(stored_now.id)
                    newest = max(newest, stored_now.state["posted"])
                    yield "message", stored_now


async def _stored_since(store: Store, recipient: str, since: datetime) -> AsyncIterator[Stored]:
    after = None
    while True:
        page = await store.journal.find("message", came_since(recipient, since, after=after))
        for stored in page.items:
            yield stored
        if page.next is None:
            return
        after = page.next
