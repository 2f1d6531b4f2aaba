"""A service of lamps at work in memory, and callers of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from shared.runtime.api import AggregateApi
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Unavailable
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.queries import Queries
from shared.runtime.running import Running
from shared.runtime.settings import Settings, read_settings
from tests.identity import ISSUER, Issuer
from tests.runtime.lamp import lamps, lamps_api

ENVIRONMENT = {
    "JINLIN_MODE": "local",
    "JINLIN_HTTP_PORT": "18999",
    "JINLIN_MONGO_URI": "mongodb://127.0.0.1:1/?replicaSet=rs",
    "JINLIN_MONGO_DATABASE": "lamps",
    "JINLIN_KAFKA_BOOTSTRAP": "127.0.0.1:1",
    "JINLIN_OIDC_ISSUER": ISSUER,
}


def settings(**changes: str) -> Settings:
    """Settings that are right."""
    return read_settings({**ENVIRONMENT, **changes})


class Outage:
    """The store's door: away while `away`."""

    def __init__(self) -> None:
        self.away = False

    async def __call__(self, _point: str) -> None:
        if self.away:
            raise Unavailable("away for a test")


@dataclass
class World:
    """What a test has in hand."""

    app: FastAPI
    running: Running
    issuer: Issuer
    outage: Outage
    topics: MemoryTopics
    client: httpx.AsyncClient

    async def ask(
        self,
        method: str,
        path: str,
        *,
        sub: str = "u1",
        roles: tuple[str, ...] = ("resident",),
        places: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
        **rest: Any,
    ) -> httpx.Response:
        """A request with a token for `sub`."""
        token = self.issuer.token(sub, roles, places)
        return await self.client.request(
            method, path, headers={"Authorization": f"Bearer {token}", **(headers or {})}, **rest
        )

    async def install(self, place: str = "p1", keeper: str = "k1", **rest: Any) -> httpx.Response:
        """Puts up a lamp as an administrator."""
        return await self.ask(
            "POST",
            "/lamps",
            sub="a1",
            roles=("administrator",),
            json={"place": place, "keeper": keeper, "watts": 60},
            **rest,
        )


@asynccontextmanager
async def world(
    problems: Path | None = None,
    queries: Sequence[Queries] = (),
    start: bool = True,
    api: AggregateApi = lamps_api,
    requests_only: bool = False,
) -> AsyncIterator[World]:
    """A service of lamps over ASGI, stopped at the end."""
    clock, topics, outage, issuer = SystemClock(), MemoryTopics(), Outage(), Issuer()
    service = lamps(problems, api, queries=queries)
    running = service.assemble(
        MemoryJournal(clock, fault=outage),
        MemoryBus(topics, clock),
        clock,
        requests_only=requests_only,
    )
    app = service.app(settings(), running if start else None, issuer.verifier())
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://lamps.test") as client:
        if start:
            await running.start()
        try:
            yield World(app, running, issuer, outage, topics, client)
        finally:
            outage.away = False
            await running.stop()
