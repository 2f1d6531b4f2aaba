"""A door and a development issuer in the test's own process, browsers at both, and one clock."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from limits import parse
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from deploy.local.issuer import build_app, new_key
from deploy.local.oidc import Provider as Issuer
from services.gateway import front
from services.gateway.doorway import Doorway
from services.gateway.identity import (
    Sessions,
    csrf_field,
    form_of,
    freshly_signed_in,
    session_of,
    signed_in,
    token_for_api,
)
from services.gateway.limiting.limiting import Group
from services.gateway.main import service
from services.gateway.settings import GatewaySettings
from services.gateway.upstream import Listings, Upstreams
from shared.runtime.clock import SystemClock
from shared.runtime.identity import TokenVerifier
from shared.runtime.keys import IssuerKeys, discovered_keys
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.running import Running
from tests.runtime.lamp_service import settings as process_settings

DOOR, ISSUER = "http://localhost:8080", "http://127.0.0.1:8100"
RESIDENT, STAFF = "demo-r-lin", "demo-th-desk"
FRESH = timedelta(minutes=5)

SETTINGS = GatewaySettings(
    public_url=DOOR,
    services={},
    oidc_issuer=ISSUER,
    oidc_audience="jinlin",
    oidc_client_id="jinlin-web",
    oidc_client_secret=None,
    cookie_secret="of-the-tests-only-and-known-to-everybody",
    production=False,
    limits={group: parse("100000/minute") for group in Group},
)


class MovableClock(SystemClock):
    """The machine's clock, moved."""

    moved = timedelta()

    def now(self) -> datetime:
        return super().now() + self.moved

    def seconds(self) -> float:
        """Since 1970."""
        return self.now().timestamp()


# --- pages that only tests have ---------------------------------------------------------------


async def whoami(request: Request) -> Response:
    """Who is there."""
    session = await session_of(request)
    if session is None:
        return JSONResponse(None)
    told = {"sub": session.sub, "name": session.name, "org": session.org}
    return JSONResponse({**told, "roles": sorted(session.roles), "places": sorted(session.places)})


async def form(request: Request) -> Response:
    """A form of somebody who is signed in."""
    session = await signed_in(request)
    field_ = csrf_field(session)
    return HTMLResponse(
        f'<form method="post" action="/test/change">{field_}<button>办理</button></form>'
        f'<form method="post" action="/logout">{field_}<button>退出</button></form>'
    )


async def change(request: Request) -> Response:
    """What that form does."""
    await form_of(request)
    session = await signed_in(request)
    return JSONResponse({"changed_by": session.sub})


async def seal(request: Request) -> Response:
    """For those who signed in a moment ago."""
    session = await freshly_signed_in(request, FRESH)
    return JSONResponse({"sealed_by": session.sub})


async def to_a_service(request: Request) -> Response:
    """Whether a request would go on to a service with a token, without showing it."""
    token = await token_for_api(request)
    return JSONResponse({"has_token": token is not None})


PAGES: list[BaseRoute] = [
    Route("/test/whoami", whoami),
    Route("/test/form", form),
    Route("/test/change", change, methods=["POST"]),
    Route("/test/seal", seal),
    Route("/test/to-a-service", to_a_service, methods=["GET", "POST"]),
]


# --- the house ----------------------------------------------------------------------------------


@dataclass
class House:
    """The door's processes, on one store; the issuer; and what was sent between them."""

    clock: MovableClock
    issuer_app: FastAPI
    doors: list[front.Front]
    doorways: list[Doorway]
    runnings: list[Running]
    asked: list[httpx.Request] = field(default_factory=list)
    """Requests of the door to the issuer."""

    @property
    def issuer(self) -> Issuer:
        """The issuer itself."""
        provider: Issuer = self.issuer_app.state.provider
        return provider

    def move(self, **by: float) -> None:
        """Time passes, for everybody."""
        self.clock.moved += timedelta(**by)

    def browser(self, door: int = 0) -> "Browser":
        """A fresh browser, whose requests one of the processes answers."""
        return Browser(self, door)


class Browser:
    """Follows redirects by hand, keeps cookies, and remembers every address it was at."""

    def __init__(self, house: House, door: int) -> None:
        self.house = house
        self.at: list[str] = []
        self.http = httpx.AsyncClient(
            mounts={
                DOOR: httpx.ASGITransport(house.doors[door]),
                ISSUER: httpx.ASGITransport(house.issuer_app),
            },
            headers={"Accept": "text/html"},
        )

    def through(self, door: int) -> "Browser":
        """The same browser, answered by another process from now on."""
        other = Browser(self.house, door)
        other.http.cookies = self.http.cookies
        return other

    async def get(self, address: str, **more: Any) -> httpx.Response:
        """A page; a path is one of the door."""
        return await self._ask("GET", address, **more)

    async def post(self, address: str, **more: Any) -> httpx.Response:
        """A form, as the door's own pages send it unless `headers` say otherwise."""
        headers = {"Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        return await self._ask("POST", address, headers=headers, **more)

    async def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        url = DOOR + address if address.startswith("/") else address
        self.at.append(url)
        return await self.http.request(method, url, **more)

    async def follow(self, answer: httpx.Response) -> httpx.Response:
        """The answer at the end of all redirects."""
        while answer.has_redirect_location:
            answer = await self.get(str(answer.url.join(answer.headers["location"])))
        return answer

    async def sign_in(
        self, sub: str = RESIDENT, after: str = "/test/whoami", **more: str
    ) -> httpx.Response:
        """Signs in as one of the demo's people, and goes on to where that leads. The issuer asks
        who it is unless it knows that.
        """
        answer = await self.follow(await self.get(f"/login?next={after}"))
        if answer.url.path == "/authorize":
            answer = await self.follow(await self.say_who(answer, sub, **more))
        return answer

    async def say_who(
        self, page: httpx.Response, sub: str = RESIDENT, **more: str
    ) -> httpx.Response:
        """Says at the issuer's page who one is: its answer, which leads back to the door."""
        answer = await self.http.post(page.url, data={"sub": sub, **more})
        assert answer.status_code == 303, answer.text
        return answer

    async def who(self) -> dict[str, Any] | None:
        """Who the door takes this browser for."""
        answer = await self.get("/test/whoami")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] | None = answer.json()
        return told

    async def csrf(self) -> str:
        """The token of a form."""
        answer = await self.get("/test/form")
        assert answer.status_code == 200, answer.text
        return hidden(answer.text)["csrf"]

    async def sign_out(self) -> httpx.Response:
        """Signs out at the door, and at the issuer."""
        answer = await self.post("/logout", data={"csrf": await self.csrf()})
        return await self.follow(answer)

    def session_cookies(self) -> dict[str, str]:
        """What there is of the session's cookies."""
        jar = self.http.cookies.jar
        return {one.name: one.value or "" for one in jar if one.name.startswith("jinlin-session")}

    def take(self, cookies: Mapping[str, str]) -> "Browser":
        """Puts cookies into the browser, as a thief would."""
        for name, value in cookies.items():
            self.http.cookies.set(name, value, domain="localhost.local", path="/")
        return self


@asynccontextmanager
async def house(
    monkeypatch: pytest.MonkeyPatch, processes: int = 1, **settings: Any
) -> AsyncIterator[House]:
    """So many processes of the door on one store, with an issuer."""
    monkeypatch.setenv("JINLIN_MODE", "local")
    monkeypatch.setattr(front, "ROUTES", [*front.ROUTES, *PAGES])
    clock = MovableClock()
    journal, topics = MemoryJournal(clock), MemoryTopics()
    built = House(clock, build_app(new_key(), ISSUER, clock.seconds), [], [], [])
    told = replace(SETTINGS, **settings)

    async def note(request: httpx.Request) -> None:
        built.asked.append(request)

    async with AsyncExitStack() as stack:
        for _ in range(processes):
            http = await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=httpx.ASGITransport(built.issuer_app),
                    event_hooks={"request": [note]},
                )
            )
            running = service.assemble(journal, MemoryBus(topics, clock), clock)
            keys = IssuerKeys(discovered_keys(told.oidc_issuer, http), clock.seconds)
            verifier = TokenVerifier(told.oidc_issuer, told.oidc_audience, keys, clock.seconds)
            app = service.app(process_settings(JINLIN_OIDC_ISSUER=ISSUER), running, verifier)
            await running.start()
            stack.push_async_callback(running.stop)
            upstreams = await stack.enter_async_context(Upstreams(told.services, "gateway"))
            listings = await stack.enter_async_context(Listings(upstreams))
            sessions = Sessions(told, clock, app.state.door, http)
            doorway = Doorway(told, upstreams, sessions, verifier, clock, app.state.door)
            built.doors.append(front.Front(app, "gateway", doorway, listings))
            built.doorways.append(doorway)
            built.runnings.append(running)
        yield built


async def eventually(reached: Callable[[], Awaitable[bool]]) -> None:
    """Returns once it is so. Raises AssertionError where it is not so after a thousand looks."""
    for _ in range(1_000):
        if await reached():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not come to be so")


# --- looking at pages ---------------------------------------------------------------------------


def request_with(browser: Browser) -> Request:
    """A request as this browser would send it."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.session_cookies().items())
    return Request({"type": "http", "headers": [(b"cookie", cookies.encode())]})


def query_of(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(address).query).items()}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page."""
    found: dict[str, str] = {}

    class Fields(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            told = dict(attrs)
            if tag == "input" and told.get("type") == "hidden":
                found[told["name"] or ""] = told["value"] or ""

    Fields().feed(page)
    return found
