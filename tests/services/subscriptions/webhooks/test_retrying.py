"""When a call is made again: the standard's schedule, its jitter, its end; Retry-After."""

import itertools
import random
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given as held_for
from hypothesis import strategies as st

from services.subscriptions.calling.retrying import (
    DELAYS,
    GIVE_UP_AFTER,
    JITTER,
    LATEST,
    LONGEST_PAUSE,
    SOONEST,
    next_try,
    pause_until,
    retry_after,
)

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@held_for(st.integers(0, 2**32))
def test_an_event_is_tried_for_three_days_and_a_last_time_then(seed: int) -> None:
    chance = random.Random(seed)
    times, tries = [NOON], 0
    while times[-1] - NOON < GIVE_UP_AFTER:
        tries += 1
        times.append(next_try(tries, NOON, times[-1], chance))
    assert times[-1] - NOON == GIVE_UP_AFTER
    assert 9 <= len(times) <= 11
    for planned, (earlier, later) in zip(DELAYS, itertools.pairwise(times), strict=False):
        if later != times[-1]:
            assert abs((later - earlier) / planned - 1) <= JITTER + 0.001


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("0", SOONEST.total_seconds()),
        ("99999999999999999999", LATEST.total_seconds()),
        (format_datetime(NOON + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOON - timedelta(days=1), usegmt=True), SOONEST.total_seconds()),
        (format_datetime(NOON + timedelta(days=400), usegmt=True), LATEST.total_seconds()),
    ],
)
def test_what_an_endpoint_asks_for_is_honoured_within_bounds(told: str, seconds: float) -> None:
    assert retry_after(told, NOON) == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize("told", [None, "", "soon", "-5", "1.5", "²", "Mon, 99 Foo 2026"])
def test_what_names_no_time_is_none(told: str | None) -> None:
    assert retry_after(told, NOON) is None


def test_an_endpoint_that_takes_nothing_is_looked_at_every_five_minutes() -> None:
    chance = random.Random(1)
    assert pause_until(1, NOON, chance) - NOON < timedelta(seconds=6)
    assert all(pause_until(n, NOON, chance) - NOON <= LONGEST_PAUSE for n in range(1, 50))
