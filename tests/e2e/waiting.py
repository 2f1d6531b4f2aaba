"""Waiting for a condition: no test sleeps for a time and hopes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_EVERY = 0.05
"""Seconds between two looks."""


def until(look: Callable[[], T], what: str, within: float = 30) -> T:
    """What `look` gives as soon as that is true in Python's sense.

    Raises AssertionError, naming `what` and the last thing seen, after `within` seconds.
    """
    limit = time.monotonic() + within
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > limit:
            raise AssertionError(f"not within {within:.0f} s: {what}; last seen: {seen!r}")
        time.sleep(LOOK_EVERY)
