"""Streams that are opened and left at once, as impatient clients do, on a real store."""

import asyncio
import random

import anyio

from deploy.local.servers import MongoServer
from services.notifications.domain.message import message
from services.notifications.feed import Feed, arrivals
from services.notifications.views import KINDS
from shared.runtime.clock import SystemClock
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.store import Store

ROUNDS = 30
AT_ONCE = 8
PAUSES = (0.0, 0.001, 0.003)
"""Seconds within which a stream is left: before and while its first question is answered."""


async def test_streams_that_are_left_at_once_do_not_lock_the_store(
    mongo: MongoServer, database: str
) -> None:
    """A web framework's scope cancels what waits in it again and again, until it is gone."""
    clock, chance = SystemClock(), random.Random(1)
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", clock)
    await journal.prepare(KINDS)
    store = Store("notifications", journal, clock, [message])
    feed = Feed(journal)

    async def listen() -> None:
        async for _ in arrivals(store, feed, "u1", clock.now()):
            pass

    async def leave_within(seconds: float) -> None:
        async with anyio.create_task_group() as listening:
            listening.start_soon(listen)
            await anyio.sleep(chance.random() * seconds)
            listening.cancel_scope.cancel()

    await store.get(message, "m1")
    for _ in range(ROUNDS):
        for pause in PAUSES:
            await asyncio.gather(*(leave_within(pause) for _ in range(AT_ONCE)))
        async with asyncio.timeout(10):
            await asyncio.gather(*(store.get(message, "m1") for _ in range(AT_ONCE)))
    await journal.close()
