"""The door on a real socket, with services behind it that a test has in hand."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from services.gateway.connection import CarefulProtocol
from services.gateway.front import Front
from services.gateway.gateway import fronted
from services.gateway.main import service
from services.gateway.settings import read_gateway_settings
from shared.contracts.envelope import SERVICES
from tests.identity import Issuer
from tests.runtime.lamp_service import ENVIRONMENT, settings
from tests.services.gateway.behind import Behind
from tests.services.gateway.serving import served

NOBODY_LISTENS = "http://127.0.0.1:1"
SECRET = "of-a-test-only-and-known-to-everybody"


async def until(reached: Callable[[], Awaitable[bool]], seconds: float = 10.0) -> None:
    """Waits for something to be so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            if await reached():
                return
            await asyncio.sleep(0.02)


@dataclass
class DoorAtWork:
    """`behind` is the service ``petitions``, `beside` is ``community``; no other is there."""

    front: Front
    behind: Behind
    beside: Behind
    issuer: Issuer
    client: httpx.AsyncClient
    port: int

    def token(self, sub: str = "u1", *roles: str) -> dict[str, str]:
        """The header of somebody who is logged in."""
        return {"Authorization": f"Bearer {self.issuer.token(sub, roles or ('resident',), ())}"}

    async def get(self, path: str, **more: Any) -> httpx.Response:
        """A query to the service behind."""
        return await self.client.get(f"/api/petitions{path}", **more)

    async def post(self, path: str, **more: Any) -> httpx.Response:
        """A command to the service behind."""
        return await self.client.post(f"/api/petitions{path}", **more)

    async def raw(self, request: bytes) -> bytes:
        """Sends these bytes, and reads until the door closes the connection."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.read()
        finally:
            writer.close()


def environment(addresses: Mapping[str, str], **more: str) -> dict[str, str]:
    """What the door is told."""
    everywhere = dict.fromkeys(SERVICES, NOBODY_LISTENS) | dict(addresses)
    return {
        **ENVIRONMENT,
        **{f"JINLIN_{name.upper()}_URL": url for name, url in everywhere.items()},
        "JINLIN_COOKIE_SECRET": SECRET,
        **more,
    }


@asynccontextmanager
async def door(
    addresses: Mapping[str, str] | None = None, **more: str
) -> AsyncIterator[DoorAtWork]:
    """The door at work. `addresses` put something else in a service's place, `more` are further
    settings.
    """
    issuer, behind, beside = Issuer(), Behind(), Behind()
    async with AsyncExitStack() as stack:
        there = {
            "petitions": f"http://127.0.0.1:{await stack.enter_async_context(served(behind))}",
            "community": f"http://127.0.0.1:{await stack.enter_async_context(served(beside))}",
            **(addresses or {}),
        }
        app = service.app(settings(), None, issuer.verifier())
        told = read_gateway_settings(environment(there, **more))
        front = await stack.enter_async_context(fronted(app, "gateway", told))
        port = await stack.enter_async_context(served(front, CarefulProtocol))
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20)
        )
        yield DoorAtWork(front, behind, beside, issuer, client, port)
