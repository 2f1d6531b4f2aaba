"""The clock of petitions' host jumps by an hour, forward and back, under load."""

import asyncio
from pathlib import Path

import pytest

from deploy.local.processes import WebProcess
from tests.chaos.askew import CLOCK_FILE
from tests.chaos.beyond import another
from tests.chaos.leading import leader_of, leads, watched
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import CLIMBS_AT_ONCE, Town
from tests.e2e.waiting import until

HOUR = 3600
COMMANDS = 80

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


def set_clock(file: Path, wrong_by: int) -> None:
    """Sets it at once: nobody reads half a number."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(wrong_by))
    fresh.rename(file)


async def test_a_clock_that_jumps_moves_no_deadline_and_no_lease(
    town: Town, witness: Witness, account: Account, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    set_clock(clock, 0)
    right = town.services["petitions"]
    await asyncio.to_thread(right.stop)
    wrong = WebProcess(
        "petitions on a host with a wrong clock",
        "tests.chaos.askew",
        port=right.port,
        log=town.directory / "askew.log",
        env={**right.env, CLOCK_FILE: str(clock)},
    )
    try:
        with wrong, watched(town) as positions:
            await asyncio.to_thread(wrong.start().wait_ready)
            await asyncio.to_thread(leader_of, [wrong])
            with another(town, "petitions") as standby:
                async with under_load(town, [wrong.url, standby.url]) as load:
                    for jump in (HOUR, 0, -HOUR, 0):
                        set_clock(clock, jump)
                        account.broke(f"clock jumps to {jump / HOUR:+.0f} h")
                        await load.reach(COMMANDS)
                        # MongoDB's clock counts for the lease: it neither runs out nor lasts.
                        assert leads(wrong)
                        assert not leads(standby)
                account.heard(load.answers, len(load.told))
                assert set(load.answers) <= {"200", "201"}
                resident = town.resident()
                left_alone = resident.file(category=CLIMBS_AT_ONCE)
                at_the_top = lambda: resident.sees(left_alone)["overdue_days"] == 0
                await asyncio.to_thread(until, at_the_top, "it climbs in its time", 60)
            assert positions.went_forward()
    finally:
        await asyncio.to_thread(right.start().wait_ready)
    await witness.satisfied(load.told)
