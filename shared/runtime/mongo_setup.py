"""What has to be there before the first transaction: a replica set, collections, indexes."""

from collections.abc import Mapping, Sequence
from typing import Any

import pymongo
from pymongo import ASCENDING, AsyncMongoClient, IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import CollectionInvalid, OperationFailure, PyMongoError
from pymongo.uri_parser import parse_uri

from shared.runtime.journal import Doc, Kind, Unavailable
from shared.runtime.matching import path
from shared.runtime.mongo_driver import Driver, NotAReplicaSet, hosts_in, options_for, reaching
from shared.runtime.mongo_query import index_keys, index_name

INDEX_BUILD_SECONDS = 3_600
SMALL_PAGES = {"wiredTiger": {"configString": "memory_page_max=1m"}}
"""Of collections that are written all the time. The storage engine lets a page that is appended to
grow in memory and then writes all of it in one go: of 10 MB, as it is otherwise, that is 50 ms of a
core every second or so, for which everybody waits.
"""
FILES = "fs."
"""What collections of files begin with: a part of a file is a quarter of such a page."""
NAMESPACE_EXISTS = 48
"""MongoDB's code for a collection that is there already."""


async def need_replica_set(client: AsyncMongoClient[Doc], driver: Driver, uri: str) -> None:
    """Raises `NotAReplicaSet` with what to do about it, or `Unavailable`."""
    hosts = hosts_in(uri)
    try:
        with reaching(hosts):
            hello = await client.admin.command("hello")
    except Unavailable:
        # A client that was told the name of a replica set does not see a server that is in none.
        await _look_directly(driver, uri)
        raise
    _check_hello(hello, hosts)


async def create_what_is_missing(
    database: AsyncDatabase[Doc], kinds: Sequence[Kind], hosts: str
) -> None:
    """Collections and indexes; does nothing when all is there."""
    indexes = {"commits": [_cause_index()], "dossiers": [_index("stream")]}
    indexes |= {"leases": [], "numbers": [], "readings": [_index("stream", "at")]}
    indexes |= {
        "fs.files": [_index("metadata.stream"), _marked_index()],
        "fs.chunks": [_index("files_id", "n", unique=True)],
        "uploads": [_index("at")],
    }
    for kind in kinds:
        indexes[f"state_{kind.name}"] = _state_indexes(kind)
    # Building an index over millions of states outlasts the ordinary time limits.
    with reaching(hosts), pymongo.timeout(INDEX_BUILD_SECONDS):
        there = set(await database.list_collection_names())
        for name, models in indexes.items():
            if name not in there:
                await _create(database, name)
            if models:
                await database.get_collection(name).create_indexes(models)


def made_with(name: str) -> dict[str, Any]:
    """The options that a collection of that name is made with."""
    return {} if name.startswith(FILES) else {"storageEngine": SMALL_PAGES}


async def _create(database: AsyncDatabase[Doc], name: str) -> None:
    """Creates a collection, unless another process does it at the same moment."""
    try:
        await database.create_collection(name, **made_with(name))
    except CollectionInvalid:
        pass  # the driver saw it
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:  # the server did
            raise


async def _look_directly(driver: Driver, uri: str) -> None:
    for host, port in parse_uri(uri)["nodelist"]:
        address = f"mongodb://{host}:{port or 27017}/"
        direct = driver.client(address, **options_for(address), directConnection=True)
        try:
            # It answers to everybody, before any user is known.
            hello = await direct.admin.command("hello")
        except PyMongoError:
            continue
        finally:
            await driver.close(direct)
        _check_hello(hello, f"{host}:{port}")


def _check_hello(hello: Mapping[str, Any], hosts: str) -> None:
    if "setName" in hello or hello.get("msg") == "isdbgrid":
        return
    if hello.get("isreplicaset"):
        raise NotAReplicaSet(f"MongoDB at {hosts} is in no replica set yet: run rs.initiate() once")
    raise NotAReplicaSet(
        f"MongoDB at {hosts} is no replica set: start mongod with --replSet, "
        "then run rs.initiate() once"
    )


def _cause_index() -> IndexModel:
    return IndexModel(
        [("cause", ASCENDING)],
        name="cause",
        unique=True,
        partialFilterExpression={"cause": {"$exists": True}},
    )


def _marked_index() -> IndexModel:
    return IndexModel(
        [("metadata.marked", ASCENDING)],
        name="marked",
        partialFilterExpression={"metadata.marked": True},
    )


def _index(*names: str, unique: bool = False) -> IndexModel:
    return IndexModel([(name, ASCENDING) for name in names], name="_".join(names), unique=unique)


def _state_indexes(kind: Kind) -> list[IndexModel]:
    models = [
        IndexModel(
            [("due", ASCENDING), ("_id", ASCENDING)],
            name="when_due",
            partialFilterExpression={"due": {"$exists": True}},
        )
    ]
    for index in kind.indexes:
        only = {path(name): value for name, value in index.only.items()}
        partial = {"partialFilterExpression": only} if only else {}
        models.append(
            IndexModel(index_keys(index), name=index_name(index), unique=index.unique, **partial)
        )
    if kind.found_by:
        fields = sorted(map(path, kind.found_by))
        models.append(
            IndexModel(
                [("$**", ASCENDING)],
                name="_or_".join(fields),
                wildcardProjection=dict.fromkeys(fields, 1),
            )
        )
    return models
