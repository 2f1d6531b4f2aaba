"""Counts of requests in windows of time, for the strategies of ``limits``.

The memory store of that package starts a thread that looks at every key a hundred times a second
under load. Here a window's counts are one dict that is let go as a whole when its time has passed.
"""

import time
from collections.abc import Callable

from limits.storage import Storage
from limits.storage.base import SlidingWindowCounterSupport


class _Windows:
    """The counts of the window at hand and of the one before, for windows of one length."""

    def __init__(self) -> None:
        self.number = 0
        self.present: dict[str, int] = {}
        self.before: dict[str, int] = {}

    def at(self, number: int) -> None:
        """Moves on to a window, by its number."""
        if number != self.number:
            self.before = self.present if number == self.number + 1 else {}
            self.present = {}
            self.number = number


class Counts(Storage, SlidingWindowCounterSupport):
    """Of one process; replicas count each for itself."""

    STORAGE_SCHEME = None

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        """`now` gives seconds; windows begin at multiples of their length."""
        super().__init__()
        self._now = now
        self._windows: dict[int, _Windows] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """What a store may raise: nothing of its own."""
        return ValueError

    def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Counts `amount` unless that would be too much."""
        windows, passed = self._at(expiry)
        present = windows.present.get(key, 0)
        weighted = windows.before.get(key, 0) * (1 - passed / expiry) + present
        if weighted > limit - amount:
            return False
        windows.present[key] = present + amount
        return True

    def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Count and rest in seconds of the window before, then of the present one."""
        windows, passed = self._at(expiry)
        left = expiry - passed
        return windows.before.get(key, 0), left, windows.present.get(key, 0), left + expiry

    def clear_sliding_window(self, key: str, expiry: int) -> None:
        """Forgets a key."""
        windows, _ = self._at(expiry)
        windows.present.pop(key, None)
        windows.before.pop(key, None)

    def _at(self, expiry: int) -> tuple[_Windows, float]:
        """The windows of a length, and the seconds since the present one began."""
        number, passed = divmod(self._now(), expiry)
        windows = self._windows.setdefault(expiry, _Windows())
        windows.at(int(number))
        return windows, passed

    # What other strategies would ask for, which is not offered.

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError

    def get(self, key: str) -> int:
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        raise NotImplementedError

    def clear(self, key: str) -> None:
        raise NotImplementedError
