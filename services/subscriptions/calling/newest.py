"""The feed's newest part, read once for all endpoints that keep up with it."""

import asyncio
from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import structlog

from services.subscriptions.feed_reading import Cursor, Entry, Feed
from shared.runtime.clock import Clock
from shared.runtime.journal import Unavailable

MOST_KEPT = 2_000
MOST_BYTES = 8 * 1024 * 1024
"""Of entries that are kept, as they are sent."""
READ = 500
"""Entries that are read at once."""
WAIT = 30.0
"""Seconds after which it looks again without being told."""
PAUSE = 1.0
"""Seconds before a store that is away is asked again."""

log = structlog.get_logger(__name__)


class Newest:
    """Follows the feed from now on. Whoever is within reach of what it keeps reads that, the others
    read the feed itself.
    """

    def __init__(self, feed: Feed, clock: Clock) -> None:
        self.feed = feed
        self._clock = clock
        self._entries: list[Entry] = []
        self._sizes: list[int] = []
        self._bytes = 0
        self._begin: Cursor | None = None
        """After which all is kept; None before it follows."""
        self._waiting: set[asyncio.Event] = set()

    @contextmanager
    def waking(self, event: asyncio.Event) -> Iterator[None]:
        """Sets the event whenever there is more, for as long as the context lasts."""
        self._waiting.add(event)
        try:
            yield
        finally:
            self._waiting.discard(event)

    async def after(self, cursor: Cursor, most: int) -> list[Entry]:
        """The entries after that place, in order, at most so many. Raises `Unavailable`."""
        if self._begin is None or cursor < self._begin:
            return await self.feed.after(cursor, most)
        first = bisect_right(self._entries, cursor, key=_at)
        return self._entries[first : first + most]

    async def run(self) -> None:
        """Follows the feed, for ever."""
        while True:
            try:
                if self._begin is None:
                    self._begin = await self.feed.newest()
                    self._tell()
                last = self._entries[-1].at if self._entries else self._begin
                if await self.feed.grown(last, WAIT):
                    self._keep(await self.feed.after(last, READ))
            except Unavailable as error:
                log.warning("feed_not_reached", reason=str(error)[:200])
                await self._clock.sleep(PAUSE)

    def _keep(self, entries: list[Entry]) -> None:
        self._entries += entries
        sizes = [len(orjson.dumps(entry.envelope)) for entry in entries]
        self._sizes += sizes
        self._bytes += sum(sizes)
        over = 0
        while len(self._entries) - over > MOST_KEPT or (
            self._bytes > MOST_BYTES and over < len(self._entries) - 1
        ):
            self._bytes -= self._sizes[over]
            over += 1
        if over:
            self._begin = self._entries[over - 1].at
            del self._entries[:over], self._sizes[:over]
        if entries:
            self._tell()

    def _tell(self) -> None:
        for event in self._waiting:
            event.set()


def _at(entry: Entry) -> Cursor:
    return entry.at
