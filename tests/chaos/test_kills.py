"""Services and servers are killed under load: nothing lost, nothing twice, order kept."""

import asyncio
import time

import pytest

from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import Town

READY_WITHIN = 10.0
"""Seconds from the restart of what was killed until it is ready."""
COMMANDS = 50
"""Commands acknowledged between two blows."""
BLOWS = 2

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.mark.parametrize("victim", ["petitions", "notifications"])
async def test_a_killed_service_loses_nothing(
    town: Town, witness: Witness, account: Account, victim: str
) -> None:
    process = town.services[victim]
    took: list[float] = []
    async with under_load(town) as load:
        for _ in range(BLOWS):
            await load.reach(COMMANDS)
            process.kill()
            account.broke(f"kill -9 {victim}")
            began = time.monotonic()
            process.start()
            await asyncio.to_thread(process.wait_ready)
            took.append(time.monotonic() - began)
        await load.reach(COMMANDS)
    if victim == "petitions":
        assert load.answers["cut"] + load.answers["503"] > 0
    else:
        assert set(load.answers) <= {"200", "201"}
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)
    assert max(took) <= READY_WITHIN


async def test_a_killed_mongod_loses_nothing(
    town: Town, witness: Witness, account: Account
) -> None:
    async with under_load(town) as load:
        await load.reach(COMMANDS)
        town.mongo.kill()
        account.broke("kill -9 mongod")
        await load.hears("503")
        await asyncio.to_thread(town.mongo.start)
        await load.reach(COMMANDS)
    for process in town.services.values():
        await asyncio.to_thread(process.wait_ready)
    assert set(load.answers) <= {"200", "201", "503", "cut"}
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)
