"""A service's web application: the tables' routes, the queries, health and the OpenAPI document."""

from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope, Send

from shared.runtime import endpoints, health, openapi
from shared.runtime.api import AggregateApi
from shared.runtime.door import REFUSALS, Door, install, nobody_there
from shared.runtime.queries import Queries
from shared.runtime.requests import Requests

VERSION = "1"
"""Of the HTTP interface."""


class Application(FastAPI):
    """FastAPI, but for commands: those go straight to their endpoint.

    FastAPI's own layers (seven of them, most for things a command does not use) cost as much as
    everything else that is done for a command over HTTP.
    """

    def __init__(self, service: str, door: Door) -> None:
        super().__init__(
            title=f"Jinlin {service}",
            version=VERSION,
            description=f"Commands and queries of {service}.",
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
        )
        self._door = door
        self._requests = Requests(self._dispatch, service, door)
        self._commands: dict[tuple[str, ...], endpoints.TableRoute] = {}

    def command(self, route: endpoints.TableRoute) -> None:
        """Lets ``POST`` requests to a route's path go straight to its endpoint."""
        self._commands[tuple(route.path.split("/"))] = route

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._requests(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self._command_of(scope) if scope["method"] == "POST" else None
        if route is None:
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        scope["route"] = route
        request = Request(scope, receive, send)
        try:
            response = await route.answer(request)
        except REFUSALS as error:
            response = self._door.refuse(request, error)
        except ClientDisconnect:
            response = nobody_there()
        await response(scope, receive, send)

    def _command_of(self, scope: Scope) -> endpoints.TableRoute | None:
        parts = tuple(scope["path"].split("/"))
        if len(parts) != 4:
            return self._commands.get(parts)
        scope["path_params"] = {"id": parts[2]}
        return self._commands.get((*parts[:2], "{id}", parts[3]))


def build(
    service: str, apis: Sequence[AggregateApi], queries: Sequence[Queries], door: Door
) -> FastAPI:
    """The application. Requests that need the parts are answered with 503 until `door.parts` is
    set.
    """
    app = Application(service, door)
    install(app, door)
    tags = [api.tag for api in apis]
    # Commands first, for they are looked for in this order; queries before the things, so that
    # `/petitions/mine` is no id.
    for api in apis:
        _add_commands(app, api)
    for each in queries:
        each.add_to(app)
        tags += each.tags
    for api in apis:
        _add_things(app, api)
    for path, endpoint in (
        ("/livez", health.livez),
        ("/readyz", health.readyz),
        ("/metrics", health.metrics),
    ):
        extra = {"responses": {"200": {"description": "Well"}}}
        if path == "/readyz":
            extra["responses"]["503"] = {"description": "Not ready: each part and its reason"}
        _add(app, path, endpoint, "GET", ["Health"], extra)

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = openapi.document(app, [*dict.fromkeys(tags), "Health"])
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
    for route in app.routes:
        if isinstance(route, endpoints.TableRoute) and "POST" in (route.methods or ()):
            app.command(route)
    return app


def _add_commands(app: FastAPI, api: AggregateApi) -> None:
    if api.create is not None:
        _add(
            app,
            f"/{api.collection}",
            endpoints.create_endpoint(api, api.create),
            "POST",
            [api.tag],
            openapi.create_operation(api.create),
            status=201,
        )
    for name, verb in api.verbs.items():
        _add(
            app,
            f"/{api.collection}/{{id}}/{name}",
            endpoints.verb_endpoint(api, verb),
            "POST",
            [api.tag],
            openapi.verb_operation(verb),
        )

    for name, row in api.beneath.items():
        _add(
            app,
            f"/{api.collection}/{{id}}/{name}",
            endpoints.beneath_endpoint(api, row),
            "POST",
            [api.tag],
            openapi.beneath_operation(row),
            status=201,
        )


def _add_things(app: FastAPI, api: AggregateApi) -> None:
    path = f"/{api.collection}/{{id}}"
    _add(app, path, endpoints.thing_endpoint(api), "GET", [api.tag], openapi.thing_operation(api))
    _add(
        app,
        f"{path}/timeline",
        endpoints.timeline_endpoint(api),
        "GET",
        [api.tag],
        openapi.timeline_operation(api),
    )


def _add(
    app: FastAPI,
    path: str,
    endpoint: endpoints.Endpoint,
    method: str,
    tags: list[Any],
    operation: dict[str, Any],
    status: int = 200,
) -> None:
    words = path.strip("/").replace("{id}", "one").split("/")
    app.router.add_api_route(
        path,
        endpoint,
        methods=[method],
        name=" ".join([method.lower(), *words]),
        summary=f"{method} {path}",
        description=_meaning(operation),
        operation_id="-".join([method.lower(), *words]),
        tags=tags,
        status_code=status,
        response_model=None,
        openapi_extra=operation,
        route_class_override=endpoints.TableRoute,
    )


def _meaning(operation: dict[str, Any]) -> str:
    may = operation.get("x-may")
    return f"May: {may}." if may else ""
