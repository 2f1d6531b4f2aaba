"""The ledger issues credentials through crashes, a store or a broker that is away, wrong clocks."""

import asyncio
import random
from collections import Counter
from collections.abc import Coroutine, Iterator
from typing import Any

import msgspec

from services.ledger.api.credentials.issuing import issue
from services.ledger.domain.credentials.credential import credential, digest_of
from services.ledger.domain.credentials.credential_commands import GiveUpCredential
from services.ledger.domain.credentials.credential_state import Credential, Status
from services.ledger.domain.credentials.sealed_document import SealedDocument
from services.ledger.domain.credentials.status_list import ENTRIES, StatusList, is_revoked
from services.ledger.main import service
from shared.contracts.envelope import parse
from shared.contracts.volunteering import CertificateIssued, CertificateWithdrawn
from shared.runtime.aggregate import Rejected
from shared.runtime.bus import Outgoing
from shared.runtime.outcome import Outcome
from tests.chaos.checker import Evidence
from tests.services.ledger.credentials.asking import SINCE, UNTIL, certificate_of
from tests.services.ledger.log.living import RIGHT, Life, faults
from tests.services.ledger.log.sealing import message
from tests.simulation.loop import VirtualLoop, run
from tests.simulation.process import Parts

TRIES = 80
PEOPLE = 5


class Holders(Life):
    """A ledger, and people who have credentials made, reissued and given up meanwhile."""

    def __init__(self, seed: int, parts: Parts, loop: VirtualLoop) -> None:
        super().__init__(seed, parts, loop)
        self._people = random.Random(f"{seed}/people")
        self._asking: set[asyncio.Task[None]] = set()
        self.had: list[str] = []
        """Ids of credentials that somebody was told they have."""
        self.surprises: list[str] = []

    def _batches(self) -> Iterator[list[Outgoing]]:
        """Certificates are issued, and some withdrawn sooner or later."""
        digests: dict[int, str] = {}
        for number in range(self._people.randint(8, 20)):
            who = f"person-{number % PEOPLE}"
            document = certificate_of(who, f"V{number}")
            digests[number] = digest_of(document.decode())
            batch = [message(_issued(number, who, digests[number]), f"certificate-{number}")]
            if self._people.random() < 0.4:
                which = self._people.choice([*digests])
                gone = _withdrawn(which, digests.pop(which))
                batch.append(message(gone, f"certificate-{which}", 2))
            self.told += [parse(each.value).id for each in batch]
            task = asyncio.create_task(self._holder(who, document.decode(), number))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
            yield batch

    async def _holder(self, who: str, words: str, number: int) -> None:
        chance = random.Random(f"{self._seed}/{number}")
        replaces: str | None = None
        for turn in range(chance.randint(1, 3)):
            id = await self._insist(who, words, replaces, f"{who}>{number}.{turn}", chance)
            if id is None:
                return
            self.had.append(id)
            replaces = id
        if chance.random() < 0.3:
            for _ in range(TRIES):
                store = (process := await self._ready(chance)).running.store
                gone = store.do(
                    credential, replaces, GiveUpCredential(who), actor=who, cause=f"{number}.end"
                )
                if isinstance(await self._heard(process, gone), Outcome | Rejected):
                    return
                await asyncio.sleep(chance.uniform(0.1, 2.0))

    async def _insist(
        self, who: str, words: str, replaces: str | None, cause: str, chance: random.Random
    ) -> str | None:
        """Asks until there is a credential; None where a rule forbids it for good."""
        for _ in range(TRIES):
            process = await self._ready(chance)
            asked = issue(
                process.running.store, who, words, replaces, cause=cause, fingerprint="it"
            )
            match await self._heard(process, asked):
                case Outcome(id=id):
                    return id
                case Rejected(code="not-sealed-for-you"):
                    pass  # the ledger will hear of it
                case Rejected(code="document-withdrawn" | "not-to-be-reissued"):
                    return None
                case Rejected() as refused:
                    self.surprises.append(f"{cause}: {refused}")
                    return None
            await asyncio.sleep(chance.uniform(0.1, 2.0))
        self.surprises.append(f"{cause}: nobody answered")
        return None

    async def _heard(self, process: Any, doing: Coroutine[Any, Any, Outcome]) -> object:
        task = process.spawn(doing)
        await asyncio.wait([task], timeout=30)
        if not task.done() or task.cancelled():
            return None
        return task.exception() or task.result()

    async def _ready(self, chance: random.Random) -> Any:
        # The loop's time is free, and a client cannot be told when a server is back.
        while not (ready := [one for one in self._processes[service.name] if one.open]):  # noqa: ASYNC110
            await asyncio.sleep(0.25)
        return chance.choice(ready)


def _issued(number: int, who: str, digest: str) -> CertificateIssued:
    return CertificateIssued(str(number), f"V{number}", who, SINCE, UNTIL, 120, digest)


def _withdrawn(number: int, digest: str) -> CertificateWithdrawn:
    who = f"person-{number % PEOPLE}"
    return CertificateWithdrawn(str(number), f"V{number}", who, digest, "hours-corrected")


def wrong_credentials(life: Holders, evidence: Evidence) -> Iterator[str]:
    """What is not as it must be."""
    yield from life.surprises
    credentials = {
        one.id: msgspec.convert(one.state, Credential) for one in evidence.states["credential"]
    }
    documents = {
        one.id: msgspec.convert(one.state, SealedDocument)
        for one in evidence.states["sealed-document"]
    }
    for id in life.had:
        if id not in credentials:
            yield f"{id} was issued and is not there"
    places = Counter((one.list, one.entry) for one in credentials.values())
    yield from (f"the entry {place} was given twice" for place, n in places.items() if n > 1)
    replaced = {one.replaces for one in credentials.values()}
    for id, one in credentials.items():
        if one.status is Status.ISSUED and documents[one.digest].withdrawn:
            yield f"{id} counts, and its document does not"
        if one.status is Status.ISSUED and id in replaced:
            yield f"{id} counts, and so does the one in its place"
    yield from _lists(credentials, evidence)


def _lists(credentials: dict[str, Credential], evidence: Evidence) -> Iterator[str]:
    for stored in evidence.states["status-list"]:
        known = msgspec.convert(stored.state, StatusList)
        revoked = {entry for entry in range(ENTRIES) if is_revoked(known, entry)}
        here = [one for one in credentials.values() if one.list == int(stored.id)]
        if revoked != {one.entry for one in here if one.status is Status.REVOKED}:
            yield f"list {stored.id} does not say who was revoked"
        if known.given < len(here):
            yield f"list {stored.id} has given fewer entries than there are credentials"


def held(seed: int, parts: Parts = RIGHT) -> tuple[list[str], list[str], int]:
    """What is wrong after the life of a seed; what happened; how many credentials were had."""

    async def whole(loop: VirtualLoop) -> tuple[list[str], list[str], int]:
        life = Holders(seed, parts, loop)
        restless = await life.live()
        evidence = await life.evidence()
        wrong = [restless] if restless else []
        wrong += [*faults(life, evidence), *wrong_credentials(life, evidence)]
        return wrong, life.steps, len(life.had)

    found: tuple[list[str], list[str], int] = run(whole)
    return found
