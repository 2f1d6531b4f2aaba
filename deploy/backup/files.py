"""The files of a backup: BSON documents one after the other, compressed, perhaps sealed.

Nobody but their owner may read them, and each has a digest by which it is known again.
"""

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from deploy.backup.sealing import Sealing, opened
from deploy.backup.troubles import Damaged, NoKey

LEVEL = 3
"""Of gzip: what it leaves is hardly more than the best does, in a third of the time."""
PIECE = 1 << 20
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700


def private_folder(folder: Path) -> Path:
    """Makes a folder that only its owner may enter. Raises FileExistsError."""
    folder.mkdir(parents=True)
    folder.chmod(PRIVATE_FOLDER)
    return folder


def write_private(file: Path, pieces: Iterable[bytes]) -> None:
    """Writes what only its owner may read; it is on the disk when this returns."""
    with created(file) as there:
        there.writelines(pieces)
        there.flush()
        os.fsync(there.fileno())


def created(file: Path) -> IO[bytes]:
    """A new file that only its owner may read. Raises FileExistsError."""
    return os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")


class Writing:
    """A file being written; `documents` and `bytes` are counted before it is compressed.

    `name` is the file's name within its backup; `key` None leaves it unsealed.
    """

    def __init__(self, folder: Path, name: str, key: bytes | None) -> None:
        self.documents = self.bytes = 0
        self._file = created(folder / name)
        self._compressing = zlib.compressobj(LEVEL, wbits=zlib.MAX_WBITS | 16)
        self._sealing = None if key is None else Sealing(self._file, key, name)

    def add(self, documents: bytes) -> None:
        """Appends whole BSON documents."""
        self.documents += sum(1 for _ in lengths(documents))
        self.bytes += len(documents)
        self._put(self._compressing.compress(documents))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._file:
            self._put(self._compressing.flush())
            if self._sealing is not None:
                self._sealing.close()
            self._file.flush()
            os.fsync(self._file.fileno())

    def _put(self, data: bytes) -> None:
        if self._sealing is None:
            self._file.write(data)
        else:
            self._sealing.write(data)


def reading(folder: Path, name: str, key: bytes | None, sealed: bool) -> Iterator[bytes]:
    """The documents of a file, one by one. Raises `Damaged`, `NoKey`."""
    with (folder / name).open("rb") as file:
        if not sealed:
            yield from _documents(_inflated(iter(lambda: file.read(PIECE), b""), name), name)
        elif key is None:
            raise NoKey(f"{folder.name} is sealed: say with --key which file has its key")
        else:
            yield from _documents(_inflated(opened(file, key, name), name), name)


def _inflated(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    inflating = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        for piece in pieces:
            yield inflating.decompress(piece)
    except zlib.error as error:
        raise Damaged(f"{name} cannot be unpacked: {error}") from None
    if not inflating.eof:
        raise Damaged(f"{name} was cut off")


def _documents(pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
    rest = b""
    for piece in pieces:
        rest += piece
        start = 0
        for length in lengths(rest):
            yield rest[start : start + length]
            start += length
        rest = rest[start:]
    if rest:
        raise Damaged(f"{name} ends within a document")


def lengths(documents: bytes) -> Iterator[int]:
    """The lengths of the whole BSON documents at the beginning; each begins with its own."""
    at = 0
    while at + 4 <= len(documents):
        length = int.from_bytes(documents[at : at + 4], "little")
        if length < 5:
            raise Damaged("what should be BSON documents is something else")
        if at + length > len(documents):
            return
        yield length
        at += length


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hex. Raises `Damaged` where there is none."""
    try:
        with file.open("rb") as there:
            return hashlib.file_digest(there, "sha256").hexdigest()
    except FileNotFoundError:
        raise Damaged(f"{file.name} is missing") from None
