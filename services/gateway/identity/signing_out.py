"""Signing out: here and at the issuer, and when the issuer says so."""

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity.asking import form_of
from services.gateway.identity.signing_in import HOME, NOT_KEPT
from shared.runtime.keys import IssuerUnavailable
from shared.runtime.signed_tokens import NotAuthenticated

log = structlog.get_logger()


async def logout(request: Request) -> Response:
    """Ends the session for all replicas, takes back its cookie, and sends the browser to the issuer
    to sign out there as well. Raises `Forged`.
    """
    await form_of(request)
    sessions = doorway_of(request).sessions
    kept = sessions.kept(request)
    if kept is None:
        return RedirectResponse(HOME, 303, NOT_KEPT)
    await sessions.end(kept)
    sessions.cookies.take_back_session(request)
    log.info("signed_out")
    try:
        address = await sessions.provider.sign_out_address(kept.tokens.id_token)
    except IssuerUnavailable:
        address = None
    return RedirectResponse(address or HOME, 303, NOT_KEPT)


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
