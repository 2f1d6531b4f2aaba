"""Who may send something in: applications with a key, as often as theirs allows."""

import hmac
from collections import deque
from dataclasses import dataclass

from services.gateway.domain.api_key import ApiKey, Status, api_key, digest_of, id_of
from services.gateway.doorway import Doorway
from services.gateway.open311.refusals import NotServed, away

MINUTE = 60.0
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Application:
    """Whose request it is: the key's id, and what was agreed."""

    id: str
    key: ApiKey


class Keys:
    """Knows the applications by their keys, and counts what they send, each process for itself."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
        self._sent: dict[str, deque[float]] = {}

    def application(self, given: str | None) -> Application:
        """The application with this key, its request counted. Raises `NotServed`: 403 by the
        standard, 429 for one too many, 503 while keys are not known yet.
        """
        if not given:
            raise NotServed(403, "key-missing")
        if self._doorway.parts is None:
            raise away()
        digest = digest_of(given[:LONGEST_KEY])
        known: ApiKey | None = self._doorway.parts.copies[api_key.kind].get(id_of(digest))
        if (
            known is None
            or known.status is not Status.ACTIVE
            or not hmac.compare_digest(known.digest, digest)
        ):
            raise NotServed(403, "key-invalid")
        self._count(id_of(digest), known.rate)
        return Application(id_of(digest), known)

    def _count(self, id: str, rate: int) -> None:
        """Counts a request among those of the last minute. Raises `NotServed`."""
        now = self._doorway.clock.monotonic()
        sent = self._sent.setdefault(id, deque())
        while sent and sent[0] <= now - MINUTE:
            sent.popleft()
        if len(sent) >= rate:
            after = str(int(sent[0] + MINUTE - now) + 1)
            raise NotServed(429, "too-often", {"Retry-After": after}, most=rate)
        sent.append(now)
