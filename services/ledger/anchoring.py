"""Takes each new head to its anchors: one process of the service at a time, beside everything else.

A head that comes while another is taken there may be passed over: the next one proves it as well.
"""

import asyncio
from collections.abc import Callable

import httpx
import structlog

from services.ledger.anchors import (
    Anchors,
    Contradicted,
    NotWitnessed,
    WitnessAt,
    anchor,
    anchors_in_use,
    ask,
    cosignature,
)
from services.ledger.domain.log.head import Cosign, KeptHead, head, head_id
from services.ledger.domain.log.log import log
from services.ledger.domain.log.tile import tile
from services.ledger.proving import consistency, last_head
from shared.merkle.notes import Malformed
from shared.runtime.clock import Clock
from shared.runtime.journal import Journal, Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.problems import Problem
from shared.runtime.store import Store

EVERY = 1.0
"""Seconds between two looks for a new head."""
LEASE, LEASE_SECONDS = "anchoring", 60.0
NAME = "anchoring"

MakeClient = Callable[[], httpx.AsyncClient]

said = structlog.get_logger(__name__)


class Anchoring:
    """A `shared.runtime.copies.Kept` that keeps nothing: it goes on as long as the process does."""

    name = NAME
    ready = True

    def __init__(
        self, anchors: Anchors | None = None, client: MakeClient = httpx.AsyncClient
    ) -> None:
        self._anchors = anchors
        self._make_client = client
        self._seen: dict[str, int] = {}
        self._done: dict[str, str] = {}
        """By anchor, the note that it has."""

    async def loaded(self) -> None:
        """Nobody waits for it."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Goes on for ever, where there is anything to anchor at."""
        anchors = self._anchors or anchors_in_use()
        if anchors.file is None and not anchors.witnesses:
            return
        store = Store("ledger", journal, clock, (log, tile, head))
        holder = clock.new_id()
        async with self._make_client() as client:
            while True:
                try:
                    if await journal.take_lease(LEASE, holder, LEASE_SECONDS) is not None:
                        await self.look(store, client, anchors)
                except (Unavailable, Busy, Problem) as trouble:
                    said.warning("anchoring_waits", service="ledger", reason=str(trouble)[:200])
                await clock.sleep(EVERY)

    async def look(self, store: Store, client: httpx.AsyncClient, anchors: Anchors) -> None:
        """Takes the latest head where it has not been. Raises `Unavailable`."""
        latest = await last_head(store)
        if latest is None:
            return
        if anchors.file is not None and self._done.get("file") != latest.note:
            try:
                await asyncio.to_thread(anchor, anchors.file, latest)
                self._done["file"] = latest.note
            except (Contradicted, Malformed, OSError) as error:
                # Whoever reads this has to find out which of the two is true.
                said.error("not_anchored", service="ledger", reason=str(error)[:300])
                if isinstance(error, Contradicted):
                    return
        await asyncio.gather(
            *(
                self._witnessed(store, client, each, latest)
                for each in anchors.witnesses
                if self._done.get(str(each.key)) != latest.note
            )
        )

    async def _witnessed(
        self, store: Store, client: httpx.AsyncClient, witness: WitnessAt, latest: KeptHead
    ) -> None:
        try:
            line = await self._signed(store, client, witness, latest)
        except NotWitnessed as reason:
            said.warning("not_witnessed", service="ledger", reason=f"{witness.key.name}: {reason}")
            return
        command = Cosign(witness.key.name, line)
        await store.do(head, head_id(latest.size), command, actor="service:ledger")
        self._done[str(witness.key)] = latest.note

    async def _signed(
        self, store: Store, client: httpx.AsyncClient, witness: WitnessAt, latest: KeptHead
    ) -> str:
        """What the witness signs. It is told from which head on; where it has seen another, it says
        so once. Raises `NotWitnessed`.
        """
        name = str(witness.key)
        for _ in range(2):
            old = self._seen.get(name, 0)
            proof = await consistency(store, old, latest.size)
            status, text = await ask(client, witness, old, proof, latest.note)
            if status == 200:
                line = cosignature(witness, latest.note, text)
                self._seen[name] = latest.size
                return line
            if status != 409 or not text.strip().isdigit():
                raise NotWitnessed(f"it answers {status}: {text.strip()[:100]}")
            seen = int(text)
            if seen > latest.size or seen == old:
                raise NotWitnessed(f"it saw another tree of {seen} entries")
            self._seen[name] = seen
        raise NotWitnessed("it sees one head after another")
