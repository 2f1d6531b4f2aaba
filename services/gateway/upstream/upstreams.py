"""The services behind the door, each with connections of its own."""

import asyncio
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlencode

import aiohttp
import orjson

from services.gateway.upstream.answer import Answer, ServiceAway
from services.gateway.upstream.asking import Asking, Streamed, traced
from services.gateway.upstream.pool import Pool

ANSWER_SECONDS = 15.0
"""Seconds within which a service has to begin its answer, and then to end it."""
MOST_ANSWER = 32 * 1024 * 1024
"""Bytes of an answer that the door itself reads."""

_READING = ("GET", "HEAD")


class Upstreams:
    """Asks the services. To be entered within a running loop, and left at the end."""

    def __init__(self, addresses: Mapping[str, str], gateway: str = "gateway") -> None:
        """`addresses` has ``http(s)://host:port`` by the service's name."""
        self._pools = {name: Pool(gateway, name, address) for name, address in addresses.items()}

    async def __aenter__(self) -> Self:
        for pool in self._pools.values():
            await pool.open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pools.values():
            await pool.close()

    @property
    def names(self) -> tuple[str, ...]:
        """The services' names."""
        return tuple(self._pools)

    def pool(self, service: str) -> Pool | None:
        """The connections to a service; None where there is no such service."""
        return self._pools.get(service)

    async def ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        content: bytes | Streamed | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Asks a service, with a caller's access token where there is one; any status is an answer.

        `path` is the service's own (``/petitions/mine``), with quoted parts. What only reads, or
        has an Idempotency-Key, is sent a second time where the connection broke, unless it streams.
        Raises `ServiceAway`, and what kept a streamed `content` from coming to its end.
        """
        pool = self._pools[service]
        sent = [("Accept-Encoding", "identity"), *traced(), *(headers or {}).items()]
        if token is not None:
            sent.append(("Authorization", f"Bearer {token}"))
        names = {name.lower() for name, _ in sent}
        if json is not None:
            content = orjson.dumps(json)
            if "content-type" not in names:
                sent.append(("Content-Type", "application/json"))
        target = f"{path}?{urlencode(params, quote_via=quote)}" if params else path
        asking = Asking(
            method,
            pool.url(target),
            sent,
            content,
            seconds=ANSWER_SECONDS,
            repeatable=method in _READING or "idempotency-key" in names,
        )
        try:
            async with pool.asked(asking) as answer:
                told = {name.lower(): value for name, value in answer.headers.items()}
                body = bytearray()
                async with asyncio.timeout(ANSWER_SECONDS):
                    async for chunk in answer.content.iter_any():
                        body += chunk
                        if len(body) > MOST_ANSWER:
                            raise ServiceAway(service, "broken")
                return Answer(answer.status, told, bytes(body))
        except TimeoutError:
            raise ServiceAway(service, "timeout") from None
        except aiohttp.ClientError:
            raise ServiceAway(service, "broken") from None
