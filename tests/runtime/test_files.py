"""Files beside the journal, over every journal: put, opened, deleted, forgotten and swept."""

import hashlib
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import gridfs
import pytest
from pymongo import MongoClient

from deploy.local.servers import MongoServer
from shared.runtime.clock import SystemClock
from shared.runtime.files import PIECE, FileTooLarge, NoSuchFile, StoredFile, sweep
from shared.runtime.journal import Change, DossierEntry, Journal, Unavailable
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from shared.runtime.mongo_driver import DriverName
from shared.runtime.mongo_journal import MongoJournal
from tests.runtime.journal_material import MONDAY, THINGS, change

MB = 1024 * 1024
LATER = timedelta(days=1, minutes=1)


async def chunks(content: bytes, length: int = 100_000) -> AsyncIterator[bytes]:
    """Content in pieces as a network gives them."""
    for start in range(0, len(content), length):
        yield content[start : start + length]


async def put(journal: Journal, content: bytes = b"picture", stream: str = "thing-1") -> StoredFile:
    """A file that is there."""
    return await journal.files.put(stream, "梧桐.jpg", "image/jpeg", chunks(content), 10 * MB)


async def content_of(journal: Journal, id: str) -> bytes:
    """All of a file."""
    _, read = await journal.files.open(id)
    return b"".join([piece async for piece in read])


def recording(id: str, stored: StoredFile, version: int = 1) -> Change:
    """The commit that records a file in the dossier of a thing."""
    made = change(id, version)
    entry = DossierEntry(made.commit.stream, version, 0, "Attached", MONDAY, {"file": stored.id})
    return replace(made, dossier=(entry,))


async def nothing_left(journal: Journal, id: str) -> bool:
    """Whether no trace of a file is kept."""
    later = SystemClock().now() + 2 * LATER
    if id in [each for each, _ in await journal.files.unsettled(later, 100)]:
        return False
    if isinstance(journal, MemoryJournal):
        return id not in journal.disk._shelf.pieces and id not in journal.disk._shelf.files
    assert isinstance(journal, MongoJournal)
    pieces = await journal._database["fs.chunks"].count_documents({"files_id": id})
    return pieces == 0 and await journal._database["fs.files"].find_one({"_id": id}) is None


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * MB])
async def test_a_file_comes_back_as_it_was_put(journal: Journal, size: int) -> None:
    content = bytes(n % 251 for n in range(min(size, 1000))) * (size // 1000 + 1)
    content = content[:size]
    stored = await put(journal, content)
    assert stored.size == size
    assert stored.sha256 == hashlib.sha256(content).hexdigest()
    found, _ = await journal.files.open(stored.id)
    assert found == stored
    assert found.name == "梧桐.jpg"
    assert await content_of(journal, stored.id) == content
    assert await journal.files.of("thing-1") == [stored]
    assert await journal.files.of("thing-2") == []


@pytest.mark.parametrize("since", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE + 7])
async def test_a_file_can_be_read_from_a_byte_on(journal: Journal, since: int) -> None:
    content = bytes(n % 251 for n in range(2 * PIECE + 9))
    stored = await put(journal, content)
    _, read = await journal.files.open(stored.id, since)
    assert b"".join([piece async for piece in read]) == content[since:]


async def test_of_what_is_too_large_nothing_is_left(journal: Journal) -> None:
    begun: list[str] = []

    async def too_much() -> AsyncIterator[bytes]:
        async for chunk in chunks(b"x" * 4 * MB):
            yield chunk
        begun.extend(
            id for id, _ in await journal.files.unsettled(SystemClock().now() + LATER, 100)
        )
        yield b"x"

    with pytest.raises(FileTooLarge):
        await journal.files.put("thing-1", "a", "image/png", too_much(), 4 * MB)
    assert len(begun) == 1
    assert await nothing_left(journal, begun[0])
    assert await journal.files.of("thing-1") == []


async def test_of_what_breaks_off_nothing_is_left(journal: Journal) -> None:
    async def broken() -> AsyncIterator[bytes]:
        async for chunk in chunks(b"x" * 3 * MB):
            yield chunk
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await journal.files.put("thing-1", "a", "image/png", broken(), 10 * MB)
    assert await journal.files.unsettled(SystemClock().now() + LATER, 100) == []


async def test_a_deleted_file_is_gone_also_for_who_reads_it(journal: Journal) -> None:
    stored = await put(journal, b"x" * 2 * MB)
    _, read = await journal.files.open(stored.id)
    await anext(read)
    await journal.files.delete(stored.id)
    with pytest.raises(NoSuchFile):
        await anext(read)
    with pytest.raises(NoSuchFile):
        await journal.files.open(stored.id)
    assert await nothing_left(journal, stored.id)
    await journal.files.delete(stored.id)  # twice is no harm
    await journal.files.delete("never-there")


# --- forgetting ------------------------------------------------------------------------------


async def test_what_is_forgotten_is_opened_no_more_from_the_commit_on(journal: Journal) -> None:
    kept = await put(journal, b"kept", "thing-2")
    gone = await put(journal, b"gone")
    await journal.write([recording("1", gone), recording("2", kept)])
    await journal.write([change("1", 2, forgets=True)])
    with pytest.raises(NoSuchFile):
        await journal.files.open(gone.id)
    assert await journal.files.of("thing-1") == []
    assert await content_of(journal, kept.id) == b"kept"
    assert await sweep(journal.files, journal.dossier, SystemClock().now()) == 1
    assert await nothing_left(journal, gone.id)
    assert await content_of(journal, kept.id) == b"kept"


async def test_a_commit_that_fails_forgets_no_file(journal: Journal) -> None:
    stored = await put(journal)
    await journal.write([recording("1", stored)])
    with pytest.raises(Exception, match="version"):
        await journal.write([change("1", 1, forgets=True)])
    assert await content_of(journal, stored.id) == b"picture"


async def test_after_forgetting_a_stream_may_have_files_again(journal: Journal) -> None:
    first = await put(journal)
    await journal.write([recording("1", first)])
    await journal.write([change("1", 2, forgets=True)])
    second = await put(journal, b"second")
    await journal.write([recording("1", second, 3)])
    await sweep(journal.files, journal.dossier, SystemClock().now() + LATER)
    assert await journal.files.of("thing-1") == [second]


# --- sweeping --------------------------------------------------------------------------------


async def test_what_was_never_recorded_goes_after_a_day(journal: Journal) -> None:
    recorded, orphan = await put(journal, b"recorded"), await put(journal, b"orphan")
    await journal.write([recording("1", recorded)])
    now = SystemClock().now()
    assert await sweep(journal.files, journal.dossier, now + LATER / 2) == 0
    assert await journal.files.of("thing-1") == [recorded, orphan]
    assert await sweep(journal.files, journal.dossier, now + LATER) == 1
    assert await journal.files.of("thing-1") == [recorded]
    assert await nothing_left(journal, orphan.id)
    # What was found recorded is not looked at again.
    assert await journal.files.unsettled(now + 2 * LATER, 100) == []


async def test_more_is_swept_than_is_looked_at_at_once(journal: Journal) -> None:
    for n in range(103):
        await put(journal, b"x", f"thing-{n}")
    now = SystemClock().now()
    assert await sweep(journal.files, journal.dossier, now + LATER) == 103
    assert await journal.files.unsettled(now + 2 * LATER, 100) == []


async def test_a_process_that_died_while_putting_leaves_nothing_for_long() -> None:
    disk, away = MemoryDisk(), False

    async def fault(point: str) -> None:
        nonlocal away
        away = away or point == "before-put-piece"
        if away:
            raise Unavailable("died")

    clock = SystemClock()
    with pytest.raises(Unavailable):
        await put(MemoryJournal(clock, disk, fault))
    survivor = MemoryJournal(clock, disk)
    assert len(disk._shelf.pieces) == 1
    assert await sweep(survivor.files, survivor.dossier, clock.now() + LATER) == 1
    assert disk._shelf.pieces == {}
    assert disk._shelf.uploads == {}


# --- MongoDB ---------------------------------------------------------------------------------


async def connected(mongo: MongoServer, database: str, driver: DriverName) -> MongoJournal:
    """A journal of its own on the real server."""
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])
    return journal


async def test_pieces_of_an_upload_that_was_cut_off_are_found(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = await connected(mongo, database, driver)

    async def forever() -> AsyncIterator[bytes]:
        async for chunk in chunks(b"x" * 4 * MB):
            yield chunk
        await journal.close()  # nothing can be tidied up any more
        yield b"x"

    with pytest.raises(Exception):  # noqa: B017 - whatever the driver says of a closed client
        await journal.files.put("thing-1", "a", "image/png", forever(), 10 * MB)
    other = await connected(mongo, database, driver)
    assert await other._database["fs.chunks"].count_documents({}) > 0
    assert await sweep(other.files, other.dossier, SystemClock().now() + LATER) == 1
    assert await other._database["fs.chunks"].count_documents({}) == 0
    await other.close()


async def test_it_is_gridfs(mongo: MongoServer, database: str, driver: DriverName) -> None:
    journal = await connected(mongo, database, driver)
    content = bytes(range(256)) * 4000
    stored = await put(journal, content)
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        found = gridfs.GridFSBucket(client[database]).open_download_stream(stored.id)
        assert found.read() == content
        assert found.filename == "梧桐.jpg"
    await journal.close()


async def test_a_large_file_never_stands_in_memory(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = await connected(mongo, database, driver)
    one = bytes(256 * 1024)
    digest = hashlib.sha256()

    async def sixty() -> AsyncIterator[bytes]:
        for _ in range(240):
            digest.update(one)
            yield one

    tracemalloc.start()
    try:
        stored = await journal.files.put("thing-1", "film", "video/mp4", sixty(), 200 * MB)
        assert stored.size == 60 * MB
        read = hashlib.sha256()
        _, pieces = await journal.files.open(stored.id)
        async for piece in pieces:
            read.update(piece)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert stored.sha256 == read.hexdigest() == digest.hexdigest()
    assert peak < 16 * MB, f"{peak / MB:.1f} MB"
    await journal.files.delete(stored.id)
    await journal.close()
