"""The front: what a request meets before anything else."""

from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway import identity, open311, pages, public
from services.gateway.doorway import MORE_HEADERS, Doorway
from services.gateway.refusing import FORESEEN, refuse

ROUTES: list[BaseRoute] = [
    *identity.ROUTES,
    *open311.ROUTES,
    *public.ROUTES,
    *pages.ROUTES,
]
"""Everything that is answered here, but for the service's own tables."""


class Front:
    """The ASGI application of a process of the door."""

    def __init__(self, tables: ASGIApp, doorway: Doorway) -> None:
        """`tables` answers what no route does: the service's own application."""
        self._routes = Starlette(routes=ROUTES, exception_handlers=dict.fromkeys(FORESEEN, refuse))
        self._routes.router.redirect_slashes = False
        self._routes.router.default = tables
        self._routes.state.doorway = doorway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        more: list[tuple[bytes, bytes]] = []
        scope[MORE_HEADERS] = more

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *more]
            await send(message)

        await self._routes(scope, receive, send_on)
