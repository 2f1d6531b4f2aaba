"""Numbers that no other process and no earlier run ever gave: for receipts that people read out."""

import asyncio
from collections import deque

import structlog

from shared.runtime.clock import Clock
from shared.runtime.journal import Journal, Unavailable

BLOCK = 2_000
"""Numbers taken from the journal at once. 3,000 a second are given for two thirds of a second from
one block, which is many times as long as it takes to fetch the next."""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a block is asked for again, doubled up to the longest."""

log = structlog.get_logger()


class Numbers:
    """A stock of numbers for one process: from 1, growing, with gaps (a process that ends gives
    back nothing). Between one and two blocks are in stock; it is a
    `shared.runtime.copies.Kept` thing.
    """

    def __init__(self, name: str, block: int = BLOCK) -> None:
        """`name` is the row of numbers; `block` is how many are taken from the journal at once."""
        self.name = name
        self._block = block
        self._stock: deque[int] = deque()
        self._low = asyncio.Event()
        self._loaded = asyncio.Event()

    @property
    def ready(self) -> bool:
        """Whether there are numbers to give."""
        return bool(self._stock)

    async def loaded(self) -> None:
        """Returns once it has had numbers."""
        await self._loaded.wait()

    def next(self) -> int:
        """A number that was never given before. Raises `Unavailable` when the stock is empty: the
        store has not given another block in time.
        """
        if not self._stock:
            raise Unavailable(f"no {self.name} numbers are in stock")
        number = self._stock.popleft()
        if len(self._stock) < self._block:
            self._low.set()
        return number

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Keeps the stock up, for ever; tries again, after a pause, when the store is away."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._fill(journal)
            except Unavailable as error:
                log.warning("numbers_not_taken", row=self.name, reason=str(error)[:200])
                await clock.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
            else:
                pause = FIRST_PAUSE
                await self._low.wait()

    async def _fill(self, journal: Journal) -> None:
        while len(self._stock) <= self._block:
            first = await journal.take_numbers(self.name, self._block)
            self._stock.extend(range(first, first + self._block))
            self._loaded.set()
        self._low.clear()
