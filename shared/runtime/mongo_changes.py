"""A change stream read batch by batch.

The drivers' own change streams give one change at a time and hide where a batch ends: whoever
collects from them either waits for changes that are not there or looks into private attributes.
The two commands below them are public, alike in both drivers, and give a whole batch with its
resume token for one round trip.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bson import Timestamp
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure, PyMongoError

from shared.runtime.documents import CODEC
from shared.runtime.journal import Doc, PositionLost
from shared.runtime.mongo_driver import (
    ACCESS_DENIED,
    Driver,
    codes_of,
    is_unavailable,
    reaching,
)

BATCH = 1_000
WAIT_MS = 900
"""How long the server waits for a change before it answers with none."""

HISTORY_LOST = frozenset({136, 260, 280, 286})
"""CappedPositionLost, InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost."""


@dataclass(frozen=True, slots=True)
class OpenedAt:
    """From when on a change stream watches, by the server's logical clock.

    A majority read lags behind it: what was written just before may be in neither. Who wants no gap
    reads after this time.
    """

    operation: Timestamp
    cluster: Any

    def read_after(self, session: AsyncClientSession) -> None:
        """Has the session's reads wait until they include all that was written before."""
        session.advance_cluster_time(self.cluster)
        session.advance_operation_time(self.operation)


def latest(*times: OpenedAt | None) -> OpenedAt | None:
    """The latest of those that are known."""
    known = [each for each in times if each is not None]
    return max(known, key=lambda each: each.operation, default=None)


class Changes:
    """The documents inserted into or changed in some collections, as they come. One of which only
    some fields were written comes as it is when the server answers. `opened_at` is unknown of what
    resumes behind a token: nobody has to read what was before it.

    It lives on one server: when that goes away, `Unavailable` says so, and the follower opens
    another one at its last token. (For the same reason a sharded cluster has to be reached through
    one mongos.)
    """

    def __init__(
        self,
        client: AsyncMongoClient[Doc],
        driver: Driver,
        database: str,
        collections: Sequence[str],
        hosts: str,
    ) -> None:
        self.token: Any = None
        self.opened_at: OpenedAt | None = None
        self._client = client
        self._driver = driver
        self._database = client.get_database(database)
        self._collections = collections
        # One that is dropped ends a stream of its own; one over the database goes on.
        self._of: str | int = collections[0] if len(collections) == 1 else 1
        self._hosts = hosts
        self._session: AsyncClientSession | None = None
        self._cursor = 0
        self._first: list[Doc] | None = None

    async def open(self, operations: Sequence[str], after: Any = None) -> None:
        """Starts behind the token `after`, or now. Raises `PositionLost`, `Unavailable`."""
        with reaching(self._hosts):
            self._session = await self._driver.start_session(self._client)
            stage: Doc = {"fullDocument": "updateLookup"}
            if after is not None:
                stage["resumeAfter"] = after
            else:
                stage["startAtOperationTime"] = await self._just_after_now(self._session)
            wanted: Doc = {"operationType": {"$in": list(operations)}}
            if self._of == 1:
                wanted["ns.coll"] = {"$in": list(self._collections)}
            pipeline: list[Doc] = [
                {"$changeStream": stage},
                {"$match": wanted},
                # The token (_id) has to stay; the rest would be more bytes than the document.
                {"$project": {"fullDocument": 1, "ns.coll": 1}},
            ]
            try:
                answer = await self._command(
                    {
                        "aggregate": self._of,
                        "pipeline": pipeline,
                        "cursor": {"batchSize": BATCH},
                        "readConcern": {"level": "majority"},
                    }
                )
            except OperationFailure as error:
                # Without a token nothing is left that could be wrong with the request.
                if after is None or is_unavailable(error) or codes_of(error) & ACCESS_DENIED:
                    raise
                raise PositionLost(f"MongoDB cannot resume there (code {error.code})") from error
        self._cursor = answer["id"]
        self._first = answer["firstBatch"]
        self.token = answer["postBatchResumeToken"]

    async def _just_after_now(self, session: AsyncClientSession) -> Timestamp:
        """Left to itself a stream begins behind all that is written, and answers with the time of
        what is settled: what lies between both would be in neither the stream nor a read.
        """
        await self._database.command("ping", session=session)
        now = session.operation_time
        assert now is not None, "a replica set tells its time"
        self.opened_at = OpenedAt(now, session.cluster_time)
        return Timestamp(now.time, now.inc + 1)

    async def next(self) -> list[tuple[str, Doc]]:
        """The next documents, each with its collection, none when nothing came for a while; `token`
        then stands behind them.

        The first answer, which says from where it watches, comes at once.
        """
        if self._first is not None:
            batch, self._first = self._first, None
        else:
            batch = await self._more()
        # There is none where somebody has deleted it by hand since.
        return [
            (change["ns"]["coll"], there)
            for change in batch
            if (there := change["fullDocument"]) is not None
        ]

    async def close(self) -> None:
        """Ends it on the server too, where it can be reached."""
        session, self._session = self._session, None
        if session is None:
            return
        with suppress(PyMongoError):
            if self._cursor:
                await self._database.command("killCursors", self._cursor_of, cursors=[self._cursor])
        with suppress(PyMongoError):
            await session.end_session()

    async def _more(self) -> list[Doc]:
        if not self._cursor:
            gone = self._database.name if self._of == 1 else f"the collection {self._of}"
            raise PositionLost(f"{gone} was dropped or renamed")
        with reaching(self._hosts):
            try:
                answer = await self._command(
                    {
                        "getMore": self._cursor,
                        "collection": self._cursor_of,
                        "batchSize": BATCH,
                        "maxTimeMS": WAIT_MS,
                    }
                )
            except OperationFailure as error:
                if codes_of(error) & HISTORY_LOST:
                    raise PositionLost(f"MongoDB lost the place (code {error.code})") from error
                raise
        self._cursor = answer["id"]
        self.token = answer["postBatchResumeToken"]
        batch: list[Doc] = answer["nextBatch"]
        return batch

    @property
    def _cursor_of(self) -> str:
        """What the server calls a cursor's collection."""
        return "$cmd.aggregate" if self._of == 1 else self._collections[0]

    async def _command(self, command: Mapping[str, Any]) -> Doc:
        answer = await self._database.command(
            dict(command), codec_options=CODEC, session=self._session
        )
        cursor: Doc = answer["cursor"]
        return cursor
