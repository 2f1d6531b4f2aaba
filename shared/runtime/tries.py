"""Codes tried in vain: so many, then none for a while."""

from collections import OrderedDict
from datetime import datetime, timedelta

from shared.runtime.clock import Clock
from shared.runtime.journal import Journal

WRONG_TRIES = 5
"""After so many nothing is looked at."""
LOCKED_FOR = timedelta(minutes=15)
MOST_WATCHED = 20_000
"""Keys whose wrong tries are remembered by a process."""


class Locked(Exception):
    """Too many wrong codes; `seconds` from now it is looked at again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Tries:
    """Codes tried in vain by key (a receipt's number, say), in one process: five, then none for a
    quarter of an hour.

    With twenty tries an hour nobody finds a code; that a process which starts again, or a second
    one, gives five more changes nothing about it. It is a `shared.runtime.copies.Kept` thing, for
    each process has its own.
    """

    name = "tries"
    ready = True

    def __init__(self, most: int = MOST_WATCHED) -> None:
        self._most = most
        self._vain: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    async def loaded(self) -> None:
        """There is nothing to load."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """There is nothing to follow."""

    def one_more(self, key: str, now: datetime) -> None:
        """Counts a try, as one in vain until `clear` says otherwise: of many at the same time each
        counts. Raises `Locked`.
        """
        count, last = self._vain.get(key, (0, now))
        if now >= last + LOCKED_FOR:
            count = 0
        elif count >= WRONG_TRIES:
            raise Locked(int((last + LOCKED_FOR - now).total_seconds()) + 1)
        self._vain[key] = (count + 1, now)
        self._vain.move_to_end(key)
        if len(self._vain) > self._most:
            self._vain.popitem(last=False)

    def clear(self, key: str) -> None:
        """The code was right, or could not be looked at."""
        self._vain.pop(key, None)
