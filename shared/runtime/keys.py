"""An issuer's public keys: found by OIDC discovery, kept, and loaded again when that is needed."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx
import structlog
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, RSAKey

ALGORITHMS: Mapping[str, type[ECKey] | type[RSAKey]] = {"ES256": ECKey, "RS256": RSAKey}
"""The algorithms that are taken, with the kind of key each needs."""
KEYS_LAST = 3600.0
"""Seconds after which the keys are looked up again, so that a withdrawn key does not live for ever.
"""
RELOAD_PAUSE = 10.0
"""Seconds between two loads: tokens with made-up key ids must not become requests to the issuer."""
RETRY_PAUSE = 1.0
"""Seconds between two tries while the issuer does not answer."""
ISSUER_TIMEOUT = 5.0
"""Seconds to wait for the issuer."""

log = structlog.get_logger()

LoadKeys = Callable[[], Awaitable[Mapping[str, Any]]]
"""Gives the issuer's JWKS document. Raises `IssuerUnavailable`."""


class IssuerUnavailable(Exception):
    """The issuer's keys cannot be had now, so nobody can be verified."""


class UnknownKey(Exception):
    """No key of the issuer fits the token's header."""


class IssuerKeys:
    """The keys of one issuer. `edition` grows with every change of them."""

    def __init__(self, load: LoadKeys, now: Callable[[], float] = time.monotonic) -> None:
        """`now` gives seconds that never run backwards."""
        self._load = load
        self._now = now
        self._keys: tuple[tuple[Mapping[str, Any], Key], ...] = ()
        self._loaded: float | None = None
        self._failed: float | None = None
        self._loading = asyncio.Lock()
        self.edition = 0

    def find(self, kid: Any, algorithm: Any) -> Key:
        """The signing key of that id, or the only one for the algorithm where the token names none.

        Raises `UnknownKey`.
        """
        kind = ALGORITHMS.get(algorithm) if isinstance(algorithm, str) else None
        if kind is not None:
            fitting = [
                key
                for raw, key in self._keys
                if isinstance(key, kind)
                and (kid is None or raw.get("kid") == kid)
                and raw.get("alg", algorithm) == algorithm
            ]
            if len(fitting) == 1:
                return fitting[0]
        raise UnknownKey

    async def refresh(self) -> None:
        """Loads the keys where there are none, or old ones. Raises `IssuerUnavailable` where there
        are none.
        """
        if self._loaded is None:
            await self._load_once(None)
        elif self._now() - self._loaded > KEYS_LAST:
            try:
                await self._load_once(self._loaded)
            except IssuerUnavailable as error:
                log.warning("issuer_unavailable", reason=str(error))

    async def reload(self) -> bool:
        """Loads them again unless that was done just now: whether it was done. Raises
        `IssuerUnavailable`.
        """
        before = self._loaded
        if before is not None and self._now() - before < RELOAD_PAUSE:
            return False
        await self._load_once(before)
        return True

    async def _load_once(self, seen: float | None) -> None:
        """Of many that want the keys at once, the first loads them; after a failure nobody tries
        for a moment.
        """
        async with self._loading:
            if self._loaded != seen:
                return
            if self._failed is not None and self._now() - self._failed < RETRY_PAUSE:
                raise IssuerUnavailable("the issuer did not answer a moment ago")
            try:
                document = await self._load()
            except IssuerUnavailable:
                self._failed = self._now()
                raise
            keys = tuple(_signing_keys(document))
            if [raw for raw, _ in keys] != [raw for raw, _ in self._keys]:
                self._keys = keys
                self.edition += 1
            self._loaded = self._now()


def _signing_keys(document: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], Key]]:
    """Keys of other kinds and for encryption are passed over: issuers publish them side by side."""
    found: list[tuple[Mapping[str, Any], Key]] = []
    for raw in document.get("keys", ()):
        if not isinstance(raw, dict) or raw.get("use", "sig") != "sig":
            continue
        if raw.get("alg", "ES256") not in ALGORITHMS:
            continue
        try:
            match raw.get("kty"), raw.get("crv"):
                case "EC", "P-256":
                    found.append((raw, ECKey.import_key(raw)))
                case "RSA", None:
                    found.append((raw, RSAKey.import_key(raw)))
        except (JoseError, ValueError, TypeError, KeyError):
            log.warning("issuer_key_unreadable", kid=str(raw.get("kid"))[:100])
    return found


def discovered_keys(issuer: str, client: httpx.AsyncClient) -> LoadKeys:
    """Loads the keys by OIDC discovery: ``<issuer>/.well-known/openid-configuration`` and its
    ``jwks_uri``.
    """

    async def load() -> Mapping[str, Any]:
        found = await _document(client, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise IssuerUnavailable(f"{issuer} says that it is {str(found.get('issuer'))[:200]!r}")
        address = str(found.get("jwks_uri"))
        if issuer.startswith("https:") and not address.startswith("https:"):
            raise IssuerUnavailable(f"{issuer} names keys without https")
        return await _document(client, address)

    return load


def issuer_client(issuer: str) -> httpx.AsyncClient:
    """A client to an issuer. Proxies of the environment do not stand before a local (http) one."""
    return httpx.AsyncClient(timeout=ISSUER_TIMEOUT, trust_env=issuer.startswith("https:"))


async def _document(client: httpx.AsyncClient, address: str) -> dict[str, Any]:
    try:
        answer = await client.get(address, headers={"Accept": "application/json"})
        answer.raise_for_status()
        found = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise IssuerUnavailable(f"{address}: {type(error).__name__}") from error
    if not isinstance(found, dict):
        raise IssuerUnavailable(f"{address}: no JSON object")
    return found
