"""Following, rescanning and watching, over every journal."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from shared.runtime.journal import Journal, Position, PositionLost, Stored
from tests.runtime.journal_material import (
    MONDAY,
    change,
    follow_until,
    ids_of,
    mark,
    minutes,
    next_of,
)


async def test_following_begins_now(journal: Journal) -> None:
    await journal.write([change("before")])
    async with aclosing(journal.follow(None)) as stream:  # type: ignore[type-var]
        start = await next_of(stream)
        assert start.commits == []
        written = [change("a"), change("b"), mark("k"), change("a", 2)]
        await journal.write(written)
        commits, last = await follow_until(stream, lambda seen: len(seen) >= 4)
    assert commits == [each.commit for each in written]
    assert last.position.at == MONDAY


async def test_following_goes_on_behind_a_position(journal: Journal) -> None:
    async with aclosing(journal.follow(None)) as stream:  # type: ignore[type-var]
        start = await next_of(stream)
        await journal.write([change("a")])
        _, seen = await follow_until(stream, lambda seen: len(seen) >= 1)
    await journal.write([change("b"), change("c")])
    async with aclosing(journal.follow(seen.position)) as stream:  # type: ignore[type-var]
        commits, _ = await follow_until(stream, lambda seen: len(seen) >= 2)
        assert ids_of(commits) == ["thing-b/1", "thing-c/1"]
    async with aclosing(journal.follow(start.position)) as stream:  # type: ignore[type-var]
        commits, _ = await follow_until(stream, lambda seen: len(seen) >= 3)
        assert ids_of(commits) == ["thing-a/1", "thing-b/1", "thing-c/1"]


async def test_a_quiet_follower_hears_every_second(journal: Journal) -> None:
    await journal.write([change("a")])
    async with aclosing(journal.follow(None)) as stream:  # type: ignore[type-var]
        before = await next_of(stream)
        for _ in range(2):
            quiet = await next_of(stream, seconds=2)
            assert quiet.commits == []
            assert quiet.position.token is not None
        assert quiet.position.at == before.position.at


async def test_a_position_survives_being_saved(journal: Journal) -> None:
    fence = await journal.take_lease("relay", "me", 30)
    assert fence is not None
    async with aclosing(journal.follow(None)) as stream:  # type: ignore[type-var]
        start = await next_of(stream)
    await journal.save_position("relay", start.position, fence)
    await journal.write([change("a")])
    saved = await journal.position("relay")
    assert saved == start.position
    async with aclosing(journal.follow(saved)) as stream:  # type: ignore[type-var]
        commits, _ = await follow_until(stream, lambda seen: len(seen) >= 1)
    assert ids_of(commits) == ["thing-a/1"]


async def test_many_commits_come_in_batches_and_in_order(journal: Journal) -> None:
    async with aclosing(journal.follow(None)) as stream:  # type: ignore[type-var]
        await next_of(stream)
        for version in range(1, 31):
            await journal.write([change(str(n), version) for n in range(40)])
        batches = 0
        seen: dict[str, list[int]] = {}
        async with asyncio.timeout(20):
            async for followed in stream:
                batches += 1
                for commit in followed.commits:
                    seen.setdefault(commit.stream, []).append(commit.version)
                if sum(map(len, seen.values())) == 1200:
                    break
    assert len(seen) == 40
    assert all(versions == list(range(1, 31)) for versions in seen.values())
    assert batches <= 200


@pytest.mark.parametrize("token", [None, "", 7, {"_data": "zz"}, {"_data": "8265"}, {}, "9:9"])
async def test_a_position_that_is_none_is_lost(journal: Journal, token: Any) -> None:
    with pytest.raises(PositionLost):
        await next_of(journal.follow(Position(token, MONDAY)))


async def test_rescan_gives_each_stream_in_order(journal: Journal) -> None:
    for version in range(1, 31):
        # Clocks of hosts differ: the order of writing counts, not the times.
        at = MONDAY + minutes(version % 3)
        await journal.write([change(str(n), version, at=at) for n in range(40)])
    batches = [batch async for batch in journal.rescan(None)]
    seen: dict[str, list[int]] = {}
    for commit in (commit for batch in batches for commit in batch):
        seen.setdefault(commit.stream, []).append(commit.version)
    assert len(seen) == 40
    assert all(versions == list(range(1, 31)) for versions in seen.values())
    assert len(batches) > 1
    assert all(batches)


async def test_rescan_since_a_time(journal: Journal) -> None:
    for version in range(1, 6):
        await journal.write([change("a", version, at=MONDAY + minutes(version))])
    await journal.write([mark("k")])
    batches = [batch async for batch in journal.rescan(MONDAY + minutes(3))]
    assert ids_of(batches[0]) == ["thing-a/3", "thing-a/4", "thing-a/5"]
    assert [batch async for batch in journal.rescan(MONDAY + minutes(9))] == []
    (everything,) = [batch async for batch in journal.rescan(None)]
    assert [commit.version for commit in everything] == [1, 2, 3, 4, 5, 0]


async def test_all_gives_every_state(journal: Journal) -> None:
    written = [change(f"{n:04}", n=n) for n in range(1_100)]
    await journal.write(written)
    found = {state.id: state async for state in journal.all("thing")}
    assert found == {each.state.id: each.state for each in written if each.state}
    assert [state async for state in journal.all("nothing")] == []


async def test_watching_sees_new_and_replaced_states(journal: Journal) -> None:
    await journal.write([change("before")])
    async with aclosing(journal.watch("thing")) as stream:  # type: ignore[type-var]
        assert {state.id async for state in journal.all("thing")} == {"before"}
        await journal.write([change("a", n=1), change("other", kind="other")])
        await journal.write([change("a", 2, n=2), change("before", 2)])
        seen = [await next_of(stream) for _ in range(3)]
    assert seen[0] == Stored("a", 1, MONDAY, {"n": 1})
    assert {(state.id, state.version) for state in seen[1:]} == {("a", 2), ("before", 2)}


async def test_nothing_falls_between_all_and_watch(journal: Journal) -> None:
    async def writes() -> None:
        for n in range(150):
            await journal.write([change(str(n))])

    writing = asyncio.create_task(writes())
    async with aclosing(journal.watch("thing")) as stream:  # type: ignore[type-var]
        seen = {state.id async for state in journal.all("thing")}
        await writing
        while len(seen) < 150:
            seen.add((await next_of(stream)).id)
