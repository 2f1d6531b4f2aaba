"""What an issuer says in the tokens that it signed (JWT): read here for services and for the door.

Keys come from the issuer's JWKS, are kept, and are loaded again when a token names a key that is
not known. Only the asymmetric algorithms of `shared.runtime.keys` are taken: ``none`` and
shared-secret ones never verify.
"""

from collections.abc import Callable, Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key

from shared.runtime.keys import ALGORITHMS, IssuerKeys, UnknownKey

LEEWAY = 10
"""Seconds by which the issuer's clock and ours may differ."""
LONGEST_TOKEN = 8 * 1024
"""Characters of a token: more than anybody's roles and places need."""


class NotAuthenticated(Exception):
    """There is no token, or it is not valid; the text says what is wrong, without the token's
    content.
    """


class SignedTokens:
    """Reads the tokens that one issuer signed for one audience and that have all `essential` claims
    besides issuer, audience and expiry.
    """

    def __init__(
        self,
        issuer: str,
        audience: str,
        keys: IssuerKeys,
        now: Callable[[], float],
        essential: Sequence[str],
    ) -> None:
        """`now` gives the seconds since 1970 that a token's times are measured with."""
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._now = now
        self._essential = tuple(essential)

    async def read(self, token: str) -> jwt.Token:
        """Header and claims. Raises `NotAuthenticated`, `shared.runtime.keys.IssuerUnavailable`."""
        if len(token) > LONGEST_TOKEN:
            raise NotAuthenticated("the token is too long")
        await self._keys.refresh()
        try:
            return self._verified(token)
        except UnknownKey:
            if await self._keys.reload():
                try:
                    return self._verified(token)
                except UnknownKey:
                    pass
            raise NotAuthenticated("the token's key is not one of the issuer's") from None

    def _verified(self, token: str) -> jwt.Token:
        try:
            found = jwt.decode(token, self._key, algorithms=list(ALGORITHMS))
            essential: Any = {name: {"essential": True} for name in ("exp", *self._essential)}
            jwt.JWTClaimsRegistry(
                now=int(self._now()),
                leeway=LEEWAY,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": self._audience},
                **essential,
            ).validate(found.claims)
        except UnknownKey:
            raise
        except JoseError as error:
            raise NotAuthenticated(error.description or error.error) from None
        except (ValueError, TypeError, KeyError):
            raise NotAuthenticated("the token cannot be read") from None
        return found

    def _key(self, signed: Any) -> Key:
        header = signed.headers()
        return self._keys.find(header.get("kid"), header.get("alg"))
