"""Who somebody at the door is: logging in and out, and the session that follows."""

from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import BaseRoute

from services.gateway.settings import GatewaySettings
from shared.runtime.clock import Clock
from shared.runtime.door import Door

ROUTES: list[BaseRoute] = []

SESSION_COOKIE = "jinlin-session"
"""The name of the cookie, in local mode."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. `csrf` is what their forms carry, `language` their choice."""

    sub: str
    name: str
    roles: frozenset[str]
    places: frozenset[str]
    org: str | None
    access_token: str
    csrf: str
    language: str | None = None


class SignInFirst(Exception):
    """Only those who are logged in may see this."""


class Forged(Exception):
    """A form or a request came without the CSRF token of its session."""


class Sessions:
    """Opens and seals session cookies."""

    def __init__(self, settings: GatewaySettings, clock: Clock, door: Door) -> None:
        """`door.parts` has the copies that tell which sessions have ended."""
        self.settings = settings
        self.clock = clock
        self.door = door

    def among(self, cookies: str) -> bool:
        """Whether a Cookie header seems to hold a session: asked of every request to ``/api``."""
        return SESSION_COOKIE in cookies


async def session_of(_request: Request) -> Session | None:
    """The session of a request."""
    return None


async def signed_in(request: Request) -> Session:
    """The session of a request. Raises `SignInFirst`."""
    session = await session_of(request)
    if session is None:
        raise SignInFirst
    return session


def csrf_field(session: Session) -> str:
    """The hidden field of a form."""
    return session.csrf


async def form_of(request: Request) -> FormData:
    """The form of a request. Raises `Forged`."""
    return await request.form()
