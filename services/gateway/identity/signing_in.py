"""Signing in: to the issuer and back (authorization code with PKCE)."""

import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

import structlog
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity.asking import session_of
from services.gateway.identity.provider import CALLBACK, Asked, GrantRefused
from services.gateway.identity.session import SignInFirst
from shared.runtime.problems import Refused
from shared.runtime.signed_tokens import NotAuthenticated

LOGIN = "/login"
HOME = "/"
LASTS = 600
"""Seconds that somebody has at the issuer."""
MOST_AT_ONCE = 4
"""Sign-ins under way in one browser; of more, all but the newest are forgotten."""
LONGEST_NEXT = 2_000
OLDEST_PROOF = 86_400
"""Seconds: the longest that `fresh` may ask for."""
NOT_KEPT: Mapping[str, str] = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""Headers of what has a code or a state in its address."""

_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
"""Printable ASCII without a backslash, which browsers read as a slash; one slash at its start."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A sign-in under way, as its cookie holds it. `until` is in seconds since 1970."""

    asked: Asked
    next: str
    until: float


async def login(request: Request) -> Response:
    """Sends a browser to the issuer; with ``fresh``, to prove who they are unless that was done
    within so many seconds. ``next`` is where they go on afterwards.
    """
    sessions = doorway_of(request).sessions
    after = local_path(request.query_params.get("next"))
    max_age = _seconds(request.query_params.get("fresh"))
    if max_age is None and await session_of(request) is not None:
        return RedirectResponse(after, 303, NOT_KEPT)
    asked = Asked(
        secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), max_age
    )
    address = await sessions.provider.sign_in_address(asked)
    cookies = sessions.cookies
    if len(others := cookies.under_way(request)) >= MOST_AT_ONCE:
        for name in others:
            cookies.take_back(request, name)
    under_way = UnderWay(asked, after, sessions.now() + LASTS)
    cookies.give(
        request,
        cookies.signing_in(asked.state),
        sessions.begun_sign_ins.sealed(under_way),
        seconds=LASTS,
    )
    return RedirectResponse(address, 303, NOT_KEPT)


async def callback(request: Request) -> Response:
    """Takes what the issuer sends back, once, and begins a session."""
    told = request.query_params
    sessions = doorway_of(request).sessions
    under_way = _under_way(request, told.get("state", ""))
    endpoints = await sessions.provider.endpoints()
    # Answers of another issuer must not be taken for this one's (RFC 9207).
    if told.get("iss", sessions.provider.issuer) != sessions.provider.issuer or (
        endpoints.says_iss and "iss" not in told
    ):
        raise _failed("iss is another issuer")
    if (error := told.get("error")) is not None:
        if error == "access_denied":
            raise Refused("sign-in-declined", "the sign-in was called off", 403)
        raise _failed(error)
    asked = under_way.asked
    try:
        tokens = await sessions.provider.redeem(told.get("code", ""), asked.verifier)
        if tokens.id_token is None:
            raise NotAuthenticated("there is no ID token")
        who = await sessions.id_tokens.of_sign_in(
            tokens.id_token, asked.nonce, tokens.access, asked.max_age
        )
        await sessions.begin(request, who, tokens)
    except (GrantRefused, NotAuthenticated) as error:
        raise _failed(str(error)) from None
    log.info("signed_in")
    return RedirectResponse(under_way.next, 303, NOT_KEPT)


def _under_way(request: Request, state: str) -> UnderWay:
    """The sign-in that this browser began with that state; it is no longer under way then. Raises
    `Refused`.
    """
    sessions = doorway_of(request).sessions
    name = sessions.cookies.signing_in(state)
    if name in sessions.cookies.under_way(request):
        sessions.cookies.take_back(request, name)
        found = sessions.begun_sign_ins.opened(request.cookies[name], UnderWay)
        if (
            found is not None
            and sessions.now() < found.until
            and hmac.compare_digest(found.asked.state.encode(), state.encode())
        ):
            return found
    raise Refused(
        "sign-in-not-begun",
        "this sign-in took too long, or was not begun in this browser: sign in again",
        400,
    )


def _failed(reason: str) -> Refused:
    log.warning("sign_in_refused", reason=reason[:100])
    return Refused("sign-in-failed", "the sign-in did not succeed: sign in again", 400)


def address_of(error: SignInFirst, after: str) -> str:
    """Where somebody is sent who has to sign in before they may see `after`."""
    query = {"next": after}
    if error.within is not None:
        query["fresh"] = str(error.within)
    return f"{LOGIN}?{urlencode(query)}"


def local_path(given: str | None) -> str:
    """A path of this door to go on to; home for anything that leads elsewhere, or nowhere."""
    if given is None or len(given) > LONGEST_NEXT or not _PATH.fullmatch(given):
        return HOME
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or parts.path.startswith((LOGIN, "/logout")):
        return HOME
    return given


def _seconds(text: str | None) -> int | None:
    if text is None or not text.isdecimal() or not text.isascii():
        return None
    return max(1, min(int(text[:9]), OLDEST_PROOF))


ROUTES: list[BaseRoute] = [
    Route(LOGIN, login, methods=["GET"], name="login"),
    Route(CALLBACK, callback, methods=["GET"], name="login callback"),
]
