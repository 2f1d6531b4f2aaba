"""Answers that are dear to count: remembered by each process, and counted anew behind who asks."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import structlog

from shared.runtime.clock import Clock
from shared.runtime.journal import Journal, Unavailable

A = TypeVar("A")

FRESH = timedelta(minutes=1)
"""For so long an answer is given as it is."""
OLDEST = timedelta(minutes=15)
"""How old an answer may be: until then it is given, and counted anew for who asks next."""
WANTED = timedelta(days=1)
"""So long after somebody has asked last, an answer is kept from growing too old: who looks in the
morning at what they looked at the day before does not wait."""
RENEWED = timedelta(minutes=10)
"""When that is done."""
SHARE = 0.1
"""Of its time that a process has counted for nobody who waits, at most. What takes longer grows old
meanwhile."""
AT_ONCE = 2
"""Answers counted side by side in a process: the store is there for those who file, too."""
MOST_REMEMBERED = 200
"""Answers kept at once: those asked for last."""

NEVER = datetime.min.replace(tzinfo=UTC)

Counting = Callable[[datetime], Awaitable[Any]]
"""Counts as of now, which it is told."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Answer:
    """What was counted `at` a time; it was last asked for at `asked`, last begun to be counted at
    `tried`.
    """

    counting: Counting
    asked: datetime
    tried: datetime
    at: datetime = NEVER
    value: Any = None
    anew: "asyncio.Task[Any] | None" = None


@dataclass
class RememberedFigures:
    """What was counted lately, none of it older than `oldest`. Who asks the same while it is being
    counted waits for that answer, unless an older one will do. It is a
    `shared.runtime.copies.Kept` thing: one for each process.
    """

    name: str = "figures"
    ready: bool = True
    oldest: timedelta = OLDEST
    _answers: OrderedDict[Any, _Answer] = field(default_factory=OrderedDict)
    _asked: asyncio.Event = field(default_factory=asyncio.Event)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def loaded(self) -> None:
        """At once: it fills itself when asked."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Counts anew what was asked for within a day and grows old, for ever; what cannot be
        counted now is tried again in its turn.
        """
        while True:
            self._asked.clear()
            now = clock.now()
            wanted = [one for one in self._answers.values() if now - one.asked < WANTED]
            if not wanted:
                await self._asked.wait()
                continue
            next_one = min(wanted, key=lambda one: one.tried)
            if (left := next_one.tried + RENEWED - now) > timedelta(0):
                await clock.sleep(left.total_seconds())
                continue
            began = clock.monotonic()
            try:
                await self._count_anew(next_one, now)
            except Unavailable as error:
                log.warning("figures_grow_old", reason=str(error)[:200])
            await clock.sleep((clock.monotonic() - began) / SHARE)

    async def ask(
        self, key: object, now: datetime, counting: Callable[[datetime], Awaitable[A]]
    ) -> A:
        """The remembered answer to `key`, or that of `counting`, which runs once for all who wait
        for it. Raises what `counting` raises.
        """
        known = self._answers.setdefault(key, _Answer(counting, now, now))
        self._answers.move_to_end(key)
        if len(self._answers) > MOST_REMEMBERED:
            self._answers.popitem(last=False)
        known.counting, known.asked = counting, now
        self._asked.set()
        answer: A
        if now - known.at >= FRESH:
            anew = self._count_anew(known, now)
            if now - known.at >= self.oldest:
                # Who goes away does not take the answer from the others.
                answer = await asyncio.shield(anew)
                return answer
        answer = known.value
        return answer

    def _count_anew(self, known: _Answer, now: datetime) -> "asyncio.Task[Any]":
        """The count that runs already, or one that begins."""
        if known.anew is None or known.anew.done():
            known.tried = now
            known.anew = asyncio.ensure_future(self._counted(known, now))
            known.anew.add_done_callback(_heard)
        return known.anew

    async def _counted(self, known: _Answer, now: datetime) -> Any:
        async with self._turns:
            known.value = await known.counting(now)
        known.at = now
        return known.value


def _heard(counting: "asyncio.Task[Any]") -> None:
    """What went wrong is told to who waits; where nobody does, the next to ask tries again."""
    if not counting.cancelled():
        counting.exception()
