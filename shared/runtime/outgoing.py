"""Calls to addresses that somebody else named: webhooks, robots, push services.

Whoever names an address must not reach what only we can reach (server-side request forgery). The
name is resolved here, every address it has is checked, and the connection goes to the very address
that was checked: no second look-up lies between. TLS and ``Host`` still go by the name. No redirect
is followed, no proxy of the environment is used, no cookie is kept; answers are read up to a limit,
within a limit of time.
"""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import certifi
import httpcore

from shared.runtime.addresses import Allowed, NotAllowed, address_of, allowed_by, target_of

CONNECT_SECONDS = 5.0
WHOLE_SECONDS = 15.0
"""From the first look-up to the answer's last byte."""
MOST_ANSWER = 64 * 1024
"""Bytes of an answer that are read; the rest is cut off."""
IDLE_SECONDS = 4.0
"""A connection that is used no more is closed after this: before servers do (most after five), so
that no call meets one that is just closing.
"""
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
    """A client for one address after the other, or always the same; several calls at once are
    kept apart by `connections`.
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
        self._whole = whole_seconds
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted or _trusted(),
            max_connections=connections,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=_Checked(allowed, resolve),
        )

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Sends a body and returns the answer, whatever its status. Raises `NotAllowed`,
        `Unreachable`.
        """
        target = target_of(url, self._allowed)
        request = httpcore.Request(
            "POST",
            httpcore.URL(
                scheme=target.scheme, host=target.host, port=target.port, target=target.path
            ),
            headers=[
                ("Host", target.authority),
                ("Accept", "*/*"),
                ("Accept-Encoding", "identity"),
                ("Content-Length", str(len(body))),
                *headers.items(),
            ],
            content=body,
            extensions={"timeout": {"connect": CONNECT_SECONDS}},
        )
        try:
            async with asyncio.timeout(self._whole):
                return await self._answer(request)
        except (TimeoutError, httpcore.TimeoutException):
            raise Unreachable("timed-out") from None
        except httpcore.ConnectError as error:
            # TLS is begun on an open connection: what it objects to comes as a failure to connect.
            tls = isinstance(error.__cause__ or error.__context__, ssl.SSLError)
            raise Unreachable("tls-failed" if tls else "no-connection") from None
        except httpcore.ProtocolError:
            raise Unreachable("no-http") from None
        except (httpcore.NetworkError, OSError):
            raise Unreachable("cut-off") from None

    async def _answer(self, request: httpcore.Request) -> Answer:
        response = await self._pool.handle_async_request(request)
        chunks: list[bytes] = []
        size = 0
        whole = True
        try:
            async for chunk in response.aiter_stream():
                chunks.append(chunk)
                size += len(chunk)
                if size > MOST_ANSWER:
                    whole = False
                    break
        finally:
            # Of an answer that is not whole this closes the connection: the rest is never read.
            await response.aclose()
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in response.headers
        }
        return Answer(response.status, headers, b"".join(chunks)[:MOST_ANSWER], whole)

    async def close(self) -> None:
        """Closes its connections."""
        await self._pool.aclose()


@cache
def _trusted() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


class _Checked(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, and to nothing else."""

    def __init__(self, allowed: Allowed, resolve: Resolve) -> None:
        self._allowed = allowed
        self._resolve = resolve
        self._one_at_a_time = asyncio.Lock()
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        try:
            async with asyncio.timeout(timeout):
                return await self._connect(host, port)
        except TimeoutError:
            raise httpcore.ConnectTimeout from None

    async def _connect(self, host: str, port: int) -> httpcore.AsyncNetworkStream:
        try:
            if address_of(host) is not None:
                told: Sequence[str] = [host]
            else:
                async with self._one_at_a_time:
                    told = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise Unreachable("no-such-host") from None
        # One that may not be called is enough: whoever mixes them tries something.
        addresses = [address_of(each) for each in told]
        if not all(each is not None and self._allowed.takes(each) for each in addresses):
            raise NotAllowed("private-address")
        failed: Exception = Unreachable("no-such-host")
        for address in addresses[:MOST_ADDRESSES]:
            try:
                return await self._network.connect_tcp(str(address), port)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.AsyncNetworkStream:
        raise NotAllowed("not-an-address")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
