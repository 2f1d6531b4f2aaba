"""What every request gets: a trace, an id, metrics, a log line, and an answer whatever happens."""

import re
import secrets
import time
from typing import Any

import structlog
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime import logs, tracing
from shared.runtime.door import Door
from shared.runtime.metrics import HTTP_REQUESTS, HTTP_SECONDS

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{1,64}")
_METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"))

log = structlog.get_logger()


class Requests:
    """An ASGI layer, one for all of it: each further layer costs every request."""

    def __init__(self, app: ASGIApp, service: str, door: Door) -> None:
        self._app = app
        self._service = service
        self._door = door
        self._metrics: dict[tuple[str, str, str], tuple[Any, Any]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        traceparent, request_id = _names(scope)
        method = scope["method"]
        token = tracing.begin(traceparent, f"{method} {self._service}")
        named = logs.request_id.set(request_id)
        status = 0
        id_header = (b"x-request-id", request_id.encode())

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"].append(id_header)
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        except Exception as error:
            log.error("request_failed", method=method, route=_route(scope), exc_info=error)
            if status:
                raise  # half an answer is sent: only a cut connection tells the caller
            apology = self._door.apologize(Request(scope), tracing.current_trace_id())
            await apology(scope, receive, send_on)
        finally:
            seconds = time.perf_counter() - began
            self._count(scope, status, seconds)
            log.debug(
                "request",
                method=method,
                route=_route(scope),
                status=status,
                milliseconds=round(seconds * 1000, 2),
            )
            logs.request_id.reset(named)
            tracing.end(token, status >= 500, _route(scope), status)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        key = (_route(scope), method, f"{status // 100}xx")
        found = self._metrics.get(key)
        if found is None:
            found = self._metrics[key] = (
                HTTP_REQUESTS.labels(self._service, *key),
                HTTP_SECONDS.labels(self._service, key[0], key[1]),
            )
        found[0].inc()
        found[1].observe(seconds)


def _route(scope: Scope) -> str:
    """The route's template; never the path itself, which has ids in it."""
    route = scope.get("route")
    return str(getattr(route, "path", "none"))


def _names(scope: Scope) -> tuple[str | None, str]:
    """The caller's traceparent and request id, where usable."""
    traceparent = request_id = None
    for name, value in scope["headers"]:
        if name == b"traceparent":
            traceparent = value.decode("latin-1")
        elif name == b"x-request-id" and _REQUEST_ID.fullmatch(value):
            request_id = value.decode()
    return traceparent, request_id or secrets.token_hex(8)
