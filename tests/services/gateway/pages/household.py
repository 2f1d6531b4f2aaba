"""The pages on services that say what a test wants them to say, for somebody who is signed in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import httpx
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway import pages
from services.gateway.doorway import MORE_HEADERS, Doorway
from services.gateway.identity import Session
from services.gateway.identity.asking import SESSION
from services.gateway.identity.forgery import Forgery
from services.gateway.refusing import FORESEEN, refuse
from services.gateway.settings import GatewaySettings
from services.gateway.shielding import page_policy
from services.gateway.upstream import Answer, ServiceAway
from services.gateway.upstream.asking import Streamed
from shared.runtime.door import Door
from shared.runtime.problems import Catalogue

NOW = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)
"""A Friday, ten in the morning in the city."""
HOME = "D1-S1-C1-A1-N1"
TREE = {
    "code": "D1",
    "kind": "district",
    "name": "鼓楼区",
    "places": [
        {
            "code": "D1-S1",
            "kind": "street",
            "name": "东街街道",
            "places": [
                {
                    "code": "D1-S1-C1",
                    "kind": "community",
                    "name": "军门社区",
                    "places": [
                        {
                            "code": "D1-S1-C1-A1",
                            "kind": "area",
                            "name": "军门第一片区",
                            "places": [
                                {"code": HOME, "kind": "neighbourhood", "name": "朱紫坊小区"}
                            ],
                        }
                    ],
                }
            ],
        }
    ],
}
CATEGORIES = [
    {
        "code": "property",
        "name": "物业服务",
        "path": ["property"],
        "kinds": [],
        "parts": [
            {
                "code": "property-repairs",
                "name": "房屋设施维修",
                "path": ["property", "property-repairs"],
                "kinds": [],
                "parts": [],
            }
        ],
    }
]
SETTINGS = GatewaySettings(
    public_url="http://testserver",
    services={},
    oidc_issuer="http://issuer.test",
    oidc_audience="jinlin",
    oidc_client_id="jinlin-web",
    oidc_client_secret=None,
    cookie_secret="of-the-tests-only-and-known-to-everybody",
    production=False,
    limits={},
)
FORGERY = Forgery(SETTINGS)
RESIDENT = Session(
    sub="resident-1",
    name="林女士",
    roles=frozenset({"resident"}),
    places=frozenset({HOME}),
    org=None,
    access_token="token-of-resident-1",
    csrf=FORGERY.token("session-1"),
    authenticated=NOW,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a service was asked."""

    service: str
    method: str
    path: str
    token: str | None
    json: Any
    content: bytes | None
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass
class Services:
    """Answers by method, service and path; a status with a body, or the body of a 200."""

    answers: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)

    def says(self, service: str, path: str, body: Any, method: str = "GET") -> None:
        """From now on this answer."""
        self.answers[method, service, path] = body

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
        """As `Upstreams.ask`."""
        if isinstance(content, Streamed):
            content = b"".join([chunk async for chunk in content])
        self.asked.append(
            Asked(service, method, path, token, json, content, params or {}, headers or {})
        )
        if service in self.away:
            raise ServiceAway(service)
        body = self.answers.get((method, service, path))
        if body is None:
            return _answer(404, {"type": "urn:jinlin:problem:not-found", "detail": "没有"})
        status, said = body if isinstance(body, tuple) else (200, body)
        return said if isinstance(said, Answer) else _answer(status, said)

    def was_asked(self, method: str, path: str) -> Asked:
        """The last question of that kind."""
        found = [one for one in self.asked if (one.method, one.path) == (method, path)]
        assert found, f"nobody asked {method} {path}"
        return found[-1]


def _answer(status: int, body: Any) -> Answer:
    return Answer(status, {"content-type": "application/json"}, orjson.dumps(body))


def problem(status: int, code: str, detail: str, **errors: str) -> tuple[int, dict[str, Any]]:
    """A refusal as services give it."""
    body: dict[str, Any] = {"type": f"urn:jinlin:problem:{code}", "detail": detail}
    if errors:
        body["errors"] = [
            {"field": name.replace("__", "."), "detail": text} for name, text in errors.items()
        ]
    return status, body


class StillClock:
    """It is always `NOW`."""

    def now(self) -> datetime:
        """The moment."""
        return NOW


def services() -> Services:
    """Services that know the town and the categories, and are asked nothing else."""
    found = Services()
    district = {"code": "D1", "kind": "district", "name": "鼓楼区", "closed": None}
    found.says("community", "/places", {"items": [district], "next": None})
    found.says("community", "/places/tree", {"tree": TREE})
    found.says("petitions", "/categories", {"items": CATEGORIES})
    return found


def app_of(
    said: Services,
    session: Session | None = RESIDENT,
    sessions: Callable[[Request], Awaitable[None]] | None = None,
) -> ASGIApp:
    """The pages with what browsers are told to be careful of, for somebody signed in as
    `session`; or, where `sessions` is given, for whoever that says.
    """
    app = Starlette(routes=pages.ROUTES, exception_handlers=dict.fromkeys(FORESEEN, refuse))
    app.state.doorway = Doorway(
        settings=SETTINGS,
        upstreams=cast(Any, said),
        sessions=cast(Any, SimpleNamespace(forgery=FORGERY, of=sessions, kept=_kept_nowhere)),
        verifier=cast(Any, None),
        clock=cast(Any, StillClock()),
        door=Door(cast(Any, None), Catalogue()),
    )
    policy = (b"content-security-policy", page_policy(SETTINGS.oidc_issuer).encode())

    async def signed(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], policy]
            await send(message)

        if sessions is None:
            scope[SESSION] = session
        scope[MORE_HEADERS] = []
        await app(scope, receive, send_on)

    return signed


def _kept_nowhere(_request: Request) -> None:
    """There is no cookie: who is signed in is what a test says."""


def browser(said: Services, session: Session | None = RESIDENT) -> httpx.AsyncClient:
    """A browser without a script."""
    return client_of(app_of(said, session))


def client_of(app: ASGIApp) -> httpx.AsyncClient:
    """The same before any application."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url=SETTINGS.public_url,
        headers={"Accept": "text/html", "Accept-Language": "zh-CN"},
    )
