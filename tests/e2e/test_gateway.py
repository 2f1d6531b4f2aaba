"""The real services through the door: a petition's life, a live inbox, a service that is killed."""

import asyncio
import socket
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from statistics import median

import httpx
import pytest

from deploy.local.processes import WebProcess, free_port, service
from services.gateway.passing.passing import ANSWER_SECONDS
from tests.e2e.town import AT_ONCE, HOME, Town, filing
from tests.e2e.waiting import until

pytestmark = pytest.mark.servers

CALLERS = 24


def test_a_petition_lives_through_the_door(town: Town) -> None:
    door = f"{town.url('gateway')}/api"
    resident, worker = town.resident(), town.holder(HOME)
    filed = town.http.post(
        f"{door}/petitions/petitions",
        json=filing(),
        headers=resident.headers({"Idempotency-Key": "through-the-door"}),
    )
    assert filed.status_code == 201, filed.text
    assert filed.headers["location"] == f"/api/petitions/petitions/{filed.json()['id']}"
    again = town.http.post(
        f"{door}/petitions/petitions",
        json=filing(),
        headers=resident.headers({"Idempotency-Key": "through-the-door"}),
    )
    assert again.json()["id"] == filed.json()["id"]
    there = town.url("gateway") + filed.headers["location"]
    taken = town.http.post(f"{there}/take", json={}, headers=worker.headers())
    assert taken.status_code == 200, taken.text
    answered = town.http.post(
        f"{there}/answer",
        json={"done": "已疏通。", "done_by": "小区物业", "finished": True},
        headers=worker.headers(),
    )
    assert answered.status_code == 200, answered.text
    seen = town.http.get(there, headers=resident.headers())
    assert seen.json()["id"] == filed.json()["id"]
    assert seen.headers["x-request-id"]
    assert town.http.get(there).status_code == 401
    assert town.http.get(there, headers=town.resident().headers()).status_code == 404


def test_an_inbox_is_live_through_the_door(town: Town) -> None:
    resident = town.resident()
    url = f"{town.url('gateway')}/api/notifications/inbox/stream"
    with town.http.stream("GET", url, headers=resident.headers()) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        resident.file()
        events = (line for line in stream.iter_lines() if line.startswith("data:"))
        assert "petition" in next(events)


def test_everything_that_services_list_is_in_one_document(town: Town) -> None:
    def whole() -> dict[str, object] | None:
        document = town.http.get(f"{town.url('gateway')}/api/openapi.json").json()
        tags = {tag["name"].partition(":")[0] for tag in document["tags"]}
        return document["paths"] if tags == set(town.services) else None

    paths = until(whole, "every service has told what it lists")
    assert "/api/petitions/petitions/{id}/assign" in paths
    for path in ("livez", "readyz", "metrics", "openapi.json"):
        assert town.http.get(f"{town.url('gateway')}/api/petitions/{path}").status_code == 404


def test_the_door_of_the_process_reads_as_carefully(town: Town) -> None:
    port = town.services["gateway"].port
    for request in (
        b"GET /api/petitions/petitions/mine HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET http://a/api/petitions/petitions/mine HTTP/1.1\r\nHost: a\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=20) as there:
            there.sendall(request)
            assert there.recv(1_000).startswith(b"HTTP/1.1 400 ")
    said = town.http.get(
        f"{town.url('gateway')}/api/petitions/petitions/mine",
        headers={"X-Forwarded-For": "6.6.6.6", "Cookie": "jinlin-session=made-up"},
    )
    assert said.status_code == 401


@contextmanager
def own_door(town: Town, **elsewhere: WebProcess) -> Iterator[WebProcess]:
    """A door of its own, which finds some services elsewhere."""
    env = town.settings("gateway") | {
        f"JINLIN_{name.upper()}_URL": process.url for name, process in elsewhere.items()
    }
    log = town.directory / "own-door.log"
    process = service("gateway", port=free_port(), log=log, env=env)
    try:
        process.start().wait_ready()
        yield process
    finally:
        process.kill()


class Load:
    """Callers who ask for one address, one after the other, and what they were told."""

    def __init__(self, url: str, headers: dict[str, str]) -> None:
        self.url = url
        self.headers = headers
        self.told: list[tuple[float, int, float]] = []
        """When it was asked, the status, and the seconds it took."""

    async def run(self, client: httpx.AsyncClient) -> None:
        """Asks for ever."""
        while True:
            began = time.monotonic()
            answer = await client.get(self.url, headers=self.headers)
            self.told.append((began, answer.status_code, time.monotonic() - began))

    def since(self, moment: float) -> list[tuple[int, float]]:
        """Statuses and seconds of what was asked from then on."""
        return [(status, seconds) for began, status, seconds in self.told if began >= moment]


@asynccontextmanager
async def under(*loads: Load) -> AsyncIterator[None]:
    """Lets callers ask."""
    async with httpx.AsyncClient(timeout=30, trust_env=False, limits=AT_ONCE) as client:
        asking = [
            asyncio.create_task(load.run(client)) for load in loads for _ in range(CALLERS // 2)
        ]
        try:
            yield
        finally:
            for one in asking:
                one.cancel()
            for outcome in await asyncio.gather(*asking, return_exceptions=True):
                assert isinstance(outcome, asyncio.CancelledError), outcome


async def many(load: Load, moment: float, status: int, count: int) -> None:
    """Waits until so many have been told that since a moment."""
    async with asyncio.timeout(60):
        while True:
            if Counter(one for one, _ in load.since(moment))[status] >= count:
                return
            await asyncio.sleep(0.05)


def middle(told: list[tuple[int, float]]) -> float:
    """The seconds in the middle of some answers."""
    return median(seconds for _, seconds in told)


async def test_a_service_killed_under_load_takes_nothing_from_the_others(town: Town) -> None:
    killed = service(
        "petitions",
        port=free_port(),
        log=town.directory / "petitions-killed.log",
        env=town.settings("petitions"),
    )
    resident = town.resident()
    await asyncio.to_thread(resident.file)
    try:
        await asyncio.to_thread(lambda: killed.start().wait_ready())
        with own_door(town, petitions=killed) as door:
            mine = Load(f"{door.url}/api/petitions/petitions/mine", resident.headers())
            inbox = Load(f"{door.url}/api/notifications/inbox", resident.headers())
            async with under(mine, inbox):
                await many(mine, 0, 200, 100)
                before = mine.since(0)
                killed.kill()
                moment = time.monotonic()
                await many(mine, moment, 503, 200)
                await many(inbox, moment, 200, 100)
                away = mine.since(moment)
                await asyncio.to_thread(lambda: killed.start().wait_ready())
                back = time.monotonic()
                await many(mine, back, 200, 100)
            assert {status for status, _ in away} == {503}
            # At once: however busy the machine is, sooner than an answer took, but for the noise.
            assert middle(away) < 2 * middle(before)
            assert max(seconds for _, seconds in away) < ANSWER_SECONDS / 2, "nobody waits for it"
            assert {status for _, status, _ in inbox.told} == {200}, "others go on"
            assert {status for _, status, _ in mine.told} == {200, 503}
    finally:
        killed.kill()
