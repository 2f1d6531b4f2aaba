"""OpenID Connect as the development issuer speaks it: authorization code with PKCE, refresh, client
credentials, sign-out started by a client, and back-channel logout.

Nobody is asked for a password: one says who one is. Clients on this machine are known by where they
are, and the address that is called when a sign-in ends is found beside that of the callback.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
import uuid
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import httpx
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from deploy.local.grants import SIGN_IN_LASTS, Grants, Refused, SignIn
from deploy.local.people import SERVICE_CLIENTS, Person, ServiceClient, demo_people, split

WEB_CLIENT = "jinlin-web"
"""The gateway: a client without a secret, which PKCE makes up for."""
ACCESS_LASTS = 300
"""Seconds for which an access token holds that a sign-in or a service client is given."""
ID_TOKEN_LASTS = 300
LOGOUT_TOKEN_LASTS = 120
COOKIE = "jinlin-issuer"
CALLBACK = "/login/callback"
BACK_CHANNEL = "/logout/backchannel"
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
SCOPES = ("openid", "profile")
HERE_ONLY = ("localhost", "127.0.0.1")
NOTIFY_SECONDS = 5.0
LONGEST_FORM = 16 * 1024
GRANTS = ("authorization_code", "refresh_token", "client_credentials")
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}

Form = Mapping[str, str]


class Signer(Protocol):
    """The issuer's key at work."""

    def access(self, person: Person, **claims: Any) -> str:
        """A signed access token for the services."""
        ...

    def sign(self, typ: str, claims: Mapping[str, Any]) -> str:
        """A signed token of another type."""
        ...

    def read(self, token: str) -> Mapping[str, Any] | None:
        """The claims of a token that this key signed, expired or not; None for another's."""
        ...


class Provider:
    """The endpoints of one issuer."""

    def __init__(self, issuer: str, signer: Signer, now: Callable[[], float] = time.time) -> None:
        self.issuer = issuer
        self.grants = Grants(now)
        self._signer = signer
        self._now = now
        self._pages = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    @property
    def routes(self) -> list[BaseRoute]:
        """What is beside `/token`, which tokens for the asking share."""
        return [
            Route("/authorize", self.authorize, methods=["GET"]),
            Route("/authorize", self.identify, methods=["POST"]),
            Route("/logout", self.log_out, methods=["GET", "POST"]),
        ]

    def document(self) -> dict[str, Any]:
        """What OpenID Connect Discovery 1.0 wants to be told."""
        return {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}/jwks",
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": list(GRANTS),
            "scopes_supported": list(SCOPES),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": [
                "none",
                "client_secret_basic",
                "client_secret_post",
            ],
            "code_challenge_methods_supported": ["S256"],
            "acr_values_supported": ["1"],
            "claims_supported": [
                "sub",
                "name",
                "roles",
                "places",
                "org",
                "auth_time",
                "acr",
                "sid",
            ],
            "authorization_response_iss_parameter_supported": True,
            "backchannel_logout_supported": True,
            "backchannel_logout_session_supported": True,
        }

    # --- /authorize ------------------------------------------------------------------------------

    async def authorize(self, request: Request) -> Response:
        """A code for whoever is signed in; else the page on which one says who one is."""
        asked = request.query_params
        if (wrong := _wrong_client(asked)) is not None:
            return self._wrong(wrong)
        if (refused := self._wrong_request(asked)) is not None:
            return refused
        wants = asked.get("prompt", "").split()
        known = self.grants.signed_in(request.cookies.get(COOKIE), _max_age(asked))
        if known is not None and "login" not in wants:
            return self._back_with_code(asked, known)
        if "none" in wants:
            return self._back(asked, error="login_required")
        return self._page("sign_in.html.j2", people=demo_people(), action=f"/authorize?{asked}")

    async def identify(self, request: Request) -> Response:
        """Takes who somebody says they are."""
        asked = request.query_params
        if (wrong := _wrong_client(asked)) is not None:
            return self._wrong(wrong)
        if (refused := self._wrong_request(asked)) is not None:
            return refused
        form = await form_of(request)
        person = _person(form)
        if person is None:
            return self._wrong("sub is missing: the pseudonymous id of the person")
        made = self.grants.sign_in(person)
        answer = self._back_with_code(asked, made)
        answer.set_cookie(
            COOKIE, made.sid, max_age=int(SIGN_IN_LASTS), httponly=True, samesite="lax"
        )
        return answer

    def _wrong_request(self, asked: Form) -> Response | None:
        """What is told to the client, by the address that is known to be its own."""
        if asked.get("response_type") != "code":
            return self._back(asked, error="unsupported_response_type")
        if "openid" not in asked.get("scope", "").split():
            return self._back(asked, error="invalid_scope")
        if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
            return self._back(
                asked, error="invalid_request", error_description="PKCE with S256 is needed"
            )
        if not asked.get("max_age", "0").isdecimal():
            return self._back(asked, error="invalid_request", error_description="max_age")
        return None

    def _back_with_code(self, asked: Form, sign_in: SignIn) -> Response:
        client, address = asked["client_id"], asked["redirect_uri"]
        scope = " ".join(word for word in asked["scope"].split() if word in SCOPES)
        sign_in.clients[client] = _origin(address) + BACK_CHANNEL
        code = self.grants.code(
            sign_in, client, address, asked["code_challenge"], asked.get("nonce"), scope
        )
        return self._back(asked, code=code)

    def _back(self, asked: Form, **told: str) -> Response:
        if state := asked.get("state"):
            told["state"] = state
        query = urlencode({**told, "iss": self.issuer})
        return RedirectResponse(
            f"{asked['redirect_uri']}?{query}", status_code=303, headers=PAGE_HEADERS
        )

    # --- /token ----------------------------------------------------------------------------------

    def grant(self, form: Form, authorization: str | None) -> Response:
        """The answer to a token request with a `grant_type`. Raises `Refused`."""
        told = self._granted(form, authorization)
        return JSONResponse(
            {"token_type": "Bearer", "expires_in": ACCESS_LASTS, **told},
            headers={"Cache-Control": "no-store"},
        )

    def _granted(self, form: Form, authorization: str | None) -> dict[str, Any]:
        match form.get("grant_type"):
            case "authorization_code":
                client = _web_client(form)
                code = self.grants.redeem(
                    form.get("code", ""),
                    client,
                    form.get("redirect_uri", ""),
                    form.get("code_verifier", ""),
                )
                return self._tokens(code.sign_in, client, code.scope, code.nonce)
            case "refresh_token":
                client = _web_client(form)
                kept = self.grants.refresh(form.get("refresh_token", ""), client)
                return self._tokens(kept.sign_in, client, kept.scope, None)
            case "client_credentials":
                return self._for_service(_service_client(form, authorization), form)
        raise Refused("unsupported_grant_type", f"grant_type is one of {', '.join(GRANTS)}")

    def _tokens(
        self, sign_in: SignIn, client: str, scope: str, nonce: str | None
    ) -> dict[str, Any]:
        person, now = sign_in.person, int(self._now())
        access = self._access(person, sid=sign_in.sid, client_id=client, scope=scope)
        claims = {
            "iss": self.issuer,
            "aud": client,
            "sub": person.sub,
            "iat": now,
            "exp": now + ID_TOKEN_LASTS,
            "auth_time": int(sign_in.at),
            "acr": "1",
            "sid": sign_in.sid,
            "at_hash": _half_hash(access),
            "name": person.name,
            "nonce": nonce,
        }
        return {
            "access_token": access,
            "scope": scope,
            "id_token": self._signer.sign("JWT", claims),
            "refresh_token": self.grants.refresh_token(sign_in, client, scope),
            "refresh_expires_in": int(SIGN_IN_LASTS),
        }

    def _for_service(self, client: ServiceClient, form: Form) -> dict[str, Any]:
        wanted = form.get("scope", "").split() or list(client.scopes)
        if not set(wanted) <= set(client.scopes):
            raise Refused("invalid_scope", f"{client.id} may ask for {' '.join(client.scopes)}")
        scope = " ".join(wanted)
        person = Person(client.id, client.id, client.roles)
        token = self._access(person, client_id=client.id, scope=scope)
        return {"access_token": token, "scope": scope}

    def _access(self, person: Person, **claims: Any) -> str:
        now = int(self._now())
        return self._signer.access(person, iat=now, exp=now + ACCESS_LASTS, **claims)

    # --- /logout ---------------------------------------------------------------------------------

    async def log_out(self, request: Request) -> Response:
        """Ends a sign-in: that of the client's `id_token_hint`, else, after asking, that of the
        browser. Clients are told before the answer is given.
        """
        posted = await form_of(request) if request.method == "POST" else {}
        asked = {**request.query_params, **posted}
        hint = self._signer.read(asked.get("id_token_hint", "")) or {}
        sid = hint.get("sid") or (request.cookies.get(COOKIE) if posted else None)
        if hint.get("sid") is None and not posted:
            known = self.grants.signed_in(request.cookies.get(COOKIE))
            return self._page("sign_out.html.j2", name=known.person.name if known else None)
        known = self.grants.signed_in(str(sid))
        if known is not None:
            self.grants.end(known)
            await self._tell_clients(known)
        address = asked.get("post_logout_redirect_uri", "")
        if hint and _is_here(address):
            state = {"state": asked["state"]} if "state" in asked else {}
            answer: Response = RedirectResponse(
                f"{address}?{urlencode(state)}" if state else address, 303, PAGE_HEADERS
            )
        else:
            answer = self._page("sign_out.html.j2", name=None)
        answer.delete_cookie(COOKIE)
        return answer

    async def _tell_clients(self, sign_in: SignIn) -> None:
        """OpenID Connect Back-Channel Logout 1.0. A client that does not answer is not asked again:
        its sessions end when it wants to refresh them.
        """
        async with httpx.AsyncClient(timeout=NOTIFY_SECONDS, trust_env=False) as http:
            calls = [
                http.post(address, data={"logout_token": self.logout_token(client, sign_in)})
                for client, address in sign_in.clients.items()
            ]
            await asyncio.gather(*calls, return_exceptions=True)

    def logout_token(self, client: str, sign_in: SignIn) -> str:
        """What tells a client that a sign-in has ended."""
        now = int(self._now())
        claims = {
            "iss": self.issuer,
            "aud": client,
            "iat": now,
            "exp": now + LOGOUT_TOKEN_LASTS,
            "jti": str(uuid.uuid4()),
            "sub": sign_in.person.sub,
            "sid": sign_in.sid,
            "events": {LOGOUT_EVENT: {}},
        }
        return self._signer.sign("logout+jwt", claims)

    # --- pages -----------------------------------------------------------------------------------

    def _page(self, template: str, status: int = 200, **words: Any) -> Response:
        text = self._pages.get_template(template).render(**words)
        return HTMLResponse(text, status_code=status, headers=PAGE_HEADERS)

    def _wrong(self, why: str) -> Response:
        return self._page("sign_in_refused.html.j2", status=400, why=why)


# --- clients -------------------------------------------------------------------------------------


def _wrong_client(asked: Form) -> str | None:
    """Why nobody can be sent back: an address that is not the client's must not be followed."""
    if asked.get("client_id") != WEB_CLIENT:
        return f"client_id is {WEB_CLIENT}"
    address = asked.get("redirect_uri", "")
    if not _is_here(address) or urlsplit(address).path != CALLBACK or "?" in address:
        return f"redirect_uri is {CALLBACK} at a port of localhost"
    return None


def _is_here(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme == "http" and parts.hostname in HERE_ONLY and not parts.fragment


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _web_client(form: Form) -> str:
    if form.get("client_id") != WEB_CLIENT:
        raise Refused("invalid_client", f"client_id is {WEB_CLIENT}")
    return WEB_CLIENT


def _service_client(form: Form, authorization: str | None) -> ServiceClient:
    """Who asks, by HTTP Basic or by the form."""
    id, secret = form.get("client_id", ""), form.get("client_secret", "")
    scheme, _, given = (authorization or "").partition(" ")
    if scheme.lower() == "basic":
        try:
            id, _, secret = b64decode(given, validate=True).decode().partition(":")
        except (NotBase64, UnicodeDecodeError):
            raise Refused("invalid_client", "Authorization is no HTTP Basic") from None
        id, secret = unquote(id), unquote(secret)
    client = SERVICE_CLIENTS.get(id)
    if client is None or client.secret != secret:
        raise Refused("invalid_client", "there is no such client, or its secret is another")
    return client


def _person(form: Form) -> Person | None:
    """One of the demo's people, or whoever was described."""
    sub = form.get("sub", "").strip()
    for person in demo_people():
        if person.sub == sub and "name" not in form:
            return person
    if not sub:
        return None
    return Person(
        sub,
        form.get("name", "").strip() or sub,
        tuple(split(form.get("roles", ""))),
        tuple(split(form.get("places", ""))),
        form.get("org", "").strip() or None,
    )


# --- small things --------------------------------------------------------------------------------


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form; of a field that comes twice, both with a comma in between. Raises
    `Refused` for one that is too long.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST_FORM:
            raise Refused("invalid_request", f"the form is longer than {LONGEST_FORM} bytes")
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: ",".join(values) for name, values in fields.items()}


def _max_age(asked: Form) -> float | None:
    return float(asked["max_age"]) if "max_age" in asked else None


def _half_hash(token: str) -> str:
    """`at_hash` of OpenID Connect Core 1.0, 3.1.3.6, for the SHA-256 of ES256."""
    half = hashlib.sha256(token.encode()).digest()[:16]
    return urlsafe_b64encode(half).rstrip(b"=").decode()


def refusal(refused: Refused) -> Response:
    """An OAuth error as RFC 6749, 5.2, wants it told."""
    status = 401 if refused.error == "invalid_client" else 400
    return JSONResponse(
        {"error": refused.error, "error_description": str(refused)},
        status_code=status,
        headers={"Cache-Control": "no-store"},
    )
