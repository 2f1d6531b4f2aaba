"""Who asks at the door: by their token, or by the session of their browser."""

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.types import Receive, Scope

from services.gateway.doorway import Doorway
from services.gateway.identity import Session, session_of, token_for_api
from shared.runtime.identity import Caller
from shared.runtime.keys import IssuerUnavailable
from shared.runtime.signed_tokens import NotAuthenticated

READING = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Asker:
    """`caller` is None for nobody in particular, `token` what the session stands for where the
    request has none of its own.
    """

    caller: Caller | None = None
    token: str | None = None


NOBODY = Asker()


class Askers:
    """Finds out who asks."""

    def __init__(self, doorway: Doorway, pages: Starlette) -> None:
        """`pages` is the application that sessions belong to."""
        self._doorway = doorway
        self._pages = pages

    async def of(self, scope: Scope, receive: Receive) -> Asker:
        """Who sends a request to the API. A token that is not valid is nobody's: whoever the
        request is passed on to says what is wrong with it.

        Raises `Forged` for a request that changes something, comes by a session and lacks its
        CSRF token: a page of somebody else can send the cookie along, but not know that.
        """
        for name, value in scope["headers"]:
            if name == b"authorization":
                scheme, _, token = value.decode("latin-1").partition(" ")
                token = token.strip()
                return Asker(await self._verified(token)) if scheme.lower() == "bearer" else NOBODY
        request = self._with_session(scope, receive)
        token = None if request is None else await token_for_api(request)
        return NOBODY if token is None else Asker(await self._verified(token), token)

    async def session(self, scope: Scope, receive: Receive) -> Session | None:
        """The session of a request's cookie, if it has one."""
        request = self._with_session(scope, receive)
        return None if request is None else await session_of(request)

    def _with_session(self, scope: Scope, receive: Receive) -> Request | None:
        """The request, if there seems to be a session among its cookies."""
        cookies = [value for name, value in scope["headers"] if name == b"cookie"]
        if not cookies or not self._doorway.sessions.among(b"; ".join(cookies).decode("latin-1")):
            return None
        scope["app"] = self._pages
        return Request(scope, receive)

    async def _verified(self, token: str) -> Caller | None:
        verifier = self._doorway.verifier
        try:
            return verifier.known(token) or await verifier.verify(token)
        except (NotAuthenticated, IssuerUnavailable):
            return None
