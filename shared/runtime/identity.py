"""Who is calling: the OIDC access token (JWT), verified by every service itself.

Keys come from the issuer's JWKS, found by OIDC discovery, kept, and loaded again when a token names a key that is
not known. Only the asymmetric algorithms below are taken: ``none`` and shared-secret ones never verify.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, RSAKey

ALGORITHMS = ("ES256", "RS256")
LEEWAY = 10
"""Seconds by which the issuer's clock and ours may differ."""
RELOAD_PAUSE = 10.0
"""Seconds between two loads of the keys: tokens with made-up key ids must not become requests to the issuer."""
ISSUER_TIMEOUT = 5.0
"""Seconds to wait for the issuer."""
LONGEST_TOKEN = 8 * 1024
"""Characters of a token: above this nobody's roles and places are honest."""
TOKENS_KEPT = 10_000
"""Verified tokens remembered until they expire, so that a caller's next request costs no signature check."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified caller. `sub` is pseudonymous; `places` are codes in the place tree, each the root of a scope."""

    sub: str
    roles: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    org: str | None = None


class NotAuthenticated(Exception):
    """There is no token, or it is not valid; the text says what is wrong, without the token's content."""


class IssuerUnavailable(Exception):
    """The issuer's keys cannot be had now: nobody can be verified."""


class Verifier(Protocol):
    """Turns a token into a caller."""

    def known(self, token: str) -> Caller | None:
        """The caller of a token that was verified before and still holds."""
        ...

    async def verify(self, token: str) -> Caller:
        """Raises `NotAuthenticated`, `IssuerUnavailable`."""
        ...


class KeySource(Protocol):
    """Where an issuer's public keys come from."""

    async def load(self) -> Mapping[str, Any]:
        """The JWKS document. Raises `IssuerUnavailable`."""
        ...
