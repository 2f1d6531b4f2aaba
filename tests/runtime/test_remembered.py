"""Answers that are dear to count: counted once for all who ask, and anew behind them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Unavailable
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.remembered import (
    AT_ONCE,
    FRESH,
    MOST_REMEMBERED,
    OLDEST,
    SHARE,
    WANTED,
    RememberedFigures,
)

START = datetime(2025, 3, 3, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


class Hasty(SystemClock):
    """Time passes by waiting for it, and at once."""

    def __init__(self) -> None:
        self.passed = timedelta(0)

    def now(self) -> datetime:
        return START + self.passed

    def monotonic(self) -> float:
        return self.passed.total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.passed += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class Counted:
    """What is counted: how often it was so far. It waits while it is `held`, and may fail."""

    def __init__(self) -> None:
        self.at: list[datetime] = []
        self.running = self.most_running = 0
        self.trouble: Exception | None = None
        self.held = asyncio.Event()
        self.held.set()

    async def __call__(self, at: datetime) -> int:
        self.at.append(at)
        number = len(self.at)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await self.held.wait()
            if self.trouble is not None:
                raise self.trouble
        finally:
            self.running -= 1
        return number


async def until(is_so: Callable[[], bool]) -> None:
    """Lets others run until it is so."""
    for _ in range(100_000):
        if is_so():
            return
        await asyncio.sleep(0)
    raise AssertionError("it does not come about")


@asynccontextmanager
async def followed(remembered: RememberedFigures, clock: Hasty) -> AsyncIterator[None]:
    following = asyncio.create_task(remembered.follow(MemoryJournal(clock), clock))
    try:
        yield
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def test_what_was_counted_is_given_for_a_minute_and_counted_once() -> None:
    remembered, counted = RememberedFigures(), Counted()
    answers = [remembered.ask("a", START, counted) for _ in range(20)]
    assert await asyncio.gather(*answers) == [1] * 20
    assert await remembered.ask("a", START + FRESH - MOMENT, counted) == 1
    assert await remembered.ask("b", START, counted) == 2
    assert counted.at == [START, START]


async def test_an_older_one_is_given_and_counted_anew_for_who_asks_next() -> None:
    remembered, counted = RememberedFigures(), Counted()
    await remembered.ask("a", START, counted)
    counted.held.clear()
    later = START + OLDEST - MOMENT
    # Nobody waits, and what is being counted is not counted twice.
    assert [await remembered.ask("a", later, counted) for _ in range(3)] == [1, 1, 1]
    await until(lambda: counted.running == 1)
    counted.held.set()
    await until(lambda: counted.running == 0)
    assert await remembered.ask("a", later, counted) == 2
    assert counted.at == [START, later]


async def test_too_old_a_one_is_waited_for() -> None:
    remembered, counted = RememberedFigures(), Counted()
    await remembered.ask("a", START, counted)
    assert await remembered.ask("a", START + OLDEST, counted) == 2
    strict, counted = RememberedFigures(oldest=FRESH), Counted()
    await strict.ask("a", START, counted)
    assert await strict.ask("a", START + FRESH, counted) == 2


async def test_a_failed_count_leaves_the_answer_before_it_as_long_as_that_will_do() -> None:
    remembered, counted = RememberedFigures(), Counted()
    counted.trouble = Unavailable("away")
    with pytest.raises(Unavailable, match="away"):
        await remembered.ask("a", START, counted)
    counted.trouble = None
    assert await remembered.ask("a", START, counted) == 2
    counted.trouble = Unavailable("away")
    assert await remembered.ask("a", START + FRESH, counted) == 2
    await until(lambda: len(counted.at) == 3 and counted.running == 0)
    assert await remembered.ask("a", START + OLDEST - MOMENT, counted) == 2
    with pytest.raises(Unavailable, match="away"):
        await remembered.ask("a", START + OLDEST, counted)
    counted.trouble = None
    assert await remembered.ask("a", START + OLDEST, counted) == len(counted.at)


async def test_who_goes_away_does_not_take_the_answer_from_the_others() -> None:
    remembered, counted = RememberedFigures(), Counted()
    counted.held.clear()
    one, other = (asyncio.create_task(remembered.ask("a", START, counted)) for _ in range(2))
    await until(lambda: counted.running == 1)
    one.cancel()
    await asyncio.gather(one, return_exceptions=True)
    counted.held.set()
    assert await other == 1


async def test_so_many_are_counted_side_by_side_and_no_more() -> None:
    remembered, counted = RememberedFigures(), Counted()
    counted.held.clear()
    asked = [asyncio.create_task(remembered.ask(key, START, counted)) for key in range(AT_ONCE + 3)]
    await until(lambda: counted.running == AT_ONCE)
    counted.held.set()
    await asyncio.gather(*asked)
    assert counted.most_running == AT_ONCE
    assert len(counted.at) == AT_ONCE + 3


async def test_so_many_answers_are_kept_and_no_more() -> None:
    remembered, counted = RememberedFigures(), Counted()
    for key in range(MOST_REMEMBERED + 1):
        await remembered.ask(key, START, counted)
    assert await remembered.ask(1, START, counted) == 2
    assert await remembered.ask(0, START, counted) == MOST_REMEMBERED + 2


# --- what grows old while nobody asks -------------------------------------------------------------


async def test_for_a_day_after_somebody_asked_an_answer_is_kept_from_growing_too_old() -> None:
    remembered, counted, clock = RememberedFigures(), Counted(), Hasty()
    async with followed(remembered, clock):
        await remembered.ask("a", clock.now(), counted)
        await until(lambda: clock.now() >= START + WANTED)
        day = [*counted.at, START + WANTED]
        assert all(later - earlier < OLDEST for earlier, later in pairwise(day))
        # It was counted for nobody, and is there for who comes back.
        before = len(counted.at)
        assert await remembered.ask("a", clock.now(), counted) == before
        await until(lambda: clock.now() >= START + 2 * WANTED)
    assert all(later - earlier < OLDEST for earlier, later in pairwise(counted.at))


async def test_what_is_dear_to_count_takes_no_more_than_its_share_of_the_time() -> None:
    remembered, clock = RememberedFigures(), Hasty()
    took = timedelta(minutes=3)
    counts = 0

    async def counting(_: datetime) -> None:
        nonlocal counts
        counts += 1
        await clock.sleep(took.total_seconds())

    for key in range(5):
        await remembered.ask(key, clock.now(), counting)
    begun, counted_before = clock.now(), counts
    async with followed(remembered, clock):
        await until(lambda: clock.now() >= begun + WANTED)
    renewed = counts - counted_before
    assert 0.8 * SHARE < renewed * took / (clock.now() - begun) <= SHARE


async def test_a_store_that_is_away_is_tried_again_for_all_of_them() -> None:
    remembered, clock = RememberedFigures(), Hasty()
    one, other = Counted(), Counted()
    await remembered.ask("a", clock.now(), one)
    await remembered.ask("b", clock.now(), other)
    one.trouble = other.trouble = Unavailable("away")
    async with followed(remembered, clock):
        await until(lambda: min(len(one.at), len(other.at)) >= 4)
        one.trouble = None
        await until(lambda: one.at[-1] > other.at[3] and one.running == 0)
        assert await remembered.ask("a", clock.now(), one) > 4
