"""A log signs with another key after a restart: the old one vouches for it, and old proofs hold."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from services.ledger.facts import log as facts
from services.ledger.main import service
from services.ledger.signing import signing_with
from shared.merkle.ed25519 import Signer, new_signer, verify
from shared.merkle.proofs import check
from shared.runtime.bus import Outgoing
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.memory_journal import MemoryDisk, MemoryJournal
from tests.identity import Issuer
from tests.runtime.lamp_service import settings
from tests.services.ledger.log.sealing import NAME, digest_of, issued, message


class Installation:
    """What outlives a process."""

    def __init__(self) -> None:
        self.disk, self.topics = MemoryDisk(), MemoryTopics()

    @asynccontextmanager
    async def process(self) -> AsyncIterator["Ledger"]:
        """One that runs on it."""
        clock = SystemClock()
        journal, bus = MemoryJournal(clock, self.disk), MemoryBus(self.topics, clock)
        running = service.assemble(journal, bus, clock)
        app = service.app(settings(), running, Issuer().verifier())
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://ledger.test") as client:
            await running.start()
            try:
                yield Ledger(client, bus)
            finally:
                await running.stop()


class Ledger:
    """A process, as others see it."""

    def __init__(self, client: httpx.AsyncClient, bus: MemoryBus) -> None:
        self._client = client
        self._bus = bus

    async def seals(self, number: int) -> dict[str, Any]:
        """The proof of a certificate that is issued now."""
        told: list[Outgoing] = [message(issued(number), f"certificate-{number}")]
        await self._bus.publish(told)
        return await self.proof(number)

    async def proof(self, number: int) -> dict[str, Any]:
        """The proof, as soon as there is one."""
        async with asyncio.timeout(20):
            while True:
                answer = await self._client.get("/proof", params={"digest": digest_of(number)})
                if answer.status_code == 200:
                    proof: dict[str, Any] = answer.json()
                    return proof
                await asyncio.sleep(0.02)


async def test_the_old_key_vouches_for_the_new_one(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = new_signer(NAME), new_signer(NAME)

    def signs_with(*signers: Signer) -> None:
        monkeypatch.setattr(facts, "signing_in_use", lambda: signing_with(signers))

    there = Installation()
    signs_with(old)
    async with there.process() as ledger:
        before = await ledger.seals(1)
    signs_with(old, new)
    async with there.process() as ledger:
        assert await ledger.proof(1) == before, "the head of before is the old key's"
        after = await ledger.seals(2)
        again = await ledger.proof(1)
    signs_with(new)
    async with there.process() as ledger:
        last = await ledger.seals(3)
    for proof, number in ((before, 1), (after, 2), (again, 1), (last, 3)):
        shown = check(proof, digest_of(number), verify, [old.key])
        assert shown.trusted, "whoever trusts the first key needs no other"
    assert [line["key"] for line in before["keys"]] == [str(old.key)]
    assert [line["key"] for line in last["keys"]] == [str(old.key), str(new.key)]
    assert check(last, digest_of(3), verify).keys[-1] == new.key
