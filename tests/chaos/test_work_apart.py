"""Requests have processes of their own: what does the rest is killed under load, and nobody hears
of it."""

import asyncio
from collections.abc import Iterator

import pytest

from deploy.local.layout import WORK_APART
from deploy.local.processes import WebProcess, free_port, service
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import ALL_READY_WITHIN, Town

COMMANDS = 50
"""Commands acknowledged between two blows."""

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def work(town: Town) -> Iterator[WebProcess]:
    """Petitions as it is deployed: the town's own process for requests only, and this one."""
    taking = town.services["petitions"]
    called = WORK_APART["petitions"]
    working = service(
        "petitions",
        port=free_port(),
        log=town.directory / f"{called}.log",
        env=town.settings("petitions"),
    )
    taking.stop()
    taking.env["JINLIN_REQUESTS_ONLY"] = "true"
    try:
        taking.start().wait_ready(ALL_READY_WITHIN)
        yield working.start().wait_ready(ALL_READY_WITHIN)
    finally:
        working.kill()
        taking.stop()
        del taking.env["JINLIN_REQUESTS_ONLY"]
        taking.start().wait_ready(ALL_READY_WITHIN)


async def test_while_the_working_process_is_dead_requests_are_taken(
    town: Town, work: WebProcess, witness: Witness, account: Account
) -> None:
    async with under_load(town) as load:
        await load.reach(COMMANDS)
        work.kill()
        account.broke(f"kill -9 {WORK_APART['petitions']}")
        await load.reach(COMMANDS)
        work.start()
        await asyncio.to_thread(work.wait_ready)
        await load.reach(COMMANDS)
    assert set(load.answers) <= {"200", "201"}
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)
