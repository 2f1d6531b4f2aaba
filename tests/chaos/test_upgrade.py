"""Petitions of an earlier release and of this one take turns under load: nothing lost, nothing
twice, whichever of them serves, publishes and listens.
"""

import asyncio
import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from deploy.local.processes import WebProcess, free_port, service
from tests.chaos.load import under_load
from tests.chaos.witness import Witness
from tests.e2e.town import ALL_READY_WITHIN, Town

EARLIER = "a5dcddfcc32dfb000ffdb10a9924ff3d0e7e232e"
"""A commit some 200 before this one was written: the gateway began there. Newer petitions have a
further index, write states otherwise and answer more questions.
"""
NEW_METRIC = "jinlin_store_members"
"""What the earlier release did not tell: by it the two are told apart."""
COMMANDS = 40
"""Commands acknowledged between two turns."""

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(240)]


def git(*words: str) -> bytes:
    """What git answers; nothing where it cannot."""
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=False).stdout


@pytest.fixture(scope="module")
def earlier_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the earlier release, taken out of the history."""
    if git("rev-parse", "--is-shallow-repository").strip() != b"false":
        pytest.skip("a shallow clone, or none, has no earlier releases")
    packed = git("archive", "--format=tar", EARLIER, "services", "shared")
    assert packed, f"the history has no {EARLIER}"
    folder = tmp_path_factory.mktemp("earlier")
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        files.extractall(folder, filter="data")
    return folder


@pytest.fixture
def earlier(town: Town, earlier_release: Path) -> Iterator[WebProcess]:
    """A process of petitions as it was then, on the town's store; not yet started."""
    log = town.directory / "earlier-petitions.log"
    process = service("petitions", port=free_port(), log=log, env=town.settings("petitions"))
    process.command = ["env", "-C", str(earlier_release), *process.command]
    try:
        yield process
    finally:
        process.stop()


async def serves(town: Town, process: WebProcess) -> None:
    """Starts a process, waits until it is ready, and sends everybody to it from now on."""
    process.start()
    await asyncio.to_thread(process.wait_ready, ALL_READY_WITHIN)
    town.services["petitions"] = process


async def test_an_earlier_release_and_this_one_take_turns(
    town: Town, witness: Witness, earlier: WebProcess
) -> None:
    present = town.services["petitions"]
    try:
        async with under_load(town) as load:
            # Both run; the earlier one serves, the present one publishes and listens with it.
            await serves(town, earlier)
            await load.reach(COMMANDS)
            # The earlier one alone: as before the upgrade, or after going back.
            await asyncio.to_thread(present.stop)
            await load.reach(COMMANDS)
            assert NEW_METRIC not in await asyncio.to_thread(town.metrics, "petitions")
            # The upgrade: the present one serves beside the earlier one, then alone.
            await serves(town, present)
            await load.reach(COMMANDS)
            await asyncio.to_thread(earlier.stop)
            await load.reach(COMMANDS)
            assert NEW_METRIC in await asyncio.to_thread(town.metrics, "petitions")
    finally:
        town.services["petitions"] = present
        if not present.running:
            await serves(town, present)
    assert set(load.answers) <= {"200", "201", "503", "cut"}
    await witness.satisfied(load.told)
