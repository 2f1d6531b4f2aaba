"""Twenty rounds of kill -9 under load: every part alone, every two of them at once, and some more
by chance. Two processes of petitions take the commands; one of them leads the relay.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from itertools import combinations

import pytest

from deploy.local.processes import Process, WebProcess
from tests.chaos.beyond import another
from tests.chaos.leading import leader_of, watched
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.test_kills import READY_WITHIN
from tests.chaos.witness import Witness
from tests.e2e.town import Town

PARTS = ("API", "relay leader", "subscriber", "broker", "mongod")
ROUNDS = 20
COMMANDS = 30
"""Commands acknowledged between two blows, at least."""
LONGEST_PAUSE = 1.0
"""Seconds; a blow falls at any moment within."""
SEED = 11

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]


def plan(chance: random.Random) -> list[tuple[str, ...]]:
    """Which parts die together, round by round."""
    planned: list[tuple[str, ...]] = [(part,) for part in PARTS]
    planned += combinations(PARTS, 2)
    planned += [tuple(chance.sample(PARTS, 2)) for _ in range(ROUNDS - len(planned))]
    chance.shuffle(planned)
    return planned


def victims(town: Town, petitions: list[WebProcess]) -> dict[str, Process]:
    """Which process is which part now."""
    leader = leader_of(petitions)
    (follower,) = (one for one in petitions if one is not leader)
    return {
        "API": follower,
        "relay leader": leader,
        "subscriber": town.services["notifications"],
        "broker": town.kafka,
        "mongod": town.mongo,
    }


def raised(fallen: Sequence[Process]) -> list[tuple[str, float]]:
    """Starts them again, first what the others stand on; how long each took to be ready, in
    seconds.
    """
    took: list[tuple[str, float]] = []
    for process in sorted(fallen, key=lambda one: isinstance(one, WebProcess)):
        began = time.monotonic()
        process.start()
        if isinstance(process, WebProcess):
            process.wait_ready()
        took.append((process.name, time.monotonic() - began))
    return took


async def test_twenty_rounds_of_kills_lose_nothing(
    town: Town, witness: Witness, account: Account
) -> None:
    chance = random.Random(SEED)
    late: list[tuple[str, float]] = []
    with another(town, "petitions") as second, watched(town) as positions:
        petitions = [town.services["petitions"], second]
        async with under_load(town, [one.url for one in petitions]) as load:
            for parts in plan(chance):
                await load.reach(COMMANDS)
                known = await asyncio.to_thread(victims, town, petitions)
                await asyncio.sleep(chance.random() * LONGEST_PAUSE)
                fallen = [known[part] for part in parts]
                for process in fallen:
                    process.kill()
                account.broke(f"kill -9 {' and '.join(sorted(parts))}")
                took = await asyncio.to_thread(raised, fallen)
                late += [one for one in took if one[1] > READY_WITHIN]
            await load.reach(COMMANDS)
        for process in (*town.services.values(), second):
            await asyncio.to_thread(process.wait_ready)
        assert set(load.answers) <= {"200", "201", "503", "cut"}
        account.heard(load.answers, len(load.told))
        await witness.satisfied(load.told, within=120)
    assert positions.went_forward()
    assert len({saved.fence for saved in positions.saved}) > 1, "the relay changed hands"
    # Asked last: how busy the machine is shall hide no loss.
    assert late == []
