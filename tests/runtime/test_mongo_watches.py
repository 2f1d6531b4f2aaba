"""Watches that begin together share a change stream."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local.servers import MongoServer
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Kind, PositionLost
from shared.runtime.mongo_driver import DriverName
from shared.runtime.mongo_journal import MongoJournal
from tests.runtime.bus_fixtures import eventually
from tests.runtime.journal_material import THINGS, change, ids_of, next_of

KINDS = ("thing", "other", "third")


def streams(mongo: MongoServer, database: str) -> int:
    """How many change streams over states of the database the server has."""
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        operations = client.admin.aggregate(
            [{"$currentOp": {"allUsers": True, "idleCursors": True, "localOps": True}}]
        )
        asked = [
            each.get("cursor", {}).get("originatingCommand") or each.get("command") or {}
            for each in operations
        ]
    return sum(
        command.get("$db") == database and "$changeStream" in str(command.get("pipeline"))
        for command in asked
    )


async def test_what_begins_in_one_turn_is_one_stream_and_each_hears_its_own(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS, Kind("other"), Kind("third")])
    watches = [journal.watch(kind) for kind in KINDS]
    for kind in KINDS:
        assert [state async for state in journal.all(kind)] == []
    assert streams(mongo, database) == 1
    await journal.write([change("a"), change("b", kind="other"), change("c")])
    await journal.write([change("d", kind="third")])
    for watch, ids in zip(watches, (["a", "c"], ["b"], ["d"]), strict=True):
        assert [(await next_of(watch)).id for _ in ids] == ids

    await watches[0].aclose()
    await journal.write([change("e", kind="other")])
    assert (await next_of(watches[1])).id == "e"  # the others go on
    later = journal.watch("thing")
    assert {state.id async for state in journal.all("thing")} == {"a", "c"}
    assert streams(mongo, database) == 2
    for watch in (*watches[1:], later):
        await watch.aclose()
    await eventually(lambda: streams(mongo, database) == 0)  # the last ends it on the server, too
    await journal.close()


async def test_a_watch_that_is_never_looked_at_keeps_no_stream(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])
    unused = journal.watch("thing")
    assert [state async for state in journal.all("thing")] == []
    del unused
    await eventually(lambda: streams(mongo, database) == 0)
    await journal.close()


@pytest.mark.parametrize("turns", range(5))
async def test_who_gives_up_at_once_leaves_nobody_who_comes_then_deaf(
    mongo: MongoServer, database: str, driver: DriverName, turns: int
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])

    async def look() -> None:
        async for _ in journal.watch("thing"):
            pass

    hasty = asyncio.create_task(look())
    for _ in range(turns):
        await asyncio.sleep(0)
    hasty.cancel()
    await asyncio.wait([hasty])
    async with aclosing(journal.watch("thing")) as watch:
        assert [state async for state in journal.all("thing")] == []
        await journal.write([change("a")])
        assert (await next_of(watch)).id == "a"
    await journal.close()


@pytest.mark.parametrize("reading", ["all", "rescan"])
async def test_what_is_written_but_not_settled_when_a_stream_begins_is_seen(
    own_mongo: Callable[..., MongoServer], driver: DriverName, reading: str
) -> None:
    server = own_mongo(options=["--setParameter", "enableTestCommands=1"])
    journal = MongoJournal.connect(server.uri, "j", driver, SystemClock())
    await journal.prepare([THINGS])
    await journal.write([change("a")])

    def settling(goes_on: bool) -> None:
        """Whether what is written becomes visible to majority reads."""
        with MongoClient[dict[str, Any]](server.uri, w=1) as client:
            mode = "off" if goes_on else "alwaysOn"
            client.admin.command("configureFailPoint", "disableSnapshotting", mode=mode)
            client.get_database("other").get_collection("any").insert_one({})  # it looks at writes

    async def look() -> None:
        if reading == "all":
            seen.update([each.id async for each in journal.all("thing")])
        else:
            await next_of(following)
            seen.update([id async for batch in journal.rescan(None) for id in ids_of(batch)])

    async def hear() -> None:
        if reading == "all":
            async for state in watch:
                seen.add(state.id)
        else:
            async for followed in following:
                seen.update(ids_of(followed.commits))

    seen: set[str] = set()
    settling(False)
    writing = asyncio.create_task(journal.write([change("b")]))
    with MongoClient[dict[str, Any]](server.uri) as client:
        there = client.get_database("j").get_collection("state_thing")
        await eventually(lambda: there.count_documents({"_id": "b"}) == 1)
    watch, following = journal.watch("thing"), journal.follow(None)
    looking = asyncio.create_task(look())
    await asyncio.wait([looking], timeout=1)  # it may wait for what is written
    settling(True)
    await writing
    await looking
    hearing = asyncio.create_task(hear())
    want = {"a", "b"} if reading == "all" else {"thing-a/1", "thing-b/1"}
    await eventually(lambda: seen == want)
    hearing.cancel()
    await asyncio.wait([hearing])
    await watch.aclose()
    await following.aclose()
    await journal.close()


async def test_all_who_share_a_stream_hear_that_it_broke(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS, Kind("other")])
    async with aclosing(journal.watch("thing")) as things, aclosing(journal.watch("other")) as more:
        assert [state async for state in journal.all("thing")] == []
        with MongoClient[dict[str, Any]](mongo.uri) as client:
            client.drop_database(database)
        for watch in (things, more):
            with pytest.raises(PositionLost):
                await next_of(watch)
    await journal.close()
