"""The identity provider, as the door speaks to it: OpenID Connect Core 1.0, RFC 6749, RFC 7636."""

import asyncio
import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import structlog

from services.gateway.identity.session import Tokens
from services.gateway.settings import GatewaySettings
from shared.runtime.keys import IssuerUnavailable, issuer_client

CALLBACK = "/login/callback"
SCOPE = "openid profile"
ENDPOINTS_LAST = 3600.0
"""Seconds after which the provider is asked again where its endpoints are."""
RETRY_PAUSE = 1.0
"""Seconds for which nobody asks a provider that did not answer."""
SHORTEST_ACCESS = 30
"""Seconds taken for the life of an access token where the provider does not say it."""

log = structlog.get_logger()


class GrantRefused(Exception):
    """The provider gives nothing for this code or refresh token; the text is its error code."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where the provider is asked for what. `says_iss`: its answers name it (RFC 9207)."""

    authorization: str
    token: str
    end_session: str | None
    says_iss: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sign-in is begun with. `max_age`: seconds since they last proved who they are."""

    state: str
    nonce: str
    verifier: str
    max_age: int | None = None


class Provider:
    """The provider of one issuer, for one client: this door."""

    def __init__(
        self,
        settings: GatewaySettings,
        now: Callable[[], float],
        http: httpx.AsyncClient | None = None,
    ) -> None:
        """`now` gives the seconds since 1970."""
        self.issuer = settings.oidc_issuer
        self.client_id = settings.oidc_client_id
        self._secret = settings.oidc_client_secret
        self._callback = settings.public_url + CALLBACK
        self._home = settings.public_url + "/"
        self._now = now
        self._http = http or issuer_client(settings.oidc_issuer)
        self._endpoints: Endpoints | None = None
        self._asked = float("-inf")
        self._failed = float("-inf")
        self._asking = asyncio.Lock()

    async def sign_in_address(self, asked: Asked) -> str:
        """Where a browser is sent to sign in. Raises `IssuerUnavailable`."""
        endpoints = await self.endpoints()
        query = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self._callback,
            "scope": SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge_of(asked.verifier),
            "code_challenge_method": "S256",
        }
        if asked.max_age is not None:
            query["max_age"] = str(asked.max_age)
            # Not every provider knows max_age; when they proved it is looked at all the same.
            query["prompt"] = "login"
        return _with_query(endpoints.authorization, query)

    async def sign_out_address(self, id_token: str | None) -> str | None:
        """Where a browser is sent to sign out there as well (RP-Initiated Logout 1.0); None where
        the provider knows no such thing. Raises `IssuerUnavailable`.

        The ID token goes along so that nobody need be asked: it opens nothing, being for no
        service, and its session has ended.
        """
        endpoints = await self.endpoints()
        if endpoints.end_session is None:
            return None
        query = {"client_id": self.client_id, "post_logout_redirect_uri": self._home}
        if id_token is not None:
            query["id_token_hint"] = id_token
        return _with_query(endpoints.end_session, query)

    async def redeem(self, code: str, verifier: str) -> Tokens:
        """The tokens for a code. Raises `GrantRefused`, `IssuerUnavailable`."""
        return await self._grant(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": self._callback,
                "code_verifier": verifier,
            }
        )

    async def refresh(self, token: str) -> Tokens:
        """New tokens for a refresh token. Raises `GrantRefused`, `IssuerUnavailable`."""
        return await self._grant({"grant_type": "refresh_token", "refresh_token": token})

    async def endpoints(self) -> Endpoints:
        """Where its endpoints are, by discovery; what was known before serves on while it does not
        answer. Raises `IssuerUnavailable`.
        """
        async with self._asking:
            now = self._now()
            known = self._endpoints
            if known is not None and now - self._asked < ENDPOINTS_LAST:
                return known
            if now - self._failed < RETRY_PAUSE:
                if known is not None:
                    return known
                raise IssuerUnavailable("the issuer did not answer a moment ago")
            try:
                self._endpoints = await self._discovered()
                self._asked = now
            except IssuerUnavailable as error:
                self._failed = now
                log.warning("issuer_unavailable", reason=str(error))
                if known is None:
                    raise
            assert self._endpoints is not None, "found now or before"
            return self._endpoints

    async def _discovered(self) -> Endpoints:
        address = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
        status, told = await self._json("GET", address)
        if status != 200 or told.get("issuer") != self.issuer:
            raise IssuerUnavailable(f"{address}: {status}, or another issuer")
        found = {
            name: told.get(f"{name}_endpoint") for name in ("authorization", "token", "end_session")
        }
        for name, where in found.items():
            if where is None and name == "end_session":
                continue
            if not isinstance(where, str) or not where.startswith(("https://", "http://")):
                raise IssuerUnavailable(f"{address}: no {name}_endpoint")
            if self.issuer.startswith("https:") and not where.startswith("https:"):
                raise IssuerUnavailable(f"{address}: {name}_endpoint without https")
        return Endpoints(
            str(found["authorization"]),
            str(found["token"]),
            found["end_session"],
            told.get("authorization_response_iss_parameter_supported") is True,
        )

    async def _grant(self, form: Mapping[str, str]) -> Tokens:
        endpoints = await self.endpoints()
        began = self._now()
        more: dict[str, Any] = {"data": {**form, "client_id": self.client_id}}
        if self._secret is not None:
            more["auth"] = httpx.BasicAuth(quote(self.client_id, ""), quote(self._secret, ""))
        status, told = await self._json("POST", endpoints.token, **more)
        if status != 200:
            error = str(told.get("error", status))[:100]
            # What a person's code or token is refused for; all else is the provider's trouble.
            if error == "invalid_grant":
                raise GrantRefused(error)
            raise IssuerUnavailable(f"{endpoints.token}: {status} {error}")
        access, life = told.get("access_token"), told.get("expires_in")
        if not isinstance(access, str):
            raise IssuerUnavailable(f"{endpoints.token}: no access_token")
        lasts = life if isinstance(life, int) and life > 0 else SHORTEST_ACCESS
        return Tokens(access, began + lasts, _text(told, "refresh_token"), _text(told, "id_token"))

    async def _json(self, method: str, address: str, **more: Any) -> tuple[int, Mapping[str, Any]]:
        """Status and object of an answer. Raises `IssuerUnavailable`."""
        try:
            answer = await self._http.request(
                method, address, headers={"Accept": "application/json"}, **more
            )
            told = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise IssuerUnavailable(f"{address}: {type(error).__name__}") from None
        if answer.status_code >= 500 or not isinstance(told, dict):
            raise IssuerUnavailable(f"{address}: {answer.status_code}")
        return answer.status_code, told


def challenge_of(verifier: str) -> str:
    """The S256 code challenge of RFC 7636."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _with_query(address: str, query: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _text(told: Mapping[str, Any], name: str) -> str | None:
    value = told.get(name)
    return value if isinstance(value, str) else None
