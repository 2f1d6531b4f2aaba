"""Every door of a service stands in a table, so that the access matrix knows of it."""

from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from shared.runtime.service import Service, access_matrix
from tests.architecture.access_matrix import ALL
from tests.identity import Issuer
from tests.runtime.lamp_service import settings

TECHNICAL = {
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
}
"""What every service says of itself, to everybody."""


def app_of(service: Service) -> FastAPI:
    """The service's application, with nothing behind it."""
    return service.app(settings(), None, Issuer().verifier())


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Method and path of everything that an application answers."""
    return _requests(app.routes, "")


def _requests(routes: list[BaseRoute], prefix: str) -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Route):
            for method in (route.methods or set()) - {"HEAD"}:
                yield method, prefix + route.path
        elif isinstance(route, Mount):
            yield from _requests(route.routes or [], prefix + route.path)
        else:  # a router or a socket: nothing that a table makes
            yield "?", prefix + getattr(route, "path", type(route).__name__)


def in_no_table(service: Service, app: FastAPI) -> set[tuple[str, str]]:
    """The requests that are answered and that no table knows."""
    known = {(row.method, row.path) for row in access_matrix([service])}
    return set(routes_of(app)) - known - TECHNICAL


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
def test_every_route_stands_in_a_table(service: Service) -> None:
    assert in_no_table(service, app_of(service)) == set()


@pytest.mark.parametrize("service", ALL, ids=lambda service: service.name)
def test_every_row_of_the_tables_is_a_route(service: Service) -> None:
    answered = set(routes_of(app_of(service)))
    assert {(row.method, row.path) for row in access_matrix([service])} <= answered


def test_a_route_beside_the_tables_is_noticed() -> None:
    service = ALL[0]
    app = app_of(service)
    beside = APIRouter()

    @beside.get("/everything")
    async def everything() -> str:
        return ""

    app.include_router(beside)
    deep = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    deep.router.add_api_route("/two", everything)
    app.mount("/deep", deep)
    app.router.routes.append(WebSocketRoute("/live", everything))
    app.router.add_api_route("/one", everything)
    beside_the_tables = {("GET", "/one"), ("GET", "/deep/two"), ("?", "/live")}
    assert beside_the_tables < in_no_table(service, app)
    assert len(in_no_table(service, app)) == 4, "the router is noticed, too"
