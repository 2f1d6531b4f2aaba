"""Stores read at one moment, and written again.

A moment is a second of the stores' own clocks. All are read as they were at the same one, while
services go on writing.
"""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bson import Timestamp, decode
from bson.codec_options import CodecOptions
from bson.json_util import CANONICAL_JSON_OPTIONS, dumps
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient
from pymongo.command_cursor import CommandCursor
from pymongo.database import Database
from pymongo.errors import ConnectionFailure, OperationFailure

from deploy.backup.files import Writing, digest_of, reading
from deploy.backup.manifest import Collection, Store
from deploy.backup.platform import Place
from deploy.backup.troubles import Damaged, NotNow
from shared.runtime.documents import CODEC
from shared.runtime.mongo_driver import hosts_in
from shared.runtime.mongo_figures import BACKUP
from shared.runtime.mongo_setup import made_with
from shared.runtime.relay import LEASE

Doc = dict[str, Any]

RAW: CodecOptions[Any] = CodecOptions(document_class=RawBSONDocument)
REACHED_WITHIN = 60.0
"""Seconds until every store's clock has passed the moment."""
LOOK_EVERY = 0.05
WRITTEN_AT_ONCE, BYTES_AT_ONCE = 2_000, 8_000_000
SNAPSHOT_TOO_OLD, SNAPSHOT_UNAVAILABLE = 239, 246
NUMBERS_SKIPPED = 1_000_000
"""What was given out after the moment is in no backup: the next numbers are given beyond it. It is
more than a city gives between two backups."""


@contextmanager
def store_of(place: Place) -> Iterator[Database[Doc]]:
    """A store, connected to. Raises `NotNow` where it is away."""
    with MongoClient[Doc](place.uri, serverSelectionTimeoutMS=10_000) as client:
        try:
            yield client.get_database(place.database, codec_options=CODEC)
        except ConnectionFailure as error:
            raise NotNow(
                f"{place.service}'s store at {hosts_in(place.uri)} does not answer "
                f"({type(error).__name__})"
            ) from error


# --- reading -------------------------------------------------------------------------------------


def next_moment(places: Sequence[Place]) -> int:
    """The first second that none of the stores' clocks has reached, nor this machine's: all that
    was acknowledged by now is before it.
    """
    seconds = [int(time.time())]
    for place in places:
        with store_of(place) as store, store.client.start_session() as session:
            store.command("ping", session=session)
            if session.cluster_time is None:
                raise NotNow(
                    f"{place.service}'s store tells no moments: it is no replica set, or has only "
                    "just begun"
                )
            seconds.append(session.cluster_time["clusterTime"].time)
    return max(seconds) + 1


def wait_for(places: Sequence[Place], moment: int) -> None:
    """Returns when all stores' clocks have passed the moment. Raises `NotNow`."""
    limit = time.monotonic() + REACHED_WITHIN
    for place in places:
        with store_of(place) as store, store.client.start_session() as session:
            while session.operation_time is None or session.operation_time <= Timestamp(moment, 0):
                if time.monotonic() > limit:
                    raise NotNow(
                        f"{place.service}'s clock is more than {REACHED_WITHIN:.0f} s slow"
                    )
                time.sleep(LOOK_EVERY)
                # A store that rests tells no time: it is written to.
                note = {"$set": {"at": datetime.now(UTC)}}
                store["leases"].update_one({"_id": BACKUP}, note, upsert=True, session=session)


def note_made(place: Place, at: datetime, every: timedelta | None = None) -> None:
    """Notes in a store that there is a backup of it as it was at that time, and after how long the
    next one follows, where that is known. Raises `NotNow`.
    """
    note: Doc = {"made": at}
    if every is not None:
        note["every_s"] = every.total_seconds()
    with store_of(place) as store:
        store["leases"].update_one({"_id": BACKUP}, {"$set": note}, upsert=True)


def dump(place: Place, moment: int, folder: Path, key: bytes | None) -> Store:
    """Writes all of a store as it was at the moment into files of `folder`. Raises `NotNow`."""
    with store_of(place) as store:
        names = sorted(store.list_collection_names(filter={"type": "collection"}))
        collections = []
        relayed = None
        for name in names:
            if name.startswith("system."):
                continue
            file = f"{place.service}.{name}.bson.gz" + ("" if key is None else ".sealed")
            with Writing(folder, file, key) as writing, _refusals(place):
                for documents in _at(store, name, moment):
                    writing.add(documents)
                    if name == "leases":
                        relayed = relayed or _relayed(documents)
            collections.append(
                Collection(
                    name,
                    file,
                    writing.documents,
                    writing.bytes,
                    digest_of(folder / file),
                    _indexes(store, name),
                )
            )
        version = store.client.server_info()["version"]
    return Store(place.service, moment, version, relayed, collections)


def _at(store: Database[Doc], name: str, moment: int) -> Iterator[bytes]:
    """The documents of a collection at the moment, in the order they were put in, some together.
    (The driver's own snapshot sessions choose a moment for one store; here all have the same.)
    """
    command = {
        "find": name,
        "readConcern": {"level": "snapshot", "atClusterTime": Timestamp(moment, 0)},
    }
    waiting = bytearray()
    # The command's options are for the first batch, the database's for those that follow.
    raw: Database[Any] = store.client.get_database(store.name, codec_options=RAW)
    found: CommandCursor[Any] = raw.cursor_command(command, codec_options=RAW)
    with found as cursor:
        for document in cursor:
            waiting += document.raw
            if len(waiting) > BYTES_AT_ONCE:
                yield bytes(waiting)
                waiting.clear()
    yield bytes(waiting)


def _relayed(documents: bytes) -> datetime | None:
    at = 0
    while at < len(documents):
        length = int.from_bytes(documents[at : at + 4], "little")
        lease = decode(documents[at : at + length], CODEC)
        if lease["_id"] == LEASE and "position" in lease:
            relayed: datetime | None = lease["position"]["at"]
            return relayed
        at += length
    return None


def _indexes(store: Database[Doc], name: str) -> list[Doc]:
    told = [
        {field: value for field, value in index.items() if field not in ("v", "ns")}
        for index in store[name].list_indexes()
        if index["name"] != "_id_"
    ]
    plain: list[Doc] = json.loads(dumps(told, json_options=CANONICAL_JSON_OPTIONS))
    return plain


@contextmanager
def _refusals(place: Place) -> Iterator[None]:
    try:
        yield
    except OperationFailure as error:
        if error.code == SNAPSHOT_TOO_OLD:
            raise NotNow(
                f"{place.service}'s store did not remember the moment for as long as the backup "
                "took: set minSnapshotHistoryWindowInSeconds to more (docs/guides/backup.md)"
            ) from error
        if error.code == SNAPSHOT_UNAVAILABLE:
            raise NotNow(
                f"collections or indexes of {place.service} were being made at the moment: "
                "begin again"
            ) from error
        raise


# --- writing -------------------------------------------------------------------------------------


def need_empty(place: Place) -> None:
    """Raises `NotNow` where the store has something in it."""
    with store_of(place) as store:
        if there := store.list_collection_names():
            raise NotNow(
                f"{place.service}'s store is not empty ({len(there)} collections in "
                f"{place.database}): --replace throws away what is there"
            )


def fill(place: Place, folder: Path, was: Store, key: bytes | None, sealed: bool) -> None:
    """Makes the store what it was: nothing that was there before is left. Raises `Damaged`."""
    with store_of(place) as store:
        store.client.drop_database(place.database)
        for collection in was.collections:
            store.create_collection(collection.name, **made_with(collection.name))
            into = store.get_collection(collection.name, codec_options=RAW)
            written = 0
            for documents in _together(reading(folder, collection.file, key, sealed)):
                into.insert_many(documents)
                written += len(documents)
            if written != collection.documents:
                raise Damaged(
                    f"{collection.file}: {written} documents, expected {collection.documents}"
                )
            if collection.indexes:
                indexes = collection.index_documents()
                store.command("createIndexes", collection.name, indexes=indexes)


def _together(documents: Iterable[bytes]) -> Iterator[list[RawBSONDocument]]:
    waiting: list[RawBSONDocument] = []
    size = 0
    for document in documents:
        waiting.append(RawBSONDocument(document))
        size += len(document)
        if len(waiting) == WRITTEN_AT_ONCE or size > BYTES_AT_ONCE:
            yield waiting
            waiting, size = [], 0
    if waiting:
        yield waiting


def begin_anew(place: Place, since: datetime) -> None:
    """Nobody leads any more, and the next relay publishes again what was written since; numbers are
    given out beyond all that may have been given after the moment.
    """
    with store_of(place) as store:
        nobody = {"holder": None, "until": None}
        store["leases"].update_many({"fence": {"$exists": True}}, {"$set": nobody})
        position = {"token": None, "at": since}
        store["leases"].update_one({"_id": LEASE}, {"$set": {"position": position}}, upsert=True)
        store["numbers"].update_many({}, {"$inc": {"last": NUMBERS_SKIPPED}})


# --- looking -------------------------------------------------------------------------------------


def unknown(place: Place, commits: Sequence[str]) -> set[str]:
    """Those of the commits (``<stream>/<version>``) that the store does not have."""
    missing = set(commits)
    if not missing:
        return missing
    with store_of(place) as store:
        for start in range(0, len(commits), WRITTEN_AT_ONCE):
            some = list(commits[start : start + WRITTEN_AT_ONCE])
            missing -= {
                one["_id"] for one in store["commits"].find({"_id": {"$in": some}}, {"_id": 1})
            }
    return missing


def causes(place: Place, since: datetime) -> set[str]:
    """The ids of the events that led to what the store wrote since."""
    with store_of(place) as store:
        wanted = {"causation": {"$exists": True}, "at": {"$gte": since}}
        return {one["causation"] for one in store["commits"].find(wanted, {"causation": 1})}
