"""The door with real services behind it, in the test's own process: they listen on ports of their
own, keep everything in memory and hear of each other over one bus.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from services.community.main import service as community
from services.gateway.doorway import Doorway
from services.gateway.front import Front
from services.gateway.identity import Sessions
from services.gateway.main import service as gateway
from services.gateway.settings import read_gateway_settings
from services.gateway.upstream import Answer, Listings, Upstreams
from services.petitions.domain.petition import petition
from services.petitions.main import service as petitions
from services.subscriptions.main import service as subscriptions
from services.volunteering.main import service as volunteering
from shared.contracts.envelope import SERVICES
from shared.runtime.aggregate import Command
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.process import KEEP_ALIVE_SECONDS
from shared.runtime.running import Running
from shared.runtime.service import Service
from tests.identity import Issuer
from tests.runtime.lamp_service import settings
from tests.services.petitions.city import Calendar

DISTRICT, STREET, COMMUNITY = "D1", "D1-S1", "D1-S1-C1"
HOME, NEXT_DOOR = "D1-S1-C1-N1", "D1-S1-C1-N2"
UNIT, OTHER_UNIT = "D1-S1-C1-N1-U1", "D1-S1-C1-N1-U2"
ELSEWHERE = "D2"
PLACES = f"""\
code,kind,name,parent,duty,holder
{DISTRICT},district,鼓楼区,,petitions,worker-d1
{STREET},street,东街街道,{DISTRICT},petitions,worker-s1
{COMMUNITY},community,军门社区,{STREET},petitions,worker-c1
{HOME},neighbourhood,朱紫坊小区,{COMMUNITY},petitions,worker-n1
{NEXT_DOOR},neighbourhood,安民小区,{COMMUNITY},petitions,worker-n2
{UNIT},unit,3号楼201,{HOME},,
{OTHER_UNIT},unit,3号楼202,{HOME},,
{ELSEWHERE},district,台江区,,petitions,worker-d2
"""
WORKER = "worker-n1"
PUBLIC_URL = "https://city.example"
BEHIND: tuple[Service, ...] = (community, petitions, volunteering, subscriptions)
NOWHERE = "http://127.0.0.1:9"


@dataclass
class CountedUpstreams(Upstreams):
    """The real thing, and a note of what it was asked."""

    addresses: Mapping[str, str]
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.addresses)

    async def ask(self, service: str, method: str, path: str, **rest: Any) -> Answer:
        self.asked.append(f"{method} {service} {path.partition('?')[0]}")
        return await super().ask(service, method, path, **rest)


@dataclass
class Door:
    """The door, the services behind it, and ways to ask and to do."""

    client: httpx.AsyncClient
    upstreams: CountedUpstreams
    running: Mapping[str, Running]
    issuer: Issuer
    clock: Calendar
    servers: Mapping[str, "Listening"]
    front: ASGIApp

    def as_(self, role: str, *places: str, sub: str = "clerk") -> dict[str, str]:
        """The headers of somebody with a role."""
        return {"Authorization": f"Bearer {self.issuer.token(sub, (role,), places)}"}

    async def get(self, path: str, **rest: Any) -> httpx.Response:
        return await self.client.get(path, **rest)

    async def do(self, id: str, command: Command) -> None:
        """Does something with a petition."""
        await self.running["petitions"].store.do(petition, id, command, actor="someone")

    async def key(self, **changes: Any) -> str:
        """A fresh API key of the district's."""
        body = {
            "application": "随手拍",
            "contact": "张工，api@app.example",
            "jurisdiction": DISTRICT,
            "rate": 1_000,
            **changes,
        }
        made = await self.client.post(
            "/api/gateway/api-keys", json=body, headers=self.as_("administrator", sub="admin")
        )
        assert made.status_code == 201, made.text
        id = made.json()["id"]
        await until(lambda: id in self.running["gateway"].copies["api-key"])
        return str(made.json()["key"])

    async def stop(self, service: str) -> None:
        """Nothing listens there any more."""
        await self.servers[service].stop()


class Listening:
    """An application on a port of this machine."""

    def __init__(self, app: ASGIApp) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(
            app,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        # Not `serve`, which takes the process's signals: of servers that overlap in time, the last
        # to end gives them back to one that has ended, whose end streams then take for their own.
        self._task = asyncio.create_task(self._server._serve(sockets=[self._socket]))
        await until(lambda: self._server.started)

    async def stop(self) -> None:
        if self._task is not None:
            self._server.should_exit = True
            await self._task
            self._task = None
            self._socket.close()


async def until(reached: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits for a condition."""
    async with asyncio.timeout(seconds):
        while not reached():  # noqa: ASYNC110 - other parts have no event to wait for
            await asyncio.sleep(0.005)


async def becomes(asking: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Waits until a question is answered with yes."""
    async with asyncio.timeout(seconds):
        while not await asking():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.01)


@cache
def issuer_of_all() -> Issuer:
    """The one whose tokens all applications take."""
    return Issuer()


@cache
def application(service: Service) -> FastAPI:
    """A service's application, which takes seconds to build: made once for all tests, with other
    parts behind it each time.
    """
    return service.app(settings(), None, issuer_of_all().verifier())


def _with(service: Service, parts: Running) -> FastAPI:
    app = application(service)
    app.state.door.parts = parts
    if hasattr(app.state, "feed"):
        del app.state.feed  # it reads what was there before
    return app


def issuing(issuer: Issuer) -> Starlette:
    """What the door asks of an issuer for a token of its own."""

    async def document(request: Request) -> Response:
        return JSONResponse({"token_endpoint": f"{request.base_url}token"})

    async def token(request: Request) -> Response:
        form = await request.form()
        assert form["grant_type"] == "client_credentials"
        assert request.headers["authorization"].startswith("Basic ")
        signed = issuer.token("jinlin-gateway", ("service",))
        return JSONResponse({"access_token": signed, "token_type": "Bearer", "expires_in": 600})

    return Starlette(
        routes=[
            Route("/.well-known/openid-configuration", document),
            Route("/token", token, methods=["POST"]),
        ]
    )


@asynccontextmanager
async def door(*, issuer_away: bool = False) -> AsyncIterator[Door]:
    """All of it, with the places known everywhere; stopped at the end."""
    clock, topics, issuer = Calendar(), MemoryTopics(), issuer_of_all()
    async with AsyncExitStack() as stack:
        running: dict[str, Running] = {}
        servers: dict[str, Listening] = {}
        for service in (*BEHIND, gateway):
            parts = service.assemble(MemoryJournal(clock), MemoryBus(topics, clock), clock)
            await parts.start()
            stack.push_async_callback(parts.stop)
            running[service.name] = parts
            if service is not gateway:
                servers[service.name] = await _listening(_with(service, parts), stack)
        servers["issuer"] = await _listening(issuing(issuer), stack)
        addresses = dict.fromkeys(SERVICES, NOWHERE)
        addresses |= {name: server.url for name, server in servers.items() if name != "issuer"}
        upstreams = await stack.enter_async_context(CountedUpstreams(addresses))
        environment = {
            "JINLIN_MODE": "local",
            "JINLIN_PUBLIC_URL": PUBLIC_URL,
            "JINLIN_OIDC_ISSUER": NOWHERE if issuer_away else servers["issuer"].url,
            "JINLIN_COOKIE_SECRET": "c" * 32,
            "JINLIN_ANONYMOUS_LIMIT": "100000/minute",
            **{f"JINLIN_{name.upper()}_URL": url for name, url in addresses.items()},
        }
        front = _front(running["gateway"], clock, upstreams, environment)
        transport = httpx.ASGITransport(app=front, raise_app_exceptions=False)
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL)
        )
        made = Door(client, upstreams, running, issuer, clock, servers, front)
        await _settle(made)
        yield made


def _front(
    parts: Running,
    clock: Calendar,
    upstreams: Upstreams,
    environment: Mapping[str, str],
) -> Front:
    app = _with(gateway, parts)
    within, told = app.state.door, read_gateway_settings(environment)
    doorway = Doorway(
        told, upstreams, Sessions(told, clock, within), within.verifier, clock, within
    )
    app.state.doorway = doorway
    return Front(app, gateway.name, doorway, Listings(upstreams))


async def _listening(app: ASGIApp, stack: AsyncExitStack) -> Listening:
    server = Listening(app)
    await server.start()
    stack.push_async_callback(server.stop)
    return server


async def _settle(made: Door) -> None:
    """The places are imported, and known to all who keep a copy."""
    address = made.servers["community"].url
    headers = {**made.as_("administrator"), "Content-Type": "text/csv"}
    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{address}/places/import", content=PLACES.encode(), headers=headers
        )
    assert answer.status_code == 200, answer.text
    many = len(PLACES.splitlines()) - 1
    held = sum(",petitions," in line for line in PLACES.splitlines())
    for name in ("petitions", "volunteering", "subscriptions"):
        copies = made.running[name].copies
        await until(lambda copies=copies: len(copies["place"]) == many)  # type: ignore[misc]
    await until(lambda: len(made.running["petitions"].copies["post"]) == held)
