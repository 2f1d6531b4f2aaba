"""Entries, keys and a service at work, for tests of the log."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec

from services.ledger.domain.log.log import LOG, Signing, log
from services.ledger.main import service
from services.ledger.signing import signing_with
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.volunteering import CertificateIssued, CertificateWithdrawn
from shared.merkle.ed25519 import Signer, new_signer
from shared.merkle.entries import Entry
from shared.runtime.bus import Outgoing
from tests.services.community.served import Served, served

NAME = "log.test/ledger"
NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)


def digest_of(thing: object) -> str:
    """A digest of its own for each thing."""
    return sha256(str(thing).encode()).hexdigest()


def entry(number: int, kind: str = "certificate") -> Entry:
    """An entry of its own for each number."""
    source = f"volunteering/certificate-{number}/1/0"
    return Entry(digest_of(number), kind, source, "2025-03-03T04:00:00.000Z")


def entries(count: int, first: int = 0) -> tuple[Entry, ...]:
    """So many entries, numbered."""
    return tuple(entry(number) for number in range(first, first + count))


def signing(*signers: Signer) -> Signing:
    """Signing with the last of these keys, or with a new one."""
    return signing_with(signers or (new_signer(NAME),))


def issued(number: int) -> CertificateIssued:
    """A certificate of hours."""
    return CertificateIssued(
        str(number), f"V{number}", "wang", NOON, NOON + timedelta(days=1), 90, digest_of(number)
    )


def withdrawn(number: int) -> CertificateWithdrawn:
    """The same, withdrawn."""
    return CertificateWithdrawn(
        str(number), f"V{number}", "wang", digest_of(number), "issued-in-error"
    )


def message(event: Event, stream: str, sequence: int = 1, at: datetime = NOON) -> Outgoing:
    """Another service's event, as it is published."""
    emitter = emitting_service(type(event))
    assert emitter is not None, "only public events arrive"
    envelope = Envelope(
        id=f"{emitter}/{stream}/{sequence}/0",
        type=type_of(type(event)),
        source=f"/jinlin/{emitter}",
        subject=stream,
        time=at,
        data=msgspec.to_builtins(event),
        sequence=sequence,
        correlationid="told",
    )
    return Outgoing(topic(emitter), stream, envelope.to_bytes())


@asynccontextmanager
async def ledger() -> AsyncIterator[Served]:
    """The service at work in memory."""
    async with served(service) as at:
        yield at


async def tell(at: Served, numbers: Sequence[int]) -> None:
    """Certificates are issued."""
    await at.running.bus.publish([message(issued(n), f"certificate-{n}") for n in numbers])


async def size(at: Served) -> int:
    """How many entries the log has."""
    known = await at.running.store.get(log, LOG)
    return 0 if known is None else known.state.size


async def get(at: Served, path: str, **query: Any) -> Any:
    """What everybody is answered."""
    answer = await at.client.get(path, params={k: v for k, v in query.items() if v is not None})
    assert answer.status_code == 200, (path, answer.status_code, answer.text)
    return answer.json()
