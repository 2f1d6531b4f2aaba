"""The recent petitions as they are compared, kept in memory without their words.

They are read from the store in the background, a few at a time, never on the way of a request: all
once at the start, then what is new, and again and again what is there, so that changes are seen and
what was erased disappears. A restart reads them anew; until then answers are incomplete and say so.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition, Status
from services.petitions.likeness.sketch import hashes, hashes_of
from services.petitions.likeness.table import Entry, Table
from services.petitions.views import OPEN
from shared.contracts.types import PetitionKind
from shared.runtime.clock import Clock, id_at
from shared.runtime.deciding import state_of
from shared.runtime.journal import DossierEntry, Journal, Query, Stored, Unavailable

BATCH = 50
"""Petitions read at once: they take the process some five milliseconds."""
PAUSE = 0.03
"""Seconds between two batches."""
POLL = 10.0
"""Seconds between two looks for what is new."""
LAP = 600.0
"""Seconds in which everything that is kept is read again."""
SETTLED = timedelta(seconds=30)
"""Ids are made before their petitions are stored, by clocks that differ a little, and a write may
outlast a change of primary: what is younger than this is left for a later look, so that nothing is
passed over."""
RETRY = 5.0
"""Seconds after which a store that was away is tried again."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Keeping:
    """Petitions are kept for this time, and longer while open; the latest `most` of them. Of their
    supporters those are counted who raised their voice within `heard`.
    """

    time: timedelta = timedelta(days=180)
    most: int = 200_000
    heard: timedelta = timedelta(days=7)


class RecentPetitions:
    """A `shared.runtime.copies.Kept` thing: `table` is what there is, `complete` whether all that
    is to be kept has been read.
    """

    name = "recent petitions"
    ready = True
    """Nothing waits for it."""

    def __init__(self, keeping: Keeping) -> None:
        self.keeping = keeping
        self.table = Table()
        self.complete = False
        self._next = 0
        hashes("")  # makes its table now, before memory is given back and requests wait

    async def loaded(self) -> None:
        """Returns at once: a process is ready before it has read the petitions."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """Reads all, then what is new and what has changed, for ever; waits for a store that is
        away.
        """
        until: datetime | None = None
        while True:
            try:
                if not self.complete:
                    until = clock.now() - SETTLED
                    await self._read_all(journal, clock, until)
                    self.complete = True
                await clock.sleep(POLL)
                settled = clock.now() - SETTLED
                await self._read(journal, clock, _filed(until, settled), newest_first=False)
                until = settled
                await self._read_again(journal, clock)
            except Unavailable as error:
                log.warning("recent_petitions_wait", reason=str(error)[:200])
                await clock.sleep(RETRY)

    async def _read_all(self, journal: Journal, clock: Clock, until: datetime) -> None:
        """The latest first: they are asked for most. Then the old ones that are still open."""
        first = until - self.keeping.time
        await self._read(journal, clock, _filed(first, until), newest_first=True)
        old_and_open = {**OPEN, **_filed(None, first)}
        await self._read(journal, clock, old_and_open, newest_first=True)

    async def _read(
        self, journal: Journal, clock: Clock, where: dict[str, Any], newest_first: bool
    ) -> None:
        query = Query(where, order=(("_id", -1 if newest_first else 1),), limit=BATCH)
        after: tuple[Any, ...] | None = None
        while not (newest_first and len(self.table) >= self.keeping.most):
            page = await journal.find(
                "petition", Query(query.where, query.order, query.limit, after)
            )
            await self._take(journal, clock, page.items)
            after = page.next
            if after is None:
                return
            await clock.sleep(PAUSE)

    async def _read_again(self, journal: Journal, clock: Clock) -> None:
        """The next part of what is kept, as large as it takes to come round in a `LAP`."""
        left = math.ceil(len(self.table) * POLL / LAP)
        while left > 0:
            if self._next >= len(self.table):
                self._next = 0
            ids = self.table.ids[self._next : self._next + min(left, BATCH)]
            left -= len(ids)
            there = await journal.load("petition", ids)
            for id in ids:
                if id not in there:
                    self.table.drop(id)
            await self._take(journal, clock, list(there.values()))
            self._next += len(ids)
            await clock.sleep(PAUSE)

    async def _take(self, journal: Journal, clock: Clock, found: Sequence[Stored]) -> None:
        """Puts petitions as they are now into the table, or takes them out."""
        if not found:
            return
        streams = [petition.stream(stored.id) for stored in found]
        dossiers = await journal.dossiers(streams)
        now = clock.now()
        since, heard_since = now - self.keeping.time, now - self.keeping.heard
        kept: list[tuple[Stored, Petition, tuple[str, str]]] = []
        for stored, stream in zip(found, streams, strict=True):
            words = words_of(dossiers.get(stream, ()))
            state: Petition = state_of(petition, stored)
            is_kept = state.status is not Status.CLOSED or state.filed_at >= since
            if words is not None and is_kept and is_compared(state):
                kept.append((stored, state, words))
            else:
                self.table.drop(stored.id)
        sketches = hashes_of([words for _, _, words in kept])
        for (stored, state, _), sketch in zip(kept, sketches, strict=True):
            self.table.put(
                Entry(
                    stored.id,
                    state.path,
                    state.categories or (state.category,),
                    state.filed_at,
                    supporters_since(state, heard_since),
                    sketch,
                )
            )
        while len(self.table) > self.keeping.most:
            self.table.drop(self.table.oldest())


def words_of(dossier: Sequence[DossierEntry]) -> tuple[str, str] | None:
    """A petition's title and text; None where they were erased."""
    for entry in reversed(dossier):
        if entry.name == "PetitionDescribed":
            return entry.data["title"], entry.data["text"]
    return None


def supporters(state: Petition) -> int:
    """How many people stand behind it besides the petitioner."""
    return len(state.informed)


def supporters_since(state: Petition, since: datetime) -> int:
    """How many of them came to stand behind it from a moment on."""
    if state.filed_at >= since:
        return supporters(state)
    heard = () if state.voices is None else state.voices.heard
    return len({person for person, at in heard if at >= since and person != state.petitioner})


def is_compared(state: Petition) -> bool:
    """Whether others are compared with it. Reports never: nobody is to learn that there is one."""
    return state.kind is not PetitionKind.REPORT and state.outcome != "withdrawn"


def _filed(since: datetime | None, until: datetime) -> dict[str, Any]:
    """Ids of petitions filed from one time up to another: ids begin with the time."""
    bounds = {"$lt": id_at(until, b"")}
    return {"_id": bounds if since is None else {"$gte": id_at(since, b""), **bounds}}
