"""Somebody at work: pages for those with a role, and what they ask of the services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.doorway import doorway_of
from services.gateway.identity import Session, signed_in
from services.gateway.pages import times
from services.gateway.pages.asking import Missing, ask, tell, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.languages import Texts, Tongue, texts
from services.gateway.pages.places import Places, known_places, places_of
from services.gateway.pages.refusals import Endpoint, shown
from services.gateway.pages.rendering import language_of, page
from services.gateway.pages.staff import wording
from services.gateway.pages.staff.ways import ways_for

Asked = Mapping[str, str | int | bool | Iterable[str] | None]
"""Parameters of a query; what is None or empty is left out, a list is given value by value."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, and in which language they are answered."""

    request: Request
    session: Session
    tongue: Tongue

    @property
    def now(self) -> datetime:
        """The gateway's clock."""
        return doorway_of(self.request).clock.now()

    @property
    def texts(self) -> Texts:
        """The words of their language."""
        return texts(self.tongue)

    def moment(self, value: str) -> str:
        """A time of an answer in words."""
        return times.moment(value, self.now, self.texts)

    def has(self, *roles: str) -> bool:
        """Whether they have one of these roles."""
        return not self.session.roles.isdisjoint(roles)

    async def get(self, service: str, path: str, asked: Asked | None = None) -> Any:
        """The answer to a query. Raises `Missing`, `Refusal`, `ServiceAway`."""
        return await ask(self.request, service, path + query(asked or {}))

    async def maybe(self, service: str, path: str, asked: Asked | None = None) -> Any | None:
        """The same; None for what is not there, or not for them to know."""
        try:
            return await self.get(service, path, asked)
        except Missing:
            return None

    async def places(self) -> Places:
        """The city's places; while community is away those that are known."""
        return await unless_away(places_of(self.request)) or known_places(self.request)

    async def page(
        self,
        template: str,
        *,
        status: int = HTTPStatus.OK,
        fragment: str | None = None,
        **context: Any,
    ) -> Response:
        """A page (`services.gateway.pages.rendering.page`) with `places`, `categories`, the ways on
        and the staff's words. Where the names of places cannot be had, their codes stand for them.
        """
        names = {
            "places": await self.places(),
            "categories": await unless_away(categories_of(self.request)) or Categories(),
        }
        return await page(
            self.request,
            template,
            status=status,
            fragment=fragment,
            desk_ways=ways_for(self.session.roles),
            **TABLES,
            **names,
            **context,
        )

    async def send(
        self,
        service: str,
        path: str,
        body: Mapping[str, Any],
        *,
        key: str | None = None,
        version: int | None = None,
    ) -> Any:
        """What became of a command. `key` makes that it counts once, however often it is sent;
        `version` is that of the thing it was decided on. Raises as `get`.
        """
        return await tell(self.request, service, path, body, key=key, version=version)


TABLES = {
    "statuses": wording.STATUSES,
    "outcomes": wording.OUTCOMES,
    "channels": wording.CHANNELS,
    "duties": wording.DUTIES,
    "parts": wording.PARTS,
}
"""The words that every page of the staff's has."""

Shows = Callable[[Desk], Awaitable[Response]]


def at_desk(*roles: str) -> Callable[[Shows], Endpoint]:
    """Makes an endpoint of what shows a page to who has one of these roles; to anybody signed in
    where none is named: what they may see, the services say.
    """
    wanted = frozenset(roles)

    def made(shows: Shows) -> Endpoint:
        @shown
        @wraps(shows)
        async def endpoint(request: Request) -> Response:
            session = await signed_in(request)
            desk = Desk(request, session, await language_of(request))
            if wanted and not desk.has(*wanted):
                return await desk.page("staff/not_yours.html", status=HTTPStatus.FORBIDDEN)
            return await shows(desk)

        return endpoint

    return made


def query(asked: Asked) -> str:
    """``?a=1&b=2``; empty where nothing is asked."""
    given: list[tuple[str, str]] = []
    for name, value in asked.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            given.append((name, "true" if value else "false"))
        elif isinstance(value, (str, int)):
            given.append((name, str(value)))
        else:
            given.extend((name, one) for one in value)
    return "?" + urlencode(given) if given else ""
