"""Answers that are dear to count: remembered for a minute, counted once for all who ask."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from shared.runtime.remembered import MOST_REMEMBERED, REMEMBERED, RememberedFigures

START = datetime(2025, 3, 3, tzinfo=UTC)


async def test_what_was_counted_is_remembered_for_a_minute_and_counted_once() -> None:
    remembered, counts = RememberedFigures(), 0

    async def counting() -> int:
        nonlocal counts
        counts += 1
        await asyncio.sleep(0.01)
        return counts

    await asyncio.gather(*(remembered.ask("a", START, counting) for _ in range(20)))
    await remembered.ask("a", START + REMEMBERED - timedelta(seconds=1), counting)
    assert counts == 1
    await remembered.ask("a", START + REMEMBERED, counting)
    await remembered.ask("b", START, counting)
    assert counts == 3


async def test_a_failed_count_is_not_remembered() -> None:
    remembered = RememberedFigures()

    async def failing() -> int:
        raise ValueError("away")

    async def counting() -> int:
        return 7

    with pytest.raises(ValueError, match="away"):
        await remembered.ask("a", START, failing)
    assert await remembered.ask("a", START, counting) == 7


async def test_so_many_answers_are_kept_and_no_more() -> None:
    remembered, counts = RememberedFigures(), 0

    async def counting() -> int:
        nonlocal counts
        counts += 1
        return counts

    for key in range(MOST_REMEMBERED + 1):
        await remembered.ask(key, START, counting)
    assert await remembered.ask(1, START, counting) == 2
    assert await remembered.ask(0, START, counting) == MOST_REMEMBERED + 2
