"""One service: the connections to it, how much it is asked at once, and whether it answers."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from services.gateway.upstream.answer import ServiceAway, ServiceFull
from services.gateway.upstream.asking import Asking, Streamed
from services.gateway.upstream.breaker import Breaker
from shared.runtime.metrics import (
    UPSTREAM_OPEN,
    UPSTREAM_REQUESTS,
    UPSTREAM_RETRIES,
    UPSTREAM_SECONDS,
    UPSTREAM_UNDER_WAY,
)

CONNECT_SECONDS = 2.0
"""Seconds to connect."""
IDLE_SECONDS = 30.0
"""Seconds for which an idle connection is kept: fewer than services keep theirs, so that no request
is sent into one that is just closing."""
MOST_UNDER_WAY = 256
"""Requests to one service from one process at once."""
MOST_LASTING = 4_000
"""Answers of one service that last, such as streams of events, in one process."""
OUTCOMES = ("answered", "timeout", "unreachable", "broken", "left", "open", "full")

_ADDED_BY_ITSELF = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class Pool:
    """To be entered within a running loop, and left at the end."""

    def __init__(self, gateway: str, service: str, address: str) -> None:
        """`gateway` is what metrics call this service, `address` is ``http(s)://host:port``."""
        self.service = service
        self.address = address
        self.breaker = Breaker()
        self.under_way = 0
        self.lasting = 0
        self._session: aiohttp.ClientSession | None = None
        self._count = {one: UPSTREAM_REQUESTS.labels(gateway, service, one) for one in OUTCOMES}
        self._seconds = UPSTREAM_SECONDS.labels(gateway, service)
        self._retries = UPSTREAM_RETRIES.labels(gateway, service)
        UPSTREAM_OPEN.labels(gateway, service).set_function(lambda: float(self.breaker.open))
        under_way = UPSTREAM_UNDER_WAY.labels(gateway, service, "request")
        under_way.set_function(lambda: float(self.under_way))
        lasting = UPSTREAM_UNDER_WAY.labels(gateway, service, "lasting")
        lasting.set_function(lambda: float(self.lasting))

    async def open(self) -> None:
        """Makes ready to connect."""
        self._session = aiohttp.ClientSession(
            # How many there may be is decided before: none waits for a connection.
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=IDLE_SECONDS),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS),
            auto_decompress=False,
            skip_auto_headers=_ADDED_BY_ITSELF,
            trust_env=False,
            max_line_size=32 * 1024,
            max_field_size=32 * 1024,
        )
        # What may be sent again is decided here, and not by the method alone.
        self._session._retry_connection = False

    async def close(self) -> None:
        """Ends all connections."""
        if self._session is not None:
            await self._session.close()

    def url(self, target: str) -> URL:
        """The address of a path, with its query, whose parts are quoted already."""
        return URL(self.address + target, encoded=True)

    @asynccontextmanager
    async def asked(self, asking: Asking) -> AsyncIterator[aiohttp.ClientResponse]:
        """Asks, and gives the answer as soon as its head is there.

        Raises `ServiceAway`, `ServiceFull`, and whatever kept a streamed body from coming to its
        end. An answer that breaks off raises ``aiohttp.ClientError`` where it is read.
        """
        probe = self._admitted(asking)
        began = time.perf_counter()
        outcome = "left"
        try:
            answer = await self._answer(asking)
            self._seconds.observe(time.perf_counter() - began)
            outcome = "answered"
            try:
                yield answer
            except aiohttp.ClientError:
                outcome = "broken"
                raise
            finally:
                # One that was read to its end has given its connection back before.
                answer.close()
        except ServiceAway as away:
            outcome = away.reason
            raise
        finally:
            self._release(asking)
            self._count[outcome].inc()
            if outcome == "answered":
                self.breaker.answered()
            elif outcome == "left":
                self.breaker.left(probe)
            else:
                self.breaker.failed(probe)

    def _admitted(self, asking: Asking) -> bool:
        """Counts a request in; whether it probes. Raises `ServiceAway`, `ServiceFull`."""
        full = self.lasting >= MOST_LASTING if asking.lasting else self.under_way >= MOST_UNDER_WAY
        if full:
            self._count["full"].inc()
            raise ServiceFull(self.service)
        probe = self.breaker.admit()
        if probe is None:
            self._count["open"].inc()
            raise ServiceAway(self.service, "open")
        if asking.lasting:
            self.lasting += 1
        else:
            self.under_way += 1
        return probe

    def _release(self, asking: Asking) -> None:
        if asking.lasting:
            self.lasting -= 1
        else:
            self.under_way -= 1

    def goes_on(self, asking: Asking) -> None:
        """An answer turned out to be one that lasts: it takes no request's place any more."""
        if not asking.lasting:
            self.under_way -= 1
            self.lasting += 1
            asking.lasting = True

    async def _answer(self, asking: Asking) -> aiohttp.ClientResponse:
        try:
            async with asyncio.timeout(asking.seconds) as patience:
                try:
                    return await self._sent(asking, patience)
                except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
                    # The connection broke before an answer: a service that is being restarted
                    # closes those that were idle. Where none could be made there is no use.
                    once = isinstance(asking.body, Streamed) or not asking.repeatable
                    if once or isinstance(error, aiohttp.ClientConnectorError):
                        raise
                    self._retries.inc()
                    return await self._sent(asking, patience)
        except TimeoutError:
            raise ServiceAway(self.service, "timeout") from None
        except aiohttp.ClientConnectorError:
            raise ServiceAway(self.service) from None
        except (aiohttp.ClientError, OSError):
            if isinstance(asking.body, Streamed) and asking.body.trouble is not None:
                raise asking.body.trouble from None
            raise ServiceAway(self.service, "broken") from None

    async def _sent(self, asking: Asking, patience: asyncio.Timeout) -> aiohttp.ClientResponse:
        assert self._session is not None, "not opened"
        body = asking.body
        if isinstance(body, Streamed):
            body.within(patience, asking.seconds)
        try:
            return await self._session.request(
                asking.method,
                asking.url,
                headers=asking.headers,
                data=body,
                allow_redirects=False,
            )
        finally:
            if isinstance(body, Streamed):
                body.answered()
