"""Who is calling: the OIDC access token, verified by every service itself."""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from shared.runtime.keys import IssuerKeys
from shared.runtime.signed_tokens import LEEWAY, NotAuthenticated, SignedTokens

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
        self._tokens = SignedTokens(issuer, audience, keys, now, essential=("sub",))
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
        claims = (await self._tokens.read(token)).claims
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
