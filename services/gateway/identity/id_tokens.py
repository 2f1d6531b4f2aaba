"""What the issuer says in signed tokens to this door: who signed in, and who no longer is."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt

from shared.runtime.keys import IssuerKeys
from shared.runtime.signed_tokens import LEEWAY, NotAuthenticated, SignedTokens

LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES = ("logout+jwt", "JWT", None)
"""Types that a logout token's header may name: the first since its final version."""
OLDEST_LOGOUT = 300
"""Seconds since it was issued for which a logout token is taken."""


@dataclass(frozen=True, slots=True)
class Who:
    """What an ID token says. `authenticated` is in seconds since 1970."""

    sub: str
    sid: str | None
    name: str
    language: str | None
    authenticated: float | None


@dataclass(frozen=True, slots=True)
class Logout:
    """What a logout token says: the sign-in `sid` has ended, or where it names none, all those of
    `sub`. `id` is the token's own.
    """

    id: str
    sub: str | None
    sid: str | None


class IdTokens:
    """Reads the tokens that one issuer signed for one client. All raise `NotAuthenticated`, with
    what is wrong, and `shared.runtime.keys.IssuerUnavailable`.
    """

    def __init__(
        self, issuer: str, client_id: str, keys: IssuerKeys, now: Callable[[], float]
    ) -> None:
        """`now` gives the seconds since 1970."""
        self._tokens = SignedTokens(issuer, client_id, keys, now, essential=("iat",))
        self._client_id = client_id
        self._now = now

    async def of_sign_in(self, token: str, nonce: str, access: str, max_age: int | None) -> Who:
        """Who signed in, by OpenID Connect Core 1.0, 3.1.3.7; with `max_age`, that they proved no
        longer ago who they are.
        """
        claims = (await self._verified(token)).claims
        if not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
            raise NotAuthenticated("the nonce is another's")
        who = self._who(claims, access)
        if max_age is not None:
            if who.authenticated is None:
                raise NotAuthenticated("auth_time is missing")
            if self._now() - who.authenticated > max_age + LEEWAY:
                raise NotAuthenticated("auth_time is too long ago")
        return who

    async def of_renewal(self, token: str, access: str) -> Who:
        """Who is still signed in, by OpenID Connect Core 1.0, 12.2."""
        return self._who((await self._verified(token)).claims, access)

    async def of_logout(self, token: str) -> Logout:
        """Who no longer is, by Back-Channel Logout 1.0, 2.6."""
        found = await self._verified(token)
        claims = found.claims
        events = claims.get("events")
        if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
            raise NotAuthenticated("events has no logout")
        if "nonce" in claims:
            raise NotAuthenticated("a logout token has no nonce")
        if found.header.get("typ") not in LOGOUT_TYPES:
            raise NotAuthenticated("typ is of another token")
        issued = claims.get("iat")
        if not isinstance(issued, int) or self._now() - issued > OLDEST_LOGOUT:
            raise NotAuthenticated("iat is missing or too long ago")
        id, sub, sid = (_text(claims, name) for name in ("jti", "sub", "sid"))
        if id is None or (sub is None and sid is None):
            raise NotAuthenticated("jti, and sub or sid, are missing")
        return Logout(id, sub, sid)

    def _who(self, claims: Mapping[str, Any], access: str) -> Who:
        sub = _text(claims, "sub")
        if sub is None:
            raise NotAuthenticated("sub is missing")
        hashed = claims.get("at_hash")
        if hashed is not None and hashed != half_hash(access):
            raise NotAuthenticated("at_hash is another access token's")
        when = claims.get("auth_time")
        return Who(
            sub,
            _text(claims, "sid"),
            _text(claims, "name") or sub,
            _text(claims, "locale"),
            float(when) if isinstance(when, (int, float)) else None,
        )

    async def _verified(self, token: str) -> jwt.Token:
        found = await self._tokens.read(token)
        # Of several audiences, one asked: it has to be this client.
        if found.claims.get("azp", self._client_id) != self._client_id:
            raise NotAuthenticated("azp is another client")
        return found


def half_hash(token: str) -> str:
    """`at_hash` of OpenID Connect Core 1.0, 3.1.3.6: both ES256 and RS256 go by SHA-256."""
    half = hashlib.sha256(token.encode()).digest()[:16]
    return urlsafe_b64encode(half).rstrip(b"=").decode()


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and value else None
