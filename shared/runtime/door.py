"""The door of a service: who comes in, and how a refusal is told."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Protocol

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match, Route

from shared.runtime import journal
from shared.runtime.aggregate import Rejected
from shared.runtime.bus import BusUnavailable
from shared.runtime.clock import Clock
from shared.runtime.copies import Copies
from shared.runtime.identity import Caller, Verifier
from shared.runtime.keys import IssuerUnavailable
from shared.runtime.letters import Letterbox
from shared.runtime.outcome import Busy, CauseReused, VersionMismatch
from shared.runtime.problems import (
    Catalogue,
    Language,
    Problem,
    Refused,
    answer,
    field_errors,
    language,
    unavailable,
)
from shared.runtime.signed_tokens import NotAuthenticated
from shared.runtime.store import Store


class Parts(Protocol):
    """What requests need of a running service."""

    store: Store
    copies: Copies
    clock: Clock
    letters: Letterbox


Belonging = Callable[[Copies, str], frozenset[str]]
"""The organisations that a person belongs to, from what the service keeps in memory."""


class Door:
    """Knows the callers, the texts of problems, and the parts behind it once they run."""

    def __init__(
        self, verifier: Verifier, catalogue: Catalogue, belonging: Belonging | None = None
    ) -> None:
        self.verifier = verifier
        self.catalogue = catalogue
        self.belonging = belonging
        self.parts: Parts | None = None

    @property
    def running(self) -> Parts:
        """The parts. Raises `Problem` 503 while the service waits for its store."""
        if self.parts is None:
            raise unavailable("starting")
        return self.parts

    async def caller(self, request: Request) -> Caller:
        """The verified caller, with the bodies that the service knows them to belong to. Raises
        `NotAuthenticated`, `IssuerUnavailable`.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token.strip()
        if not token or scheme.lower() != "bearer":
            raise NotAuthenticated("there is none")
        caller = self.verifier.known(token) or await self.verifier.verify(token)
        if self.belonging is None or self.parts is None:
            return caller
        bodies = self.belonging(self.parts.copies, caller.sub)
        return replace(caller, bodies=bodies) if bodies else caller

    def refuse(self, request: Request, error: Exception) -> Response:
        """The answer to a foreseen refusal."""
        speaks = language(request.headers.get("accept-language"))
        body, headers = self.told(error, speaks)
        return answer(body, speaks, headers)

    def told(self, error: Exception, speaks: Language) -> tuple[dict[str, Any], dict[str, str]]:
        """The body of the problem that a foreseen refusal is, and the headers that belong to it."""
        if isinstance(error, Rejected):
            headers = error.headers if isinstance(error, Refused) else {}
            return self.catalogue.rejection(error, speaks), headers
        problem = as_problem(error)
        return self.catalogue.problem(problem, speaks), problem.headers

    def apologize(self, request: Request, trace_id: str | None) -> Response:
        """The answer to what was not foreseen: nothing but where it is recorded."""
        speaks = language(request.headers.get("accept-language"))
        instance = f"urn:jinlin:trace:{trace_id}" if trace_id else None
        body = self.catalogue.problem(Problem(500, "internal"), speaks, instance)
        return answer(body, speaks, {})


def as_problem(error: Exception) -> Problem:
    """The problem that a refusal of the lower parts is, seen from outside."""
    match error:
        case Problem():
            return error
        case NotAuthenticated():
            challenge = 'Bearer realm="jinlin"'
            if str(error) != "there is none":
                challenge += ', error="invalid_token"'
            return Problem(
                401,
                "not-authenticated",
                headers={"WWW-Authenticate": challenge},
                reason=str(error),
            )
        case IssuerUnavailable():
            return unavailable("identity-unavailable")
        case VersionMismatch():
            return Problem(412, "version-mismatch", present=error.present)
        case CauseReused():
            return Problem(422, "idempotency-key-reused")
        case Busy():
            return unavailable("busy")
        case journal.Unavailable():
            return unavailable()
        case BusUnavailable():
            return unavailable("broker-unavailable")
        case RequestValidationError():
            return Problem(
                422,
                "invalid",
                errors=field_errors(error.errors(), skip=("query", "path", "body", "header")),
            )
        case HTTPException(status_code=404):
            return Problem(404, "not-found")
        case HTTPException():
            return Problem(error.status_code, "http-error", headers=error.headers)
    raise error


REFUSALS: tuple[type[Exception], ...] = (
    Problem,
    Rejected,
    NotAuthenticated,
    IssuerUnavailable,
    VersionMismatch,
    CauseReused,
    Busy,
    journal.Unavailable,
    BusUnavailable,
    RequestValidationError,
    HTTPException,
)
"""The foreseen refusals. Everything else is a defect, and answered with 500."""


def install(app: FastAPI, door: Door) -> None:
    """Puts the door before an application: its refusals become problems."""
    app.state.door = door

    async def refuse(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 405:
            allowed = ", ".join(sorted(_methods(app, request.scope)))
            error = Problem(405, "method-not-allowed", headers={"Allow": allowed}, allowed=allowed)
        return door.refuse(request, error)

    async def gone(_request: Request, _error: Exception) -> Response:
        return nobody_there()

    for kind in REFUSALS:
        app.add_exception_handler(kind, refuse)
    app.add_exception_handler(ClientDisconnect, gone)


def nobody_there() -> Response:
    """The answer that nobody reads: 499 is what the metrics call a caller who left."""
    return Response(status_code=499)


def _methods(app: FastAPI, scope: Any) -> set[str]:
    """All methods of the path that a request went to."""
    found: set[str] = set()
    for route in app.router.routes:
        if isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
            found |= route.methods or set()
    return found
