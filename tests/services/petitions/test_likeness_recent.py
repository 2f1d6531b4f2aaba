"""The recent petitions in memory: read in the background, fresh, and without what was erased."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec

from deploy.local.servers import MongoServer
from services.petitions.domain.state import Petition, Status, Voices
from services.petitions.recent import LAP, POLL, SETTLED, Keeping, RecentPetitions
from shared.contracts.types import PetitionKind
from shared.runtime.clock import SystemClock, id_at
from shared.runtime.journal import Change, Commit, DossierEntry, Journal, Kind, Stored
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.mongo_journal import MongoJournal
from tests.runtime.lamp_service import Outage

NOW = datetime(2025, 3, 3, tzinfo=UTC)
DAY = timedelta(days=1)
PATH, TAKEN = ("d", "c", "n"), Status.TAKEN
TEXT = "三号楼电梯坏了一个多星期，老人上下楼很不方便。"


class Hurried:
    """A clock whose pauses take no time of ours."""

    def __init__(self) -> None:
        self.passed = timedelta(0)

    def now(self) -> datetime:
        return NOW + self.passed

    def monotonic(self) -> float:
        return self.passed.total_seconds()

    def new_id(self) -> str:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        self.passed += timedelta(milliseconds=round(seconds * 1000))
        await asyncio.sleep(0)


class Filed:
    """A store with petitions in it, and a clock."""

    def __init__(self, journal: Journal | None = None) -> None:
        self.clock = Hurried()
        self.outage = Outage()
        self.journal = journal or MemoryJournal(self.clock, fault=self.outage)
        self.made = 0

    async def petition(self, ago: timedelta = DAY, text: str = TEXT, **state: object) -> str:
        """Stores one that was filed so long ago; its id."""
        self.made += 1
        at = self.clock.now() - ago
        id = id_at(at, self.made.to_bytes(10, "big"))
        fields = {"path": PATH, "category": "property", "filed_at": at, "status": TAKEN, **state}
        await self._write(id, 1, Petition(id=id, **fields), text)  # type: ignore[arg-type]
        return id

    async def change(self, id: str, forgets: bool = False, **state: object) -> None:
        """Changes its state; `forgets` erases its words."""
        [stored] = (await self.journal.load("petition", [id])).values()
        petition = msgspec.convert(stored.state, Petition)
        await self._write(id, stored.version + 1, replace(petition, **state), None, forgets)  # type: ignore[arg-type]

    async def _write(
        self,
        id: str,
        version: int,
        petition: Petition,
        text: str | None,
        forgets: bool = False,
    ) -> None:
        stream, at = f"petition-{id}", self.clock.now()
        state = msgspec.to_builtins(petition, builtin_types=(datetime,))
        entry = DossierEntry(
            stream, version, 0, "PetitionDescribed", at, {"title": "电梯", "text": text}
        )
        change = Change(
            "petition",
            Commit(stream, version, at, "u1", "file", (), f"c{id}{version}"),
            Stored(id, version, at, state),
            () if text is None else (entry,),
            forgets,
        )
        await self.journal.write([change])

    @asynccontextmanager
    async def followed(self, keeping: Keeping = Keeping()) -> AsyncIterator[RecentPetitions]:
        """Kept in memory."""
        recent = RecentPetitions(keeping)
        following = asyncio.create_task(recent.follow(self.journal, self.clock))
        try:
            yield recent
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    async def turns(self, seconds: float) -> None:
        """Lets so much of the clock's time pass."""
        until = self.clock.now() + timedelta(seconds=seconds)
        while self.clock.now() < until:  # noqa: ASYNC110 - the clock rings no bell
            await asyncio.sleep(0)


async def until(condition: Callable[[], bool]) -> None:
    """Returns when it holds; the test's time limit ends a wait in vain."""
    while not condition():  # noqa: ASYNC110 - what is waited for rings no bell
        await asyncio.sleep(0.001)


async def test_nothing_waits_for_it() -> None:
    recent = RecentPetitions(Keeping())
    await recent.loaded()
    assert recent.ready
    assert not recent.complete


async def test_everything_recent_or_open_is_read_at_the_start() -> None:
    filed = Filed()
    recents = {await filed.petition(n * DAY) for n in range(1, 121)}
    old_and_open = await filed.petition(400 * DAY)
    await filed.petition(400 * DAY, status=Status.CLOSED)
    async with filed.followed() as recent:
        await until(lambda: recent.complete)
        assert set(recent.table) == {*recents, old_and_open}


async def test_the_latest_are_kept_where_there_are_too_many() -> None:
    filed = Filed()
    ids = [await filed.petition(n * DAY) for n in range(1, 8)]
    async with filed.followed(Keeping(most=5)) as recent:
        await until(lambda: recent.complete)
        assert set(recent.table) == set(ids[:5])
        newest = await filed.petition(SETTLED)
        await until(lambda: newest in recent.table)
        assert set(recent.table) == {newest, *ids[:4]}


async def test_what_is_filed_afterwards_is_seen_soon() -> None:
    filed = Filed()
    async with filed.followed() as recent:
        await until(lambda: recent.complete)
        id = await filed.petition(timedelta(0))
        await filed.turns(2 * POLL + SETTLED.total_seconds())
        assert id in recent.table


async def test_reports_and_withdrawn_ones_are_not_compared() -> None:
    filed = Filed()
    await filed.petition(kind=PetitionKind.REPORT)
    await filed.petition(status=Status.CLOSED, outcome="withdrawn")
    other = await filed.petition()
    async with filed.followed() as recent:
        await until(lambda: recent.complete)
        assert set(recent.table) == {other}


async def test_what_was_erased_disappears() -> None:
    filed = Filed()
    erased, other = await filed.petition(), await filed.petition()
    async with filed.followed() as recent:
        await until(lambda: recent.complete)
        await filed.change(erased, forgets=True)
        await filed.turns(LAP + 2 * POLL)
        assert set(recent.table) == {other}


async def test_what_changes_is_seen_within_a_lap() -> None:
    filed = Filed()
    ids = [await filed.petition() for _ in range(130)]
    async with filed.followed() as recent:
        await until(lambda: recent.complete)
        assert recent.table.supporters.sum() == 0
        for id in ids:
            await filed.change(id, voices=Voices(supporters=("u1", "u2")))
        await filed.turns(LAP + 2 * POLL)
        assert set(recent.table.supporters) == {2}


async def test_supporters_are_those_of_the_last_days_however_old_it_is() -> None:
    filed = Filed()
    young = NOW - 6 * DAY
    people = tuple(f"u{n}" for n in range(103))
    heard = (*((who, young) for who in people[:100]), ("u100", NOW - 8 * DAY), ("u0", young))
    id = await filed.petition(40 * DAY, voices=Voices(supporters=people, heard=heard))
    fresh = await filed.petition(DAY, voices=Voices(supporters=("u1", "u2")))
    async with filed.followed(Keeping(heard=7 * DAY)) as recent:
        await until(lambda: recent.complete)
        counted = dict(zip(recent.table, recent.table.supporters.tolist(), strict=True))
        assert counted == {id: 100, fresh: 2}
        filed.clock.passed += 2 * DAY
        await filed.turns(LAP + 2 * POLL)
        assert dict(zip(recent.table, recent.table.supporters.tolist(), strict=True))[id] == 0


async def test_it_grows_old() -> None:
    filed = Filed()
    await filed.petition(status=Status.CLOSED)
    still_open = await filed.petition()
    async with filed.followed(Keeping(time=2 * DAY)) as recent:
        await until(lambda: recent.complete)
        assert len(recent.table) == 2
        filed.clock.passed += 2 * DAY
        await filed.turns(LAP + 2 * POLL)
        assert set(recent.table) == {still_open}


async def test_a_store_that_is_away_is_waited_for() -> None:
    filed = Filed()
    id = await filed.petition()
    filed.outage.away = True
    async with filed.followed() as recent:
        await filed.turns(60)
        assert not recent.complete
        filed.outage.away = False
        await until(lambda: recent.complete)
        filed.outage.away = True
        await filed.turns(60)
        filed.outage.away = False
        later = await filed.petition(timedelta(0))
        await filed.turns(60)
        assert set(recent.table) == {id, later}


async def test_a_real_store_gives_the_same(mongo: MongoServer, database: str) -> None:
    journal = MongoJournal.connect(mongo.uri, database, "pymongo", SystemClock())
    try:
        await journal.prepare([Kind("petition")])
        filed = Filed(journal)
        recents = {await filed.petition(n * DAY) for n in range(1, 121)}
        old_and_open = await filed.petition(400 * DAY)
        await filed.petition(400 * DAY, status=Status.CLOSED)
        async with filed.followed() as recent:
            await until(lambda: recent.complete)
            assert set(recent.table) == {*recents, old_and_open}
    finally:
        await journal.close()
