"""Looking up single states: together where they are asked for together, never older than asked."""

import asyncio
from collections.abc import Sequence
from typing import cast

import pytest

from shared.runtime.journal import Journal, Stored, Unavailable
from shared.runtime.lookups import Lookups
from tests.runtime.journal_material import MONDAY


class Shelf:
    """A journal that notes what is loaded, and answers when `open` is set."""

    def __init__(self) -> None:
        self.there: dict[str, Stored] = {}
        self.loads: list[tuple[str, set[str]]] = []
        self.begun, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.away = False

    def put(self, id: str, version: int) -> None:
        self.there[id] = Stored(id, version, MONDAY, {})

    async def load(self, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        self.loads.append((kind, set(ids)))
        self.begun.set()
        found = {id: self.there[id] for id in ids if id in self.there}
        await self.open.wait()
        if self.away:
            raise Unavailable("away")
        return found


@pytest.fixture
async def shelf() -> Shelf:
    made = Shelf()
    made.put("a", 1)
    made.put("b", 1)
    return made


@pytest.fixture
async def lookups(shelf: Shelf) -> Lookups:
    return Lookups(cast(Journal, shelf))


async def test_what_is_asked_for_in_one_turn_is_read_once_per_kind(
    shelf: Shelf, lookups: Lookups
) -> None:
    asked = [("thing", "a"), ("thing", "b"), ("lamp", "a"), ("thing", "a"), ("thing", "c")]
    found = await asyncio.gather(*(lookups.one(kind, id) for kind, id in asked))
    assert [each and each.id for each in found] == ["a", "b", "a", "a", None]
    assert shelf.loads == [("thing", {"a", "b", "c"}), ("lamp", {"a"})]


async def test_who_asks_while_a_read_is_under_way_is_told_what_is_there_then(
    shelf: Shelf, lookups: Lookups
) -> None:
    shelf.open.clear()
    early = asyncio.create_task(lookups.one("thing", "a"))
    await shelf.begun.wait()
    shelf.put("a", 2)
    late = asyncio.create_task(lookups.one("thing", "a"))
    await asyncio.sleep(0)
    shelf.open.set()
    versions = [each and each.version for each in await asyncio.gather(early, late)]
    assert versions == [1, 2]


async def test_who_goes_away_takes_nothing_from_the_others(shelf: Shelf, lookups: Lookups) -> None:
    shelf.open.clear()
    gone, stays = (asyncio.create_task(lookups.one("thing", id)) for id in "ab")
    await shelf.begun.wait()
    gone.cancel()
    await asyncio.wait([gone])
    shelf.open.set()
    found = await stays
    assert gone.cancelled()
    assert found == shelf.there["b"]


async def test_a_store_that_is_away_is_told_to_all_and_asked_again(
    shelf: Shelf, lookups: Lookups
) -> None:
    shelf.away = True
    told = await asyncio.gather(*(lookups.one("thing", id) for id in "ab"), return_exceptions=True)
    assert [type(each) for each in told] == [Unavailable, Unavailable]
    shelf.away = False
    assert await lookups.one("thing", "a") == shelf.there["a"]
