"""The stores are lost, and come back from a backup that was made under load: everything that was
acknowledged before it is there once, its effects are exactly once, and all goes on.
"""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.backup.making import make
from deploy.backup.manifest import Manifest
from deploy.backup.platform import Place, Platform
from deploy.backup.restoring import Restored, restore
from deploy.local.issuer import IssuerProcess
from deploy.local.layout import SERVICES
from deploy.local.servers import KafkaServer, MongoServer
from tests.chaos.checker import Told, Unacknowledged
from tests.chaos.load import PLANTED, under_load
from tests.chaos.witness import Witness
from tests.e2e.town import ALL_READY_WITHIN, HOME, Town

COMMANDS = 40
"""Commands acknowledged before the backup, after it, and after the restore."""
KEY = bytes(range(32))

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[MongoServer, KafkaServer]]:
    """Servers of these tests' own: what they throw away nobody else has to do without."""
    directory = tmp_path_factory.mktemp("servers")
    mongo, kafka = MongoServer(directory / "mongod"), KafkaServer(directory / "kafka")
    try:
        yield mongo.start(), kafka.start()
    finally:
        kafka.kill()
        mongo.kill()


@pytest.fixture(scope="module")
def town(
    servers: tuple[MongoServer, KafkaServer],
    issuer: IssuerProcess,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Town]:
    """A town on them."""
    mongo, kafka = servers
    with Town(mongo, kafka, issuer, tmp_path_factory.mktemp("town")) as there:
        yield there


@pytest.fixture(scope="module")
def witness(town: Town) -> Witness:
    """Keeps what clients were told over these tests."""
    return Witness(town)


def platform_of(town: Town) -> Platform:
    """The town as a backup sees it."""
    stores = (
        Place(name, town.mongo.uri, town.settings(name)["JINLIN_MONGO_DATABASE"])
        for name in SERVICES
    )
    return Platform(tuple(stores), town.kafka.bootstrap)


def silent(_: str) -> None:
    """Says nothing."""


def back_up(town: Town, folder: Path) -> Manifest:
    """A sealed backup of the town."""
    return make(platform_of(town), folder, KEY, silent)


def kill_everything(town: Town) -> None:
    """All services and servers at once."""
    for process in (*town.services.values(), town.mongo, town.kafka):
        process.kill()


def put_back(town: Town, folder: Path, *, kafka_wiped: bool) -> Restored:
    """Servers without data (Kafka with its own, unless it was lost, too), the backup in them, and
    all services running.
    """
    shutil.rmtree(town.mongo.directory)
    if kafka_wiped:
        shutil.rmtree(town.kafka.directory)
    town.mongo.start()
    town.kafka.start()
    report = folder.with_name(f"{folder.name}-report")
    done = restore(platform_of(town), folder, KEY, report, say=silent)
    for process in town.services.values():
        process.start()
    for process in town.services.values():
        process.wait_ready(ALL_READY_WITHIN)
    return done


def may_be_lost(told: list[Told]) -> list[Told]:
    """What was told after the backup is there once or not at all."""
    return [Unacknowledged(one.service, one.cause) for one in told]


@pytest.mark.parametrize(
    "kafka_wiped",
    [
        pytest.param(False, id="kafka-kept"),
        pytest.param(True, id="kafka-wiped", marks=pytest.mark.long),
    ],
)
async def test_a_lost_platform_comes_back(
    town: Town, witness: Witness, tmp_path: Path, kafka_wiped: bool
) -> None:
    resident, worker = town.resident(), town.holder(HOME)
    petition = resident.file()
    async with under_load(town) as load:
        await load.reach(COMMANDS)
        before = len(load.told)
        manifest = await asyncio.to_thread(back_up, town, tmp_path / "backup")
        taken = await asyncio.to_thread(worker.does, "take", petition)
        await asyncio.to_thread(resident.told, "petition-taken", petition)
        await load.reach(COMMANDS)
        await asyncio.to_thread(kill_everything, town)
        await load.hears("cut")
    acknowledged, after = load.told[:before], load.told[before:]
    done = await asyncio.to_thread(put_back, town, tmp_path / "backup", kafka_wiped=kafka_wiped)

    await witness.satisfied([*acknowledged, *may_be_lost(after)])
    assert manifest.sealed
    for file in (tmp_path / "backup").iterdir():
        assert PLANTED[0].encode() not in file.read_bytes()
    # One moment for all: no store has an effect of what another one does not know.
    assert done.seam.acted_on == []
    published = {lost.commit for lost in done.seam.published if lost.service == "petitions"}
    if kafka_wiped:
        assert published == set()
    else:
        assert f"petition-{petition}/{taken['version']}" in published
        assert done.seam.filled > 0
    # What was lost can be done again, and whoever knew the lost one takes it for something new.
    assert resident.sees(petition)["status"] == "assigned"
    again = await asyncio.to_thread(worker.does, "take", petition)
    assert (again["version"] > taken["version"]) is not kafka_wiped
    await asyncio.to_thread(resident.told, "petition-taken", petition)

    async with under_load(town) as load:
        await load.reach(COMMANDS)
    await witness.satisfied(load.told)
