"""Files in memory: for tests and simulation; they pass MongoDB's suite."""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime

from shared.runtime.clock import Clock
from shared.runtime.files import PIECE, NoSuchFile, StoredFile, in_pieces
from shared.runtime.journal import Unavailable


class FileShelf:
    """What survives a crash."""

    def __init__(self) -> None:
        self.files: dict[str, StoredFile] = {}
        self.pieces: dict[str, list[bytes]] = {}
        self.marked: set[str] = set()
        self.uploads: dict[str, tuple[str, datetime]] = {}

    def mark(self, streams: Sequence[str]) -> None:
        """The files of these streams are opened no more."""
        self.marked.update(id for id, each in self.files.items() if each.stream in streams)


class MemoryFiles:
    """The files of one service. `meet` is called before each step with its name: ``before-put``."""

    def __init__(
        self, clock: Clock, shelf: FileShelf, meet: Callable[[str], Awaitable[None]]
    ) -> None:
        self._clock = clock
        self._shelf = shelf
        self._meet = meet

    async def put(
        self, stream: str, name: str, media_type: str, chunks: AsyncIterator[bytes], most: int
    ) -> StoredFile:
        await self._meet("before-put")
        shelf, id = self._shelf, self._clock.new_id()
        shelf.uploads[id] = (stream, self._clock.now())
        pieces = shelf.pieces[id] = []
        digest = hashlib.sha256()
        try:
            async for piece in in_pieces(chunks, most):
                await self._meet("before-put-piece")
                digest.update(piece)
                pieces.append(piece)
            size = sum(map(len, pieces))
            shelf.files[id] = StoredFile(id, stream, name, media_type, size, digest.hexdigest())
        except BaseException:
            with suppress(Unavailable):  # else a sweep finds it
                await self.delete(id)
            raise
        return shelf.files[id]

    async def open(self, id: str, since: int = 0) -> tuple[StoredFile, AsyncIterator[bytes]]:
        await self._meet("before-open")
        stored = self._shelf.files.get(id)
        if stored is None or id in self._shelf.marked:
            raise NoSuchFile(id)
        return stored, self._read(stored, since)

    async def _read(self, stored: StoredFile, since: int) -> AsyncIterator[bytes]:
        first, within = divmod(since, PIECE)
        for n in range(first, -(-stored.size // PIECE)):
            await self._meet("before-read-piece")
            pieces = self._shelf.pieces.get(stored.id)
            if pieces is None:
                raise NoSuchFile(stored.id)
            yield pieces[n][within:] if n == first else pieces[n]

    async def delete(self, id: str) -> None:
        await self._meet("before-delete")
        for kept in (self._shelf.pieces, self._shelf.files, self._shelf.uploads):
            kept.pop(id, None)
        self._shelf.marked.discard(id)

    async def of(self, stream: str) -> list[StoredFile]:
        await self._meet("before-of")
        files, marked = self._shelf.files, self._shelf.marked
        found = [each for id, each in files.items() if id not in marked]
        return sorted((f for f in found if f.stream == stream), key=lambda each: each.id)

    async def marked(self, limit: int) -> list[str]:
        await self._meet("before-marked")
        return sorted(self._shelf.marked)[:limit]

    async def unsettled(self, before: datetime, limit: int) -> list[tuple[str, str]]:
        await self._meet("before-unsettled")
        found = sorted((at, id, stream) for id, (stream, at) in self._shelf.uploads.items())
        return [(id, stream) for at, id, stream in found if at < before][:limit]

    async def settle(self, id: str) -> None:
        await self._meet("before-settle")
        self._shelf.uploads.pop(id, None)
