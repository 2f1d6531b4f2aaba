"""Files beside the journal, as a port: what is too large for a dossier and just as personal.

A file belongs to a stream and lives as long as the stream's dossier. `MongoFiles` (GridFS) and
`MemoryFiles` implement it and pass one test suite; a journal has its `files`.

A file is put first and then recorded by a command, so it may be left without a record: the command
was rejected, or the process ended in between. Which files are still to be looked at is kept beside
them. When a commit forgets, the stream's files are marked in the same transaction: nobody opens
them from then on. `sweep` deletes both.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from shared.runtime.clock import Clock
from shared.runtime.journal import DossierEntry, Unavailable

SWEEP_EVERY = 60.0
"""Seconds between two looks for files to delete: so long the bytes of what was forgotten stay."""
RECORDED_WITHIN = timedelta(days=1)
"""No upload lasts as long: what has no record by then will never have one."""
SWEPT_AT_ONCE = 100
PIECE = 255 * 1024
"""Bytes of a stored piece; that of GridFS."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What is known of a file: `size` in bytes, `sha256` in hex; `name` is as personal as the file
    itself.
    """

    id: str
    stream: str
    name: str
    media_type: str
    size: int
    sha256: str


class FileTooLarge(Exception):
    """More came than was allowed. Nothing of it is kept."""


class NoSuchFile(Exception):
    """There is no such file, or no more."""


class Files(Protocol):
    """The files of one service. Every method may raise `shared.runtime.journal.Unavailable`."""

    async def put(
        self, stream: str, name: str, media_type: str, chunks: AsyncIterator[bytes], most: int
    ) -> StoredFile:
        """Stores a file of at most so many bytes as it comes; it is durable when this returns.

        Raises `FileTooLarge`, and whatever `chunks` raises; then nothing is left of it.
        """
        ...

    async def open(self, id: str, since: int = 0) -> tuple[StoredFile, AsyncIterator[bytes]]:
        """A file and its content, from the byte `since` on. Raises `NoSuchFile`, the iterator too
        if it is deleted meanwhile.
        """
        ...

    async def delete(self, id: str) -> None:
        """Deletes a file; one that is not there is deleted already."""
        ...

    async def of(self, stream: str) -> list[StoredFile]:
        """The files of a stream, the oldest first."""
        ...

    async def marked(self, limit: int) -> list[str]:
        """Ids of files whose streams forgot them."""
        ...

    async def unsettled(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        """Id and stream of what was begun before then, whole or not, and is not settled."""
        ...

    async def settle(self, id: str) -> None:
        """A file is recorded: nobody needs to look at it any more."""
        ...


ReadDossier = Callable[[str], Awaitable[list[DossierEntry]]]


async def sweep(files: Files, dossier: ReadDossier, now: datetime) -> int:
    """Deletes what was forgotten, and what was put before yesterday and never recorded; how many.

    A file is recorded where an entry of its stream's dossier has its id for a value. Several
    processes may sweep at once, and one that dies is no harm: what is left is found again.
    """
    gone = 0
    while forgotten := await files.marked(SWEPT_AT_ONCE):
        for id in forgotten:
            await files.delete(id)
        gone += len(forgotten)
    while found := await files.unsettled(now - RECORDED_WITHIN, SWEPT_AT_ONCE):
        for id, stream in found:
            if any(id in entry.data.values() for entry in await dossier(stream)):
                await files.settle(id)
            else:
                await files.delete(id)
                gone += 1
    return gone


async def keep_swept(files: Files, dossier: ReadDossier, clock: Clock) -> None:
    """Sweeps for ever; outlasts a store that is away."""
    while True:
        try:
            if gone := await sweep(files, dossier, clock.now()):
                log.info("files_deleted", count=gone)
        except Unavailable as error:
            log.warning("files_not_swept", reason=str(error)[:200])
        await clock.sleep(SWEEP_EVERY)


async def in_pieces(chunks: AsyncIterator[bytes], most: int) -> AsyncIterator[bytes]:
    """The same bytes in pieces of `PIECE`, the last one shorter. Raises `FileTooLarge`."""
    rest = bytearray()
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > most:
            raise FileTooLarge(f"more than {most} bytes")
        rest += chunk
        while len(rest) >= PIECE:
            with memoryview(rest) as view:
                piece = bytes(view[:PIECE])
            del rest[:PIECE]
            yield piece
    if rest:
        yield bytes(rest)
