"""How many planted duplicates are found in the real messages, how fast, in how much memory."""

import random
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from services.petitions.likeness.finding import Sought, alike
from services.petitions.likeness.sketch import HASHES, MOST, hashes
from services.petitions.likeness.table import Entry, Table
from tests.services.petitions.planted import (
    CHANGES,
    MESSAGES,
    Message,
    copied,
    messages,
    told_again,
)

STORED, PLANTED, FRESH = 5_500, 1_500, 1_500
PLACE = ("community-1", "neighbourhood-1")
CATEGORIES = ("property", "sanitation", "transport", "education", "labour", "other")
SINCE = datetime(2025, 1, 1, tzinfo=UTC)

MANY = 100_000
COMMUNITIES = 100
LOOKUPS = 400

Told = Callable[[str, object], None]

needs_messages = pytest.mark.skipif(
    not MESSAGES.exists(), reason=f"the real messages are not at hand: there is no {MESSAGES}"
)


@needs_messages
@pytest.mark.slow
def test_planted_duplicates_are_found_among_real_messages(record_property: Told):
    """All lie in one neighbourhood, so that only words tell them apart; a seventh of the duplicates
    has another category. As many messages that were not told before are asked about, too.
    """
    chance = random.Random(20250303)
    real = chance.sample(messages(), STORED + FRESH)
    stored, fresh = real[:STORED], real[STORED:]
    categories = [chance.choice(CATEGORIES) for _ in stored]
    table = Table()
    for n, (message, category) in enumerate(zip(stored, categories, strict=True)):
        table.put(Entry(str(n), PLACE, (category,), SINCE, 0, hashes(message.title, message.text)))

    right = wrong = known = 0

    def ask(message: Message, category: str, original: Message, twin: int | None) -> None:
        nonlocal right, wrong, known
        sought = Sought(hashes(message.title, message.text), PLACE[::-1], category)
        for each in alike(table, sought):
            if each.id == str(twin):
                right += 1
            elif copied(original, stored[int(each.id)]):
                known += 1
            else:
                wrong += 1

    for n in chance.sample(range(STORED), PLANTED):
        changes = chance.sample(CHANGES, chance.choice((1, 1, 2, 2, 3, 5)))
        category = categories[n] if chance.random() < 6 / 7 else chance.choice(CATEGORIES)
        ask(told_again(stored[n], changes, chance), category, stored[n], n)
    for message in fresh:
        ask(message, chance.choice(CATEGORIES), message, None)

    recall, precision = right / PLANTED, right / (right + wrong)
    record_property("recall", round(recall, 4))
    record_property("precision", round(precision, 4))
    print(f"recall {recall:.3f}, precision {precision:.3f}; {known} real messages sent twice")
    assert recall >= 0.9
    assert precision >= 0.8


@pytest.mark.slow
def test_a_hundred_thousand_fit_into_memory_and_are_searched_in_time(record_property: Told):
    """Words as random as they get: no hash is shared by more texts than by chance, but for the
    common ones. As far as can be asked over HTTP, a street of ten, and over all of them.

    A lookup reckons in one thread and waits for nothing, so its time is that of its thread: what
    other processes take of a busy machine is told beside it.
    """
    chance = np.random.default_rng(20250303)

    def words() -> np.ndarray:
        length = int(chance.integers(30, 400))
        common = chance.zipf(1.3, length) % HASHES
        return np.unique(common.astype(np.uint16))

    made = [words() for _ in range(5_000)]
    tracemalloc.start()
    table = Table()
    for n in range(MANY):
        community = f"c{n % COMMUNITIES}"
        path = ("d", f"s{n % 10}", community, f"{community}-{n % 7}")
        at = SINCE + timedelta(minutes=n)
        id = f"{int(at.timestamp() * 1000):012x}{n:020x}"
        table.put(Entry(id, path, (CATEGORIES[n % 6],), at, 0, made[n % 5_000]))
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()

    figures = {"memory_mb": memory}
    around = ("c7-0", "c7")
    for name, places in (
        ("community", around),
        ("street", (*around, "s7")),
        ("everything", (*around, "s7", "d")),
    ):
        took, on_the_wall = [], []
        for n in range(LOOKUPS):
            sought = Sought(made[n], places, CATEGORIES[n % 6])
            began, began_at = time.thread_time(), time.perf_counter()
            alike(table, sought)
            took.append(time.thread_time() - began)
            on_the_wall.append(time.perf_counter() - began_at)
        figures[f"{name}_p50_ms"] = float(np.quantile(took, 0.5)) * 1000
        figures[f"{name}_p99_ms"] = float(np.quantile(took, 0.99)) * 1000
        figures[f"{name}_wall_p99_ms"] = float(np.quantile(on_the_wall, 0.99)) * 1000
    for name, value in figures.items():
        record_property(name, round(value, 2))
    print(", ".join(f"{name} {value:.2f}" for name, value in figures.items()))
    assert memory <= 60
    assert figures["community_p99_ms"] < 20
    assert figures["street_p99_ms"] < 20
    assert figures["everything_p99_ms"] < 20


@needs_messages
@pytest.mark.slow
def test_a_petition_is_taken_in_within_microseconds(record_property: Told):
    table = Table()
    hashes("字")  # the folding table is made once
    began = time.thread_time()
    for n, message in enumerate(messages()):
        words = hashes(message.title, message.text)
        table.put(Entry(str(n), PLACE, ("other",), SINCE, 0, words))
    each = (time.thread_time() - began) / len(table) * 1e6
    record_property("indexing_us", round(each, 1))
    print(f"{each:.0f} microseconds for each of {len(table)}")
    assert each <= 300
    assert len(table) == len(messages())
    assert table.words.shape == (len(table), MOST)
