"""Stores read at one moment while others write, put back, and mended where others know more."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from kafka import KafkaProducer
from pymongo import MongoClient

from deploy.backup.making import make
from deploy.backup.platform import Place, Platform
from deploy.backup.restoring import REPORT, Restored, restore
from deploy.backup.stores import NUMBERS_SKIPPED
from deploy.backup.troubles import Damaged, NotNow
from deploy.local.servers import KafkaServer, MongoServer
from services.notifications.main import service as notifications
from services.petitions.main import service as petitions
from shared.contracts.envelope import topic
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Commit, Recorded, Stored
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.publishing import envelopes
from shared.runtime.relay import LEASE
from shared.runtime.topics import provision, topics_of

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

WHISTLE = "whistle-w1"
CLOCK = SystemClock()


def quiet(_: str) -> None:
    """Says nothing."""


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MongoServer, KafkaServer]]:
    """A MongoDB that can be read as it was (the one that tests share forgets at once), and a Kafka
    whose topics may be emptied.
    """
    directory = tmp_path_factory.mktemp("servers")
    mongo, kafka = MongoServer(directory / "mongod"), KafkaServer(directory / "kafka")
    try:
        yield mongo.start(), kafka.start()
    finally:
        kafka.kill()
        mongo.kill()


@pytest.fixture
async def platform(servers: tuple[MongoServer, KafkaServer]) -> AsyncIterator[Platform]:
    """Two stores with what their services need in them, and topics."""
    mongo, kafka = servers
    prefix = f"test_{uuid4().hex[:12]}"
    stores = tuple(
        Place(service.name, mongo.uri, f"{prefix}_{service.name}")
        for service in (petitions, notifications)
    )
    for place, service in zip(stores, (petitions, notifications), strict=True):
        journal = journal_of(place)
        await journal.prepare(service.kinds)
        await journal.close()
    await asyncio.to_thread(provision, kafka.bootstrap, topics_of("petitions"))
    yield Platform(stores, kafka.bootstrap)
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        for place in stores:
            client.drop_database(place.database)


def journal_of(place: Place) -> MongoJournal:
    """A journal on a store."""
    return MongoJournal.connect(place.uri, place.database, "pymongo", CLOCK)


async def write(
    place: Place, kind: str, id: str, version: int, *, causation: str | None = None
) -> Commit:
    """The next version of something, with a public event; perhaps as the effect of another one."""
    data = {"petition": "p1", "by": "r1", "supporters": version}
    cause = None if causation is None else f"{causation}>{kind}-{id}"
    commit = Commit(
        stream=f"{kind}-{id}",
        version=version,
        at=CLOCK.now(),
        actor="somebody",
        verb="do",
        events=(Recorded("PetitionSupported", data),),
        correlation="c1",
        cause=cause,
        causation=causation,
    )
    state = Stored(id, version, commit.at, {"number": version})
    journal = journal_of(place)
    try:
        await journal.write([Change(kind, commit, state)])
    finally:
        await journal.close()
    return commit


def all_of(place: Place) -> dict[str, Any]:
    """Everything a store holds, its indexes, and how its collections were made; but for what a
    backup notes in it.
    """
    with MongoClient[dict[str, Any]](place.uri, tz_aware=True) as client:
        store = client[place.database]
        return {
            name: (
                [one for one in store[name].find() if name != "leases"],
                (store[name].index_information(), store[name].options()),
            )
            for name in store.list_collection_names()
        }


def publish(platform: Platform, commit: Commit) -> None:
    """Puts a commit's events into the topic, as the relay does."""
    producer = KafkaProducer(bootstrap_servers=platform.kafka)
    for envelope in envelopes("petitions", commit):
        key = envelope.subject.encode()
        producer.send(topic("petitions"), key=key, value=envelope.to_bytes()).get(timeout=15)
    producer.close()


@pytest.fixture
def back_up(platform: Platform, tmp_path: Path) -> Callable[[], Path]:
    """Backs the platform up; the folder."""

    def backed_up() -> Path:
        folder = tmp_path / f"backup-{uuid4().hex}"
        make(platform, folder, None, quiet)
        return folder

    return backed_up


def put_back(platform: Platform, folder: Path, **more: Any) -> Restored:
    """Restores a backup."""
    report = folder.with_name(f"report-{uuid4().hex}")
    return restore(platform, folder, None, report, say=quiet, **more)


async def test_a_store_comes_back_as_it_was(
    platform: Platform, back_up: Callable[[], Path]
) -> None:
    place, _ = platform.stores
    for version in (1, 2):
        await write(place, "whistle", "w1", version)
    journal = journal_of(place)
    first = await journal.take_numbers("receipt", 10)
    # More than a store gives at once.
    await journal.record_reading("w1", [f"whistle-{n}" for n in range(1_000)], "look", CLOCK.now())
    await journal.close()
    before = await asyncio.to_thread(all_of, place)
    folder = await asyncio.to_thread(back_up)
    await write(place, "whistle", "w1", 3)

    with pytest.raises(NotNow, match="--replace"):
        await asyncio.to_thread(put_back, platform, folder)
    done = await asyncio.to_thread(put_back, platform, folder, replace=True)

    after = await asyncio.to_thread(all_of, place)
    numbers, _ = after.pop("numbers")
    assert before.pop("numbers") is not None
    assert after == before
    # Numbers that were given out since are not known, and are not given again.
    assert [one["last"] for one in numbers] == [first + 9 + NUMBERS_SKIPPED]
    journal = journal_of(place)
    position = await journal.position(LEASE)
    await journal.close()
    assert position is not None
    assert position.token is None
    assert position.at is not None
    assert position.at < done.manifest.at


async def test_what_is_written_meanwhile_is_in_no_store_or_in_all_its_parts(
    platform: Platform, back_up: Callable[[], Path]
) -> None:
    place, other = platform.stores
    stopping = asyncio.Event()

    async def going_on() -> int:
        version = 0
        while not stopping.is_set():
            version += 1
            await write(place, "whistle", "w1", version)
            effect = f"petitions/{WHISTLE}/{version}/0"
            await write(other, "message", f"m{version}", 1, causation=effect)
        return version

    writing = asyncio.create_task(going_on())
    folder = await asyncio.to_thread(back_up)
    stopping.set()
    written = await writing
    done = await asyncio.to_thread(put_back, platform, folder, replace=True)
    assert done.seam.acted_on == []
    with MongoClient[dict[str, Any]](place.uri) as client:
        commits = client[place.database]["commits"].count_documents({})
        (state,) = client[place.database]["state_whistle"].find()
        effects = client[other.database]["commits"].count_documents({})
    assert 0 < commits <= written
    assert state["v"] == commits
    assert commits - effects in (0, 1)


async def test_a_store_put_back_alone_gives_no_number_twice(
    platform: Platform, back_up: Callable[[], Path]
) -> None:
    place, other = platform.stores
    await write(place, "whistle", "w1", 1)
    folder = await asyncio.to_thread(back_up)
    for version in (2, 3):
        commit = await write(place, "whistle", "w1", version)
        await asyncio.to_thread(publish, platform, commit)
    # Acted on, and published where nobody can see it any more.
    await write(place, "whistle", "w1", 4)
    effect = f"petitions/{WHISTLE}/4/0"
    await write(other, "message", "m1", 1, causation=effect)
    began = await write(place, "whistle", "w2", 1)
    await asyncio.to_thread(publish, platform, began)
    untouched = await asyncio.to_thread(all_of, other)

    done = await asyncio.to_thread(put_back, platform, folder, services=["petitions"], replace=True)

    assert await asyncio.to_thread(all_of, other) == untouched
    published = [f"petitions/{WHISTLE}/{version}/0" for version in (2, 3)]
    assert sorted(lost.id for lost in done.seam.published) == [
        *published,
        "petitions/whistle-w2/1/0",
    ]
    assert [(lost.id, lost.known_to) for lost in done.seam.acted_on] == [
        (effect, ("notifications",))
    ]
    assert done.seam.begun == ["petitions/whistle-w2"]
    assert done.seam.filled == 3
    journal = journal_of(place)
    commits = await journal.history(WHISTLE)
    states = await journal.load("whistle", ["w1"])
    await journal.close()
    assert [commit.version for commit in commits] == [1, 2, 3, 4]
    assert [len(commit.events) for commit in commits] == [1, 0, 0, 0]
    assert states["w1"].version == 4
    assert states["w1"].state == {"number": 1}
    told = orjson.loads((done.folder / REPORT).read_bytes())
    assert [one["id"] for one in told["acted_on"]] == [effect]
    assert datetime.fromisoformat(told["moment"]) == done.manifest.at.astimezone(UTC)
    assert any(effect in line for line in (done.folder / REPORT).read_text().splitlines())


async def test_an_altered_backup_is_refused_before_anything_is_touched(
    platform: Platform, back_up: Callable[[], Path]
) -> None:
    place, _ = platform.stores
    await write(place, "whistle", "w1", 1)
    folder = await asyncio.to_thread(back_up)
    before = await asyncio.to_thread(all_of, place)
    file = folder / "petitions.commits.bson.gz"
    file.write_bytes(file.read_bytes()[:-9] + b"\0" * 9)
    with pytest.raises(Damaged, match=file.name):
        await asyncio.to_thread(put_back, platform, folder, replace=True)
    assert await asyncio.to_thread(all_of, place) == before
