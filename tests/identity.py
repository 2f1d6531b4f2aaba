"""Tokens without a server: an issuer's keys in the test's own process."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from shared.runtime.identity import TokenVerifier
from shared.runtime.keys import IssuerKeys, IssuerUnavailable

ISSUER = "https://issuer.test"
AUDIENCE = "jinlin"


class Issuer:
    """Signs whatever a test wants signed, and gives the public keys to whoever verifies."""

    def __init__(self) -> None:
        self.keys: list[ECKey | RSAKey] = [ECKey.generate_key("P-256", {"kid": "first"})]
        self.extra: list[dict[str, Any]] = []
        """Further entries of the key set, as real issuers have them."""
        self.away = False
        self.loads = 0

    def verifier(self, audience: str = AUDIENCE) -> TokenVerifier:
        """A verifier of this issuer's tokens."""
        return TokenVerifier(ISSUER, audience, IssuerKeys(self.jwks))

    async def jwks(self) -> Mapping[str, Any]:
        """The public keys. Raises `IssuerUnavailable` while the issuer is `away`."""
        self.loads += 1
        if self.away:
            raise IssuerUnavailable("away")
        return {"keys": [*self.extra, *(key.as_dict(private=False) for key in self.keys)]}

    def token(
        self,
        sub: str = "u1",
        roles: Sequence[str] = (),
        places: Sequence[str] = (),
        *,
        key: ECKey | RSAKey | None = None,
        header: Mapping[str, Any] | None = None,
        **claims: Any,
    ) -> str:
        """A signed token; `claims` and `header` replace or add; None leaves one out."""
        key = key or self.keys[-1]
        algorithm = "ES256" if isinstance(key, ECKey) else "RS256"
        now = int(time.time())
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": sub,
            "iat": now,
            "exp": now + 600,
            "roles": list(roles),
            "places": list(places),
            **claims,
        }
        kept = {name: value for name, value in payload.items() if value is not None}
        head = {"alg": algorithm, "kid": key.as_dict(private=False).get("kid"), **(header or {})}
        head = {name: value for name, value in head.items() if value is not None}
        return jwt.encode(head, kept, key, algorithms=[head["alg"]])
