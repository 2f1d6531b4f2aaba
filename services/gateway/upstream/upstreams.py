"""The services behind the door, each with connections of its own."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

import aiohttp
import orjson

from services.gateway.upstream.answer import Answer, ServiceAway

CONNECT_SECONDS = 2.0
ANSWER_SECONDS = 15.0
"""Seconds within which a service has to have answered the door's own questions."""
MOST_CONNECTIONS = 128
"""To one service from one process."""


class Upstreams:
    """Asks the services. To be entered within a running loop, and left at the end."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        """`addresses` has ``http(s)://host:port`` by the service's name."""
        self._addresses = dict(addresses)
        self._pools: dict[str, aiohttp.ClientSession] = {}

    async def __aenter__(self) -> Self:
        for name in self._addresses:
            self._pools[name] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=MOST_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS, sock_connect=CONNECT_SECONDS),
                trust_env=False,
            )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pool in self._pools.values():
            await pool.close()

    async def ask(
        self,
        service: str,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        content: bytes | None = None,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Asks a service, with a caller's access token where there is one; any status is an answer.

        `path` is the service's own (``/petitions/mine``), with quoted parts. Raises `ServiceAway`.
        """
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if json is not None:
            content = orjson.dumps(json)
            sent.setdefault("Content-Type", "application/json")
        try:
            async with self._pools[service].request(
                method,
                self._addresses[service] + path,
                params=params,
                data=content,
                headers=sent,
                allow_redirects=False,
            ) as answer:
                told = {name.lower(): value for name, value in answer.headers.items()}
                return Answer(answer.status, told, await answer.read())
        except TimeoutError:
            raise ServiceAway(service, "timeout") from None
        except (aiohttp.ClientError, OSError):
            raise ServiceAway(service) from None
