"""The feed is read from any place on, in order; whoever waits in it is woken."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy.local.servers import MongoServer
from services.subscriptions.domain.feed.feed import CITY, Enter, EnterAll, Lying, entering, feed
from services.subscriptions.feed_reading import START, Cursor, Entry, Feed, Wanted
from services.subscriptions.views.feed import KINDS
from shared.runtime.aggregate import Command
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal, Unavailable
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store

SIZES = (1, 3, 1, 1, 200, 2, 1, 1, 1, 60, 1)
"""Entries of each commit."""


@pytest.fixture(params=["memory", pytest.param("mongo", marks=pytest.mark.servers)])
async def store(request: pytest.FixtureRequest) -> AsyncIterator[Store]:
    """A feed with nothing in it."""
    clock = SystemClock()
    journal: Journal = MemoryJournal(clock)
    if request.param == "mongo":
        mongo: MongoServer = request.getfixturevalue("mongo")
        journal = MongoJournal.connect(
            mongo.uri, request.getfixturevalue("database"), "pymongo", clock
        )
    await journal.prepare(KINDS)
    yield Store("subscriptions", journal, clock, [feed], {"feed": nowhere})
    await journal.close()


def nowhere(_id: str, command: Command, _state: Any, _now: datetime) -> list[Lying]:
    """Where everything here lies."""
    return [Lying() for _ in entering(command)]


async def enter(store: Store, count: int, first: int = 0) -> None:
    """So many in one commit."""
    those = tuple(Enter(f'{{"type":"t","id":"{first + n}"}}') for n in range(count))
    await store.do(feed, CITY, EnterAll(those), actor="test")


async def filled(store: Store) -> Feed:
    """A feed with commits of many sizes; its entries are numbered from 0."""
    first = 0
    for size in SIZES:
        await enter(store, size, first)
        first += size
    return Feed(store.journal, store.clock)


def numbers(entries: list[Entry]) -> list[int]:
    """Their ids."""
    return [int(entry.envelope["id"]) for entry in entries]


@pytest.mark.parametrize("most", [1, 2, 7, 100, 1_000])
async def test_parts_of_any_length_are_the_whole(store: Store, most: int) -> None:
    reading = await filled(store)
    reading_until = 8 if most == 1 else sum(SIZES)
    found: list[Entry] = []
    cursor = START
    while part := await reading.after(cursor, most):
        assert len(part) <= most
        found += part
        cursor = part[-1].at
        if len(found) >= reading_until:
            break
    assert numbers(found)[:reading_until] == list(range(reading_until))


async def test_reading_goes_on_after_every_place(store: Store) -> None:
    reading = await filled(store)
    whole = await reading.after(START, 1_000)
    assert await reading.newest() == whole[-1].at == Cursor(len(SIZES), SIZES[-1])
    for place in (0, 2, 3, 100, 205, len(whole) - 2, len(whole) - 1):
        rest = await reading.after(whole[place].at, 5)
        assert numbers(rest) == list(range(place + 1, min(place + 6, len(whole))))
    assert await reading.after(Cursor(999, 0), 5) == []


async def test_it_begins_at_a_moment(store: Store) -> None:
    reading = await filled(store)
    commits = await store.journal.history("feed-city")
    for commit in commits:
        before = await reading.before(commit.at)
        after = await reading.after(before, 1_000)
        assert all(each.at < commit.at for each in commits[: before.version])
        assert after[0].at.version == before.version + 1
        assert commits[before.version].at == commit.at
    assert await reading.before(commits[0].at - timedelta(days=1)) == START
    assert await reading.before(commits[-1].at + timedelta(days=1)) == await reading.newest()


async def test_an_empty_feed_has_a_start_and_an_end(store: Store) -> None:
    reading = Feed(store.journal, store.clock)
    assert await reading.newest() == START
    assert await reading.before(store.clock.now()) == START
    assert await reading.after(START, 10) == []
    assert not await reading.grown(START, 0.01)


async def test_many_wait_and_all_are_woken(store: Store) -> None:
    reading = Feed(store.journal, store.clock)
    waiting = [asyncio.create_task(reading.grown(START, 30)) for _ in range(20)]
    await enter(store, 1)
    async with asyncio.timeout(10):
        assert all(await asyncio.gather(*waiting))
    beyond = await reading.newest()
    assert await reading.grown(START, 30)
    later = [asyncio.create_task(reading.grown(beyond, 30)) for _ in range(20)]
    await asyncio.sleep(0)
    assert not any(task.done() for task in later)
    await enter(store, 1)
    async with asyncio.timeout(10):
        assert all(await asyncio.gather(*later))
    assert not reading._watching.working, "nobody waits any more"


async def test_nothing_is_missed_between_asking_and_waiting(store: Store) -> None:
    reading = Feed(store.journal, store.clock)
    place = START
    for _ in range(30):
        waiting = asyncio.create_task(reading.grown(place, 30))
        await enter(store, 1)
        async with asyncio.timeout(5):
            assert await waiting
        place = await reading.newest()


async def test_whoever_waits_too_long_is_told_so(store: Store) -> None:
    reading = await filled(store)
    began = store.clock.monotonic()
    assert not await reading.grown(await reading.newest(), 0.2)
    assert store.clock.monotonic() - began >= 0.19


async def test_a_store_that_is_away_is_told_to_whoever_waits() -> None:
    away = False

    def fault(_point: str) -> None:
        if away:
            raise Unavailable("away")

    clock = SystemClock()
    journal = MemoryJournal(clock, fault=fault)
    store = Store("subscriptions", journal, clock, [feed], {"feed": nowhere})
    reading = Feed(journal, clock)
    await enter(store, 1)
    waiting = asyncio.create_task(reading.grown(await reading.newest(), 30))
    await asyncio.sleep(0.01)
    away = True
    journal.disk._wake()  # the watch looks, and finds nobody there
    with pytest.raises(Unavailable):
        await waiting
    away = False
    assert await reading.grown(START, 1)


def entry(type: str, places: tuple[str, ...] = (), category: str | None = None) -> Entry:
    """Something that happened."""
    return Entry(START, {"type": type}, places, category)


FILED = "cn.jinlin.petitions.PetitionFiled.v1"


@pytest.mark.parametrize(
    ("wanted", "does"),
    [
        (Wanted(), True),
        (Wanted(types=(FILED,)), True),
        (Wanted(types=("cn.jinlin.petitions.PetitionFiled.v2",)), False),
        (Wanted(types=("cn.jinlin.petitions.*",)), True),
        (Wanted(types=("cn.jinlin.ledger.*", "cn.jinlin.petitions.PetitionFiled.*")), True),
        (Wanted(types=("*",)), True),
        (Wanted(types=("cn.jinlin.ledger.*",)), False),
        (Wanted(places=frozenset({"c1"})), True),
        (Wanted(places=frozenset({"c2", "n1"})), True),
        (Wanted(places=frozenset({"c2"})), False),
        (Wanted(categories=frozenset({"lifts", "noise"})), True),
        (Wanted(categories=frozenset({"noise"})), False),
        (Wanted((FILED,), frozenset({"c1"}), frozenset({"noise"})), False),
    ],
)
def test_what_is_wanted(wanted: Wanted, does: bool) -> None:
    assert wanted.wants(entry(FILED, ("d1", "c1", "n1"), "lifts")) is does


def test_what_lies_nowhere_is_in_no_place() -> None:
    assert not Wanted(places=frozenset({"c1"})).wants(entry(FILED))
    assert not Wanted(categories=frozenset({"lifts"})).wants(entry(FILED))
