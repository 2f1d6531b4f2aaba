"""Signing out: here and at the issuer, and when the issuer says so."""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity.asking import form_of, unrenewed
from services.gateway.identity.forgery import FIELD
from services.gateway.identity.session import Kept
from services.gateway.identity.sessions import Sessions
from services.gateway.identity.signing_in import HOME, NOT_KEPT
from shared.runtime.keys import IssuerUnavailable
from shared.runtime.signed_tokens import NotAuthenticated

log = structlog.get_logger()


async def logout(request: Request) -> Response:
    """Ends the session for all replicas, takes back its cookie, and sends the browser to the issuer
    to sign out there as well. Raises `Forged`.
    """
    form = await form_of(request)
    sessions = doorway_of(request).sessions
    kept = sessions.kept(request)
    if kept is None:
        return RedirectResponse(HOME, 303, NOT_KEPT)
    if unrenewed(request):  # nobody's form was looked at so far
        sessions.forgery.need_same(sessions.forgery.token(kept.id), str(form.get(FIELD, "")))
    await sessions.end(kept)
    sessions.cookies.take_back_session(request)
    log.info("signed_out")
    return RedirectResponse(await _onwards(sessions, kept), 303, NOT_KEPT)


async def leave_for_good(request: Request) -> str:
    """Ends all sessions of whoever is signed in, on whatever device, and says where their browser
    goes to sign out at the issuer as well. Raises as `Sessions.end_all`.
    """
    sessions = doorway_of(request).sessions
    kept = sessions.kept(request)
    if kept is None:
        return HOME
    await sessions.end_all("sub", kept.sub)
    sessions.cookies.take_back_session(request)
    log.info("signed_out_for_good")
    return await _onwards(sessions, kept)


async def _onwards(sessions: Sessions, kept: Kept) -> str:
    """Where the issuer signs a browser out; home while it is away, or knows no such thing."""
    try:
        return await sessions.provider.sign_out_address(kept.tokens.id_token) or HOME
    except IssuerUnavailable:
        return HOME


async def backchannel(request: Request) -> Response:
    """OpenID Connect Back-Channel Logout 1.0: the issuer says, with a token that it signed, that a
    sign-in has ended, or all of a person's. It is known to all replicas when this is answered.
    """
    sessions = doorway_of(request).sessions
    token = (await request.form()).get("logout_token")
    if not isinstance(token, str):
        return _refused("logout_token is missing")
    try:
        told = await sessions.id_tokens.of_logout(token)
    except NotAuthenticated as error:
        log.warning("logout_refused", reason=str(error))
        return _refused(str(error))
    kind, id = ("sid", told.sid) if told.sid is not None else ("sub", told.sub or "")
    await sessions.end_all(kind, id, cause=f"logout>{told.id}")
    log.info("signed_out_by_issuer", kind=kind)
    return Response(status_code=200, headers={"Cache-Control": "no-store"})


def _refused(why: str) -> Response:
    return JSONResponse(
        {"error": "invalid_request", "error_description": why},
        status_code=400,
        headers={"Cache-Control": "no-store"},
    )


ROUTES: list[BaseRoute] = [
    Route("/logout", logout, methods=["POST"], name="logout"),
    Route("/logout/backchannel", backchannel, methods=["POST"], name="logout by the issuer"),
]
