"""A whole service at work in memory, behind its HTTP interface."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI

from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.running import Running
from shared.runtime.service import Service
from tests.identity import Issuer
from tests.runtime.applications import application


@dataclass
class Served:
    """A running service, its topics and a way to ask it."""

    app: FastAPI
    running: Running
    topics: MemoryTopics
    issuer: Issuer
    client: httpx.AsyncClient

    async def ask(
        self,
        method: str,
        path: str,
        sub: str,
        *roles: str,
        places: tuple[str, ...] = (),
        headers: dict[str, str] | None = None,
        **rest: Any,
    ) -> httpx.Response:
        """A request with a token for `sub`."""
        token = self.issuer.token(sub, roles, places)
        asked = {"Authorization": f"Bearer {token}", **(headers or {})}
        return await self.client.request(method, path, headers=asked, **rest)


@asynccontextmanager
async def served(service: Service) -> AsyncIterator[Served]:
    """The service over ASGI, stopped at the end."""
    clock, topics, issuer = SystemClock(), MemoryTopics(), Issuer()
    running = service.assemble(MemoryJournal(clock), MemoryBus(topics, clock), clock)
    with application(service, running, issuer.verifier()) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://service.test") as client:
            await running.start()
            try:
                yield Served(app, running, topics, issuer, client)
            finally:
                await running.stop()


async def until(reached: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for a condition."""
    async with asyncio.timeout(seconds):
        while not reached():  # noqa: ASYNC110 - other parts have no event to wait for
            await asyncio.sleep(0.005)
