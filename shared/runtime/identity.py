"""Who is calling: the OIDC access token (JWT), verified by every service itself.

Keys come from the issuer's JWKS, are kept, and are loaded again when a token names a key that is
not known. Only the asymmetric algorithms below are taken: ``none`` and shared-secret ones never
verify.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from shared.runtime.keys import ALGORITHMS, IssuerKeys, UnknownKey

LEEWAY = 10
"""Seconds by which the issuer's clock and ours may differ."""
LONGEST_TOKEN = 8 * 1024
"""Characters of a token: more than anybody's roles and places need."""
TOKENS_KEPT = 10_000
"""Verified tokens remembered until they expire, so that a caller's next request costs no signature
check.
"""

_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller. `sub` is pseudonymous; `places` are codes in the place tree, each the root
    of a scope. `org` is the organisation they act for now; `bodies` are those that the service
    itself knows them to belong to, whatever the token says. `scopes` are what a program's token was
    given for.
    """

    sub: str
    roles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    org: str | None = None
    bodies: frozenset[str] = frozenset()
    scopes: frozenset[str] = frozenset()


class NotAuthenticated(Exception):
    """There is no token, or it is not valid; the text says what is wrong, without the token's
    content.
    """


class Verifier(Protocol):
    """Turns tokens into callers."""

    def known(self, token: str) -> Caller | None:
        """The caller of a token that was verified before and still holds."""
        ...

    async def verify(self, token: str) -> Caller:
        """Raises `NotAuthenticated`, `shared.runtime.keys.IssuerUnavailable`."""
        ...


class TokenVerifier:
    """Verifies the tokens that one issuer signed for one audience."""

    def __init__(
        self,
        issuer: str,
        audience: str,
        keys: IssuerKeys,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now` gives the seconds since 1970 that expiry is measured with."""
        self.issuer = issuer
        self.audience = audience
        self._keys = keys
        self._now = now
        self._known: OrderedDict[str, tuple[Caller, float]] = OrderedDict()
        self._known_under = keys.edition

    def known(self, token: str) -> Caller | None:
        """The caller of a token that was verified before and still holds."""
        self._forget_withdrawn()
        found = self._known.get(token)
        if found is None:
            return None
        caller, until = found
        if self._now() >= until:
            del self._known[token]
            return None
        self._known.move_to_end(token)
        return caller

    async def verify(self, token: str) -> Caller:
        """Raises `NotAuthenticated`, `shared.runtime.keys.IssuerUnavailable`."""
        if len(token) > LONGEST_TOKEN:
            raise NotAuthenticated("the token is too long")
        await self._keys.refresh()
        try:
            claims = self._claims(token)
        except UnknownKey:
            if not await self._keys.reload():
                raise NotAuthenticated("the token's key is not one of the issuer's") from None
            try:
                claims = self._claims(token)
            except UnknownKey:
                raise NotAuthenticated("the token's key is not one of the issuer's") from None
        caller = caller_in(claims)
        self._forget_withdrawn()
        self._known[token] = (caller, claims["exp"] + LEEWAY)
        if len(self._known) > TOKENS_KEPT:
            self._known.popitem(last=False)
        return caller

    def _forget_withdrawn(self) -> None:
        """With other keys, one may have been withdrawn: what it signed is looked at again."""
        if self._known_under != self._keys.edition:
            self._known.clear()
            self._known_under = self._keys.edition

    def _claims(self, token: str) -> dict[str, Any]:
        try:
            decoded = jwt.decode(token, self._key, algorithms=list(ALGORITHMS))
            jwt.JWTClaimsRegistry(
                now=int(self._now()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self.issuer},
                aud={"essential": True, "value": self.audience},
                exp={"essential": True},
                sub={"essential": True},
            ).validate(decoded.claims)
        except UnknownKey:
            raise
        except JoseError as error:
            raise NotAuthenticated(error.description or error.error) from None
        except (ValueError, TypeError, KeyError):
            raise NotAuthenticated("the token cannot be read") from None
        return decoded.claims

    def _key(self, signed: Any) -> Key:
        header = signed.headers()
        return self._keys.find(header.get("kid"), header.get("alg"))


def caller_in(claims: dict[str, Any]) -> Caller:
    """The caller that verified claims describe; roles stand in ``roles`` or, as Keycloak has them,
    in ``realm_access.roles``. Raises `NotAuthenticated` for claims of other shapes."""
    sub = claims.get("sub")
    if not isinstance(sub, str) or not _SUBJECT.fullmatch(sub):
        raise NotAuthenticated("sub is no pseudonymous id")
    realm = claims.get("realm_access") or {}
    if not isinstance(realm, dict):
        raise NotAuthenticated("realm_access is no object")
    org = claims.get("org")
    scope = claims.get("scope") or ""
    if not isinstance(scope, str):
        raise NotAuthenticated("scope is no text")
    return Caller(
        sub,
        _words("roles", claims.get("roles")) | _words("roles", realm.get("roles")),
        _words("places", claims.get("places")),
        org if isinstance(org, str) else None,
        scopes=frozenset(scope.split()),
    )


def _words(name: str, value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    if not isinstance(value, Iterable) or isinstance(value, (str, bytes, dict)):
        raise NotAuthenticated(f"{name} is no list")
    words = frozenset(value)
    if not all(isinstance(word, str) for word in words):
        raise NotAuthenticated(f"{name} is no list of words")
    return words
