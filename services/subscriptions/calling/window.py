"""A webhook's window on the feed: what was read for it and what of that it has acknowledged.

Within a stream, one event is sent after the other; streams do not wait for each other while the
window lasts. Nothing is forgotten: what is saved of a window is enough to open it again.
"""

from collections import deque
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from services.subscriptions.calling.messages import webhook_id
from services.subscriptions.calling.place import Failing, Place
from services.subscriptions.feed_reading import Cursor, Entry

MOST_EVENTS = 512
"""Events in a window, those included that were acknowledged before an earlier one."""
MOST_BYTES = 2 * 1024 * 1024
"""And bytes of those that were not; one event may be longer."""


@dataclass(slots=True, eq=False)
class Item:
    """An event that is to be sent. `before` is the place after which reading finds it. `since` and
    `next` are set once it was not taken.
    """

    entry: Entry
    before: Cursor
    size: int
    tries: int = 0
    since: datetime | None = None
    next: datetime | None = None
    outcome: str = ""

    @property
    def stream(self) -> str:
        """What its order belongs to."""
        return str(self.entry.envelope["subject"])


@dataclass(slots=True)
class Window:
    """Events between `place.acknowledged` and `read`."""

    place: Place
    read: Cursor = field(init=False)
    _items: dict[Cursor, Item] = field(default_factory=dict)
    _streams: dict[str, deque[Item]] = field(default_factory=dict)
    _ready: deque[str] = field(default_factory=deque)
    _waiting: dict[str, Item] = field(default_factory=dict)
    _beyond: set[Cursor] = field(default_factory=set)
    _bytes: int = 0

    def __post_init__(self) -> None:
        self.read = self.place.acknowledged

    @property
    def has_room(self) -> bool:
        """Whether more may be read."""
        within = len(self._items) + len(self._beyond) < MOST_EVENTS
        return within and self._bytes < MOST_BYTES

    @property
    def failing(self) -> Collection[Item]:
        """What was not taken and waits to be sent again, each the first of its stream."""
        return self._waiting.values()

    def take(self, entries: Sequence[Entry], wants: Callable[[Entry], bool]) -> None:
        """Entries that follow on `read`."""
        acknowledged = set(self.place.beyond)
        known = {one.at: one for one in self.place.failing}
        for entry in entries:
            if entry.at in acknowledged:
                if self._items:
                    self._beyond.add(entry.at)
            elif wants(entry):
                item = Item(entry, self.read, _size(entry))
                if (earlier := known.get(entry.at)) is not None:
                    item.tries, item.outcome = earlier.tries, earlier.outcome
                    item.since, item.next = earlier.since, earlier.next
                self._enter(item)
            self.read = entry.at

    def _enter(self, item: Item) -> None:
        self._items[item.entry.at] = item
        self._bytes += item.size
        queue = self._streams.setdefault(item.stream, deque())
        queue.append(item)
        if len(queue) == 1:
            self._offer(item)

    def _offer(self, item: Item) -> None:
        if item.next is None:
            self._ready.append(item.stream)
        else:
            self._waiting[item.stream] = item

    def next(self, now: datetime) -> Item | None:
        """An event that may be sent now: nothing else of its stream is under way. None where there
        is none. What becomes of it has to be told.
        """
        if self._waiting:
            first = min(self._waiting.values(), key=_when)
            if _when(first) <= now:
                return self._waiting.pop(first.stream)
        return self._streams[self._ready.popleft()][0] if self._ready else None

    def next_time(self) -> datetime | None:
        """When something is to be sent again."""
        return min((_when(item) for item in self._waiting.values()), default=None)

    def acknowledged(self, item: Item) -> None:
        """It was taken."""
        del self._items[item.entry.at]
        self._bytes -= item.size
        queue = self._streams[item.stream]
        queue.popleft()
        if queue:
            self._offer(queue[0])
        else:
            del self._streams[item.stream]
        first = next(iter(self._items.values()), None)
        if first is None:
            self._beyond.clear()
            return
        self._beyond.add(item.entry.at)
        if self._beyond and min(self._beyond) <= first.before:
            self._beyond = {place for place in self._beyond if place > first.before}

    def failed(self, item: Item, outcome: str, now: datetime, next: datetime) -> None:
        """It was not taken, and is sent again then."""
        item.tries += 1
        item.outcome = outcome
        item.since = item.since or now
        item.next = next
        self._waiting[item.stream] = item

    def cut_off(self, item: Item) -> None:
        """Nothing is known of what became of it: it is sent again."""
        self._offer(item)

    def hurry(self, now: datetime) -> None:
        """The endpoint is back: what waits is sent now."""
        for item in self._waiting.values():
            item.next = now

    def saved(self) -> Place:
        """What opens such a window again."""
        first = next(iter(self._items.values()), None)
        failing = [item for item in self._items.values() if item.tries]
        return Place(
            self.place.run,
            self.read if first is None else first.before,
            tuple(sorted(self._beyond)),
            tuple(
                Failing(item.entry.at, _id(item), item.tries, item.since, item.next, item.outcome)
                for item in failing
                if item.since is not None and item.next is not None
            ),
        )


def _when(item: Item) -> datetime:
    assert item.next is not None, "it waits"
    return item.next


def _id(item: Item) -> str:
    return webhook_id(item.entry.envelope["id"])


def _size(entry: Entry) -> int:
    return len(orjson.dumps(entry.envelope))
