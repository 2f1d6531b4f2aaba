"""The process that calls is killed at random: nothing is lost, each stream keeps its order."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.issuer import AUDIENCE, IssuerProcess
from deploy.local.processes import free_port, service
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from shared.runtime.topics import TopicSpec, provision
from tests.services.subscriptions.feed.happening import commented, message
from tests.services.subscriptions.webhooks.calling_here import within
from tests.services.subscriptions.webhooks.receiver import Received, Receiver, Reply, receiver
from tests.services.subscriptions.webhooks.test_calling import in_order

EVENTS, STREAMS, BLOWS = 1_500, 40, 3
PATIENCE = 120.0

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(300),
]


def stream_of_events() -> list[Outgoing]:
    """In the order in which their service publishes them."""
    sequences: dict[str, int] = {}
    messages = []
    for number in range(EVENTS):
        stream = f"petition-{number % STREAMS}"
        sequences[stream] = sequences.get(stream, 0) + 1
        messages.append(message(commented(stream), stream, sequences[stream]))
    return messages


async def test_killed_while_it_calls_nothing_is_lost(
    mongo: MongoServer,
    own_kafka: Callable[..., KafkaServer],
    issuer: IssuerProcess,
    database: str,
    tmp_path: Path,
) -> None:
    kafka = await asyncio.to_thread(own_kafka)
    env = {
        "JINLIN_MODE": "local",
        "JINLIN_MONGO_URI": mongo.uri,
        "JINLIN_MONGO_DATABASE": database,
        "JINLIN_KAFKA_BOOTSTRAP": kafka.bootstrap,
        "JINLIN_OIDC_ISSUER": issuer.url,
        "JINLIN_OIDC_AUDIENCE": AUDIENCE,
        **SECRETS,
    }
    chance = random.Random(11)

    async def answer(_received: Received) -> Reply:
        await asyncio.sleep(chance.random() / 20)
        return Reply(500 if chance.random() < 0.002 else 204)

    process = service(
        "subscriptions", port=free_port(), log=tmp_path / "subscriptions.log", env=env
    )
    async with receiver(answer=answer) as other, httpx.AsyncClient(timeout=30) as http:
        try:
            await asyncio.to_thread(lambda: process.start().wait_ready())
            token = issuer.token("system-1", ["service"], [])
            await _created(http, process.url, token, other)
            await _publish(kafka.bootstrap)
            for blow in range(1, BLOWS + 1):
                await within(
                    lambda blow=blow: len(set(other.ids())) >= blow * EVENTS / (BLOWS + 2),
                    f"it calls before blow {blow}",
                    PATIENCE,
                )
                process.kill()
                await asyncio.to_thread(lambda: process.start().wait_ready())
            before = len(set(other.ids()))
            assert before < EVENTS, "the last blow came while it was at work"
            await within(lambda: len(set(other.ids())) == EVENTS, "everything is called", PATIENCE)
        finally:
            process.kill()
    assert in_order(other.taken)
    assert other.refused == []
    twice = len(other.taken) - EVENTS
    assert twice < BLOWS * EVENTS / 4, "what was kept is not called again"


async def _created(http: httpx.AsyncClient, url: str, token: str, other: Receiver) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"url": other.url, "types": ["cn.jinlin.petitions.*"]}
    told = (await http.post(f"{url}/webhooks", json=body, headers=headers)).json()
    other.secrets.append(told["secret"])

    async def active() -> Any:
        shown = await http.get(f"{url}/webhooks/{told['id']}", headers=headers)
        return shown.json()["status"] == "active"

    await within(active, "it agrees", PATIENCE)


async def _publish(bootstrap: str) -> None:
    await asyncio.to_thread(provision, bootstrap, [TopicSpec("petitions.events.v1")])
    bus = KafkaBus(bootstrap, "test", SystemClock(), "test")
    await bus.start()
    await bus.publish(stream_of_events())
    await bus.stop()
