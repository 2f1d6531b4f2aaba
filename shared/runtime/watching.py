"""One watch over the states of a kind for a whole process, however many wait for what it tells."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager

from shared.runtime.journal import Journal, PositionLost, Stored, Unavailable


class Watching:
    """Hands each state that changes to `told`, while somebody is within `at_work`. `ended` is
    called when the watch ends, be it that nobody needs it or that the store is away.
    """

    def __init__(
        self,
        journal: Journal,
        kind: str,
        told: Callable[[Stored], None],
        ended: Callable[[], None],
    ) -> None:
        self._journal = journal
        self._kind = kind
        self._told = told
        self._ended = ended
        self._there = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def working(self) -> bool:
        """Whether the watch is open now."""
        return self._task is not None and not self._task.done()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Watches for as long as the context lasts, from before it is entered: what the store is
        asked for within it leaves no gap (of MongoDB: what `Journal.all` is asked for).
        """
        self._there += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._watch(self._journal.watch(self._kind)))
        try:
            yield
        finally:
            self._there -= 1
            if self._there == 0 and self._task is not None:
                self._task.cancel()
                self._task = None
                self._ended()

    async def _watch(self, changes: AsyncIterator[Stored]) -> None:
        try:
            async for stored in changes:
                self._told(stored)
        except (Unavailable, PositionLost):
            self._ended()  # whoever waits asks the store, and begins a new watch
