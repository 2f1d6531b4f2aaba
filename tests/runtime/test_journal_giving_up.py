"""What is given up while it asks, over every journal."""

import asyncio
import random
from collections.abc import Awaitable, Callable

import pytest

from shared.runtime.journal import Journal

ROUNDS = 30
AT_ONCE = 8
SOON = 0.003
"""Seconds within which they are given up: within the time that calls take."""


async def watch(journal: Journal) -> None:
    """Looks on."""
    async for _ in journal.watch("thing"):
        pass


async def ask_again_and_again(journal: Journal) -> None:
    """Never comes to its end."""
    while True:
        await journal.load("thing", ["1"])
        await asyncio.sleep(0)


@pytest.mark.parametrize("work", [watch, ask_again_and_again])
async def test_what_is_given_up_ends(
    journal: Journal, work: Callable[[Journal], Awaitable[None]]
) -> None:
    async def at_work() -> None:
        await work(journal)

    chance = random.Random(1)
    given_up: list[asyncio.Task[None]] = []
    for _ in range(ROUNDS):
        several = [asyncio.create_task(at_work()) for _ in range(AT_ONCE)]
        await asyncio.sleep(chance.random() * SOON)
        for each in several:
            each.cancel()
        given_up += several
    async with asyncio.timeout(20):
        await asyncio.gather(*given_up, return_exceptions=True)
    assert all(each.cancelled() for each in given_up)
