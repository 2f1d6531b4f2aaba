"""A service behind the door that does what a test wants, and knows what it was asked."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

Answering = Callable[["Behind", Scope, Receive, Send], Awaitable[None]]


def operation(*parameters: str, **more: Any) -> dict[str, Any]:
    """An operation as FastAPI describes one."""
    return {
        "tags": ["Things"],
        "summary": "Things",
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "integer"}} for name in parameters
        ],
        "responses": {
            "200": {
                "description": "Well",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
            }
        },
        "security": [{"token": []}],
        "x-may": "anybody",
        **more,
    }


PATHS: dict[str, Any] = {
    "/things": {"get": operation(), "post": operation()},
    "/things/mine": {"get": operation()},
    "/things/{id}": {"get": operation()},
    "/things/{id}/mend": {"post": operation()},
    "/calendars/{code}.ics": {"get": operation()},
    "/files": {"post": operation()},
    "/files/{size}": {"get": operation()},
    "/events": {"get": operation()},
    "/feed": {"get": operation("wait")},
    "/slow": {"get": operation(), "post": operation()},
    "/livez": {"get": operation()},
    "/metrics": {"get": operation()},
}

for _path, _item in PATHS.items():
    for _method, _operation in _item.items():
        _operation["operationId"] = "-".join([_method, *_path.strip("/").split("/")])

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Behind", "version": "1"},
    "paths": PATHS,
    "components": {
        "schemas": {
            "Thing": {"type": "object", "properties": {"id": {"type": "string"}}},
            "Problem": {"type": "object", "required": ["type"]},
        },
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
    "tags": [{"name": "Things"}, {"name": "Health"}],
}


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: str
    headers: list[tuple[str, str]]
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The one value of a header; None where there is none."""
        values = [value for own, value in self.headers if own == name]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None


@dataclass
class Behind:
    """`asked` are the requests but for those for the listing. Whoever asks ``/slow`` waits for
    `release`; `left` is set when a caller has left before their answer.
    """

    document: dict[str, Any] = field(default_factory=lambda: DOCUMENT)
    asked: list[Asked] = field(default_factory=list)
    listed: int = 0
    answer: Answering | None = None
    release: asyncio.Event = field(default_factory=asyncio.Event)
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    events: asyncio.Queue[bytes] = field(default_factory=asyncio.Queue)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["raw_path"].decode()
        if path == "/openapi.json":
            self.listed += 1
            await reply(send, orjson.dumps(self.document))
            return
        headers = [(name.decode(), value.decode()) for name, value in scope["headers"]]
        asked = Asked(scope["method"], path, scope["query_string"].decode(), headers)
        self.asked.append(asked)
        if self.answer is not None:
            await self.answer(self, scope, receive, send)
        elif path == "/files":
            await self._take(receive, send)
        elif path.startswith("/files/"):
            await give(send, int(path.rpartition("/")[2]))
        elif path == "/events":
            await self._tell(receive, send)
        elif path == "/slow":
            await self._wait(receive, send)
        else:
            asked.body = await body_of(receive)
            told = {"method": asked.method, "path": path, "headers": dict(headers)}
            await reply(send, orjson.dumps(told))

    async def _take(self, receive: Receive, send: Send) -> None:
        digest, size = hashlib.sha256(), 0
        self.begun.set()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.left.set()
                return
            digest.update(message.get("body", b""))
            size += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        await reply(send, orjson.dumps({"size": size, "sha256": digest.hexdigest()}))

    async def _tell(self, receive: Receive, send: Send) -> None:
        await start(send, "text/event-stream")
        self.begun.set()
        leaving = asyncio.ensure_future(gone(receive))
        while True:
            event = asyncio.ensure_future(self.events.get())
            await asyncio.wait((leaving, event), return_when=asyncio.FIRST_COMPLETED)
            if leaving.done():
                event.cancel()
                self.left.set()
                return
            await send({"type": "http.response.body", "body": event.result(), "more_body": True})

    async def _wait(self, receive: Receive, send: Send) -> None:
        await body_of(receive)
        self.begun.set()
        leaving = asyncio.ensure_future(gone(receive))
        released = asyncio.ensure_future(self.release.wait())
        await asyncio.wait((leaving, released), return_when=asyncio.FIRST_COMPLETED)
        if leaving.done():
            released.cancel()
            self.left.set()
            return
        leaving.cancel()
        await reply(send, b"{}")


async def gone(receive: Receive) -> None:
    """Returns when the caller has left."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def body_of(receive: Receive) -> bytes:
    """A whole body."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            return body


async def start(send: Send, media: str, *more: tuple[bytes, bytes], status: int = 200) -> None:
    """The head of an answer."""
    headers = [(b"content-type", media.encode()), *more]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def reply(
    send: Send,
    body: bytes,
    *more: tuple[bytes, bytes],
    media: str = "application/json",
    status: int = 200,
) -> None:
    """A whole answer."""
    length = (b"content-length", str(len(body)).encode())
    await start(send, media, length, *more, status=status)
    await send({"type": "http.response.body", "body": body})


async def give(send: Send, size: int) -> None:
    """So many bytes."""
    await start(send, "application/octet-stream", (b"content-length", str(size).encode()))
    part = bytes(range(256)) * 256
    while size > 0:
        await send(
            {
                "type": "http.response.body",
                "body": part[: min(size, len(part))],
                "more_body": size > len(part),
            }
        )
        size -= len(part)
