"""Who asks: what pages and the way to the services want to know of a request."""

from datetime import timedelta

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity.forgery import FIELD, HEADER, SAFE
from services.gateway.identity.session import Forged, Session, SignInFirst
from shared.runtime.keys import IssuerUnavailable

SESSION = "jinlin.session"
"""Where a request's scope keeps what was found: a request is looked at once."""
UNRENEWED = "jinlin.session-unrenewed"
"""Where it keeps why a session cannot go on now: `IssuerUnavailable`."""


async def session_of(request: Request) -> Session | None:
    """The session of a request, its access token good for a while yet. Where it needs an issuer
    that is away to go on, there is none for now (`unrenewed`): what is everybody's is shown all the
    same. Raises `Problem` 503 while it is not known which sessions have ended.
    """
    if SESSION not in request.scope:
        session = None
        try:
            session = await doorway_of(request).sessions.of(request)
        except IssuerUnavailable as error:
            request.scope[UNRENEWED] = error
        request.scope[SESSION] = session
    found: Session | None = request.scope[SESSION]
    return found


def unrenewed(request: Request) -> bool:
    """Whether a request, whose session was looked for, has one that cannot go on just now."""
    return UNRENEWED in request.scope


def _nobody(request: Request, within: int | None = None) -> Exception:
    """Why there is nobody: a session that goes on once the issuer is back is no reason to sign in
    anew.
    """
    away: IssuerUnavailable | None = request.scope.get(UNRENEWED)
    return SignInFirst(within) if away is None else away


async def signed_in(request: Request) -> Session:
    """The session of a request. Raises `SignInFirst`, `shared.runtime.keys.IssuerUnavailable`."""
    session = await session_of(request)
    if session is None:
        raise _nobody(request)
    return session


async def freshly_signed_in(request: Request, within: timedelta) -> Session:
    """The session of a request whose person proved no longer ago than `within` who they are: for
    what nobody else should do at a browser that was left open. Raises as `signed_in`.

    A page that leads to such a thing asks already when it is shown: a form is not sent twice.
    """
    session = await session_of(request)
    seconds = int(within.total_seconds())
    if session is None or session.authenticated is None:
        raise _nobody(request, seconds)
    if doorway_of(request).clock.now() - session.authenticated > within:
        raise SignInFirst(seconds)
    return session


def csrf_field(session: Session) -> Markup:
    """The hidden field of a form."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, session.csrf)


async def form_of(request: Request) -> FormData:
    """The form of a request. Raises `Forged` where it comes from elsewhere, or with a session and
    without its token, in the form or in the header.
    """
    doorway_of(request).sessions.forgery.need_own_origin(request)
    form = await request.form()
    told = form.get(FIELD)
    await own_form(request, told if isinstance(told, str) else None)
    return form


async def own_form(request: Request, told: str | None) -> None:
    """The same for who reads a form as it comes: `told` is the token that stands in it."""
    doorway_of(request).sessions.forgery.need_own_origin(request)
    session = await session_of(request)
    if session is not None:
        _need_token(request, session, request.headers.get(HEADER) or told)


async def token_for_api(request: Request) -> str | None:
    """The access token with which a request of the door's own pages goes on to a service; None
    where it has no session. Raises `Forged` for what changes something and comes from elsewhere, or
    without the session's token in its header; `shared.runtime.keys.IssuerUnavailable`.
    """
    session = await session_of(request)
    if session is None:
        if unrenewed(request):
            raise _nobody(request)
        return None
    if request.method not in SAFE:
        doorway_of(request).sessions.forgery.need_own_origin(request)
        _need_token(request, session, request.headers.get(HEADER))
    return session.access_token


async def who_is_signed_in(request: Request) -> Response:
    """Who is signed in in this browser, and the token that their requests have to carry: for front
    ends that are no pages of the door. Raises `SignInFirst`.
    """
    session = await signed_in(request)
    told = {
        "sub": session.sub,
        "name": session.name,
        "roles": sorted(session.roles),
        "places": sorted(session.places),
        "org": session.org,
        "csrf": session.csrf,
    }
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


def _need_token(request: Request, session: Session, told: str | None) -> None:
    if told is None:
        raise Forged
    doorway_of(request).sessions.forgery.need_same(session.csrf, told)


ROUTES: list[BaseRoute] = [
    Route("/session", who_is_signed_in, methods=["GET"], name="session"),
]
