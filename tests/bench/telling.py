"""How fast notifications puts messages into inboxes, and how fast a desk sends letters.

Messages are posted as its own reactions post them: commands through the store into MongoDB.
"""

import asyncio
import random
import time
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from deploy.local.layout import LocalError
from services.notifications.channels.channel import Letter
from services.notifications.courier import Courier
from services.notifications.domain.message import (
    Circumstances,
    Post,
    message,
    message_id,
)
from services.notifications.domain.ways import Plan, Way
from services.notifications.main import service
from services.notifications.views.delivery import waiting
from shared.runtime.clock import SystemClock
from shared.runtime.memory_bus import MemoryBus, MemoryTopics
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.reactions import About
from shared.runtime.running import Running
from shared.runtime.store import Store
from shared.runtime.subscriber import AT_ONCE
from tests.bench.bench import Bench
from tests.bench.figure import Figure
from tests.services.notifications.delivery.posting import Give, PhoneGiven, preferences

MESSAGES = 100_000
LETTERS = 4_000
NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)


def inbox_burst_rate(bench: Bench) -> Figure:
    """Messages stored per second where nobody is told but in the inbox."""
    begin = time.process_time()
    rate = asyncio.run(_inbox(bench.platform.mongo.uri, "bench_inbox", MESSAGES))
    cpu = 1e6 * (time.process_time() - begin) / MESSAGES
    return Figure(rate, f"{MESSAGES:,} messages, {AT_ONCE} waiting; {cpu:.0f} µs of CPU each")


def letter_rate(bench: Bench) -> Figure:
    """Letters per second that a desk claims, hands over and reports, to a provider that takes them
    at once.
    """
    rate = asyncio.run(_letters(bench.platform.mongo.uri, "bench_letters", LETTERS))
    return Figure(rate, f"{LETTERS:,} letters to as many people")


async def _inbox(uri: str, database: str, count: int) -> float:
    running = await opened(uri, database)
    began = time.perf_counter()
    await at_most(AT_ONCE, (post(running.store, n) for n in range(count)))
    took = time.perf_counter() - began
    stored = await running.journal.count("message", {})
    await running.stop()
    if stored != count:
        raise LocalError(f"there should be {count} messages, and are {stored}")
    return count / took


async def opened(uri: str, database: str) -> Running:
    """notifications with a store of its own and no broker."""
    clock = SystemClock()
    journal = MongoJournal.connect(uri, database, "pymongo", clock)
    running = service.assemble(journal, MemoryBus(MemoryTopics(), clock), clock)
    await running.open()
    return running


async def post(store: Store, number: int) -> None:
    """A message to somebody, as a reaction posts it."""
    event, person, kind = f"petitions/petition-{number}/3/0", f"person-{number}", "petition-taken"
    params = {"petition": f"{number}", "level": "area"}
    told = Post(person, kind, params, f"petition-{number}", event)
    id = message_id(event, person, kind)
    about = About(event, "petitions", "", f"petition-{number}", 3, NOON, event)
    await store.react(about, message, id, told)


async def at_most(most: int, work: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Does all of it, so many at once."""
    left = iter(work)

    async def one_after_the_other() -> None:
        for each in left:
            await each

    await asyncio.gather(*(one_after_the_other() for _ in range(most)))


@dataclass
class _Taking:
    """A provider that takes everything at once."""

    way: Way = Way.SMS
    taken: set[str] = field(default_factory=set)

    def provider(self, address: object) -> str:
        return ""

    async def send(self, letter: Letter, address: object) -> str:
        await asyncio.sleep(0)
        self.taken.add(letter.id)
        return letter.id

    async def close(self) -> None:
        """It has no connections."""


async def _letters(uri: str, database: str, count: int) -> float:
    running = await opened(uri, database)
    clock, journal = running.clock, running.journal
    plan = Circumstances(plan=Plan((Way.SMS,)))
    store = Store("notifications", journal, clock, service.aggregates, {"message": lambda *_: plan})
    await at_most(AT_ONCE, (post(store, n) for n in range(count)))
    numbers = Store("notifications", journal, clock, (preferences,))
    await at_most(AT_ONCE, (_give_number(numbers, n) for n in range(count)))
    taking = _Taking()
    courier = Courier(
        store, running.copies, {Way.SMS: taking}, {Way.SMS: 10_000.0}, random.Random()
    )
    began = time.perf_counter()
    working = asyncio.create_task(courier.run())
    while await journal.count("message", waiting(Way.SMS)):  # noqa: ASYNC110
        await asyncio.sleep(0.05)
    took = time.perf_counter() - began
    await courier.stop()
    await working
    await running.stop()
    if len(taking.taken) != count:
        raise LocalError(f"{count} letters should have gone out, and {len(taking.taken)} have")
    return count / took


async def _give_number(store: Store, number: int) -> None:
    given = Give(PhoneGiven(f"+86138{number:08d}"))
    await store.do(preferences, f"person-{number}", given, actor="bench")
