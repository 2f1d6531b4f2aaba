"""Two batches of one process are being written when mongod dies, or the process itself."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, cast

import pytest

from deploy.local.servers import MongoServer
from shared.runtime.aggregate import Command
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Journal, Kind, Unavailable
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.outcome import Busy
from shared.runtime.service import Service
from shared.runtime.store import Store
from tests.chaos.checker import Acknowledged, Told, Unacknowledged, check, evidence_of
from tests.chaos.load import under_load
from tests.chaos.report import Account
from tests.chaos.witness import Witness
from tests.e2e.town import Town
from tests.runtime.lamp import Install, Switch, lamp

SENDERS = 48
SHARED = 6
"""Lamps that all senders switch; each has many more that are its own."""
BREATH = 0.05
"""Seconds, at most, between two commands of a sender: without any all come at the same moment, in
one batch.
"""
COMMANDS = 400
"""Acknowledged between two blows, at least."""
LATER = 0.01
"""Seconds; a blow falls at any moment within, as long as both batches are under way."""
PAIR = 2
"""Batches side by side: a third begins only where more wait than these senders let wait."""
SEED = 5

pytestmark = [pytest.mark.chaos, pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(400)]


class Seen:
    """A journal that says how many of its writes are under way."""

    def __init__(self, journal: Journal) -> None:
        self.writing = 0
        self._journal = journal
        self._changed = asyncio.Condition()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    async def write(self, changes: Sequence[Change]) -> None:
        await self._count(1)
        try:
            await self._journal.write(changes)
        finally:
            await self._count(-1)

    async def _count(self, more: int) -> None:
        async with self._changed:
            self.writing += more
            self._changed.notify_all()

    async def until(self, writes: int) -> None:
        async with asyncio.timeout(60), self._changed:
            await self._changed.wait_for(lambda: self.writing >= writes)


class Senders:
    """People who put up lamps and switch them all the time, and keep what they were told."""

    def __init__(self, store: Store) -> None:
        self.told: list[Told] = []
        self.heard: Counter[str] = Counter()
        self.stopping = False
        self._store = store

    async def work(self, sender: int) -> None:
        """Until stopped."""
        chance = random.Random(sender)
        for n in count():
            if self.stopping:
                return
            own = f"{sender}-{n}"
            await self._do(own, Install(place="p1", keeper="w1", watts=10, by="w1"))
            shared = f"shared-{chance.randrange(SHARED)}"
            for id in (own, shared, own):
                await asyncio.sleep(chance.random() * BREATH)
                await self._do(id, Switch())

    async def put_up(self) -> None:
        """The lamps that all share."""
        for n in range(SHARED):
            await self._do(f"shared-{n}", Install(place="p1", keeper="w1", watts=10, by="w1"))

    async def _do(self, id: str, command: Command) -> None:
        cause = f"w1>{len(self.told)}-{id}-{command.verb}-{random.getrandbits(64):x}"
        while True:
            try:
                outcome = await self._store.do(lamp, id, command, actor="w1", cause=cause)
            except (Unavailable, Busy) as error:
                self.heard[type(error).__name__] += 1
                if self.stopping:
                    self.told.append(Unacknowledged("lamps", cause))
                    return
                await asyncio.sleep(0.02)
                continue
            self.heard["done"] += 1
            self.told.append(Acknowledged("lamps", f"lamp-{id}", outcome.version, cause))
            return

    async def reach(self, more: int) -> None:
        """Returns when so many more are done."""
        goal = self.heard["done"] + more
        async with asyncio.timeout(60):
            while self.heard["done"] < goal:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.mark.servers
@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.long)])
async def test_mongod_dies_with_two_batches_under_way(
    own_mongo: Callable[..., MongoServer], account: Account, rounds: int
) -> None:
    mongo = own_mongo()
    clock = SystemClock()
    journal = MongoJournal.connect(mongo.uri, "lamps", "pymongo", clock)
    await journal.prepare([Kind("lamp")])
    seen = Seen(journal)
    senders = Senders(Store("lamps", cast(Journal, seen), clock, [lamp]))
    await senders.put_up()
    chance = random.Random(SEED)
    both = 0
    async with asyncio.TaskGroup() as group:
        for n in range(SENDERS):
            group.create_task(senders.work(n))
        while both < rounds:
            await senders.reach(COMMANDS)
            await seen.until(PAIR)
            await asyncio.sleep(chance.random() * LATER)
            if seen.writing < PAIR:
                continue  # one was faster
            mongo.kill()
            both += 1
            account.broke("kill -9 mongod, two batches under way")
            await asyncio.to_thread(mongo.start)
        await senders.reach(COMMANDS)
        senders.stopping = True
    assert senders.heard["Unavailable"] > 0
    service = Service("lamps", aggregates=[lamp])
    evidence = await evidence_of(service, journal, ())
    await journal.close()
    account.heard(senders.heard, len(senders.told))
    assert check([evidence], senders.told, clock.now()) == []


@pytest.mark.long
async def test_a_process_dies_with_two_batches_under_way(
    town: Town, witness: Witness, account: Account
) -> None:
    petitions = town.services["petitions"]

    def transactions() -> int:
        """Those that are open in mongod now: of all services, but petitions has the most to do."""
        status = town.client.admin.command("serverStatus")
        return int(status["transactions"]["currentOpen"])

    def pair_is_seen() -> None:
        limit = time.monotonic() + 60
        while transactions() < PAIR:
            assert time.monotonic() < limit, "there are never two batches at a time"

    async with under_load(town, clients=SENDERS, breath=0.0) as load:
        for _ in range(5):
            await load.reach(COMMANDS)
            await asyncio.to_thread(pair_is_seen)
            petitions.kill()
            account.broke("kill -9 petitions, two transactions open")
            petitions.start()
            await asyncio.to_thread(petitions.wait_ready)
        await load.reach(COMMANDS)
    assert set(load.answers) <= {"200", "201", "503", "cut"}
    account.heard(load.answers, len(load.told))
    await witness.satisfied(load.told, within=180)
