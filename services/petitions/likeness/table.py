"""The petitions that can be compared: one row of numbers for each, no words.

About 380 bytes a petition, most of them its id and its sketch. Everything is for one thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.petitions.likeness.sketch import HASHES, MOST, Hashes

GROWTH = 1.2
"""How many times as many rows there is room for when the room ran out; the first room is `ROOM`."""
ROOM = 1_024

FIRST_HASHES = 16
"""The lowest hashes of a sketch, which are a sketch, too: kept a second time, hash by hash."""

_FILLING = HASHES
"""Fills a row behind its last hash."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A petition as it is compared. `path` runs from the district down to its place, `categories`
    from the first level down to its category; `supporters` are the young voices behind it.
    """

    id: str
    path: tuple[str, ...]
    categories: tuple[str, ...]
    filed_at: datetime
    supporters: int
    words: Hashes


class _Known(Generic[T]):
    """Values that many rows share, by a number each; they stay known for the process's life."""

    def __init__(self) -> None:
        self.values: list[T] = []
        self._numbers: dict[T, int] = {}

    def number(self, value: T) -> int:
        """The value's number: the next one when it is new."""
        number = self._numbers.setdefault(value, len(self.values))
        if number == len(self.values):
            self.values.append(value)
        return number

    def __len__(self) -> int:
        return len(self.values)


class Table:
    """Rows side by side, the last one moved to where one was dropped. Putting the same entry again
    changes nothing.
    """

    def __init__(self) -> None:
        self.ids: list[str] = []
        self._rows: dict[str, int] = {}
        self.paths: _Known[tuple[str, ...]] = _Known()
        self.categories: _Known[tuple[str, ...]] = _Known()
        self._below: dict[str, list[int]] = {}
        self._words = np.empty((0, MOST), np.uint16)
        self._first = np.empty((FIRST_HASHES, 0), np.uint16)
        self._reach = np.empty(0, np.uint16)
        self._where = np.empty(0, np.int32)
        self._about = np.empty(0, np.int32)
        self._filed = np.empty(0, np.int64)
        self._supporters = np.empty(0, np.int32)
        self._having = np.zeros(HASHES + 1, np.int32)
        self._reaching = np.zeros(HASHES + 1, np.int32)
        self._weights: NDArray[np.float32] | None = None

    # -- rows ----------------------------------------------------------------------------------

    def put(self, entry: Entry) -> None:
        """Adds a petition, or puts what is known of it now in the place of what was."""
        row = self._rows.get(entry.id)
        if row is None:
            row = len(self.ids)
            if row == len(self._reach):
                self._grow()
            self._rows[entry.id] = row
            self.ids.append(entry.id)
        else:
            self._count(row, -1)
        kept = entry.words[:MOST]
        self._words[row, : len(kept)] = kept
        self._words[row, len(kept) :] = _FILLING
        self._first[:, row] = self._words[row, :FIRST_HASHES]
        # Below its reach a row has all the hashes of its text; the whole range if none was left out
        self._reach[row] = kept[-1] if len(entry.words) > MOST else HASHES - 1
        self._where[row] = self._place(entry.path)
        self._about[row] = self.categories.number(entry.categories)
        self._filed[row] = int(entry.filed_at.timestamp())
        self._supporters[row] = entry.supporters
        self._count(row, 1)

    def drop(self, id: str) -> None:
        """Takes a petition out, if it is there."""
        row = self._rows.pop(id, None)
        if row is None:
            return
        self._count(row, -1)
        last = len(self.ids) - 1
        moved = self.ids.pop()
        if row != last:
            self.ids[row] = moved
            self._rows[moved] = row
            for column in self._columns():
                column[row] = column[last]
            self._first[:, row] = self._first[:, last]

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, id: object) -> bool:
        return id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def oldest(self) -> str:
        """The id of the petition that was filed first. Raises ValueError when there is none."""
        return self.ids[int(np.argmin(self.filed))]

    def filed_at(self, row: int) -> datetime:
        """When it was filed, to the second."""
        return datetime.fromtimestamp(int(self._filed[row]), UTC)

    # -- columns, as long as there are rows ----------------------------------------------------

    @property
    def words(self) -> NDArray[np.uint16]:
        """The sketches, each filled up to `MOST`."""
        return self._words[: len(self)]

    @property
    def first(self) -> NDArray[np.uint16]:
        """The first hashes of the sketches, a line for each: all rows' lowest, all rows' next ...

        To look at them line by line is four times as fast as row by row.
        """
        return self._first[:, : len(self)]

    @property
    def reach(self) -> NDArray[np.uint16]:
        """Up to which hash a row has all that its text has."""
        return self._reach[: len(self)]

    @property
    def where(self) -> NDArray[np.int32]:
        """Numbers of `paths`."""
        return self._where[: len(self)]

    @property
    def about(self) -> NDArray[np.int32]:
        """Numbers of `categories`."""
        return self._about[: len(self)]

    @property
    def filed(self) -> NDArray[np.int64]:
        """Seconds since 1970."""
        return self._filed[: len(self)]

    @property
    def supporters(self) -> NDArray[np.int32]:
        """How many came to support it lately, as last read."""
        return self._supporters[: len(self)]

    # -- what is asked of all ------------------------------------------------------------------

    def below(self, place: str) -> Sequence[int]:
        """The numbers of the paths that lead through a place."""
        return self._below.get(place, ())

    def weights(self) -> NDArray[np.float32]:
        """How much it says that two texts share a hash: much for a rare one. 0 for the filling.

        The inverse document frequency, among the rows that reach up to the hash. The added numbers
        stand for a few texts that were never seen: without them the first petitions of a city would
        have no rare words. They are reckoned again after a change, when they are asked for.
        """
        if self._weights is None:
            rows = np.cumsum(self._reaching[::-1])[::-1]
            self._weights = np.log(1 + (rows + 20) / (self._having + 0.5)).astype(np.float32)
            self._weights[_FILLING] = 0
        return self._weights

    def _count(self, row: int, by: int) -> None:
        self._weights = None
        words = self._words[row]
        self._having[words[words != _FILLING]] += by  # its hashes are distinct
        self._reaching[self._reach[row]] += by

    def _place(self, path: tuple[str, ...]) -> int:
        known = len(self.paths)
        number = self.paths.number(path)
        if number == known:
            for code in path:
                self._below.setdefault(code, []).append(number)
        return number

    def _columns(self) -> tuple[NDArray[Any], ...]:
        return (
            self._words,
            self._reach,
            self._where,
            self._about,
            self._filed,
            self._supporters,
        )

    def _grow(self) -> None:
        room = max(ROOM, int(len(self._reach) * GROWTH))
        self._words = _longer(self._words, room)
        self._first = np.ascontiguousarray(_longer(self._first.T, room).T)
        self._reach = _longer(self._reach, room)
        self._where = _longer(self._where, room)
        self._about = _longer(self._about, room)
        self._filed = _longer(self._filed, room)
        self._supporters = _longer(self._supporters, room)


def _longer(column: NDArray[Any], rows: int) -> NDArray[Any]:
    longer = np.empty((rows, *column.shape[1:]), column.dtype)
    longer[: len(column)] = column
    return longer
