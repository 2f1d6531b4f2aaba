"""The door's own token: it files by Open311 as itself, and looks up names of places."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from shared.runtime.clock import Clock
from shared.runtime.keys import IssuerUnavailable, issuer_client
from shared.runtime.settings import read_text

CLIENT_ID = "jinlin-gateway"
RENEWED_BEFORE = 30.0
"""Seconds before its end at which a token is used no more."""
SHORTEST_LIFE = 5.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Held:
    token: str
    until: float


class OwnToken:
    """A token by client credentials (RFC 6749, 4.4), asked for once and used until it ends."""

    def __init__(self, issuer: str, clock: Clock) -> None:
        """The client is ``JINLIN_GATEWAY_CLIENT_ID`` with ``JINLIN_GATEWAY_CLIENT_SECRET``."""
        self._issuer = issuer
        self._clock = clock
        self._id = read_text("GATEWAY_CLIENT_ID") or CLIENT_ID
        self._secret = read_text("GATEWAY_CLIENT_SECRET") or ""
        self._held: _Held | None = None
        self._asking = asyncio.Lock()

    async def get(self) -> str:
        """The token. Raises `IssuerUnavailable`."""
        async with self._asking:
            if self._held is None or self._clock.monotonic() >= self._held.until:
                self._held = await self._fresh()
            return self._held.token

    async def _fresh(self) -> _Held:
        asked_at = self._clock.monotonic()
        try:
            # Once in minutes: no connection is kept for it.
            async with issuer_client(self._issuer) as client:
                found = await client.get(
                    f"{self._issuer.rstrip('/')}/.well-known/openid-configuration"
                )
                endpoint = str(_read(found)["token_endpoint"])
                if self._issuer.startswith("https:") and not endpoint.startswith("https:"):
                    raise IssuerUnavailable(f"{self._issuer} gives tokens without https")
                answer = await client.post(
                    endpoint,
                    data={"grant_type": "client_credentials"},
                    auth=httpx.BasicAuth(self._id, self._secret),
                )
            told = _read(answer)
            token, lasts = str(told["access_token"]), float(told.get("expires_in", 60))
        except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError, TypeError) as error:
            log.warning("own_token_refused", reason=type(error).__name__)
            raise IssuerUnavailable(f"{self._issuer}: {type(error).__name__}") from error
        return _Held(token, asked_at + max(lasts - RENEWED_BEFORE, SHORTEST_LIFE))


def _read(answer: httpx.Response) -> Mapping[str, Any]:
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found
