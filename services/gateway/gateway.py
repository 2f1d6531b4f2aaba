"""The service with its front: what every request meets first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from services.gateway.connection import CarefulProtocol
from services.gateway.doorway import Doorway
from services.gateway.front import Front
from services.gateway.identity import Sessions
from services.gateway.settings import GatewaySettings, read_gateway_settings
from services.gateway.upstream import Listings, Upstreams
from shared.runtime.clock import SystemClock
from shared.runtime.door import Door
from shared.runtime.service import Service
from shared.runtime.settings import WrongSettings, give_up, read_settings


class Gateway(Service):
    """A service whose own tables are the smallest part of what its process answers."""

    protocol = CarefulProtocol

    def run(self) -> None:
        """As every service; what is wrong with its own settings is said together with the rest."""
        lines: list[str] = []
        for read in (read_settings, read_gateway_settings):
            try:
                read()
            except WrongSettings as wrong:
                lines += wrong.lines
        if lines:
            give_up(*lines)
        super().run()

    @asynccontextmanager
    async def front(self, app: FastAPI) -> AsyncIterator[ASGIApp]:
        """The front, with connections to the services until it is left."""
        async with fronted(app, self.name, read_gateway_settings()) as front:
            yield front


@asynccontextmanager
async def fronted(app: FastAPI, name: str, settings: GatewaySettings) -> AsyncIterator[Front]:
    """The front of an application, and all that is behind it."""
    door: Door = app.state.door
    clock = SystemClock()
    async with Upstreams(settings.services, name) as upstreams, Listings(upstreams) as listings:
        sessions = Sessions(settings, clock, door)
        doorway = Doorway(settings, upstreams, sessions, door.verifier, clock, door)
        app.state.doorway = doorway  # the door's own tables ask the services, too
        yield Front(app, name, doorway, listings)
