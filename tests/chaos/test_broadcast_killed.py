"""notifications is killed again and again during a broadcast: everybody is told, nobody twice."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient
from pymongo.database import Database

from deploy.local.issuer import AUDIENCE, IssuerProcess
from deploy.local.processes import WebProcess, free_port
from deploy.local.processes import service as process_of
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS
from services.notifications.domain.roll import EnterHome, roll
from services.notifications.facts import broadcasts as facts
from services.notifications.main import service
from shared.contracts.envelope import topic
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from shared.runtime.clock import SystemClock
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store
from tests.chaos.checker import Violation, check, evidence_of
from tests.chaos.report import Account
from tests.chaos.witness import messages_in
from tests.e2e.waiting import until

PEOPLE, RATE, KILLS = 3_000, 200, 10
SEED = 20_260_302
STREET = "s1"
READY_WITHIN = 180.0
SAID = "今晚请勿外出"
WORDS = [{"language": "zh-Hans", "title": "台风预警", "body": SAID}]

pytestmark = [
    pytest.mark.chaos,
    pytest.mark.alone,
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]


@dataclass
class Alone:
    """notifications on a MongoDB and a Kafka, with nothing beside it."""

    process: WebProcess
    mongo: MongoServer
    kafka: KafkaServer
    issuer: IssuerProcess
    database: str
    store: Database[dict[str, Any]]

    def ask(self, method: str, path: str, sub: str, body: Any = None) -> Any:
        """What is answered to staff of the street, with yes."""
        token = self.issuer.token(sub, ["street-staff"], [STREET])
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.process.url}{path}"
        with httpx.Client(timeout=60, trust_env=False) as client:
            answer = client.request(method, url, json=body, headers=headers)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def journal(self) -> MongoJournal:
        """Its store, from here."""
        return MongoJournal.connect(self.mongo.uri, self.database, "pymongo", SystemClock())

    async def broken(self) -> list[Violation]:
        """What is not as it must be: published, folded, done once."""
        journal = self.journal()
        try:
            messages = await asyncio.to_thread(
                messages_in, self.kafka.bootstrap, topic("notifications")
            )
            evidence = await evidence_of(service, journal, messages, set())
        finally:
            await journal.close()
        lines = self.process.log.read_text(errors="replace").splitlines()
        # What it says is for everybody there, and lies in its commits; nobody else is told.
        assert not any(SAID in message.value.decode() for message in messages)
        assert not any(SAID in line for line in lines)
        return check([evidence], (), SystemClock().now(), lines=lines)


@pytest.fixture
def alone(
    mongo: MongoServer,
    own_kafka: Callable[..., KafkaServer],
    issuer: IssuerProcess,
    database: str,
    tmp_path: Path,
) -> Iterator[Alone]:
    kafka = own_kafka()
    process = process_of(
        "notifications",
        port=free_port(),
        log=tmp_path / "notifications.log",
        env={
            "JINLIN_MODE": "local",
            "JINLIN_MONGO_URI": mongo.uri,
            "JINLIN_MONGO_DATABASE": database,
            "JINLIN_KAFKA_BOOTSTRAP": kafka.bootstrap,
            "JINLIN_OIDC_ISSUER": issuer.url,
            "JINLIN_OIDC_AUDIENCE": AUDIENCE,
            **SECRETS,
        },
    )
    with MongoClient[dict[str, Any]](mongo.uri, tz_aware=True) as client:
        try:
            yield Alone(process, mongo, kafka, issuer, database, client[database])
        finally:
            process.kill()


async def enter(alone: Alone, people: list[str]) -> None:
    """A street with these people, as its reactions enter them."""
    journal = alone.journal()
    await journal.prepare(service.kinds)
    known: Any = {"place": {}, "gathering": {}, "broadcast": {}}
    store = Store("notifications", journal, SystemClock(), (roll, place), facts.facts(known))
    there = LearnPlace(PlaceKind.STREET, "东街街道", (STREET,))
    await store.do(place, STREET, there, actor="test")
    entering = (store.do(roll, one, EnterHome(STREET), actor="test") for one in people)
    await asyncio.gather(*entering)
    await journal.close()


async def test_everybody_is_told_once_through_ten_kills(alone: Alone, account: Account) -> None:
    people = [f"told-{n:04d}" for n in range(PEOPLE)]
    await enter(alone, people)
    alone.process.start()
    await asyncio.to_thread(alone.process.wait_ready, READY_WITHIN)
    body = {"place": STREET, "words": WORDS, "rate": RATE, "urgent": True}
    id = alone.ask("POST", "/broadcasts", "writer", body)["id"]
    at = f"/broadcasts/{id}"
    alone.ask("POST", f"{at}/submit", "writer", {})
    alone.ask("POST", f"{at}/approve", "chief", {"urgent": True})

    messages = {"s.about": f"broadcast-{id}", "s.kind": "broadcast-urgent"}

    def told() -> int:
        return alone.store["state_message"].count_documents(messages)

    chance = random.Random(SEED)
    killed: list[int] = []
    for _ in range(KILLS):
        goal = told() + chance.randint(1, PEOPLE // KILLS - RATE // 2)
        await asyncio.to_thread(until, lambda goal=goal: told() >= goal, "more are told", 120)
        alone.process.kill()
        account.broke("kill -9 notifications")
        killed.append(told())
        alone.process.start()
        await asyncio.to_thread(alone.process.wait_ready, READY_WITHIN)
    assert killed[0] > 0
    assert killed[-1] < PEOPLE, "it was still under way at the last blow"
    began = time.monotonic()

    def status() -> str:
        found = alone.store["state_broadcast"].find_one({"_id": id})
        return "" if found is None else str(found["s"]["status"])

    await asyncio.to_thread(until, lambda: status() == "done", "it is done", 240)
    print(f"killed at {killed}; done {time.monotonic() - began:.1f} s after the last")

    found = alone.store["state_message"].find(messages)
    assert Counter(one["s"]["recipient"] for one in found) == Counter(dict.fromkeys(people, 1))
    posted = {"n": "MessagePosted", "d.kind": "broadcast-urgent"}
    commits = alone.store["commits"].count_documents({"events": {"$elemMatch": posted}})
    assert commits == PEOPLE
    progress = alone.ask("GET", f"{at}/progress", "chief")
    assert (progress["total"], progress["told"]) == (PEOPLE, PEOPLE)
    assert alone.ask("GET", at, "chief")["told"] == PEOPLE
    # And everything else that is promised: published in order, folded, nothing late.
    async with asyncio.timeout(120):
        while wrong := await alone.broken():
            print(f"not yet: {len(wrong)}, {wrong[0]}")
            await asyncio.sleep(1)
