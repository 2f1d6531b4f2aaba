"""Messages that leave the house: notifications' processes on a real MongoDB and Kafka, with a text
gateway and a mail relay that are servers as well. Nothing is lost, and nobody is told twice.
"""

import asyncio
import json
import random
import re
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from pymongo import MongoClient
from standardwebhooks import Webhook
from starlette.responses import JSONResponse, Response

from deploy.local.issuer import AUDIENCE, IssuerProcess
from deploy.local.processes import WebProcess, free_port, service
from deploy.local.servers import KafkaServer, MongoServer
from deploy.local.stack import SECRETS
from services.notifications.domain.delivery import CLAIM_LASTS
from shared.contracts import petitions
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event
from shared.contracts.types import Level
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.kafka_bus import KafkaBus
from tests.services.notifications.channels.answering import Asked, Provider, provider
from tests.services.notifications.channels.authority import Authority, authority
from tests.services.notifications.channels.mailbox import PASSWORD, USER, Mailbox, mailbox

SMS_SECRET = "what the gateway and we sign with, both of us"
NUMBER = "+8613800000000"
START_WITHIN = 120.0
"""Seconds for a start, on a machine with much else to do."""
KILLS = 3
PEOPLE = 60


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """One for these processes alone: topics and groups have fixed names."""
    with KafkaServer(tmp_path_factory.mktemp("kafka")) as kafka:
        yield kafka.start()


@pytest.fixture(scope="module")
def relay_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@dataclass
class House:
    """Processes of notifications, and what they talk to."""

    processes: list[WebProcess]
    gateway: Provider
    box: Mailbox
    issuer: IssuerProcess
    bootstrap: str
    store: Any
    http: httpx.AsyncClient
    sent: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    """What the gateway took, by id: who repeats an id is told that it has it."""

    async def ask(self, method: str, path: str, sub: str, role: str, **rest: Any) -> httpx.Response:
        """A request to a process that answers."""
        token = await asyncio.to_thread(self.issuer.token, sub, (role,), ())
        headers = {"Authorization": f"Bearer {token}"}
        url = self.processes[0].url + path
        return await self.http.request(method, url, headers=headers, **rest)

    async def does(self, path: str, sub: str, **body: Any) -> dict[str, Any]:
        """A command that has to succeed."""
        answer = await self.ask("POST", path, sub, "resident", json=body)
        assert answer.status_code in (200, 201), answer.text
        outcome: dict[str, Any] = answer.json()
        return outcome

    async def happens(self, *events: Event) -> None:
        """Events of petitions, as its relay publishes them."""
        bus = KafkaBus(self.bootstrap, "test", SystemClock(), "test")
        await bus.start()
        outgoing = []
        for event in events:
            self.sent += 1
            stream = f"petition-{self.sent}"
            envelope = Envelope(
                id=f"petitions/{stream}/1/0",
                type=type_of(type(event)),
                source="/jinlin/petitions",
                subject=stream,
                time=datetime.now(UTC),
                data=msgspec.to_builtins(event),
                sequence=1,
                correlationid="c",
            )
            outgoing.append(Outgoing(topic("petitions"), stream, envelope.to_bytes()))
        await bus.publish(outgoing)
        await bus.stop()

    async def until(self, reached: Callable[[], Any], seconds: float = 60) -> Any:
        """Waits for a condition."""
        async with asyncio.timeout(seconds):
            while not (seen := await asyncio.to_thread(reached)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return seen

    def message_to(self, person: str, kind: str) -> Any:
        """The message's document."""
        return self.store["state_message"].find_one({"s.recipient": person, "s.kind": kind})


def overdue(person: str) -> petitions.PetitionReachedLevel:
    """Something that a person must be told."""
    now = datetime.now(UTC)
    return petitions.PetitionReachedLevel(
        "p1", Level.AREA, "area-1", now, now, "overdue", petitioner=person
    )


@asynccontextmanager
async def house(
    mongo: MongoServer,
    broker: KafkaServer,
    issuer: IssuerProcess,
    trusted: Authority,
    directory: Path,
    processes: int = 1,
) -> AsyncIterator[House]:
    """It, with so many processes."""
    database = f"house_{uuid4().hex[:8]}"
    texts: dict[str, str] = {}

    def takes(asked: Asked) -> Response:
        told = json.loads(asked.body)
        known = told["id"] in texts
        texts.setdefault(told["id"], told["text"])
        return JSONResponse({"id": f"g-{told['id'][:6]}"}, 409 if known else 200)

    async with (
        provider(takes) as gateway,
        mailbox(trusted) as box,
        httpx.AsyncClient(timeout=30, trust_env=False) as http,
    ):
        env = {
            **SECRETS,
            "JINLIN_MODE": "local",
            "JINLIN_MONGO_URI": mongo.uri,
            "JINLIN_MONGO_DATABASE": database,
            "JINLIN_KAFKA_BOOTSTRAP": broker.bootstrap,
            "JINLIN_OIDC_ISSUER": issuer.url,
            "JINLIN_OIDC_AUDIENCE": AUDIENCE,
            "JINLIN_SMS_URL": f"{gateway.url}/send",
            "JINLIN_SMS_SECRET": SMS_SECRET,
            "JINLIN_SMS_RATE": "1000",
            "JINLIN_SMTP": f"smtp://{USER}@localhost:{box.port}",
            "JINLIN_SMTP_PASSWORD": PASSWORD,
            "JINLIN_SMTP_CA": str(trusted.certificates),
            "JINLIN_MAIL_FROM": "近邻 <notices@city.example>",
        }
        running = [
            service(
                "notifications", port=free_port(), log=directory / f"notifications-{n}.log", env=env
            )
            for n in range(processes)
        ]
        client: MongoClient[dict[str, Any]] = MongoClient(mongo.uri, tz_aware=True)
        try:
            for process in running:
                await asyncio.to_thread(process.start)
            for process in running:
                await asyncio.to_thread(process.wait_ready, START_WITHIN)
            yield House(
                running,
                gateway,
                box,
                issuer,
                broker.bootstrap,
                client[database],
                http,
                texts=texts,
            )
        finally:
            for process in running:
                await asyncio.to_thread(process.kill)
            client.close()


async def test_a_person_is_told_by_text_and_by_mail_when_that_comes_back(
    mongo: MongoServer,
    broker: KafkaServer,
    issuer: IssuerProcess,
    relay_authority: Authority,
    tmp_path: Path,
) -> None:
    async with house(mongo, broker, issuer, relay_authority, tmp_path) as at:
        await at.does("/preferences", "wang")
        await at.does("/preferences/wang/set-quiet-hours", "wang", begin="00:00", end="00:00")
        # Both addresses are confirmed by the codes that arrive there.
        await at.does("/preferences/wang/give-phone", "wang", number="13800000000", wording="v1")
        await at.until(lambda: at.texts)
        (text,) = at.texts.values()
        (code,) = re.findall(r"\b\d{6}\b", text)
        await at.does("/preferences/wang/confirm", "wang", way="sms", code=code)
        await at.does(
            "/preferences/wang/give-email", "wang", address="wang@example.org", wording="v1"
        )
        await at.until(lambda: at.box.received)
        mail = message_from_bytes(at.box.received[0].content, policy=policy.default)  # type: ignore[arg-type]
        (code, *_) = re.findall(r"\b\d{6}\b", str(mail["Subject"]))
        await at.does("/preferences/wang/confirm", "wang", way="email", code=code)

        await at.happens(overdue("wang"))
        found = await at.until(lambda: at.message_to("wang", "petition-climbed"))
        id = found["_id"]
        await at.until(lambda: id in at.texts)
        assert json.loads(at.gateway.asked[-1].body)["to"] == NUMBER
        await at.until(
            lambda: (
                at.message_to("wang", "petition-climbed")["s"]["delivery"]["steps"][0]["status"]
                == "sent"
            )
        )

        # The gateway says that it did not arrive: the mail goes out.
        told = {"id": id, "status": "bounced", "code": "NO-SUCH-NUMBER", "bad_address": True}
        body = json.dumps(told)
        now = datetime.now(UTC).replace(microsecond=0)
        library = Webhook(b64encode(SMS_SECRET.encode()).decode())
        headers = {
            "content-type": "application/json",
            "webhook-id": "r1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": library.sign("r1", now, body),
        }
        answer = await at.http.post(
            f"{at.processes[0].url}/receipts/sms", content=body, headers=headers
        )
        assert answer.status_code == 200, answer.text
        await at.until(lambda: len(at.box.received) == 2)
        mail = message_from_bytes(at.box.received[1].content, policy=policy.default)  # type: ignore[arg-type]
        assert mail["Message-ID"] == f"<{id}@city.example>"
        assert mail["To"] == "wang@example.org"

        # Sent to the relay first, noted then.
        await at.until(
            lambda: (
                at.message_to("wang", "petition-climbed")["s"]["delivery"]["steps"][1]["status"]
                == "sent"
            )
        )
        shown = (await at.ask("GET", f"/messages/{id}", "wang", "resident")).json()
        assert [(step["way"], step["status"]) for step in shown["delivery"]] == [
            ("sms", "bounced"),
            ("email", "sent"),
        ]
        known = (await at.ask("GET", "/preferences/wang", "wang", "resident")).json()
        assert (known["addresses"]["sms"]["bad"], known["addresses"]["email"]["bad"]) == (
            True,
            False,
        )
        said = logs(tmp_path)
        assert "ways_available" in said
        assert NUMBER.removeprefix("+86") not in said
        assert "wang@example.org" not in said


@pytest.mark.chaos
@pytest.mark.alone
@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_killed_again_and_again_it_loses_nothing_and_repeats_under_the_same_id(
    mongo: MongoServer,
    broker: KafkaServer,
    issuer: IssuerProcess,
    relay_authority: Authority,
    tmp_path: Path,
) -> None:
    chance = random.Random(7)
    async with house(mongo, broker, issuer, relay_authority, tmp_path, processes=2) as at:
        people = [f"p{n}" for n in range(PEOPLE)]
        lines = [
            {
                "person": person,
                "way": "sms",
                "address": f"138{n:08d}",
                "wording": "v1",
                "agreed_at": "2025-03-03T04:00:00Z",
            }
            for n, person in enumerate(people)
        ]
        taken = await at.ask(
            "POST",
            "/address-imports",
            "office",
            "administrator",
            json={"source": "old-system", "lines": lines},
        )
        assert {item["outcome"] for item in taken.json()["items"]} == {"taken"}
        for number in range(KILLS):
            # Any hour may be somebody's night: what is urgent goes out all the same.
            await at.happens(*(danger(person, number) for person in people))
            before = len(at.gateway.asked)
            await at.until(lambda least=before + 5: len(at.gateway.asked) >= least)
            await asyncio.sleep(chance.random() * 0.2)
            victim = at.processes[number % 2]
            await asyncio.to_thread(victim.kill)
            await asyncio.to_thread(victim.start)
            await asyncio.to_thread(victim.wait_ready, START_WITHIN)
        told = PEOPLE * KILLS
        await at.until(lambda: len(at.texts) == told, CLAIM_LASTS.total_seconds() + 120)
        sent = {"s.delivery.steps.0.status": "sent"}
        await at.until(
            lambda: at.store["state_message"].count_documents(sent) == told,
            CLAIM_LASTS.total_seconds() + 60,
        )
        asked = Counter(json.loads(one.body)["id"] for one in at.gateway.asked)
        assert set(asked) == set(at.texts)
        repeated = sum(count - 1 for count in asked.values())
        assert repeated <= KILLS * 16, "at most what was on a desk at each kill"
        assert max(asked.values()) <= 1 + KILLS


def logs(directory: Path) -> str:
    """All that processes logged."""
    return "".join(log.read_text() for log in directory.glob("*.log"))


def danger(person: str, number: int) -> petitions.PetitionAlarmed:
    """What somebody on duty has to hear at once."""
    now = datetime.now(UTC)
    return petitions.PetitionAlarmed(
        f"p{number}", "gas", "utilities", Level.AREA, "area-1", (person,), now
    )
