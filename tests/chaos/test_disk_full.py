"""The disk under mongod or under the broker is full: what cannot be kept is refused, nothing that
was acknowledged is lost, and with space again all goes on.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from deploy.local.issuer import IssuerProcess
from deploy.local.processes import Process
from deploy.local.servers import KafkaServer, MongoServer
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.smaller import SmallerTown
from tests.chaos.witness import Witness
from tests.e2e.waiting import until

DISK_MB = 600
"""More than mongod's journal of three times 100 MB and the data of a town."""

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.servers,
    pytest.mark.timeout(400),
]


class Disk:
    """A small disk of its own."""

    def __init__(self, at: Path) -> None:
        self.at = at
        self._ballast = at / "ballast"

    def fill(self) -> None:
        """Leaves no byte. What others give back meanwhile is taken, too."""
        size = self._ballast.stat().st_size if self._ballast.exists() else 0
        if free := shutil.disk_usage(self.at).free:
            # A server that takes some of it at the same moment makes this fail: then the next time.
            with self._ballast.open("ab") as ballast, suppress(OSError):
                os.posix_fallocate(ballast.fileno(), size, free)

    def clear(self) -> None:
        """Gives the space back."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def mounted(at: Path) -> Iterator[Disk]:
    """A disk in memory; the test is left out where the machine lets nobody mount one."""
    at.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(at)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
    try:
        yield Disk(at)
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with mounted(tmp_path / "disk") as there:
        yield there


def filled(disk: Disk, server: Process) -> None:
    """Keeps the disk full until the server has ended, as it does where it cannot write."""

    def has_ended() -> bool:
        disk.fill()
        return not server.running

    until(has_ended, f"{server.name} gives up", 90)


async def test_without_space_mongod_refuses_and_loses_nothing(
    disk: Disk,
    own_kafka: Callable[..., KafkaServer],
    issuer: IssuerProcess,
    tmp_path: Path,
    account: Account,
) -> None:
    # Its journal has room laid by: what is full is found out when it is written into the data.
    options = ["--syncdelay", "5"]
    mongo = MongoServer(disk.at / "mongod", log=tmp_path / "mongod.log", options=options)
    try:
        with SmallerTown(mongo.start(), own_kafka(), issuer, tmp_path) as town:
            witness = Witness(town)
            async with under_load(town) as load:
                await load.reach(50)
                await asyncio.to_thread(filled, disk, mongo)
                account.broke("disk of mongod full")
                await load.hears("503")
                disk.clear()
                await asyncio.to_thread(mongo.start)
                await load.reach(50)
            for process in town.services.values():
                await asyncio.to_thread(process.wait_ready)
            assert set(load.answers) <= {"200", "201", "503", "cut"}
            account.heard(load.answers, len(load.told))
            await witness.satisfied(load.told)
    finally:
        mongo.kill()


async def test_without_space_the_broker_keeps_nobody_from_writing(
    disk: Disk,
    own_mongo: Callable[..., Any],
    issuer: IssuerProcess,
    tmp_path: Path,
    account: Account,
) -> None:
    kafka = KafkaServer(disk.at / "kafka", log=tmp_path / "kafka.log")
    try:
        with SmallerTown(own_mongo(), kafka.start(), issuer, tmp_path) as town:
            witness = Witness(town)
            async with under_load(town) as load:
                await load.reach(50)
                await asyncio.to_thread(filled, disk, kafka)
                account.broke("disk of the broker full")
                await load.reach(100)
                disk.clear()
                await asyncio.to_thread(kafka.start)
                await load.reach(50)
            for process in town.services.values():
                await asyncio.to_thread(process.wait_ready)
            assert set(load.answers) <= {"200", "201"}, "nobody notices at the door"
            account.heard(load.answers, len(load.told))
            await witness.satisfied(load.told)
    finally:
        kafka.kill()
