"""Kafka, MongoDB or both are away while people write: what needs neither goes on, and all of it is
caught up.
"""

import asyncio
import time
from collections.abc import Mapping

import httpx
import pytest

from tests.chaos.load import Load, under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import HOME, Town

DONE = {"200", "201"}
SENT_AWAY = {"503", "cut"}

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(300)]


async def readiness(town: Town, name: str) -> tuple[int, Mapping[str, str]]:
    """What /readyz of a service answers, part by part."""
    async with httpx.AsyncClient(trust_env=False, timeout=20) as http:
        answer = await http.get(f"{town.url(name)}/readyz")
    return answer.status_code, answer.json()["parts"]


async def writes_go_on(load: Load, seconds: float) -> None:
    """Waits so long; at no time in it is anybody sent away."""
    began = time.monotonic()
    before = load.answers.copy()
    while time.monotonic() - began < seconds:
        await load.reach(20, within=10)
    assert set(load.answers - before) <= DONE, "without Kafka nobody is sent away"


async def everybody_is_ready(town: Town) -> None:
    """Waits for it."""
    for process in town.services.values():
        await asyncio.to_thread(process.wait_ready)


@pytest.mark.parametrize("seconds", [20, pytest.param(60, marks=pytest.mark.long)])
async def test_writes_go_on_without_kafka_and_are_caught_up(
    town: Town, witness: Witness, account: Account, seconds: int
) -> None:
    async with under_load(town) as load:
        await load.reach(50)
        await asyncio.to_thread(town.kafka.stop)
        account.broke(f"Kafka away {seconds} s")
        await writes_go_on(load, seconds)
        status, parts = await readiness(town, "notifications")
        assert (status, parts["subscriptions"]) == (503, "receive nothing")
        await asyncio.to_thread(town.kafka.start)
        await load.reach(50)
    await everybody_is_ready(town)
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)


@pytest.mark.long
@pytest.mark.parametrize("kafka_too", [False, True], ids=["mongod", "mongod-and-kafka"])
async def test_without_mongodb_everybody_is_told_to_come_again(
    town: Town, witness: Witness, account: Account, kafka_too: bool
) -> None:
    seconds = 60
    reader = town.holder(HOME)
    petition = town.resident().file()
    async with under_load(town) as load:
        await load.reach(50)
        if kafka_too:
            await asyncio.to_thread(town.kafka.stop)
        await asyncio.to_thread(town.mongo.stop)
        account.broke(f"MongoDB {'and Kafka ' if kafka_too else ''}away {seconds} s")
        began = time.monotonic()
        # Requests that were under way when it went may still have been answered.
        await load.hears("503")
        before = load.answers.copy()
        while time.monotonic() - began < seconds:
            await load.hears("503")
            read = await asyncio.to_thread(reader.get, "petitions", f"/petitions/{petition}")
            assert read.status_code == 503
            assert int(read.headers["retry-after"]) > 0
        assert set(load.answers - before) <= SENT_AWAY
        status, parts = await readiness(town, "petitions")
        assert status == 503
        assert parts["store"] != "ok"
        await asyncio.to_thread(town.mongo.start)
        await load.reach(20)  # nobody waits for Kafka
        if kafka_too:
            await asyncio.to_thread(town.kafka.start)
        await load.reach(50)
    await everybody_is_ready(town)
    assert set(load.answers) <= DONE | SENT_AWAY
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told)
