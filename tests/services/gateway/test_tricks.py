"""Addresses and requests that are made to be misread: refused, and never seen by a service."""

from collections.abc import AsyncIterator

import pytest

from tests.services.gateway.door import DoorAtWork, door


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door at work."""
    async with door() as there:
        yield there


def status(answer: bytes) -> int:
    """The status of the one answer in these bytes."""
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    return int(answer.split(b" ", 2)[1])


def asking(target: bytes, *headers: bytes, method: bytes = b"GET", body: bytes = b"") -> bytes:
    """A request as it is, and no other after it."""
    lines = [method + b" " + target + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


async def test_the_plain_address_is_taken(at: DoorAtWork) -> None:
    assert status(await at.raw(asking(b"/api/petitions/things/mine"))) == 200
    assert len(at.behind.asked) == 1


TRICKS = [
    b"/api/petitions/things/../metrics",
    b"/api/petitions/./things",
    b"/api/petitions/things/%2e%2e/metrics",
    b"/api/petitions/things/%2E%2e",
    b"/api/petitions/%2e/things",
    b"/api/petitions/things/.%2e/mend",
    b"/api/petitions//things",
    b"/api//petitions/things",
    b"//api/petitions/things",
    b"/api/petitions/things/",
    b"/api/petitions/",
    b"/api/petitions",
    b"/api/",
    b"/api/petitions/things%2fmine",
    b"/api/petitions%2fthings/mine",
    b"/api%2fpetitions/things/mine",
    b"/api/petitions/things/a%5cb",
    b"/api/petitions/things/a\\b",
    b"/api/petitions/things/%00",
    b"/api/petitions/things/a%0d%0aX-Own:%201",
    b"/api/petitions/things/%ff",
    b"/api/petitions/things/%e2%80%ae",
    b"/api/petitions/things/\xe8\xbf\x91",
    b"/api/petitions/things?a=\xe8\xbf\x91",
    b"/api/petitions/things/" + b"x" * 3_000,
    b"/api/petitions/things?" + b"x" * 9_000,
    b"/api/nobody/things",
    b"/api/petitions:80/things",
    b"/api/petitions@evil.example/things",
    b"http://evil.example/api/petitions/things",
    b"http://x/api/petitions/things",
    b"*",
    b"evil.example:443",
    b"/api/petitions/metrics",
    b"/api/petitions/livez",
    b"/api/petitions/readyz",
    b"/api/petitions/openapi.json",
    b"/api/petitions/%6fpenapi.json",
    b"/api/petitions/hidden",
    b"/api/petitions/things/1/2/3",
    b"/api/petitions/calendars/abc.txt",
    b"/api/PETITIONS/things",
    b"/api/gateway/metrics",
    b"/api/gateway/readyz",
    b"/api/gateway/openapi.json",
    b"/api/gateway/%2e%2e/metrics",
    b"/api/gateway//metrics",
]


@pytest.mark.parametrize("target", TRICKS)
async def test_no_trick_reaches_a_service(at: DoorAtWork, target: bytes) -> None:
    assert status(await at.raw(asking(target))) in (400, 404, 414)
    assert at.behind.asked == []
    assert at.beside.asked == []


async def test_a_part_is_unquoted_once(at: DoorAtWork) -> None:
    assert status(await at.raw(asking(b"/api/petitions/things/%252e%252e"))) == 200
    assert at.behind.asked[0].path == "/things/%252e%252e"


async def test_what_need_not_be_quoted_is_the_same_unquoted(at: DoorAtWork) -> None:
    assert status(await at.raw(asking(b"/api/petitions/%74hings/a%2dB%40c"))) == 200
    assert at.behind.asked[0].path == "/things/a-B@c"


@pytest.mark.parametrize("method", [b"PUT", b"DELETE", b"PATCH", b"OPTIONS", b"HEAD", b"TRACE"])
async def test_other_methods_are_told_which_there_are(at: DoorAtWork, method: bytes) -> None:
    answer = await at.raw(asking(b"/api/petitions/things", method=method))
    assert status(answer) == 405
    assert b"\r\nallow: GET, POST\r\n" in answer
    assert at.behind.asked == []


SMUGGLED = b"GET /api/petitions/things/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /api/petitions/things HTTP/1.1\r\n"
CHUNKED = b"0\r\n\r\n" + SMUGGLED

SMUGGLING = {
    "both lengths": POST
    + b"Host: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
    + CHUNKED,
    "both lengths, the other way": POST
    + b"Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n"
    + CHUNKED,
    "two lengths": POST + b"Host: x\r\nContent-Length: 0\r\nContent-Length: 5\r\n\r\n" + SMUGGLED,
    "the same length twice": POST
    + b"Host: x\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
    "a list of lengths": POST + b"Host: x\r\nContent-Length: 0, 5\r\n\r\n" + SMUGGLED,
    "a signed length": POST + b"Host: x\r\nContent-Length: +5\r\n\r\nhello",
    "a length in hex": POST + b"Host: x\r\nContent-Length: 0x5\r\n\r\nhello",
    "a negative length": POST + b"Host: x\r\nContent-Length: -1\r\n\r\n",
    "an unknown coding": POST + b"Host: x\r\nTransfer-Encoding: xchunked\r\n\r\n" + CHUNKED,
    "two codings": POST + b"Host: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n" + CHUNKED,
    "chunked, but not last": POST
    + b"Host: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n"
    + CHUNKED,
    "two headers of codings": POST
    + b"Host: x\r\nTransfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n"
    + CHUNKED,
    "a folded header": b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\nX-Own: a\r\n b\r\n\r\n",
    "a folded coding": POST + b"Host: x\r\nTransfer-Encoding:\r\n chunked\r\n\r\n" + CHUNKED,
    "a space before the colon": POST + b"Host: x\r\nTransfer-Encoding : chunked\r\n\r\n" + CHUNKED,
    "two hosts": b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "no host": b"GET /api/petitions/things HTTP/1.1\r\nX: y\r\n\r\n",
    "a bare newline": b"GET /api/petitions/things HTTP/1.1\nHost: x\n\n",
    "a bare return": b"GET /api/petitions/things HTTP/1.1\rHost: x\r\r",
    "a nul in a header": b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "a chunk that is too long to be one": POST
    + b"Host: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx\r\n0\r\n\r\n",
    "no version": b"GET /api/petitions/things\r\n\r\n",
    "the next protocol": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}


@pytest.mark.parametrize("request_", SMUGGLING.values(), ids=SMUGGLING.keys())
async def test_nothing_is_smuggled_past_the_door(at: DoorAtWork, request_: bytes) -> None:
    answer = await at.raw(request_)
    assert status(answer) == 400
    assert b"urn:jinlin:problem:malformed-request" in answer
    assert [asked for asked in at.behind.asked if asked.method == "GET"] == []


async def test_a_head_that_is_too_large_is_refused(at: DoorAtWork) -> None:
    endless = b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000
    assert status(await at.raw(endless)) == 400
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(120))
    answer = await at.raw(b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n")
    assert status(answer) == 400
    assert at.behind.asked == []


async def test_a_header_that_is_no_text_is_refused(at: DoorAtWork) -> None:
    answer = await at.raw(asking(b"/api/petitions/things", b"X-Own: \xff"))
    assert status(answer) == 400
    assert b"urn:jinlin:problem:malformed-header" in answer
    assert at.behind.asked == []


async def test_a_socket_is_refused_in_words(at: DoorAtWork) -> None:
    wanted = (
        b"Connection: Upgrade",
        b"Upgrade: WebSocket",
        b"Sec-WebSocket-Version: 13",
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    )
    for path in (b"/api/petitions/things", b"/api/gateway/api-keys", b"/", b"/inbox"):
        answer = await at.raw(asking(path, *wanted))
        assert status(answer) == 400, path
        assert b"urn:jinlin:problem:no-websockets" in answer, path
    assert at.behind.asked == []


async def test_another_protocol_that_somebody_would_like_better_is_passed_over(
    at: DoorAtWork,
) -> None:
    answer = await at.raw(asking(b"/api/petitions/things", b"Upgrade: h2c", b"HTTP2-Settings: AAA"))
    assert status(answer) == 200
    assert at.behind.asked[0].header("upgrade") is None


async def test_two_requests_after_one_another_are_two(at: DoorAtWork) -> None:
    first = b"GET /api/petitions/things/1 HTTP/1.1\r\nHost: x\r\n\r\n"
    answers = await at.raw(first + asking(b"/api/petitions/things/2"))
    assert answers.count(b"HTTP/1.1 200") == 2
    assert [asked.path for asked in at.behind.asked] == ["/things/1", "/things/2"]
