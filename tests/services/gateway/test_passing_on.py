"""What is passed on to a service, and what comes back."""

import asyncio
import hashlib
import resource
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from tests.services.gateway.behind import Behind, reply
from tests.services.gateway.door import DoorAtWork, door


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door at work."""
    async with door() as there:
        yield there


async def test_a_query_goes_to_the_service_as_it_came(at: DoorAtWork) -> None:
    answer = await at.get("/things/42?a=1&b=%E8%BF%91", headers={"Accept-Language": "zh"})
    assert answer.status_code == 200
    (asked,) = at.behind.asked
    assert (asked.method, asked.path, asked.query) == ("GET", "/things/42", "a=1&b=%E8%BF%91")
    assert asked.header("accept-language") == "zh"
    assert answer.json()["path"] == "/things/42"


async def test_a_command_goes_with_its_body_and_its_key(at: DoorAtWork) -> None:
    headers = {"Idempotency-Key": "k1", **at.token()}
    await at.post("/things", json={"title": "近邻"}, headers=headers)
    (asked,) = at.behind.asked
    assert asked.body.decode() == '{"title":"近邻"}'
    assert asked.header("idempotency-key") == "k1"
    assert asked.header("content-type") == "application/json"
    assert asked.header("authorization") == headers["Authorization"]


async def test_a_body_of_unknown_length_goes_as_well(at: DoorAtWork) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one "
        yield b"two"

    answer = await at.post("/files", content=parts())
    assert answer.json()["sha256"] == hashlib.sha256(b"one two").hexdigest()
    assert at.behind.asked[0].header("transfer-encoding") == "chunked"


async def test_a_large_body_is_passed_on_while_it_comes(at: DoorAtWork) -> None:
    part, parts = b"x" * 65_536, 400
    sent = 0

    async def coming() -> AsyncIterator[bytes]:
        nonlocal sent
        for number in range(parts):
            if number == 50:
                # The service reads already, though most is still to come.
                await asyncio.wait_for(at.behind.begun.wait(), 10)
            sent += 1
            yield part

    answer = await at.post(
        "/files", content=coming(), headers={"Content-Length": str(len(part) * parts)}
    )
    assert answer.json()["size"] == len(part) * parts
    assert sent == parts


async def test_a_large_answer_comes_whole(at: DoorAtWork) -> None:
    size = 24 * 1024 * 1024 + 5
    read = 0
    async with at.client.stream("GET", f"/api/petitions/files/{size}") as answer:
        assert answer.headers["content-length"] == str(size)
        async for part in answer.aiter_bytes():
            read += len(part)
    assert read == size


def resident_bytes() -> int:
    """What this process holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.slow
async def test_two_hundred_megabytes_go_both_ways_and_are_never_held(at: DoorAtWork) -> None:
    size, room = 200 * 1024 * 1024, 60 * 1024 * 1024
    part = b"x" * 262_144
    assert (await at.get("/things")).status_code == 200
    before = most = resident_bytes()

    async def coming() -> AsyncIterator[bytes]:
        nonlocal most
        for _ in range(size // len(part)):
            most = max(most, resident_bytes())
            yield part

    up = await at.post("/files", content=coming(), headers={"Content-Length": str(size)})
    assert up.json()["size"] == size
    read = 0
    async with at.client.stream("GET", f"/api/petitions/files/{size}") as answer:
        async for came in answer.aiter_bytes():
            read += len(came)
            most = max(most, resident_bytes())
    assert read == size
    assert most - before < room


async def test_events_come_one_by_one(at: DoorAtWork) -> None:
    async with at.client.stream("GET", "/api/petitions/events") as answer:
        assert answer.headers["content-type"] == "text/event-stream"
        assert "content-encoding" not in answer.headers
        parts = answer.aiter_raw()
        for event in (b"data: 1\n\n", b"data: 2\n\n"):
            at.behind.events.put_nowait(event)
            assert await asyncio.wait_for(anext(parts), 10) == event


async def test_who_leaves_a_stream_ends_it_at_the_service(at: DoorAtWork) -> None:
    async with at.client.stream("GET", "/api/petitions/events"):
        await asyncio.wait_for(at.behind.begun.wait(), 10)
        assert not at.behind.left.is_set()
    await asyncio.wait_for(at.behind.left.wait(), 10)


async def test_who_leaves_before_the_answer_ends_the_request(at: DoorAtWork) -> None:
    asking = asyncio.create_task(at.get("/slow"))
    await asyncio.wait_for(at.behind.begun.wait(), 10)
    asking.cancel()
    await asyncio.wait_for(at.behind.left.wait(), 10)


async def test_who_leaves_in_the_midst_of_a_body_ends_the_request(at: DoorAtWork) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    writer.write(
        b"POST /api/petitions/files HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n"
        + b"x" * 100_000
    )
    await asyncio.wait_for(at.behind.begun.wait(), 10)
    writer.close()
    await asyncio.wait_for(at.behind.left.wait(), 10)
    assert await reader.read() == b""


async def test_what_is_of_one_connection_ends_with_it(at: DoorAtWork) -> None:
    await at.get(
        "/things",
        headers={
            "Connection": "keep-alive, X-Own",
            "X-Own": "1",
            "Keep-Alive": "5",
            "TE": "trailers",
            "Proxy-Authorization": "Basic x",
            "Upgrade": "h2c",
            "X-Else": "2",
        },
    )
    (asked,) = at.behind.asked
    for name in ("x-own", "keep-alive", "te", "proxy-authorization", "upgrade"):
        assert asked.header(name) is None, name
    assert asked.header("x-else") == "2"


async def test_nobody_is_believed_about_where_they_come_from(at: DoorAtWork) -> None:
    lies = {
        "Forwarded": "for=1.2.3.4;host=evil.example",
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
        "X-Real-IP": "1.2.3.4",
    }
    await at.get("/things", headers=lies)
    (asked,) = at.behind.asked
    assert asked.header("forwarded") == 'for=127.0.0.1;host="localhost:8080";proto=http'
    assert asked.header("x-forwarded-for") == "127.0.0.1"
    assert asked.header("x-forwarded-host") == "localhost:8080"
    assert asked.header("x-forwarded-prefix") is None
    assert asked.header("x-real-ip") is None


async def test_the_citys_own_proxy_is_believed() -> None:
    async with door(JINLIN_TRUSTED_PROXIES="127.0.0.0/8, 10.0.0.0/8") as at:
        await at.get("/things", headers={"X-Forwarded-For": "6.6.6.6, 1.2.3.4, 10.0.0.7"})
        assert at.behind.asked[0].header("x-forwarded-for") == "1.2.3.4"


async def test_the_cookie_stays_at_the_door(at: DoorAtWork) -> None:
    await at.get("/things", headers={"Cookie": "a=b"})
    assert at.behind.asked[0].header("cookie") is None


async def test_what_a_service_may_not_say_is_not_told(at: DoorAtWork) -> None:
    async def answer(_behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        more = ((b"set-cookie", b"a=b"), (b"server", b"secret/1"), (b"x-own", b"1"))
        await reply(send, b"{}", *more, (b"location", b"/things/7"), status=201)

    at.behind.answer = answer
    told = await at.post("/things")
    assert told.status_code == 201
    assert told.headers["location"] == "/api/petitions/things/7"
    assert told.headers["x-own"] == "1"
    assert "set-cookie" not in told.headers
    assert "server" not in told.headers


async def test_names_of_a_request_are_passed_on_and_told(at: DoorAtWork) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await at.get("/things", headers={"X-Request-Id": "mine-1", "traceparent": trace})
    (asked,) = at.behind.asked
    assert asked.header("x-request-id") == answer.headers["x-request-id"] == "mine-1"
    assert asked.header("traceparent") == answer.headers["traceresponse"] == trace


@pytest.mark.parametrize("wrong", ["", "a b", "x" * 65, "a\tb", "é"])
async def test_names_that_are_no_names_are_made_anew(at: DoorAtWork, wrong: str) -> None:
    headers = [("X-Request-Id", wrong), ("traceparent", wrong)]
    request = httpx.Request(
        "GET",
        f"{at.client.base_url}/api/petitions/things",
        headers=[(name, value.encode()) for name, value in headers],
    )
    answer = await at.client.send(request)
    (asked,) = at.behind.asked
    made, trace = asked.header("x-request-id"), asked.header("traceparent")
    assert made
    assert trace
    assert made != wrong
    assert made == answer.headers["x-request-id"]
    assert len(trace) == 55


async def test_two_answers_do_not_share_a_connection_with_a_half_read_one(at: DoorAtWork) -> None:
    for _ in range(3):
        async with at.client.stream("GET", "/api/petitions/files/5000000") as answer:
            await anext(answer.aiter_raw())
        assert (await at.get("/things")).json()["path"] == "/things"
