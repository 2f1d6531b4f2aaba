"""Watches that are given up, over every journal."""

import asyncio
import random

from shared.runtime.journal import Journal

ROUNDS = 30
AT_ONCE = 8
SOON = 0.003
"""Seconds within which they are given up: within the time that calls take."""


async def test_a_watch_that_is_given_up_ends(journal: Journal) -> None:
    chance = random.Random(1)
    watches: list[asyncio.Task[None]] = []
    for _ in range(ROUNDS):
        several = [asyncio.create_task(watch(journal)) for _ in range(AT_ONCE)]
        await asyncio.sleep(chance.random() * SOON)
        for each in several:
            each.cancel()
        watches += several
    async with asyncio.timeout(20):
        await asyncio.gather(*watches, return_exceptions=True)
    assert all(each.cancelled() for each in watches)


async def watch(journal: Journal) -> None:
    """Looks on."""
    async for _ in journal.watch("thing"):
        pass
