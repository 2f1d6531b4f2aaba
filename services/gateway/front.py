"""The front: what a request meets before anything else."""

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway import described, identity, open311, pages, public
from services.gateway.askers import NOBODY, Asker, Askers
from services.gateway.described import Described
from services.gateway.doorway import MORE_HEADERS, Doorway
from services.gateway.dressing import Dressing, undressed
from services.gateway.incoming import Incoming, too_large
from services.gateway.limiting import Group, Limiting, Origins
from services.gateway.limiting.origin import near
from services.gateway.passing import Passing, allowed
from services.gateway.passing.target import LONGEST_PATH, PREFIX, target_of
from services.gateway.refusing import FORESEEN, apologize, refuse
from services.gateway.scopes import need_scope
from services.gateway.shielding import Shielding
from services.gateway.upstream import Listings
from services.gateway.upstream.listing import Listing
from shared.runtime import tracing
from shared.runtime.door import nobody_there
from shared.runtime.identity import Caller
from shared.runtime.problems import Problem
from shared.runtime.requests import Requests

ROUTES: list[BaseRoute] = [
    *described.ROUTES,
    *identity.ROUTES,
    *open311.ROUTES,
    *public.ROUTES,
    *pages.ROUTES,
]
"""Everything that is answered here, but for the service's own tables."""

TECHNICAL = ("/livez", "/readyz", "/metrics")
"""What is told to those who run the door, and to nobody who comes from outside."""
OWN = b"/api/gateway/"
"""Where the service's own tables are found: they are a service like the others."""
REFUSED = "jinlin.refused"
"""Where a request's scope keeps why it does not reach those tables."""
DESCRIBED = ("/api/openapi.json", "/api/docs", "/api/docs.css")
SIGNING_IN = ("/login", "/logout")
BACK_CHANNEL = "/logout/backchannel"
"""Where the issuer calls, which may have many to sign out at once."""
UNCOUNTED = ("/assets/",)
"""What costs nothing: files that browsers keep."""
MOST_FORM = 210 * 1024 * 1024
"""Bytes of a form with files."""
MOST_OTHER = 1024 * 1024
"""Bytes of any other body that the door itself reads."""


class Front:
    """The ASGI application of a process of the door."""

    def __init__(self, tables: FastAPI, name: str, doorway: Doorway, listings: Listings) -> None:
        """`tables` answers for the service's own tables, `name` is the service's."""
        settings = doorway.settings
        self.doorway = doorway
        self._tables = tables
        self._own_listing: Listing | None = None
        self._routes = Starlette(
            routes=ROUTES,
            exception_handlers={
                **dict.fromkeys(FORESEEN, refuse),
                ClientDisconnect: _gone,
                Exception: apologize,
            },
        )
        self._routes.router.redirect_slashes = False
        self._routes.state.doorway = doorway
        self._routes.state.described = Described(
            listings, tables.openapi, name, settings.public_url
        )
        self._askers = Askers(doorway, self._routes)
        self._limiting = Limiting(name, settings.limits)
        self._origins = Origins(settings.proxies)
        self._shielding = Shielding(settings.oidc_issuer, settings.production)
        self._passing = Passing(doorway.upstreams, listings, settings.public_url)
        self._requests = Requests(self._dispatch, name, doorway.door)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, whatever happens."""
        if scope["type"] != "http":
            return
        scope[MORE_HEADERS] = []
        scope["headers"] = undressed(scope["headers"])
        dressed = Dressing(scope, send, self._shielding)
        if scope["raw_path"].startswith(OWN):
            try:
                await self._to_own(scope, receive)
            except FORESEEN as error:
                scope[REFUSED] = error  # told like any refusal, with an id and a trace
                await self._requests(scope, receive, dressed)
            else:
                await self._tables(scope, receive, dressed)
        elif scope["path"] in TECHNICAL and near(self._address(scope)):
            await self._tables(scope, receive, dressed)
        else:
            await self._requests(scope, receive, dressed)

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace = tracing.current_traceparent()
        if trace is not None:
            scope[MORE_HEADERS].append((b"traceresponse", trace.encode()))
        if (refused := scope.get(REFUSED)) is not None:
            await self._refuse(refused, scope, receive, send)
        elif scope["raw_path"].startswith(PREFIX.encode()) and scope["path"] not in DESCRIBED:
            await self._refusing(self._pass_on, scope, receive, send)
        else:
            await self._refusing(self._answer, scope, receive, send)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        asker = await self._askers.of(scope, receive)
        address = self._address(scope)
        self._count(scope, self._limiting.group(scope["method"], asker.caller), asker, address)
        await self._passing(scope, receive, send, asker, address)

    async def _to_own(self, scope: Scope, receive: Receive) -> None:
        """Makes a request one to the service's own tables, which are found like those of other
        services. Raises what is refused before them.
        """
        _refuse_sockets(scope)
        asker = await self._askers.of(scope, receive)
        group = self._limiting.group(scope["method"], asker.caller)
        self._count(scope, group, asker, self._address(scope))
        target = target_of(scope["raw_path"])
        operation = allowed(self._listing(), target, scope["method"])
        need_scope(asker.caller, target.service, operation)
        scope["path"] = "/" + "/".join(target.segments)
        scope["raw_path"] = target.path.encode()
        if asker.token is not None:
            bearer = (b"authorization", f"Bearer {asker.token}".encode())
            scope["headers"] = [*scope["headers"], bearer]

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A page, or whatever else has a route here."""
        if len(scope["raw_path"]) > LONGEST_PATH:
            raise Problem(414, "too-long", most=LONGEST_PATH)
        if not scope["path"].startswith(UNCOUNTED):
            session = await self._askers.session(scope, receive)
            asker = Asker(Caller(session.sub)) if session is not None else NOBODY
            group = self._limiting.group(scope["method"], asker.caller)
            if scope["path"].startswith(SIGNING_IN) and scope["path"] != BACK_CHANNEL:
                group = Group.SIGNING_IN
            self._count(scope, group, asker, self._address(scope))
        await self._routes(scope, bounded(scope, receive), send)

    def _listing(self) -> Listing:
        """What the service's own tables list: it never changes."""
        if self._own_listing is None:
            self._own_listing = Listing(self._tables.openapi())
        return self._own_listing

    def _count(self, scope: Scope, group: Group, asker: Asker, address: str) -> None:
        scope[MORE_HEADERS] += self._limiting.count(group, asker.caller, address)

    def _address(self, scope: Scope) -> str:
        client = scope["client"]
        return self._origins.of(client[0] if client else None, scope["headers"])

    async def _refusing(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers what is foreseen with a refusal."""
        try:
            _refuse_sockets(scope)
            await app(scope, receive, send)
        except FORESEEN as error:
            await self._refuse(error, scope, receive, send)
        except ClientDisconnect:
            await nobody_there()(scope, receive, send)

    async def _refuse(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self._routes
        refusal = await refuse(Request(scope), error)
        await refusal(scope, receive, send)


def bounded(scope: Scope, receive: Receive) -> Receive:
    """Reads a request's body within bounds. Raises `Problem` 413 for one that says it is longer;
    later `Incoming` does.
    """
    headers = dict(scope["headers"])
    is_form = headers.get(b"content-type", b"").startswith(b"multipart/form-data")
    most = MOST_FORM if is_form else MOST_OTHER
    if int(headers.get(b"content-length", b"0")) > most:
        raise too_large(most)
    incoming = Incoming(receive, most)

    async def within() -> Message:
        return await (receive() if incoming.complete else incoming.message())

    return within


def _refuse_sockets(scope: Scope) -> None:
    """No service has sockets; who asked for one would take the answer for something else. Other
    protocols that a caller would like better may be passed over (RFC 9110, 7.8).

    Raises `Problem` 400.
    """
    for name, value in scope["headers"]:
        if name == b"upgrade" and b"websocket" in value.lower():
            raise Problem(400, "no-websockets")


async def _gone(_request: Request, _error: Exception) -> Response:
    return nobody_there()
