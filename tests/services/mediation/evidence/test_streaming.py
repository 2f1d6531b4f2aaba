"""Evidence of 200 MB through a real process and a real MongoDB: the memory stays flat, the bytes
come back, and one bit that is changed behind its back is found.
"""

import random
import re
import time
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from pymongo import MongoClient

from deploy.local.issuer import IssuerProcess
from deploy.local.layout import HOST
from deploy.local.processes import WebProcess, free_port, service
from deploy.local.servers import MongoServer
from deploy.local.stack import SECRETS
from services.mediation.main import service as mediation_service
from shared.neighbourhood.place import LearnPlace, place
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.mongo_journal import MongoJournal
from tests.identity import Issuer
from tests.runtime.lamp_service import settings
from tests.services.community.served import Served, until
from tests.services.mediation.quarrel import CHEN, LIN, quarrel
from tests.services.mediation.served import PLACES, told

MB = 1024 * 1024
LARGEST = 200
"""MB."""
MOST_GROWTH = 60.0
"""MB that a process may grow by while it takes in and gives out the largest evidence."""
BLOCK = random.Random(1).randbytes(MB)
BEGIN = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(40)


def video(megabytes: int) -> Iterator[bytes]:
    """What begins like a video, in pieces of 64 KB; each megabyte is another one."""
    for n in range(megabytes):
        block = BEGIN + BLOCK[len(BEGIN) :] if n == 0 else n.to_bytes(8) + BLOCK[8:]
        for start in range(0, MB, 65536):
            yield block[start : start + 65536]


@pytest.fixture
async def dispute_in_store(mongo: MongoServer, database: str) -> str:
    """A dispute that is being mediated, in the database that a process starts on."""
    clock, issuer = SystemClock(), Issuer()
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", clock)
    running = mediation_service.assemble(journal, MemoryBus(MemoryTopics(), clock), clock)
    app = mediation_service.app(settings(), running, issuer.verifier())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
        await running.start()
        try:
            at = Served(app, running, MemoryTopics(), issuer, client)
            for code, (kind, path) in PLACES.items():
                await told(at, place, code, LearnPlace(kind, code, path))
            await until(lambda: len(running.copies["place"]) == len(PLACES))
            return await quarrel(at)
        finally:
            await running.stop()


@pytest.fixture
def process(
    mongo: MongoServer,
    database: str,
    issuer: IssuerProcess,
    dispute_in_store: str,
    tmp_path: Path,
) -> Iterator[WebProcess]:
    """The service as it is run. It takes commands without a broker."""
    made = service(
        "mediation",
        port=free_port(),
        log=tmp_path / "mediation.log",
        env={
            "JINLIN_MODE": "local",
            "JINLIN_MONGO_URI": mongo.uri,
            "JINLIN_MONGO_DATABASE": database,
            "JINLIN_KAFKA_BOOTSTRAP": f"{HOST}:1",
            "JINLIN_OIDC_ISSUER": issuer.url,
            **SECRETS,
        },
    )
    with made:
        made.start()
        waits_for(lambda: store_is_there(made))
        yield made


def store_is_there(process: WebProcess) -> bool:
    try:
        told = httpx.get(f"{process.url}/readyz", trust_env=False).json()
    except httpx.TransportError:
        assert process.running, process.log_tail()
        return False
    return bool(told["parts"].get("store") == "ok")


def waits_for(reached: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.05)


class Sender:
    """Sends and fetches evidence as the one and the other side."""

    def __init__(self, process: WebProcess, issuer: IssuerProcess, dispute: str) -> None:
        self.url, self.dispute = process.url, dispute
        self.headers = {
            who: {"Authorization": f"Bearer {issuer.token(who, ['resident'])}"}
            for who in (LIN, CHEN)
        }

    def send(self, client: httpx.Client, megabytes: int) -> str:
        """Sends a video; its id. Its digest is as it was sent."""
        digest = sha256()

        def body() -> Iterator[bytes]:
            for piece in video(megabytes):
                digest.update(piece)
                yield piece

        path = f"{self.url}/disputes/{self.dispute}/evidence"
        answer = client.post(path, content=body(), headers=self.headers[LIN])
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert told["digest"] == digest.hexdigest()
        id: str = told["id"]
        return id

    def fetch(self, client: httpx.Client, id: str) -> str:
        """Fetches it; the digest of what came."""
        digest = sha256()
        path = f"{self.url}/evidence/{id}/content"
        with client.stream("GET", path, headers=self.headers[CHEN]) as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "video/mp4"
            for piece in answer.iter_bytes():
                digest.update(piece)
        return digest.hexdigest()


def memory(pid: int, which: str) -> float:
    """MB: ``VmRSS`` now, ``VmHWM`` at most so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    match = re.search(rf"^{which}:\s+(\d+) kB", status, re.MULTILINE)
    assert match is not None
    return int(match[1]) / 1024


def pid_of(process: WebProcess) -> int:
    """Its number, once it runs."""
    assert process.pid is not None
    return process.pid


@pytest.mark.timeout(300)
def test_200_mb_go_in_and_out_and_the_memory_stays_flat(
    process: WebProcess,
    issuer: IssuerProcess,
    dispute_in_store: str,
    record_property: Callable[[str, Any], None],
) -> None:
    sender = Sender(process, issuer, dispute_in_store)
    with httpx.Client(trust_env=False, timeout=120) as client:
        first = sender.send(client, 1)
        sender.fetch(client, first)
        pid = pid_of(process)
        before = memory(pid, "VmRSS")
        began = time.monotonic()
        id = sender.send(client, LARGEST)
        sent = time.monotonic()
        expected = sha256()
        for piece in video(LARGEST):
            expected.update(piece)
        fetching = time.monotonic()
        assert sender.fetch(client, id) == expected.hexdigest()
        fetched = time.monotonic()
        growth = memory(pid, "VmHWM") - before
    figures = {
        "growth_mb": round(growth, 1),
        "rss_mb_before": round(before, 1),
        "sent_mb_s": round(LARGEST / (sent - began), 1),
        "fetched_mb_s": round(LARGEST / (fetched - fetching), 1),
    }
    print(figures)
    record_property("figures", figures)
    assert growth < MOST_GROWTH


def test_a_bit_that_is_changed_in_the_store_is_found(
    process: WebProcess,
    issuer: IssuerProcess,
    dispute_in_store: str,
    mongo: MongoServer,
    database: str,
) -> None:
    sender = Sender(process, issuer, dispute_in_store)
    with (
        httpx.Client(trust_env=False, timeout=60) as client,
        MongoClient[dict[str, Any]](mongo.uri) as direct,
    ):
        id = sender.send(client, 2)
        path = f"{process.url}/evidence/{id}/check"
        headers = sender.headers[CHEN]
        assert client.get(path, headers=headers).json()["unaltered"] is True
        pieces = direct[database]["fs.chunks"]
        some = pieces.find_one({"n": 5})
        assert some is not None
        altered = bytearray(some["data"])
        altered[1000] ^= 0b100
        pieces.update_one({"_id": some["_id"]}, {"$set": {"data": bytes(altered)}})
        assert client.get(path, headers=headers).json()["unaltered"] is False
        with pytest.raises(httpx.RemoteProtocolError):
            sender.fetch(client, id)
