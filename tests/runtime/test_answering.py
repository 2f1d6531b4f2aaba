"""Answers on real connections: what is written together, and what waits for nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from shared.runtime.answering import Answering
from tests.services.gateway.serving import served

LARGE = 3_000_000
READ_SECONDS = 20.0


class Noting(asyncio.Transport):
    """Notes what is written to a transport, and does what that one does."""

    writes: list[bytes]

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def __getattribute__(self, name: str) -> Any:
        if name in ("_transport", "write", "writes"):
            return object.__getattribute__(self, name)
        return getattr(self._transport, name)

    def write(self, data: Any) -> None:
        self.writes.append(bytes(data))
        self._transport.write(data)


class Noted(Answering):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Noting(transport))


@pytest.fixture
def writes() -> Iterator[list[bytes]]:
    """What servers of this test have written."""
    Noting.writes = []
    yield Noting.writes
    del Noting.writes


class App:
    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.routes = Starlette(
            routes=[
                Route("/small", self.small, methods=["GET", "HEAD"]),
                Route("/empty", self.empty),
                Route("/slow", self.slow),
                Route("/large", self.large),
            ]
        )

    async def small(self, _request: Request) -> Response:
        return PlainTextResponse("well")

    async def empty(self, _request: Request) -> Response:
        return Response(status_code=204)

    async def slow(self, _request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            await self.go_on.wait()
            yield b"HTTP/1.1 is what this part begins with"

        return StreamingResponse(parts())

    async def large(self, _request: Request) -> Response:
        return Response(b"x" * LARGE)


class Asking:
    """A connection on which one request after the other is sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def ask(self, method: str, path: str, *headers: str) -> None:
        lines = (f"{method} {path} HTTP/1.1", "Host: here", *headers, "", "")
        self.writer.write("\r\n".join(lines).encode())

    async def head(self) -> bytes:
        async with asyncio.timeout(READ_SECONDS):
            return await self.reader.readuntil(b"\r\n\r\n")

    async def body(self, length: int) -> bytes:
        async with asyncio.timeout(READ_SECONDS):
            return await self.reader.readexactly(length)


@pytest.fixture
async def app() -> App:
    return App()


@pytest.fixture
async def asking(app: App, writes: list[bytes]) -> AsyncIterator[Asking]:
    async with served(app.routes, Noted) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        yield Asking(reader, writer)
        writer.close()


async def test_an_answer_is_written_in_one(asking: Asking, writes: list[bytes]) -> None:
    for _ in range(3):
        asking.ask("GET", "/small")
        assert (await asking.head()).startswith(b"HTTP/1.1 200")
        assert await asking.body(4) == b"well"
    assert len(writes) == 3
    assert all(one.startswith(b"HTTP/1.1 200") and one.endswith(b"\r\n\r\nwell") for one in writes)


@pytest.mark.parametrize(("method", "path"), [("HEAD", "/small"), ("GET", "/empty")])
async def test_an_answer_without_a_body_is_written(asking: Asking, method: str, path: str) -> None:
    for _ in range(2):
        asking.ask(method, path)
        assert (await asking.head()).startswith(b"HTTP/1.1 20")
    asking.ask("GET", "/small")
    await asking.head()
    assert await asking.body(4) == b"well"


async def test_a_head_does_not_wait_for_a_body_that_comes_later(app: App, asking: Asking) -> None:
    asking.ask("GET", "/slow")
    assert b"transfer-encoding: chunked" in await asking.head()
    app.go_on.set()
    part = b"HTTP/1.1 is what this part begins with"
    assert await asking.body(len(part) + 6) == b"%x\r\n" % len(part) + part + b"\r\n"
    assert await asking.body(5) == b"0\r\n\r\n"


async def test_a_large_answer_comes_whole(asking: Asking) -> None:
    asking.ask("GET", "/large")
    await asking.head()
    assert await asking.body(LARGE) == b"x" * LARGE


async def test_what_is_closed_behind_an_answer_is_written_before(asking: Asking) -> None:
    asking.ask("HEAD", "/small", "Connection: close")
    assert (await asking.head()).startswith(b"HTTP/1.1 200")
    assert await asking.reader.read() == b""


async def test_what_nobody_can_read_is_refused(asking: Asking) -> None:
    asking.writer.write(b"this is no request\r\n\r\n")
    assert (await asking.head()).startswith(b"HTTP/1.1 400")
