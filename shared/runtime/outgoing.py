"""Calls to addresses that somebody else named: webhooks, robots, push services.

Whoever names an address must not reach what only we can reach (server-side request forgery). The
name is resolved here, every address it has is checked, and the connection goes to the very address
that was checked: no second look-up lies between. TLS and ``Host`` still go by the name. It knows
HTTP/1.1 and one method, and nothing of redirects, proxies, cookies or compression: what is not
there needs no turning off. Answers are read up to a limit, within a limit of time.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import cast

import certifi
import httptools

from shared.runtime.addresses import (
    Allowed,
    NotAllowed,
    Target,
    address_of,
    allowed_by,
    target_of,
)

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
"""From the first look-up to the answer's last byte."""
MOST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; the rest is cut off."""
IDLE_SECONDS = 4.0
"""A connection that is used no more is closed after this: before servers do (most after five), so
that no call meets one that is just closing.
"""
MOST_HEAD = 64 * 1024
"""Bytes of an answer's head; a longer one is no HTTP."""
MOST_ADDRESSES = 4
"""Addresses of a name that are tried, one after the other."""
LOOKING_UP = 32
"""Names that are looked up at once, each in a thread: one whose servers are away keeps its thread
for long.
"""

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""All addresses of a name. Raises OSError where there are none."""


class Unreachable(Exception):
    """There was no answer. `reason` is one of ``no-such-host``, ``no-connection``, ``tls-failed``,
    ``timed-out``, ``cut-off``, ``no-http``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. `headers` have small letters; of a longer `body` there is the beginning,
    and `whole` is False.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool = True


@cache
def allowed_here() -> Allowed:
    """What this process may call by its settings. Raises `WrongSettings`."""
    return allowed_by(os.environ)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(LOOKING_UP, "look-up")


async def resolved(host: str, port: int) -> Sequence[str]:
    """The addresses that the machine's resolver knows."""
    look_up = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_threads(), look_up)
    return list(dict.fromkeys(str(where[0]) for *_, where in found))


class Outgoing:
    """A client for one endpoint, or for one after the other: at most so many `connections` at once,
    kept for the next call to the same.
    """

    def __init__(
        self,
        allowed: Allowed,
        *,
        resolve: Resolve = resolved,
        trusted: ssl.SSLContext | None = None,
        connections: int = 8,
        whole_seconds: float = WHOLE_SECONDS,
    ) -> None:
        """`trusted` says which certificates are believed: those of the machine and of Mozilla's
        list unless it is given.
        """
        self._allowed = allowed
        self._resolve = resolve
        self._trusted = trusted
        self._whole = whole_seconds
        self._room = asyncio.Semaphore(connections)
        self._one_at_a_time = asyncio.Lock()
        self._idle: list[_Line] = []

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends a body and returns the answer, whatever its status. Raises `NotAllowed`,
        `Unreachable`.
        """
        target = target_of(url, self._allowed)
        request = _request(target, headers, body)
        try:
            async with asyncio.timeout(self._whole), self._room:
                line = self._kept_for(target) or await self._connected(target)
                try:
                    return await line.ask(request)
                finally:
                    if line.is_free:
                        line.idle_since = asyncio.get_running_loop().time()
                        self._idle.append(line)
                    else:
                        line.close()
        except TimeoutError:
            raise Unreachable("timed-out") from None

    def _kept_for(self, target: Target) -> "_Line | None":
        """The connection to the same that was used last; those that were long idle are closed."""
        oldest = asyncio.get_running_loop().time() - IDLE_SECONDS
        for line in [one for one in self._idle if not one.is_free or one.idle_since < oldest]:
            self._idle.remove(line)
            line.close()
        for line in reversed(self._idle):
            if line.leads_to(target):
                self._idle.remove(line)
                return line
        return None

    async def _connected(self, target: Target) -> "_Line":
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                addresses = await self._addresses(target)
                failed = Unreachable("no-such-host")
                for address in addresses[:MOST_ADDRESSES]:
                    try:
                        return await self._connected_to(address, target)
                    except ssl.SSLError:
                        failed = Unreachable("tls-failed")
                    except OSError:
                        failed = Unreachable("no-connection")
                raise failed
        except TimeoutError:
            raise Unreachable("timed-out") from None

    async def _addresses(self, target: Target) -> Sequence[str]:
        """Where the name leads, once every address of it has been found to be allowed."""
        told: Sequence[str] = [target.host]
        if address_of(target.host) is None:
            try:
                async with self._one_at_a_time:
                    told = await self._resolve(target.host, target.port)
            except (OSError, UnicodeError):
                raise Unreachable("no-such-host") from None
        # One that may not be called is enough: whoever mixes them tries something.
        found = [address_of(each) for each in told]
        if not all(each is not None and self._allowed.takes(each) for each in found):
            raise NotAllowed("private-address")
        return [str(each) for each in found]

    async def _connected_to(self, address: str, target: Target) -> "_Line":
        secured = target.scheme == "https"
        _, line = await asyncio.get_running_loop().create_connection(
            lambda: _Line(target),
            address,
            target.port,
            ssl=(self._trusted or _trusted()) if secured else None,
            server_hostname=target.host if secured else None,
        )
        return line

    async def close(self) -> None:
        """Closes its connections."""
        while self._idle:
            self._idle.pop().close()


@cache
def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def _request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a request. Raises ValueError for a header that would be more than one."""
    shown = {
        "Host": target.authority,
        "Accept": "*/*",
        "Content-Length": str(len(body)),
        **headers,
    }
    lines = [f"POST {target.path} HTTP/1.1", *(f"{name}: {value}" for name, value in shown.items())]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header has a line break in it")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class _Line(asyncio.Protocol):
    """A connection: one request after the other."""

    def __init__(self, target: Target) -> None:
        self._leads = (target.scheme, target.host, target.port)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self.idle_since = 0.0
        self.is_free = True
        """Whether it may be used again."""
        self._begin()

    def leads_to(self, target: Target) -> bool:
        """Whether it is one to that scheme, host and port."""
        return self._leads == (target.scheme, target.host, target.port)

    async def ask(self, request: bytes) -> Answer:
        """Sends a request and returns its answer. Raises `Unreachable`."""
        assert self._transport is not None, "it is connected"
        self.is_free = False
        self._begin()
        self._answer = asyncio.get_running_loop().create_future()
        if self._transport.is_closing():
            raise Unreachable("cut-off")
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            self._answer = None

    def close(self) -> None:
        """Ends it at once, with whatever is still on its way."""
        self.is_free = False
        if self._transport is not None:
            self._transport.abort()

    # --- what the loop tells ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_free = False
        if self._has_head and not self._has_length and exc is None:
            self._tell(whole=True)  # an answer without a length ends with its connection
        self._fail("cut-off")

    def data_received(self, data: bytes) -> None:
        if self._answer is None:
            self.close()  # nothing was asked
            return
        if not self._has_head:
            self._read += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail("no-http")
        except httptools.HttpParserError:
            self._fail("no-http")
        else:
            if not self._has_head and self._read > MOST_HEAD:
                self._fail("no-http")

    # --- what the parser tells --------------------------------------------------------------

    def _begin(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._chunks: list[bytes] = []
        self._size = 0
        self._read = 0
        self._has_head = False
        self._has_length = False

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of the answer."""
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """The head is whole; that of an interim answer (1xx) is not it."""
        if self._parser.get_status_code() >= 200:
            self._has_head = True
            self._has_length = not self._headers.keys().isdisjoint(
                ("content-length", "transfer-encoding")
            )

    def on_body(self, body: bytes) -> None:
        """A part of the body."""
        self._chunks.append(body)
        self._size += len(body)
        if self._size > MOST_ANSWER:
            self._tell(whole=False)
            self.close()

    def on_message_complete(self) -> None:
        """The answer is whole, or an interim one was."""
        if not self._has_head:
            self._headers.clear()
            return
        self.is_free = self._answer is not None and self._parser.should_keep_alive()
        self._tell(whole=True)

    def _tell(self, *, whole: bool) -> None:
        if self._answer is not None and not self._answer.done():
            body = b"".join(self._chunks)[:MOST_ANSWER]
            status = self._parser.get_status_code()
            self._answer.set_result(Answer(status, self._headers, body, whole))

    def _fail(self, reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Unreachable(reason))
            self.close()
