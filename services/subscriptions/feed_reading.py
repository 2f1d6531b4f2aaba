"""Reading the feed: from any place on, in order, and waiting for what comes next."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from services.subscriptions.domain.feed.feed import CITY, feed
from shared.runtime.clock import Clock
from shared.runtime.journal import Commit, Journal, Stored
from shared.runtime.watching import Watching

STREAM = feed.stream(CITY)
FIRST_READ, LONGEST_READ = 4, 64
"""Commits that are read at once. One may hold a single entry or a thousand: the first few tell."""
LOOK_AGAIN = 10.0
"""Seconds after which whoever waits asks the store, whatever the watch says."""


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the feed, after which reading goes on: the version of a commit, and how many of
    its entries have been read. ``Cursor(0, 0)`` is the start. Those further on are greater.
    """

    version: int
    index: int


START = Cursor(0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the feed. `at` is its own place: reading after it gives the next one. `envelope`
    is the CloudEvent as it was published; `places` is the path of its place when it was entered,
    the district first, empty where it lies nowhere; `category` that of what it is about.
    """

    at: Cursor
    envelope: Mapping[str, Any]
    places: tuple[str, ...]
    category: str | None

    @property
    def type(self) -> str:
        """Its CloudEvents type."""
        return str(self.envelope["type"])


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries somebody wants: of these types (``cn.jinlin.petitions.*`` is all that begin
    so), in one of these places or below, of one of these categories. What is empty asks for
    nothing.
    """

    types: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()

    def wants(self, entry: Entry) -> bool:
        """Whether this is one of them."""
        return (
            (not self.types or any(_is_of(entry.type, one) for one in self.types))
            and (not self.places or not self.places.isdisjoint(entry.places))
            and (not self.categories or entry.category in self.categories)
        )


def _is_of(type: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return type.startswith(wanted[:-1])
    return type == wanted


class Feed:
    """The feed as a process reads it. One watch serves all who wait in it."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._watching = Watching(journal, feed.kind, self._take, self._lose)
        self._latest: Cursor | None = None
        self._change: asyncio.Future[None] | None = None

    async def after(self, cursor: Cursor, most: int) -> list[Entry]:
        """The entries after that place, in order, at most so many; none where there are none yet.
        Raises `shared.runtime.journal.Unavailable`, as all of these do.
        """
        found: list[Entry] = []
        # The commit that the cursor stands in may hold more.
        read, step = max(cursor.version - 1, 0), FIRST_READ
        while len(found) < most:
            commits = await self._journal.stretch(STREAM, read, step)
            for commit in commits:
                found += _entries(commit, cursor)
            if len(commits) < step:
                break
            read += len(commits)
            seen = sum(_size(commit) for commit in commits) / len(commits)
            step = max(1, min(LONGEST_READ, round((most - len(found)) / seen)))
        return found[:most]

    async def newest(self) -> Cursor:
        """The place of the latest entry; the start where there is none."""
        stored = (await self._journal.load(feed.kind, [CITY])).get(CITY)
        return START if stored is None else _end(stored)

    async def before(self, moment: datetime) -> Cursor:
        """The last place that was entered before that moment. Entering follows the feed's own
        clock, which never runs backwards; an event is entered after it happened.
        """
        earlier, later = 0, (await self.newest()).version + 1
        end = START
        while later - earlier > 1:
            middle = (earlier + later) // 2
            commit = (await self._journal.stretch(STREAM, middle - 1, 1))[0]
            if commit.at < moment:
                earlier, end = middle, Cursor(middle, _size(commit))
            else:
                later = middle
        return end

    async def grown(self, beyond: Cursor, seconds: float) -> bool:
        """Returns True as soon as there is something after that place, False when there is still
        nothing after so many seconds.
        """
        until = self._clock.monotonic() + seconds
        while True:
            with self._watching.at_work():
                if self._latest is None:
                    await self._look()
                if self._latest is not None and self._latest > beyond:
                    return True
                left = until - self._clock.monotonic()
                if left <= 0:
                    return False
                if not await self._changed(min(left, LOOK_AGAIN)):
                    self._latest = None  # asked for anew

    async def _look(self) -> None:
        """Asks the store. The watch was begun before: nothing is missed in between."""
        self._latest = START
        try:
            async for stored in self._journal.all(feed.kind):
                self._take(stored)
        except BaseException:
            self._lose()
            raise

    async def _changed(self, seconds: float) -> bool:
        """Whether the watch told something within that time."""
        if self._change is None:
            self._change = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait([self._change], timeout=seconds)
        return bool(done)

    def _take(self, stored: Stored) -> None:
        self._latest = max(self._latest or START, _end(stored))
        self._wake()

    def _lose(self) -> None:
        self._latest = None
        self._wake()

    def _wake(self) -> None:
        if self._change is not None:
            self._change.set_result(None)
            self._change = None


def _end(stored: Stored) -> Cursor:
    return Cursor(stored.version, int(stored.state["last"]))


def _size(commit: Commit) -> int:
    return sum(len(event.data["entries"]) for event in commit.events if event.data is not None)


def _entries(commit: Commit, after: Cursor) -> list[Entry]:
    """Those of a commit that stand after that place."""
    told = [one for event in commit.events if event.data for one in event.data["entries"]]
    return [
        Entry(
            Cursor(commit.version, number),
            orjson.loads(one["message"]),
            tuple(one["places"]),
            one["category"],
        )
        for number, one in enumerate(told, 1)
        if (commit.version, number) > (after.version, after.index)
    ]
