"""Calling, as a process does it: one process leads, and calls every webhook side by side."""

import asyncio
import random
import ssl
from functools import partial

import structlog

from services.subscriptions.calling.endpoint import AT_ONCE, Around, Endpoint
from services.subscriptions.calling.newest import Newest
from services.subscriptions.domain.webhooks.delivery_log import Forget, delivery_log
from services.subscriptions.domain.webhooks.webhook import webhook
from services.subscriptions.domain.webhooks.webhook_state import Status
from services.subscriptions.feed_reading import Feed
from shared.runtime import metrics
from shared.runtime.addresses import Allowed
from shared.runtime.copies import Copies
from shared.runtime.journal import Fenced, Unavailable
from shared.runtime.outcome import Busy
from shared.runtime.outgoing import CONNECT_SECONDS, Outgoing, Resolve, resolved
from shared.runtime.relay import first_of
from shared.runtime.store import Store

LEASE = "calling"
LEASE_SECONDS = 10.0
"""A call is begun only while it will have been sent before the lease ends, so that no process
sends a stream's event after another one has sent the next.
"""
RENEW_EVERY = 3.0
LOOK_EVERY = 0.2
"""Seconds between two looks at what is agreed."""
END_WITHIN = 8.0
"""Seconds that calls under way have when the process stops."""

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Another process may lead by now."""


class Calling:
    """Calls webhooks, or stands by until the process that does is gone."""

    name = "calling"

    def __init__(
        self,
        store: Store,
        copies: Copies,
        *,
        allowed: Allowed,
        resolve: Resolve = resolved,
        trusted: ssl.SSLContext | None = None,
        randomness: random.Random | None = None,
    ) -> None:
        """`allowed` says what may be called, `resolve` finds addresses, `trusted` says which
        certificates are believed (`shared.runtime.outgoing.Outgoing`).
        """
        self._store = store
        self._copies = copies
        self._clock = store.clock
        # A fresh id each time: a restarted process is another holder of the lease.
        self._holder = f"{store.service}-{store.clock.new_id()}"
        self._lease_seen = float("-inf")
        self._newest = Newest(Feed(store.journal, store.clock), store.clock)
        client = partial(Outgoing, allowed, resolve=resolve, trusted=trusted, connections=AT_ONCE)
        self._around = Around(
            store,
            self._newest,
            client,
            randomness or random.Random(),  # noqa: S311  jitter
            self._may_call,
            self._holder,
        )
        self._endpoints: dict[str, Endpoint] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._forgotten: set[str] = set()
        self._stopping = asyncio.Event()
        self._stopped = asyncio.Event()
        self._stopped.set()
        metrics.WEBHOOKS_FAILING.labels(store.service).set_function(self._count_failing)

    async def run(self) -> None:
        """Leads or stands by until `stop` is called."""
        self._stopped.clear()
        try:
            while not self._stopping.is_set():
                if await self._take_lease():
                    await self._lead()
                else:
                    await first_of(self._clock.sleep(RENEW_EVERY), self._stopping.wait())
        finally:
            self._stopped.set()

    async def stop(self) -> None:
        """Begins no more calls, keeps what came of those under way, gives the lease back."""
        self._stopping.set()
        await self._stopped.wait()

    def _may_call(self) -> bool:
        # Also after the whole process was paused: the monotonic clock ran on meanwhile.
        since = self._clock.monotonic() - self._lease_seen
        return since < LEASE_SECONDS - CONNECT_SECONDS

    async def _take_lease(self) -> bool:
        before = self._clock.monotonic()
        try:
            fence = await self._store.journal.take_lease(LEASE, self._holder, LEASE_SECONDS)
        except Unavailable as error:
            log.warning("lease not reached", reason=str(error)[:200])
            return False
        if fence is None:
            return False
        self._lease_seen = before
        return True

    async def _keep_lease(self) -> None:
        while True:
            await self._clock.sleep(RENEW_EVERY)
            taken = await self._take_lease()
            if not taken and self._clock.monotonic() - self._lease_seen > 0.9 * LEASE_SECONDS:
                raise LeaseLost

    async def _lead(self) -> None:
        log.info("calling leads")
        try:
            await first_of(
                self._tend(), self._newest.run(), self._keep_lease(), self._stopping.wait()
            )
            await self._end_all()
            await self._store.journal.release_lease(LEASE, self._holder)
        except (LeaseLost, Fenced):
            log.warning("calling stepped down: its lease is over")
        except Unavailable as error:
            # Only on the way out. The lease runs out by itself.
            log.warning("calling left its lease behind", reason=str(error)[:200])
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
            self._endpoints.clear()
            self._tasks.clear()

    async def _tend(self) -> None:
        """Has every webhook called by what is agreed with it."""
        while True:
            for id, agreed in list(self._copies[webhook.kind].items()):
                if agreed.status is Status.REMOVED:
                    await self._forget(id)
                elif (endpoint := self._endpoints.get(id)) is None:
                    self._endpoints[id] = Endpoint(id, agreed, self._around)
                    self._tasks[id] = asyncio.create_task(self._endpoints[id].run())
                else:
                    endpoint.hear(agreed)
            for id, task in list(self._tasks.items()):
                if task.done():
                    self._endpoints.pop(id)
                    await self._tasks.pop(id)
            await self._clock.sleep(LOOK_EVERY)

    async def _forget(self, id: str) -> None:
        """A removed webhook is called no more, and its log is forgotten."""
        if (endpoint := self._endpoints.get(id)) is not None:
            endpoint.end()
        elif id not in self._forgotten:
            try:
                actor = f"service:{self._store.service}"
                await self._store.do(delivery_log, id, Forget(), actor=actor)
                self._forgotten.add(id)
            except (Unavailable, Busy):
                return  # at the next look

    async def _end_all(self) -> None:
        for endpoint in self._endpoints.values():
            endpoint.end()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=END_WITHIN)

    def _count_failing(self) -> int:
        return sum(endpoint.failing for endpoint in self._endpoints.values())
