"""What every answer has on its way out: fewer bytes, and warnings to browsers."""

import gzip
import zlib
from collections.abc import AsyncIterator

import brotli
import pytest
from starlette.types import Receive, Scope, Send

from services.gateway.encoding import chosen
from tests.services.gateway.behind import Answering, Behind, reply, start
from tests.services.gateway.door import DoorAtWork, door

TEXT = "污水井堵了两天，臭味很大。".encode() * 400


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door at work; its service answers with a text."""
    async with door() as there:
        there.behind.answer = says(TEXT)
        yield there


def says(body: bytes, media: str = "application/json", *more: tuple[bytes, bytes]) -> Answering:
    """An answering that gives this body."""

    async def answer(_behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        await reply(send, body, *more, media=media)

    return answer


async def raw(at: DoorAtWork, encodings: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of an answer as they came."""
    asked = {"Accept-Encoding": encodings, **headers}
    async with at.client.stream("GET", "/api/petitions/things", headers=asked) as answer:
        body = b"".join([part async for part in answer.aiter_raw()])
        return dict(answer.headers), body


@pytest.mark.parametrize(
    ("asked", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0.1, gzip;q=0.9", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("identity", None),
        ("gzip;q=0", None),
        ("deflate", None),
        ("", None),
        ("br;q=nonsense", None),
    ],
)
async def test_a_text_is_encoded_as_the_caller_takes_it(
    at: DoorAtWork, asked: str, encoding: str | None
) -> None:
    assert chosen(asked) == encoding
    headers, body = await raw(at, asked)
    assert headers.get("content-encoding") == encoding
    assert headers["vary"] == "Accept-Encoding"
    plain = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding](body)
    assert plain == TEXT
    if encoding is not None:
        assert len(body) < len(TEXT) / 10


@pytest.mark.parametrize(
    ("body", "media", "more"),
    [
        (b"{}", "application/json", ()),
        (TEXT, "image/png", ()),
        (TEXT, "application/octet-stream", ()),
        (zlib.compress(TEXT), "text/plain", ((b"content-encoding", b"deflate"),)),
        (TEXT, "text/plain", ((b"cache-control", b"no-transform"),)),
    ],
)
async def test_what_would_not_get_smaller_stays_as_it_is(
    at: DoorAtWork, body: bytes, media: str, more: tuple[tuple[bytes, bytes], ...]
) -> None:
    at.behind.answer = says(body, media, *more)
    headers, came = await raw(at, "br")
    assert came == body
    assert headers["content-length"] == str(len(body))
    assert headers.get("content-encoding") in (None, "deflate")


async def test_a_text_of_many_parts_is_encoded_as_one(at: DoorAtWork) -> None:
    async def answer(_behind: Behind, _scope: Scope, _receive: Receive, send: Send) -> None:
        await start(send, "text/csv")
        for at_ in range(0, len(TEXT), 1_000):
            part = TEXT[at_ : at_ + 1_000]
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    at.behind.answer = answer
    headers, body = await raw(at, "gzip")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == TEXT


async def test_a_tag_is_one_of_what_was_sent(at: DoorAtWork) -> None:
    at.behind.answer = says(TEXT, "application/json", (b"etag", b'"7"'))
    headers, _ = await raw(at, "br")
    assert headers["etag"] == '"7-br"'
    headers, _ = await raw(at, "identity")
    assert headers["etag"] == '"7"'
    await raw(at, "br", **{"If-Match": '"7-br"', "If-None-Match": 'W/"6-gzip", "7-br", "8"'})
    asked = at.behind.asked[-1]
    assert asked.header("if-match") == '"7"'
    assert asked.header("if-none-match") == 'W/"6", "7", "8"'


@pytest.mark.parametrize("path", ["/api/petitions/things", "/api/nothing/at-all", "/nowhere"])
async def test_browsers_are_told_to_be_careful(at: DoorAtWork, path: str) -> None:
    headers = (await at.client.get(path)).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert "strict-transport-security" not in headers, "there is no TLS in local mode"


async def test_in_production_browsers_come_by_tls_only() -> None:
    production = {
        "JINLIN_MODE": "production",
        "JINLIN_PUBLIC_URL": "https://jinlin.example",
        "JINLIN_OIDC_ISSUER": "https://issuer.example/realm",
    }
    async with door(**production) as at:
        headers = (await at.client.get("/nowhere")).headers
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


async def test_a_policy_of_the_services_own_stays(at: DoorAtWork) -> None:
    own = (b"content-security-policy", b"sandbox; default-src 'none'")
    at.behind.answer = says(TEXT, "text/html", own)
    answer = await at.get("/things")
    assert answer.headers.get_list("content-security-policy") == ["sandbox; default-src 'none'"]
