"""The journal in MongoDB 6.0 or newer, through PyMongo's asynchronous client or Motor.

* ``commits``: what happened; also the outbox. `_id` is ``<stream>/<version>``, `cause` is unique.
* ``state_<kind>``: ``{_id, v, at, due?, s}``, the present state; one collection per kind.
* ``dossiers``: personal entries; besides files the only thing that is ever deleted.
* ``readings``: who read which dossier.
* ``leases``: who leads, until when, with which fencing number, and how far the leader has come.
* ``numbers``: the last number of each row that was taken.
* what `shared.runtime.mongo_files` keeps.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any, Self

import pymongo
from pymongo import (
    ASCENDING,
    AsyncMongoClient,
    InsertOne,
    ReadPreference,
    ReplaceOne,
    UpdateOne,
)
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from shared.runtime.clock import Clock
from shared.runtime.documents import (
    CODEC,
    commit_document,
    commit_of,
    entry_document,
    entry_of,
    remembered,
    replacements,
    state_document,
    stored_of,
)
from shared.runtime.journal import (
    Behind,
    Change,
    Commit,
    Conflict,
    Doc,
    DossierEntry,
    Followed,
    Kind,
    Page,
    Position,
    PositionLost,
    Query,
    Stored,
)
from shared.runtime.matching import check_tally, combination, full_order, place_of
from shared.runtime.mongo_changes import Changes, OpenedAt, latest
from shared.runtime.mongo_driver import (
    DRIVERS,
    DURABLE,
    Driver,
    DriverName,
    hosts_in,
    options_for,
    reaching,
)
from shared.runtime.mongo_figures import keep_told
from shared.runtime.mongo_files import MongoFiles
from shared.runtime.mongo_leases import Leases, take_numbers
from shared.runtime.mongo_past import are_there, in_order
from shared.runtime.mongo_query import (
    index_name,
    page_filter,
    sort_of,
    tally_pipeline,
    text_pipeline,
    told_apart,
)
from shared.runtime.mongo_setup import create_what_is_missing, need_replica_set
from shared.runtime.mongo_succession import succession
from shared.runtime.mongo_transaction import Transactions
from shared.runtime.mongo_watches import COLLECTION, Watches

SCAN_BATCH = 500
TEXT_SEARCH_MS = 5_000
TALLY_SECONDS = 20
"""Counting a million states may take longer than any other request, but not for ever."""


class MongoJournal:
    """Persistence of one service in its own database; belongs to the loop it was connected in."""

    def __init__(
        self, client: AsyncMongoClient[Doc], uri: str, database: str, driver: Driver, clock: Clock
    ) -> None:
        self._client = client
        self._uri = uri
        self._hosts = hosts_in(uri)
        self._clock = clock
        self._driver = driver
        self._name = database
        self._database = client.get_database(
            database,
            codec_options=CODEC,
            write_concern=DURABLE,
            read_concern=ReadConcern("majority"),
            read_preference=ReadPreference.PRIMARY,
        )
        self._commits = self._database.get_collection("commits")
        self._dossiers = self._database.get_collection("dossiers")
        self._readings = self._database.get_collection("readings")
        self._leading = Leases(self._database.get_collection("leases"), self._hosts)
        self._transactions = Transactions(client, driver, clock, self._hosts)
        self.files = MongoFiles(self._database, self._hosts, clock)
        self._kinds: dict[str, Kind] = {}
        self._opened_at: OpenedAt | None = None
        self._watches = Watches(self._changes)

    @classmethod
    def connect(cls, uri: str, database: str, driver: DriverName, clock: Clock) -> Self:
        """A journal on `database`; connects at first use. Raises ValueError for a wrong `uri`."""
        hosts_in(uri)
        chosen = DRIVERS[driver]
        return cls(chosen.client(uri, **options_for(uri)), uri, database, chosen, clock)

    async def prepare(self, kinds: Sequence[Kind]) -> None:
        """Also raises `NotAReplicaSet` and `AccessDenied`, which waiting does not cure."""
        await need_replica_set(self._client, self._driver, self._uri)
        await create_what_is_missing(self._database, kinds, self._hosts)
        self._kinds = {kind.name: kind for kind in kinds}

    async def ping(self) -> None:
        with reaching(self._hosts):
            await self._client.admin.command("ping")

    async def load(self, kind: str, ids: Sequence[str]) -> dict[str, Stored]:
        if not ids:
            return {}
        with reaching(self._hosts):
            cursor = self._states(kind).find({"_id": {"$in": list(ids)}})
            return {found["_id"]: stored_of(found) for found in await cursor.to_list(None)}

    async def by_cause(self, causes: Sequence[str]) -> dict[str, Commit]:
        if not causes:
            return {}
        with reaching(self._hosts):
            cursor = self._commits.find({"cause": {"$in": list(causes)}})
            found = [commit_of(document) for document in await cursor.to_list(None)]
        return {cause: one for one in found for cause in set(causes).intersection(one.causes)}

    async def write(self, changes: Sequence[Change]) -> None:
        if not changes:
            return
        commits = [commit_document(change.commit) for change in changes]
        forgotten, added = remembered(changes)
        entries = [entry_document(entry) for entry in added]
        created: dict[str, list[Doc]] = {}
        replaced: dict[str, list[ReplaceOne[Doc] | UpdateOne | InsertOne[Doc]]] = {}
        for kind, base, stored, former in replacements(changes):
            if base == 0:
                created.setdefault(kind, []).append(state_document(stored))
            else:
                replaced.setdefault(kind, []).append(succession(base, former, stored))

        async def statements(session: AsyncClientSession) -> None:
            await self._commits.insert_many(commits, session=session)
            for kind, documents in created.items():
                await self._states(kind).insert_many(documents, session=session)
            for kind, requests in replaced.items():
                result = await self._states(kind).bulk_write(requests, session=session)
                if result.matched_count != len(requests):
                    raise Conflict(f"a {kind} is no longer there")
            if forgotten:
                gone = {"stream": {"$in": forgotten}}
                await self._dossiers.delete_many(gone, session=session)
                await self.files.mark(forgotten, session)
            if entries:
                await self._dossiers.insert_many(entries, session=session)

        await self._transactions.run(statements)

    async def put_state(self, kind: str, stored: Stored) -> None:
        document = state_document(stored)
        with reaching(self._hosts):
            await self._states(kind).replace_one({"_id": stored.id}, document, upsert=True)

    async def history(self, stream: str) -> list[Commit]:
        return (await self.histories([stream])).get(stream, [])

    async def stretch(self, stream: str, after: int, most: int) -> list[Commit]:
        # Versions have no holes, so the ids are known; as texts they would not stand in order.
        ids = [f"{stream}/{version}" for version in range(after + 1, after + most + 1)]
        with reaching(self._hosts):
            found = await self._commits.find({"_id": {"$in": ids}}).to_list(None)
        return [commit_of(document) for document in sorted(found, key=lambda d: int(d["v"]))]

    async def histories(self, streams: Sequence[str]) -> dict[str, list[Commit]]:
        # "0" comes right after "/": the range of _id holds the stream's commits (and those of
        # streams named like a path below it), so that no write has to keep another index.
        wanted = [
            {"_id": {"$gte": f"{stream}/", "$lt": f"{stream}0"}, "stream": stream}
            for stream in streams
        ]
        if not wanted:
            return {}
        with reaching(self._hosts):
            found = await self._commits.find({"$or": wanted}).to_list(None)
        histories: dict[str, list[Commit]] = {}
        for document in sorted(found, key=lambda d: int(d["v"])):
            histories.setdefault(document["stream"], []).append(commit_of(document))
        return histories

    async def find(self, kind: str, query: Query) -> Page:
        order = full_order(query)
        # One more than asked for tells whether there is a next page.
        length = query.limit + 1
        with reaching(self._hosts):
            if query.text is None:
                cursor = (
                    self._states(kind)
                    .find(page_filter(query, order, self._kinds.get(kind)))
                    .sort(sort_of(order))
                    .limit(length)
                )
                found = await cursor.to_list(None)
            else:
                pipeline = text_pipeline(kind, query, order, length, self._kinds.get(kind))
                walk = await self._driver.aggregate(
                    self._states(kind), pipeline, maxTimeMS=TEXT_SEARCH_MS
                )
                found = await walk.to_list(None)
        items = found[: query.limit]
        more = len(found) > query.limit and items
        return Page(
            [stored_of(each) for each in items], place_of(items[-1], order) if more else None
        )

    async def count(self, kind: str, where: Mapping[str, Any], limit: int | None = None) -> int:
        options: dict[str, Any] = {} if limit is None else {"limit": limit}
        with reaching(self._hosts):
            matching = told_apart(where, self._kinds.get(kind))
            return await self._states(kind).count_documents(matching, **options)

    async def tally(
        self,
        kind: str,
        by: Sequence[str | Behind],
        where: Mapping[str, Any] = {},
        most: int | None = None,
    ) -> list[tuple[tuple[Any, ...], int]]:
        check_tally(by, most)
        options: dict[str, Any] = {}
        for index in self._kinds[kind].indexes if kind in self._kinds and not where else ():
            if {name for name, _ in index.fields[: len(by)]} == set(by) and not index.only:
                # Reads the keys instead of all documents.
                options["hint"] = index_name(index)
        # Within a time of its own the driver would wait for all of it where no server is there.
        await self.ping()
        with reaching(self._hosts), pymongo.timeout(TALLY_SECONDS):
            pipeline = tally_pipeline(by, where, most)
            grouped = await self._driver.aggregate(
                self._states(kind), pipeline, allowDiskUse=True, **options
            )
            groups = await grouped.to_list(None)
        counts = [(tuple(group["_id"].values()), int(group["n"])) for group in groups]
        for values, _ in counts:
            combination(values)  # raises for what cannot be counted by
        return counts

    async def due(self, kind: str, now: datetime, limit: int) -> list[tuple[str, datetime]]:
        with reaching(self._hosts):
            cursor = (
                self._states(kind)
                .find({"due": {"$lte": now}}, {"due": 1})
                .sort([("due", ASCENDING), ("_id", ASCENDING)])
                .limit(limit)
            )
            return [(found["_id"], found["due"]) for found in await cursor.to_list(None)]

    async def dossier(self, stream: str) -> list[DossierEntry]:
        return (await self.dossiers([stream])).get(stream, [])

    async def dossiers(self, streams: Sequence[str]) -> dict[str, list[DossierEntry]]:
        if not streams:
            return {}
        with reaching(self._hosts):
            found = await self._dossiers.find({"stream": {"$in": list(streams)}}).to_list(None)
        result: dict[str, list[DossierEntry]] = {}
        for document in sorted(found, key=lambda d: (d["v"], d["n"])):
            result.setdefault(document["stream"], []).append(entry_of(document))
        return result

    async def record_reading(
        self, reader: str, streams: Sequence[str], purpose: str, at: datetime
    ) -> None:
        if not streams:
            return
        with reaching(self._hosts):
            await self._readings.insert_many(
                {"stream": stream, "reader": reader, "purpose": purpose, "at": at}
                for stream in streams
            )

    async def readings(self, stream: str) -> list[Doc]:
        shown = {"_id": 0, "reader": 1, "purpose": 1, "at": 1}
        with reaching(self._hosts):
            cursor = self._readings.find({"stream": stream}, shown).sort("at", ASCENDING)
            return await cursor.to_list(None)

    async def follow(self, after: Position | None) -> AsyncGenerator[Followed, None]:
        if after is not None and after.token is None:
            raise PositionLost("the position tells a time only")
        changes = self._changes(["commits"])
        at = None if after is None else after.at
        try:
            await changes.open(["insert"], None if after is None else after.token)
            self._opened_at = latest(self._opened_at, changes.opened_at)
            while True:
                commits = [commit_of(document) for _, document in await changes.next()]
                at = commits[-1].at if commits else at
                yield Followed(commits, Position(changes.token, at))
        finally:
            await changes.close()

    async def rescan(self, since: datetime | None) -> AsyncGenerator[list[Commit], None]:
        # As they lie, so that no write has to keep an index for it. (By time it would be wrong:
        # hosts' clocks differ.)
        only: Doc = {} if since is None else {"at": {"$gte": since}}
        scan = partial(
            self._commits.find, only, hint=[("$natural", ASCENDING)], batch_size=SCAN_BATCH
        )
        ask = partial(are_there, self._commits, self._hosts, only)
        async for commits in in_order(self._batches(scan), ask):
            yield commits

    def watch(self, kind: str) -> AsyncGenerator[Stored, None]:
        """Begins to watch at the call: `all` called after it leaves no gap between both."""
        return self._watches.begin(kind)

    async def all(self, kind: str) -> AsyncGenerator[Stored, None]:
        for changes in await self._watches.opened(kind):
            self._opened_at = latest(self._opened_at, changes.opened_at)
        scan = partial(self._states(kind).find, {}, batch_size=SCAN_BATCH)
        async for batch in self._batches(scan):
            for document in batch:
                yield stored_of(document)

    async def take_lease(self, name: str, holder: str, seconds: float) -> int | None:
        return await self._leading.take(name, holder, seconds)

    async def release_lease(self, name: str, holder: str) -> None:
        await self._leading.release(name, holder)

    async def position(self, name: str) -> Position | None:
        return await self._leading.position(name)

    async def save_position(self, name: str, position: Position, fence: int) -> None:
        await self._leading.save_position(name, position, fence)

    async def take_numbers(self, name: str, count: int) -> int:
        return await take_numbers(
            self._database.get_collection("numbers"), self._hosts, name, count
        )

    async def keep_told(self, service: str) -> None:
        """Tells the store's figures for /metrics, until it is cancelled."""
        await keep_told(service, self._client, self._database, self._hosts, self._clock)

    async def close(self) -> None:
        self._watches.close()
        await self._driver.close(self._client)

    def _changes(self, collections: list[str]) -> Changes:
        return Changes(self._client, self._driver, self._name, collections, self._hosts)

    def _states(self, kind: str) -> AsyncCollection[Doc]:
        return self._database.get_collection(f"{COLLECTION}{kind}")

    async def _batches(self, scan: Callable[..., Any]) -> AsyncIterator[list[Doc]]:
        """All that a scan finds; nothing is left out that was there when a stream was opened."""
        with reaching(self._hosts):
            session = await self._driver.start_session(self._client)
        if self._opened_at is not None:
            self._opened_at.read_after(session)
        cursor = scan(session=session)
        try:
            while True:
                with reaching(self._hosts):
                    batch = await cursor.to_list(SCAN_BATCH)
                if not batch:
                    return
                yield batch
        finally:
            with suppress(PyMongoError):
                await cursor.close()
            with suppress(PyMongoError):
                await session.end_session()
