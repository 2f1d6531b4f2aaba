"""Services that are away, slow or restarted: what their callers are told, and everybody else."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
import pytest
from starlette.types import Receive, Scope, Send

from services.gateway.passing import passing
from services.gateway.upstream import breaker, pool
from services.gateway.upstream.breaker import MOST_FAILURES
from tests.services.gateway.behind import DOCUMENT, Behind, reply, start
from tests.services.gateway.door import DoorAtWork, door, until

AT_ONCE = 0.5
"""Seconds: far below every time-out, with room for a busy machine."""


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door at work."""
    async with door() as there:
        yield there


async def test_a_service_that_is_not_there_is_told_in_words_at_once(at: DoorAtWork) -> None:
    for _ in range(2 * MOST_FAILURES):
        began = time.monotonic()
        answer = await at.client.get("/api/ledger/log", headers={"Accept-Language": "zh"})
        assert time.monotonic() - began < AT_ONCE
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
        problem = answer.json()
        assert problem["type"] == "urn:jinlin:problem:service-away"
        assert "ledger" in problem["detail"]
        assert "稍后再试" in problem["detail"]
    assert (await at.get("/things")).status_code == 200


async def left_alone(at: DoorAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asks the service until it is left alone because it takes too long."""
    with monkeypatch.context() as hurried:
        hurried.setattr(passing, "ANSWER_SECONDS", 0.2)
        for _ in range(MOST_FAILURES):
            answer = await at.get("/slow")
            assert answer.status_code == 503
            assert answer.json()["type"] == "urn:jinlin:problem:service-away"


async def test_a_service_that_takes_too_long_is_given_up(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "FIRST_PAUSE", 60.0)
    assert (await at.get("/things")).status_code == 200
    await left_alone(at, monkeypatch)
    seen = len(at.behind.asked)
    assert (await at.get("/things")).status_code == 503
    assert len(at.behind.asked) == seen, "it is left alone now"
    assert (await at.client.get("/api/community/things")).status_code == 200


async def test_it_is_tried_again_and_goes_on(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    await left_alone(at, monkeypatch)

    async def answers() -> bool:
        return (await at.get("/things")).status_code == 200

    await until(answers)
    told = await asyncio.gather(*(at.get("/things") for _ in range(10)))
    assert {answer.status_code for answer in told} == {200}


async def test_a_stream_may_be_the_probe(at: DoorAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    await left_alone(at, monkeypatch)

    async def streams() -> bool:
        async with at.client.stream("GET", "/api/petitions/events") as stream:
            if stream.status_code != 200:
                return False
            assert (await at.get("/things")).status_code == 200, "the others need not wait"
            return True

    await until(streams)


async def test_a_slow_service_takes_nothing_from_the_others(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MOST_UNDER_WAY", 8)
    assert (await at.get("/things")).status_code == 200
    waiting = [asyncio.create_task(at.get("/slow")) for _ in range(8)]

    async def all_wait() -> bool:
        return len(at.behind.asked) == 9

    await until(all_wait)
    began = time.monotonic()
    full = await at.get("/things")
    assert time.monotonic() - began < AT_ONCE
    assert (full.status_code, full.json()["type"]) == (503, "urn:jinlin:problem:service-full")
    assert full.headers["retry-after"]
    assert (await at.client.get("/api/community/things")).status_code == 200
    at.behind.release.set()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}
    assert (await at.get("/things")).status_code == 200


async def test_a_stream_takes_no_requests_place(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "MOST_UNDER_WAY", 2)
    async with (
        at.client.stream("GET", "/api/petitions/events"),
        at.client.stream("GET", "/api/petitions/events"),
        at.client.stream("GET", "/api/petitions/events"),
    ):
        assert (await at.get("/things")).status_code == 200


async def test_who_may_wait_is_waited_for(at: DoorAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passing, "ANSWER_SECONDS", 0.1)

    async def answer(behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        await behind.release.wait()
        await reply(send, b"[]")

    at.behind.answer = answer
    asking = asyncio.create_task(at.get("/feed?wait=30"))
    assert (await at.get("/things")).status_code == 503, "others are not"
    at.behind.release.set()
    assert (await asking).status_code == 200


# --- connections that break --------------------------------------------------------------------

Breaking = Callable[[int, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
WELL = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"


@asynccontextmanager
async def breaking(times: int) -> AsyncIterator[tuple[str, list[bytes]]]:
    """A service that cuts the first connections on which it is asked for anything but its listing.

    Its address, and the heads of what it was asked.
    """
    heads: list[bytes] = []
    listing = orjson.dumps(DOCUMENT)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if b" /openapi.json " in head:
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(listing))
                    writer.write(listing)
                    continue
                heads.append(head)
                length = [line for line in head.split(b"\r\n") if b"ontent-" in line.title()]
                sizes = [int(one.split(b":")[1]) for one in length if b"ength" in one]
                await reader.readexactly(sum(sizes))
                if len(heads) <= times:
                    return
                writer.write(WELL)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    finally:
        server.close()


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [("GET", "/things", {}), ("POST", "/things", {"Idempotency-Key": "k1"})],
)
async def test_what_is_safe_is_sent_once_more(
    method: str, path: str, headers: dict[str, str]
) -> None:
    async with breaking(1) as (address, heads), door({"petitions": address}) as at:
        body = b'{"a":1}' if method == "POST" else None
        answer = await at.client.request(
            method, f"/api/petitions{path}", headers=headers, content=body
        )
        assert answer.status_code == 200
        assert len(heads) == 2
        assert heads[0] == heads[1]


@pytest.mark.parametrize(("method", "headers"), [("GET", {}), ("POST", {"Idempotency-Key": "k1"})])
async def test_but_not_twice_more(method: str, headers: dict[str, str]) -> None:
    async with breaking(9) as (address, heads), door({"petitions": address}) as at:
        answer = await at.client.request(method, "/api/petitions/things", headers=headers)
        assert answer.status_code == 503
        assert len(heads) == 2


async def test_what_might_be_done_twice_is_not_sent_again() -> None:
    async with breaking(1) as (address, heads), door({"petitions": address}) as at:
        answer = await at.post("/things", json={})
        assert answer.status_code == 503
        assert len(heads) == 1


async def test_a_body_that_is_sent_as_it_comes_is_not_sent_again() -> None:
    async with breaking(1) as (address, heads), door({"petitions": address}) as at:
        answer = await at.post("/files", content=b"x" * 200_000, headers={"Idempotency-Key": "k1"})
        assert answer.status_code == 503
        assert len(heads) == 1


async def test_an_answer_that_breaks_off_is_not_taken_for_whole(at: DoorAtWork) -> None:
    async def answer(_behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        await start(send, "application/octet-stream", (b"content-length", b"1000000"))
        await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
        raise ConnectionError("the service dies")

    at.behind.answer = answer
    request = b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\n\r\n"
    told = await asyncio.wait_for(at.raw(request), 10)
    head, _, body = told.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"content-length: 1000000" in head
    assert len(body) <= 100_000


async def test_an_answer_that_does_not_go_on_is_cut(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "STALLED_SECONDS", 0.3)

    async def answer(behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        await start(send, "application/octet-stream", (b"content-length", b"100"))
        if len(behind.asked) == 1:
            await send({"type": "http.response.body", "body": b"x" * 50, "more_body": True})
        await behind.release.wait()

    at.behind.answer = answer
    told = await asyncio.wait_for(
        at.raw(b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\n\r\n"), 10
    )
    assert told.endswith(b"\r\n\r\n" + b"x" * 50)
    nothing = await at.get("/things")
    assert (nothing.status_code, nothing.json()["type"]) == (
        503,
        "urn:jinlin:problem:service-away",
    )


async def test_the_door_asks_for_itself_as_well(at: DoorAtWork) -> None:
    upstreams = at.front.doorway.upstreams
    answer = await upstreams.ask(
        "petitions", "POST", "/things", token="t", json={"a": 1}, params={"q": "近 邻"}
    )
    assert (answer.status, answer.json()["path"]) == (200, "/things")
    (asked,) = at.behind.asked
    assert asked.query == "q=%E8%BF%91%20%E9%82%BB"
    assert asked.header("authorization") == "Bearer t"
    assert asked.body == b'{"a":1}'
