"""The ledger at work in memory, with documents sealed and credentials made of them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from services.ledger.credentials.plain_json import canonical
from services.ledger.domain.credentials.credential import digest_of
from services.ledger.domain.credentials.sealed_document import sealed_document
from services.ledger.main import service
from services.ledger.proving import with_digest
from shared.contracts.volunteering import CertificateIssued, CertificateWithdrawn
from tests.services.community.served import Served, served
from tests.services.ledger.credentials.stories import HOURS
from tests.services.volunteering.served import tells

JSON = {"Content-Type": "application/json"}
SINCE = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)
UNTIL = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)


@asynccontextmanager
async def ledger() -> AsyncIterator[Served]:
    """The service."""
    async with served(service) as at:
        yield at


async def eventually(reached: Callable[[], Awaitable[bool]]) -> None:
    """Waits for a condition."""
    async with asyncio.timeout(10):
        while True:
            if await reached():
                return
            await asyncio.sleep(0.005)


def certificate_of(holder: str = "wang", number: str = "V0000000129", **rest: Any) -> bytes:
    """A certificate of hours as volunteering writes it."""
    return canonical({**HOURS, "number": number, "volunteer": holder, **rest})


async def sealed(at: Served, document: bytes, holder: str = "wang", id: str = "c1") -> str:
    """The document's certificate was issued, and the ledger knows of it; returns its digest."""
    digest = digest_of(document.decode())
    event = CertificateIssued(id, "V0000000129", holder, SINCE, UNTIL, 120, digest)
    await tells(at, event, f"certificate-{id}")
    await eventually(lambda: is_known(at, digest))
    return digest


async def withdrawn(at: Served, digest: str, holder: str = "wang", id: str = "c1") -> None:
    """The certificate was withdrawn."""
    event = CertificateWithdrawn(id, "V0000000129", holder, digest, "hours-corrected")
    await tells(at, event, f"certificate-{id}", 2)


async def is_known(at: Served, digest: str) -> bool:
    """Whether the ledger knows of a document, and its digest stands in the log."""
    store = at.running.store
    known = await store.get(sealed_document, digest)
    return known is not None and bool(await with_digest(store, digest))


async def ask_for(
    at: Served, document: bytes, who: str = "wang", key: str | None = None
) -> httpx.Response:
    """A credential of a document is asked for."""
    headers = JSON if key is None else {**JSON, "Idempotency-Key": key}
    path = "/credentials"
    return await at.ask("POST", path, who, "resident", headers=headers, content=document)


async def made(at: Served, who: str = "wang", id: str = "c1", **rest: Any) -> str:
    """A credential; returns its id."""
    document = certificate_of(who, **rest)
    await sealed(at, document, who, id)
    answer = await ask_for(at, document, who)
    assert answer.status_code == 201, answer.text
    made_id: str = answer.json()["id"]
    return made_id


async def whole(at: Served, id: str, who: str = "wang") -> Any:
    """The credential and its claims, as its holder keeps them."""
    answer = await at.ask("GET", f"/credentials/{id}/document", who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def presented(at: Served, id: str, *claims: str, who: str = "wang") -> Any:
    """A presentation that shows these claims."""
    body = {"claims": list(claims)}
    answer = await at.ask("POST", f"/credentials/{id}/present", who, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def verified(at: Served, given: Any) -> Any:
    """What everybody hears of what is shown."""
    answer = await at.client.post("/verify", content=canonical(given), headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def stands(at: Served, code: str) -> Any:
    """What everybody hears of a short code."""
    answer = await at.client.get(f"/public/credentials/{code}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def public(at: Served, path: str) -> Any:
    """A public document."""
    answer = await at.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()
