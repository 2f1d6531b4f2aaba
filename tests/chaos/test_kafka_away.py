"""Kafka is away while people write: nobody notices at the door, and all of it is caught up."""

import asyncio
import time

import httpx
import pytest

from tests.chaos.load import under_load
from tests.chaos.witness import Witness
from tests.e2e.town import Town

AWAY = 20.0
"""Seconds that Kafka is away."""

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(240)]


async def test_writes_go_on_without_kafka_and_are_caught_up(town: Town, witness: Witness) -> None:
    async with under_load(town) as load:
        await load.reach(50)
        await asyncio.to_thread(town.kafka.stop)
        began = time.monotonic()
        before = load.answers.copy()
        while time.monotonic() - began < AWAY:
            await load.reach(20, within=5)
        refused = load.answers - before
        assert set(refused) <= {"200", "201"}, "without Kafka nobody is sent away"

        async with httpx.AsyncClient(trust_env=False) as http:
            ready = await http.get(f"{town.url('notifications')}/readyz")
            assert ready.status_code == 503
            assert ready.json()["parts"]["subscriptions"] == "receive nothing"
        await asyncio.to_thread(town.kafka.start)
        await load.reach(50)
    for process in town.services.values():
        await asyncio.to_thread(process.wait_ready)
    await witness.satisfied(load.told)
