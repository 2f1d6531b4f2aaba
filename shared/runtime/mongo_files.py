"""Files in MongoDB, laid out as GridFS: any GridFS tool reads them.

* ``fs.files``: one document per whole file; ``metadata`` has its stream, its digest, and whether it
  is `marked` for deletion.
* ``fs.chunks``: its pieces.
* ``uploads``: what was begun and is not known to be recorded.

The drivers' own buckets are not used. They hold up to 48 MB of an upload in memory; and they delete
the file before its pieces, so that a crash between leaves pieces that nobody finds.
"""

import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.database import AsyncDatabase

from shared.runtime.clock import Clock
from shared.runtime.files import PIECE, NoSuchFile, StoredFile, in_pieces
from shared.runtime.journal import Doc, Unavailable
from shared.runtime.mongo_driver import reaching

WRITTEN_AT_ONCE = 8
"""Pieces sent together: 2 MB."""


class MongoFiles:
    """The files of one service, in the database of its journal."""

    def __init__(self, database: AsyncDatabase[Doc], hosts: str, clock: Clock) -> None:
        self._files = database.get_collection("fs.files")
        self._pieces = database.get_collection("fs.chunks")
        self._uploads = database.get_collection("uploads")
        self._hosts = hosts
        self._clock = clock

    async def put(
        self, stream: str, name: str, media_type: str, chunks: AsyncIterator[bytes], most: int
    ) -> StoredFile:
        id = self._clock.new_id()
        at = self._clock.now()
        with reaching(self._hosts):
            await self._uploads.insert_one({"_id": id, "stream": stream, "at": at})
        try:
            size, sha256 = await self._write(id, in_pieces(chunks, most))
            stored = StoredFile(id, stream, name, media_type, size, sha256)
            with reaching(self._hosts):
                await self._files.insert_one(_document(stored, at))
        except BaseException:
            with suppress(Unavailable):  # else a sweep finds it
                await self.delete(id)
            raise
        return stored

    async def _write(self, id: str, pieces: AsyncIterator[bytes]) -> tuple[int, str]:
        digest, size, n = hashlib.sha256(), 0, 0
        waiting: list[Doc] = []

        async def send() -> None:
            with reaching(self._hosts):
                await self._pieces.insert_many(waiting)
            waiting.clear()

        async for piece in pieces:
            digest.update(piece)
            size += len(piece)
            waiting.append({"files_id": id, "n": n, "data": piece})
            n += 1
            if len(waiting) == WRITTEN_AT_ONCE:
                await send()
        if waiting:
            await send()
        return size, digest.hexdigest()

    async def open(self, id: str, since: int = 0) -> tuple[StoredFile, AsyncIterator[bytes]]:
        with reaching(self._hosts):
            found = await self._files.find_one({"_id": id, "metadata.marked": None})
        if found is None:
            raise NoSuchFile(id)
        stored = _stored(found)
        return stored, self._read(stored, since)

    async def _read(self, stored: StoredFile, since: int) -> AsyncIterator[bytes]:
        # Each piece by itself: a slow reader holds no cursor that the server gives up.
        first, within = divmod(since, PIECE)
        for n in range(first, -(-stored.size // PIECE)):
            with reaching(self._hosts):
                piece = await self._pieces.find_one({"files_id": stored.id, "n": n}, {"data": 1})
            if piece is None:
                raise NoSuchFile(stored.id)
            data: bytes = piece["data"]
            yield data[within:] if n == first and within else data

    async def delete(self, id: str) -> None:
        with reaching(self._hosts):
            # Marked first: a crash on the way leaves what a sweep finds, and nobody half of it.
            await self._files.update_one({"_id": id}, {"$set": {"metadata.marked": True}})
            await self._pieces.delete_many({"files_id": id})
            await self._files.delete_one({"_id": id})
            await self._uploads.delete_one({"_id": id})

    async def of(self, stream: str) -> list[StoredFile]:
        with reaching(self._hosts):
            wanted = {"metadata.stream": stream, "metadata.marked": None}
            found = await self._files.find(wanted).sort("_id", ASCENDING).to_list(None)
        return [_stored(document) for document in found]

    async def marked(self, limit: int) -> list[str]:
        with reaching(self._hosts):
            cursor = self._files.find({"metadata.marked": True}, {"_id": 1}).limit(limit)
            return [document["_id"] for document in await cursor.to_list(None)]

    async def unsettled(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        with reaching(self._hosts):
            cursor = self._uploads.find({"at": {"$lt": before}}).sort("at", ASCENDING).limit(limit)
            return [(each["_id"], each["stream"]) for each in await cursor.to_list(None)]

    async def settle(self, id: str) -> None:
        with reaching(self._hosts):
            await self._uploads.delete_one({"_id": id})

    async def mark(self, streams: Sequence[str], session: AsyncClientSession) -> None:
        """Marks the files of streams, as a part of the transaction that forgets them."""
        await self._files.update_many(
            {"metadata.stream": {"$in": list(streams)}},
            {"$set": {"metadata.marked": True}},
            session=session,
        )


def _document(stored: StoredFile, at: datetime) -> Doc:
    return {
        "_id": stored.id,
        "length": stored.size,
        "chunkSize": PIECE,
        "uploadDate": at,
        "filename": stored.name,
        "metadata": {
            "stream": stored.stream,
            "media_type": stored.media_type,
            "sha256": stored.sha256,
        },
    }


def _stored(document: Doc) -> StoredFile:
    about: dict[str, Any] = document["metadata"]
    return StoredFile(
        id=document["_id"],
        stream=about["stream"],
        name=document["filename"],
        media_type=about["media_type"],
        size=document["length"],
        sha256=about["sha256"],
    )
