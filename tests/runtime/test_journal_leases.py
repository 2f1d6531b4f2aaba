"""Leases and the positions they guard, over every journal."""

import asyncio

import pytest

from shared.runtime.journal import Fenced, Journal, Position
from tests.runtime.journal_material import MONDAY

HERE = Position("t1", MONDAY)
THERE = Position({"_data": "t2"}, None)


async def take_when_free(journal: Journal, name: str, holder: str) -> int:
    """The fence of a lease that somebody else lets run out."""
    async with asyncio.timeout(10):
        while True:
            fence = await journal.take_lease(name, holder, 30)
            if fence is not None:
                return fence
            await asyncio.sleep(0.01)


async def test_one_holder_at_a_time(journal: Journal) -> None:
    assert await journal.take_lease("relay", "one", 30) == 1
    assert await journal.take_lease("relay", "two", 30) is None
    assert await journal.take_lease("other", "two", 30) == 1


async def test_a_holder_renews_with_the_same_number(journal: Journal) -> None:
    assert await journal.take_lease("relay", "one", 0.05) == 1
    for _ in range(3):
        assert await journal.take_lease("relay", "one", 30) == 1
    assert await journal.take_lease("relay", "two", 30) is None


async def test_of_many_who_want_it_one_gets_it(journal: Journal) -> None:
    rivals = (journal.take_lease("relay", f"r{n}", 30) for n in range(20))
    got = [fence for fence in await asyncio.gather(*rivals) if fence is not None]
    assert got == [1]


async def test_a_lease_that_ran_out_goes_to_the_next(journal: Journal) -> None:
    first = await journal.take_lease("relay", "one", 0.1)
    second = await take_when_free(journal, "relay", "two")
    assert (first, second) == (1, 2)
    assert await journal.take_lease("relay", "one", 30) is None


async def test_a_lease_given_back_is_free_at_once(journal: Journal) -> None:
    assert await journal.take_lease("relay", "one", 30) == 1
    await journal.release_lease("relay", "two")
    assert await journal.take_lease("relay", "two", 30) is None
    await journal.release_lease("relay", "one")
    assert await journal.take_lease("relay", "two", 30) == 2
    await journal.release_lease("relay", "two")
    assert await journal.take_lease("relay", "two", 30) == 3
    await journal.release_lease("nothing", "two")


async def test_the_holder_saves_positions(journal: Journal) -> None:
    assert await journal.position("relay") is None
    fence = await journal.take_lease("relay", "one", 30)
    assert fence is not None
    assert await journal.position("relay") is None
    for position in (HERE, THERE):
        await journal.save_position("relay", position, fence)
        assert await journal.position("relay") == position
    assert await journal.take_lease("relay", "one", 30) == fence
    assert await journal.position("relay") == THERE


async def test_an_old_holder_overwrites_nothing(journal: Journal) -> None:
    first = await journal.take_lease("relay", "one", 0.1)
    assert first is not None
    await journal.save_position("relay", HERE, first)
    second = await take_when_free(journal, "relay", "two")
    with pytest.raises(Fenced):
        await journal.save_position("relay", THERE, first)
    assert await journal.position("relay") == HERE
    await journal.save_position("relay", THERE, second)
    with pytest.raises(Fenced):
        await journal.save_position("relay", HERE, first)
    assert await journal.position("relay") == THERE


async def test_without_a_lease_nothing_is_saved(journal: Journal) -> None:
    with pytest.raises(Fenced):
        await journal.save_position("relay", HERE, 1)
    assert await journal.position("relay") is None
