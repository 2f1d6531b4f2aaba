"""The ticker: sends `Tick` to the aggregates whose due time has passed. No other scheduler is."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog

from shared.runtime import metrics
from shared.runtime.aggregate import Aggregate, never
from shared.runtime.clock import Clock
from shared.runtime.journal import Journal, Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.store import Store
from shared.runtime.tallied import Count, Tallied

POLL = 0.5
"""Seconds between two looks for due times."""
BATCH = 500
"""Due aggregates taken in one look."""
IN_FLIGHT = 64
"""Ticks under way at once: requests shall find room beside a backlog."""
TALLY_EVERY = 15.0
"""Seconds between two counts of aggregates by status, at least."""
TALLY_SHARE = 0.01
"""Of the time so much at most is spent on counting them: a million take the store a second."""
STUCK_PAUSE = 60.0
"""Seconds for which an aggregate whose tick failed by a defect is left alone, so that it does not
hold up others.
"""

log = structlog.get_logger()


class Ticker:
    """The clock of one service process. Of several, each due time acts once."""

    def __init__(
        self,
        store: Store,
        journal: Journal,
        aggregates: Sequence[Aggregate[Any]],
        clock: Clock,
        counts: Sequence[Count] = (),
    ) -> None:
        """`counts` are made besides, whenever aggregates are counted by status."""
        self._store = store
        self._journal = journal
        self._aggregates = tuple(aggregates)
        self._with_dues = tuple(each for each in aggregates if each.due is not never)
        self._clock = clock
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._stuck: dict[str, float] = {}
        self._tally_at = float("-inf")
        # A metric's child is dear to look up.
        kinds = [aggregate.kind for aggregate in self._with_dues]
        self._backlog = {kind: metrics.DUE_BACKLOG.labels(store.service, kind) for kind in kinds}
        self._late = {kind: metrics.DUE_LATE_SECONDS.labels(store.service, kind) for kind in kinds}
        self._counts = tuple(counts)
        self._by_status = {
            aggregate.kind: Tallied(metrics.AGGREGATES_BY_STATUS, store.service, aggregate.kind)
            for aggregate in aggregates
            if hasattr(aggregate.initial, "status")
        }

    async def run(self) -> None:
        """Polls until `stop` is called."""
        self._stopped.clear()
        try:
            while not self._stopping.is_set():
                if not await self.look():
                    await self._pause()
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Ends after the ticks under way."""
        self._stopping.set()
        await self._stopped.wait()

    async def _pause(self) -> None:
        """Waits for the next look; `stop` cuts it short."""
        waits = [
            asyncio.ensure_future(self._clock.sleep(POLL)),
            asyncio.ensure_future(self._stopping.wait()),
        ]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()

    async def look(self) -> bool:
        """Acts on what is due now; whether there is probably more."""
        more = False
        try:
            for aggregate in self._with_dues:
                more = await self._act(aggregate) or more
            await self._tally()
        except Unavailable as error:
            log.warning("ticker_waits", reason=str(error)[:200])
            return False
        return more and not self._stopping.is_set()

    async def _act(self, aggregate: Aggregate[Any]) -> bool:
        now = self._clock.now()
        # Those that are stuck stand first in the order of due times: they must not fill the batch.
        limit = BATCH + len(self._stuck)
        found = await self._journal.due(aggregate.kind, now, limit)
        self._backlog[aggregate.kind].set(len(found))
        late = (now - found[0][1]).total_seconds() if found else 0.0
        self._late[aggregate.kind].set(late)
        if not found:
            return False
        monotonic = self._clock.monotonic()
        self._stuck = {stream: until for stream, until in self._stuck.items() if until > monotonic}
        ready = [(id, due) for id, due in found if aggregate.stream(id) not in self._stuck]
        ticks = (self._tick(aggregate, id, due) for id, due in ready)
        done = await asyncio.gather(*ticks, return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        # A full batch of which nothing succeeded is no reason to hurry.
        return len(found) == limit and any(done)

    async def _tick(self, aggregate: Aggregate[Any], id: str, due: datetime) -> bool:
        async with self._in_flight:
            if self._stopping.is_set():
                return False
            outcome = "failed"
            try:
                await self._store.tick(aggregate, id, due)
                outcome = "done"
            except Unavailable:
                raise
            except Busy:
                pass  # others are changing it: it is found again at the next look
            except Exception as error:
                # A defect of one aggregate must not stop the clock of all others.
                stream = aggregate.stream(id)
                self._stuck[stream] = self._clock.monotonic() + STUCK_PAUSE
                log.error("tick_failed", kind=aggregate.kind, stream=stream, exc_info=error)
            metrics.TICKS.labels(self._store.service, aggregate.kind, outcome).inc()
            return outcome == "done"

    async def _tally(self) -> None:
        began = self._clock.monotonic()
        if began < self._tally_at:
            return
        self._tally_at = began + TALLY_EVERY
        for kind, tallied in self._by_status.items():
            counted = await self._journal.tally(kind, ["status"])
            tallied.tell({(str(status or ""),): count for (status,), count in counted})
        for count in self._counts:
            await count(self._journal)
        took = self._clock.monotonic() - began
        self._tally_at = began + max(TALLY_EVERY, took / TALLY_SHARE)
