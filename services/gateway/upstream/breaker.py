"""Leaves a service alone that does not answer, and tries it again with one request."""

import time
from collections.abc import Callable

MOST_FAILURES = 5
"""Requests without an answer, one after the other, after which a service is left alone."""
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 15.0
"""Seconds for which it is left alone, doubled up to the longest while it stays away."""


class Breaker:
    """Closed, it lets everything through; open, nothing; half open, one request that probes.

    Whoever was admitted tells how it went: `answered`, `failed` or `left`.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives seconds that never run backwards."""
        self._now = now
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._until = 0.0
        self._probing = False

    @property
    def open(self) -> bool:
        """Whether the service is left alone, but for a probe."""
        return self._failures >= MOST_FAILURES

    def admit(self) -> bool | None:
        """None where nothing is let through; else whether the request is the probe."""
        if not self.open:
            return False
        if self._probing or self._now() < self._until:
            return None
        self._probing = True
        return True

    def answered(self) -> None:
        """The service gave an answer, whichever."""
        self._failures = 0
        self._pause = FIRST_PAUSE
        self._probing = False

    def failed(self, probe: bool) -> None:
        """There was none."""
        self._failures += 1
        # What was under way when it opened says nothing new.
        if probe or self._failures == MOST_FAILURES:
            self._until = self._now() + self._pause
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if probe:
            self._probing = False

    def left(self, probe: bool) -> None:
        """Whoever asked did not wait for it."""
        if probe:
            self._probing = False
