"""What only a real MongoDB can do to a journal, with both drivers."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

import pytest
from pymongo import MongoClient

from deploy.local.processes import free_port
from deploy.local.servers import MongoServer
from shared.runtime import mongo_journal
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Followed, Kind, PositionLost, Query, Unavailable
from shared.runtime.mongo_driver import AccessDenied, DriverName, NotAReplicaSet
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_query import tally_pipeline
from tests.runtime.journal_material import (
    MONDAY,
    THINGS,
    change,
    follow_until,
    ids_of,
    next_of,
)

SECRET = "tiger-lily"


@asynccontextmanager
async def connected(uri: str, database: str, driver: DriverName) -> AsyncIterator[MongoJournal]:
    """A journal that is closed at the end."""
    journal = MongoJournal.connect(uri, database, driver, SystemClock())
    try:
        yield journal
    finally:
        await journal.close()


async def test_processes_that_begin_at_once_make_the_same_collections(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    kinds = [Kind(f"kind{n}") for n in range(10)]
    async with AsyncExitStack() as open:
        journals = [
            await open.enter_async_context(connected(mongo.uri, database, driver)) for _ in range(6)
        ]
        await asyncio.gather(*(journal.prepare(kinds) for journal in journals))
    with MongoClient[dict[str, object]](mongo.uri) as client:
        there = client[database].list_collection_names()
    assert {f"state_{kind.name}" for kind in kinds} <= set(there)


async def test_no_page_of_what_is_written_all_the_time_takes_long_to_write(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    async with connected(mongo.uri, database, driver) as journal:
        await journal.prepare([Kind("thing")])
    with MongoClient[dict[str, object]](mongo.uri) as client:
        for name in ("commits", "dossiers", "state_thing"):
            told = client[database].command("collStats", name)["wiredTiger"]
            assert "memory_page_max=1m" in told["creationString"]


async def test_while_the_server_is_away_everything_is_unavailable_and_then_goes_on(
    own_mongo: Callable[..., MongoServer], driver: DriverName
) -> None:
    server = own_mongo()
    async with connected(server.uri, "j", driver) as journal:
        await journal.prepare([THINGS])
        await journal.write([change("a")])
        fence = await journal.take_lease("relay", "me", 600)
        assert fence == 1
        stream = journal.follow(None)
        start = await next_of(stream)
        await journal.save_position("relay", start.position, fence)

        server.kill()

        async def step_of(stream: AsyncIterator[object]) -> None:
            await anext(stream)

        async def follow_until_broken() -> None:
            async for _ in stream:
                pass

        attempts = {
            "follow": follow_until_broken(),
            "ping": journal.ping(),
            "load": journal.load("thing", ["a"]),
            "by_cause": journal.by_cause(["k"]),
            "write": journal.write([change("b")]),
            "history": journal.history("thing-a"),
            "stretch": journal.stretch("thing-a", 0, 5),
            "find": journal.find("thing", Query({})),
            "text": journal.find("thing", Query({}, text="x")),
            "count": journal.count("thing", {}),
            "tally": journal.tally("thing", ["status"]),
            "due": journal.due("thing", MONDAY, 1),
            "dossier": journal.dossier("thing-a"),
            "record": journal.record_reading("r", ["thing-a"], "p", MONDAY),
            "readings": journal.readings("thing-a"),
            "lease": journal.take_lease("relay", "me", 30),
            "release": journal.release_lease("relay", "you"),
            "position": journal.position("relay"),
            "save": journal.save_position("relay", start.position, fence),
            "prepare": journal.prepare([THINGS]),
            "new follow": step_of(journal.follow(start.position)),
            "rescan": step_of(journal.rescan(None)),
            "all": step_of(journal.all("thing")),
            "watch": step_of(journal.watch("thing")),
        }
        async with asyncio.timeout(60):
            outcomes = await asyncio.gather(*attempts.values(), return_exceptions=True)
        for name, outcome in zip(attempts, outcomes, strict=True):
            assert isinstance(outcome, Unavailable), f"{name}: {outcome!r}"
            assert f"127.0.0.1:{server.port}" in str(outcome)

        server.restart()
        async with asyncio.timeout(30):
            while True:
                try:
                    await journal.write([change("c")])
                    break
                except Unavailable:
                    continue
        saved = await journal.position("relay")
        assert saved == start.position
        commits, _ = await follow_until(journal.follow(saved), lambda seen: len(seen) >= 1)
        assert ids_of(commits)[-1] == "thing-c/1"
        assert {state.id async for state in journal.all("thing")} <= {"a", "b", "c"}


async def test_a_server_that_hangs_is_unavailable_too(
    own_mongo: Callable[..., MongoServer], driver: DriverName
) -> None:
    server = own_mongo()
    async with connected(f"{server.uri}&socketTimeoutMS=500", "j", driver) as journal:
        await journal.prepare([THINGS])
        await journal.write([change("a")])
        server.pause()
        try:
            with pytest.raises(Unavailable):
                await journal.write([change("b")])
        finally:
            server.resume()


async def test_a_position_that_the_oplog_has_run_over_is_lost(
    own_mongo: Callable[..., MongoServer], driver: DriverName
) -> None:
    server = own_mongo(options=["--oplogSize", "1", "--syncdelay", "1"])
    async with connected(server.uri, "j", driver) as journal:
        await journal.prepare([THINGS])
        start = await next_of(journal.follow(None))
        version = 0

        async def lost() -> bool:
            try:
                await next_of(journal.follow(start.position))
            except PositionLost:
                return True
            return False

        async with asyncio.timeout(60):
            while not await lost():
                for _ in range(20):
                    version += 1
                    await journal.write([change("a", version, text="x" * 100_000)])
        batches = [batch async for batch in journal.rescan(None)]
        assert sum(map(len, batches)) == version
        fresh = await next_of(journal.follow(None))
        assert isinstance(await next_of(journal.follow(fresh.position)), Followed)


async def test_a_plain_server_is_refused_with_the_remedy(
    own_mongo: Callable[..., MongoServer], driver: DriverName
) -> None:
    server = own_mongo(replica_set=False)
    for suffix in ("", "?replicaSet=rs0"):
        async with connected(f"mongodb://127.0.0.1:{server.port}/{suffix}", "j", driver) as journal:
            with pytest.raises(NotAReplicaSet, match="--replSet"):
                await journal.prepare([THINGS])


async def test_messages_never_show_the_password(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    away = f"mongodb://lily:{SECRET}@127.0.0.1:{free_port()}/?replicaSet=rs0"
    async with connected(away, database, driver) as journal:
        with pytest.raises(Unavailable) as unavailable:
            await journal.ping()
    wrong = mongo.uri.replace("mongodb://", f"mongodb://lily:{SECRET}@")
    async with connected(wrong, database, driver) as journal:
        with pytest.raises(AccessDenied) as denied:
            await journal.prepare([THINGS])
    with pytest.raises(ValueError) as no_address:
        MongoJournal.connect(f"mongo://lily:{SECRET}@host/", database, driver, SystemClock())
    for caught in (unavailable, denied, no_address):
        assert SECRET not in str(caught.value)
        assert "lily" not in str(caught.value)


async def test_the_hot_queries_use_their_indexes(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    async with connected(mongo.uri, database, driver) as journal:
        await journal.prepare([THINGS])
        await journal.write([change(f"{n:03}", cause=f"k{n}", place="p") for n in range(200)])
    with MongoClient(mongo.uri) as client:  # type: ignore[var-annotated]
        store = client[database]

        def stages(command: Mapping[str, object]) -> str:
            explained = store.command("explain", command, verbosity="queryPlanner")
            return " ".join(re.findall(r"'stage': '(\w+)'", str(explained)))

        def plan(collection: str, only: object, order: list[tuple[str, int]]) -> str:
            return stages({"find": collection, "filter": only, "sort": dict(order)})

        assert "COLLSCAN" not in plan("commits", {"cause": {"$in": ["k1", "k2"]}}, [])
        assert "SORT" in plan("state_thing", {"s.x": 1}, [("s.y", 1)]), "what a bad plan shows"
        queue = plan("state_thing", {"s.place": "p"}, [("due", 1), ("_id", 1)])
        assert "IXSCAN" in queue
        assert "SORT" not in queue
        due = plan("state_thing", {"due": {"$lte": MONDAY}}, [("due", 1), ("_id", 1)])
        assert "IXSCAN" in due
        assert "SORT" not in due
        command = {
            "aggregate": "state_thing",
            "pipeline": tally_pipeline(["status"], {}, None),
            "hint": "s.status_1__id_1",
            "cursor": {},
        }
        counting = stages(command)
        assert "IXSCAN" in counting
        assert "FETCH" not in counting, "a gauge reads keys, no documents"


TEST_COMMANDS = ["--setParameter", "enableTestCommands=1"]


def fail_at(server: MongoServer, times: int, command: str, **how: object) -> None:
    """Lets the server fail the next commands of that name; `how` says in which way."""
    with MongoClient(server.uri) as client:  # type: ignore[var-annotated]
        client.admin.command(
            "configureFailPoint",
            "failCommand",
            mode={"times": times},
            data={"failCommands": [command], **how},
        )


async def test_counting_has_more_time_than_other_requests_but_not_for_ever(
    own_mongo: Callable[..., MongoServer], driver: DriverName, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = own_mongo(options=TEST_COMMANDS)
    slow = {"blockConnection": True, "blockTimeMS": 1_000}
    async with connected(f"{server.uri}&socketTimeoutMS=500", "j", driver) as journal:
        await journal.prepare([THINGS])
        await journal.write([change("a", status="open")])
        fail_at(server, 1, "aggregate", **slow)
        assert await journal.tally("thing", ["status"]) == [(("open",), 1)]
        monkeypatch.setattr(mongo_journal, "TALLY_SECONDS", 0.4)
        fail_at(server, 100, "aggregate", **slow)
        with pytest.raises(Unavailable):
            await journal.tally("thing", ["status"])


async def test_what_a_server_gives_up_or_leaves_open_is_done_once(
    own_mongo: Callable[..., MongoServer], driver: DriverName
) -> None:
    server = own_mongo(options=TEST_COMMANDS)
    fail = partial(fail_at, server)
    transient = {"errorCode": 251, "errorLabels": ["TransientTransactionError"]}
    async with connected(server.uri, "j", driver) as journal:
        await journal.prepare([THINGS])

        fail(2, "insert", **transient)
        await journal.write([change("a")])

        fail(1, "commitTransaction", **transient)
        await journal.write([change("b")])

        # The driver asks a second time by itself; here that is not enough.
        fail(3, "commitTransaction", closeConnection=True)
        await journal.write([change("c")])

        # Committed, though the answer says that the majority is not known to have it.
        late = {"code": 64, "errmsg": "waiting for replication timed out"}
        fail(3, "commitTransaction", writeConcernError=late)
        await journal.write([change("d")])

        fail(100, "insert", **transient)
        with pytest.raises(Unavailable):
            await journal.write([change("e")])
        fail(1_000, "commitTransaction", errorCode=91)
        with pytest.raises(Unavailable):
            await journal.write([change("f")])
        fail(0, "commitTransaction", errorCode=91)

        states = {state.id: state.version async for state in journal.all("thing")}
        assert states == {"a": 1, "b": 1, "c": 1, "d": 1}
        (commits,) = [batch async for batch in journal.rescan(None)]
        assert ids_of(commits) == ["thing-a/1", "thing-b/1", "thing-c/1", "thing-d/1"]
