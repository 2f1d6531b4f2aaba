"""What the ledger has sealed of archived commits, and its proofs: complete in themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from deploy.local.layout import LocalError
from services.ledger.reactions.log import SEALED
from shared.contracts.envelope import public_events
from shared.runtime.journal import Commit

NOT_FOUND, NOT_YET = 404, 409


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest that an event told, as the ledger seals it: `event` is the event's id."""

    event: str
    kind: str
    digest: str


def digests_in(service: str, commit: Commit) -> Iterator[Digest]:
    """What of a commit the ledger seals."""
    classes = {event.__name__: event for event in public_events(service).values()}
    for n, recorded in enumerate(commit.events):
        event = classes.get(recorded.name)
        if event is not None and event in SEALED and recorded.data is not None:
            row = SEALED[event]
            digest = row.digest(msgspec.convert(recorded.data, event)).lower()
            yield Digest(f"{service}/{commit.stream}/{commit.version}/{n}", row.kind, digest)


class Ledger:
    """The log as everybody can read it, at an address."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._client = httpx.Client(base_url=address, timeout=30, trust_env=False)

    def proof(self, digest: Digest) -> dict[str, Any] | None:
        """The proof that it was sealed; None where it was not, or no head is signed of it yet.
        Raises LocalError.
        """
        return self._get("/proof", digest=digest.digest, kind=digest.kind)

    def checkpoint(self) -> dict[str, Any] | None:
        """The latest signed head; None where there is none. Raises LocalError."""
        return self._get("/heads/latest")

    def close(self) -> None:
        """Lets go of connections."""
        self._client.close()

    def _get(self, path: str, **query: str) -> dict[str, Any] | None:
        try:
            answer = self._client.get(path, params=query)
            if answer.status_code in (NOT_FOUND, NOT_YET):
                return None
            told: dict[str, Any] = answer.raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise LocalError(
                f"the ledger at {self._address} does not answer: {type(error).__name__}"
            ) from None
        return told
