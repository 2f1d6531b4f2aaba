"""The relay: follows a service's commits and publishes their public events. The commits are the
outbox.

One process per service leads, by a lease with a fencing number. A position is saved only after the
broker has acknowledged all before it, so a new leader publishes some events again and never leaves
one out.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from opentelemetry.trace import Span, SpanKind

from shared.runtime import metrics, tracing
from shared.runtime.bus import Bus, BusUnavailable, Outgoing
from shared.runtime.clock import Clock
from shared.runtime.journal import (
    Commit,
    Fenced,
    Followed,
    Journal,
    Position,
    PositionLost,
    Unavailable,
)
from shared.runtime.publishing import envelopes, messages_of

LEASE = "relay"
"""The name of the lease and of the saved position; a store belongs to one service."""
CANCEL_AGAIN_SECONDS = 1.0
"""After this, work that was to end and did not is told again."""
LEASE_SECONDS = 10.0
SAVE_EVERY_SECONDS, SAVE_EVERY_COMMITS = 0.2, 1000
"""A position is saved when either is reached; what is published again after a crash is as much."""
REFRESH_SECONDS = 30.0
"""Without commits the position is saved this often, so that its token stays young enough to follow
from.
"""
MOST_AT_ONCE = 2000
"""Commits published together while catching up."""
READ_AHEAD = 8
"""Batches of commits read from the store while one is being published."""
GATHER_EACH_SECONDS, GATHER_SECONDS, ENOUGH_AT_ONCE = 0.005, 0.05, 200
"""After a few commits the next are looked for so much later for each of them, at most so much:
under load each look and each message to the broker is then about more of them. Nobody waits who
comes alone.
"""
RESCAN_MARGIN = timedelta(hours=2)
"""How far before the last known time a rescan starts: commits are timed by clocks that may be set
back.
"""
FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another process may lead by now."""


@dataclass(slots=True)
class _Read:
    """Commits read from the store, ready to be published, and the position after them."""

    times: list[datetime]
    traces: list[str | None]
    messages: list[Outgoing]
    position: Position | None


class Relay:
    """The relay of one service in one process: leads, or stands by until the leader is gone.

    `holder` names the process in the lease: it must differ between processes and between restarts.
    """

    def __init__(self, service: str, journal: Journal, bus: Bus, clock: Clock, holder: str) -> None:
        self._service = service
        self._journal = journal
        self._bus = bus
        self._clock = clock
        self._holder = holder
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        self._in_batch = asyncio.Lock()
        self._fence: int | None = None
        self._lease_seen = float("-inf")
        self._trouble_since: float | None = None
        self._position: Position | None = None
        """How far the broker has acknowledged; what is saved lags behind it."""
        self._saved_at = float("-inf")
        self._unsaved = 0
        self._oldest: datetime | None = None
        metrics.RELAY_LEADER.labels(service).set(0)
        metrics.RELAY_LAG_SECONDS.labels(service).set_function(self._lag_seconds)

    @property
    def leading(self) -> bool:
        """Whether this process holds the lease."""
        return self._fence is not None

    def working(self) -> bool:
        """Whether the lease can be asked for and, where this process leads, events get through."""
        now = self._clock.monotonic()
        stuck = self._trouble_since is not None and now - self._trouble_since > LEASE_SECONDS
        return now - self._lease_seen < 2 * LEASE_SECONDS and not stuck

    async def run(self) -> None:
        """Leads or stands by until `stop` is called."""
        self._stopped.clear()
        try:
            while not self._stopping.is_set():
                if await self._take_lease():
                    await self._lead()
                else:
                    await self._pause(LEASE_SECONDS / 3)
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Ends the batch at hand, saves the position and gives the lease back."""
        self._stopping.set()
        await self._stopped.wait()

    # --- the lease ---------------------------------------------------------------------------

    async def _take_lease(self) -> bool:
        """Takes the lease, or renews the one held. Raises `LeaseLost` where another has it."""
        before = self._clock.monotonic()
        try:
            fence = await self._journal.take_lease(LEASE, self._holder, LEASE_SECONDS)
        except Unavailable as error:
            log.warning("lease not reached", service=self._service, reason=str(error))
            return False
        # Counted from before the asking: the store's own count began later.
        self._lease_seen = before
        if self._fence is not None and fence != self._fence:
            raise LeaseLost
        self._fence = fence
        return fence is not None

    async def _keep_lease(self) -> None:
        while True:
            await self._clock.sleep(LEASE_SECONDS / 3)
            await self._take_lease()
            self._must_lead()

    def _must_lead(self) -> None:
        # Also after the whole process was paused: the monotonic clock ran on meanwhile.
        if self._clock.monotonic() - self._lease_seen > LEASE_SECONDS * 0.9:
            raise LeaseLost

    async def _lead(self) -> None:
        log.info("relay leads", service=self._service, fence=self._fence)
        metrics.RELAY_LEADER.labels(self._service).set(1)
        try:
            await first_of(self._publish_all(), self._keep_lease(), self._batch_ended())
            await self._save()
            await self._journal.release_lease(LEASE, self._holder)
        except (LeaseLost, Fenced):
            log.warning("relay stepped down: its lease is over", service=self._service)
        except Unavailable as error:
            # Only on the way out. The lease runs out by itself, what was not saved comes twice.
            log.warning("relay left its lease behind", service=self._service, reason=str(error))
        finally:
            self._fence = self._position = self._oldest = self._trouble_since = None
            self._unsaved = 0
            metrics.RELAY_LEADER.labels(self._service).set(0)
            metrics.RELAY_LAG_EVENTS.labels(self._service).set(0)

    async def _batch_ended(self) -> None:
        await self._stopping.wait()
        async with self._in_batch:
            return

    # --- from the commits to the broker ------------------------------------------------------

    async def _publish_all(self) -> None:
        """Publishes what is written until the process stops or leads no more."""
        pause = FIRST_PAUSE
        known = rescanned = False
        while not self._stopping.is_set():
            started = self._clock.monotonic()
            metrics.RELAY_LAG_EVENTS.labels(self._service).set(0)
            try:
                if not known:
                    self._position = await self._journal.position(LEASE)
                    known, rescanned = True, self._position is not None
                if self._position is not None and rescanned:
                    await self._follow(self._journal.follow(self._position))
                else:
                    stream = await self._rescan()
                    rescanned = True
                    await self._follow(stream)
            except PositionLost:
                log.warning("position too old to follow from: rescan", service=self._service)
                metrics.RELAY_RETRIES.labels(self._service, "position").inc()
                rescanned = False
            except Unavailable as error:
                log.warning("relay waits for the store", service=self._service, reason=str(error))
                if self._clock.monotonic() - started > 2 * LONGEST_PAUSE:
                    pause = FIRST_PAUSE  # it went well for a while: this is new trouble
                pause = await self._back_off("store", pause)

    async def _rescan(self) -> AsyncIterator[Followed]:
        """Publishes the commits of the past; returns what follows on them without a gap."""
        at = self._position.at if self._position is not None else None
        stream = self._journal.follow(None)
        # Opened before the past is read, so nothing falls between; what lies in both comes twice.
        first = await anext(stream)
        since = None if at is None else at - RESCAN_MARGIN
        async for commits in self._journal.rescan(since):
            if not await self._publish([self._prepare(commits, None)]):
                return stream
            at = max([commit.at for commit in commits] + ([at] if at is not None else []))
        position = replace(first.position, at=first.position.at or at)
        if await self._publish([self._prepare(first.commits, position)]):
            await self._save()
        return stream

    async def _follow(self, stream: AsyncIterator[Followed]) -> None:
        ahead: asyncio.Queue[_Read] = asyncio.Queue(READ_AHEAD)

        async def read() -> None:
            try:
                async for followed in stream:
                    await ahead.put(self._prepare(followed.commits, followed.position))
                    if 0 < (few := len(followed.commits)) < ENOUGH_AT_ONCE:
                        await self._clock.sleep(min(GATHER_EACH_SECONDS * few, GATHER_SECONDS))
            finally:
                if isinstance(stream, AsyncGenerator):
                    await stream.aclose()

        await first_of(read(), self._publish_from(ahead))

    async def _publish_from(self, ahead: "asyncio.Queue[_Read]") -> None:
        while not self._stopping.is_set():
            batch = [await ahead.get()]
            commits = len(batch[0].times)
            while not ahead.empty() and commits < MOST_AT_ONCE:
                batch.append(ahead.get_nowait())
                commits += len(batch[-1].times)
            async with self._in_batch:
                if not await self._publish(batch):
                    return
                if self._due_for_saving():
                    await self._save()

    def _prepare(self, commits: Sequence[Commit], position: Position | None) -> _Read:
        published = envelopes(self._service, *commits)
        metrics.RELAY_LAG_EVENTS.labels(self._service).inc(len(published))
        return _Read(
            [commit.at for commit in commits],
            [envelope.traceparent for envelope in published],
            messages_of(self._service, published),
            position,
        )

    async def _publish(self, batch: list[_Read]) -> bool:
        """Publishes until the broker has acknowledged all; False where the process stops before."""
        messages = [message for read in batch for message in read.messages]
        times = [time for read in batch for time in read.times]
        self._oldest = min(times, default=None)
        traces = (trace for read in batch for trace in read.traces)
        with tracing.for_many(f"publish {self._service}", traces, SpanKind.PRODUCER) as span:
            span.set_attribute("messaging.batch.message_count", len(messages))
            if messages and not await self._send(messages, span):
                return False
        self._trouble_since = self._oldest = None
        metrics.RELAY_LAG_EVENTS.labels(self._service).dec(len(messages))
        metrics.RELAY_PUBLISHED.labels(self._service).inc(len(messages))
        now = self._clock.now()
        for time in times:
            metrics.RELAY_DELAY.labels(self._service).observe((now - time).total_seconds())
        self._unsaved += len(times)
        if (position := batch[-1].position) is not None:
            at = position.at or (self._position.at if self._position is not None else None)
            self._position = replace(position, at=at)
        return True

    async def _send(self, messages: Sequence[Outgoing], span: Span) -> bool:
        """Sends until acknowledged; False where the process stops before."""
        pause = FIRST_PAUSE
        while True:
            self._must_lead()
            try:
                await self._bus.publish(messages)
                return True
            except BusUnavailable as error:
                log.warning("relay waits for the broker", service=self._service, reason=str(error))
                span.add_event("broker away")
                if self._trouble_since is None:
                    self._trouble_since = self._clock.monotonic()
                pause = await self._back_off("broker", pause)
                if self._stopping.is_set():
                    return False

    def _due_for_saving(self) -> bool:
        waited = self._clock.monotonic() - self._saved_at
        if self._unsaved >= SAVE_EVERY_COMMITS:
            return True
        return waited >= (SAVE_EVERY_SECONDS if self._unsaved else REFRESH_SECONDS)

    async def _save(self) -> None:
        if self._position is None or self._fence is None:
            return
        await self._journal.save_position(LEASE, self._position, self._fence)
        self._saved_at = self._clock.monotonic()
        self._unsaved = 0

    def _lag_seconds(self) -> float:
        if self._oldest is None:
            return 0.0
        return max(0.0, (self._clock.now() - self._oldest).total_seconds())

    async def _back_off(self, reason: str, pause: float) -> float:
        metrics.RELAY_RETRIES.labels(self._service, reason).inc()
        await self._pause(pause)
        return min(pause * 2, LONGEST_PAUSE)

    async def _pause(self, seconds: float) -> None:
        """Waits, unless the process stops meanwhile."""
        await first_of(self._clock.sleep(seconds), self._stopping.wait())


async def first_of(*works: Coroutine[Any, Any, Any]) -> None:
    """Runs them side by side until one ends, and ends the others. Raises what that one raised."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        # More than once: a driver in trouble may swallow the first request to end, and whoever
        # waits for a task that goes on waits for ever.
        left = set(tasks)
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=CANCEL_AGAIN_SECONDS)
        for task in tasks:
            if not task.cancelled():
                task.exception()  # seen
