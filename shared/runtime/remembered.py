"""Answers that are dear to count, remembered for a minute in each process."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from shared.runtime.clock import Clock
from shared.runtime.journal import Journal

A = TypeVar("A")

REMEMBERED = timedelta(seconds=60)
"""How old an answer may be."""
MOST_REMEMBERED = 200
"""Answers kept at once."""


@dataclass(slots=True)
class _Answer:
    at: datetime
    counting: "asyncio.Task[Any]"


@dataclass
class RememberedFigures:
    """What was counted in the last minute. Who asks the same while it is being counted waits for
    that answer. It is a `shared.runtime.copies.Kept` thing: one for each process.
    """

    name: str = "figures"
    ready: bool = True
    _answers: OrderedDict[Any, _Answer] = field(default_factory=OrderedDict)

    async def loaded(self) -> None:
        """At once: it fills itself when asked."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """There is nothing to follow: answers grow old by themselves."""

    async def ask(self, key: object, now: datetime, counting: Callable[[], Awaitable[A]]) -> A:
        """The remembered answer to `key`, or that of `counting`, which runs once for all who wait
        for it.
        """
        known = self._answers.get(key)
        if known is None or now - known.at >= REMEMBERED or _failed(known.counting):
            known = _Answer(now, asyncio.ensure_future(counting()))
            self._answers[key] = known
            self._answers.move_to_end(key)
            if len(self._answers) > MOST_REMEMBERED:
                self._answers.popitem(last=False)
        # Who goes away does not take the answer from the others.
        answer: A = await asyncio.shield(known.counting)
        return answer


def _failed(counting: "asyncio.Task[Any]") -> bool:
    return counting.done() and (counting.cancelled() or counting.exception() is not None)
