"""One watch serves all who wait, for as long as somebody does."""

import asyncio

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Journal, Stored, Unavailable
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.watching import Watching
from tests.runtime.journal_material import change
from tests.services.community.served import until


async def test_it_tells_what_changes_while_somebody_is_there(journal: Journal) -> None:
    told: list[Stored] = []
    ended: list[None] = []
    watching = Watching(journal, "thing", told.append, lambda: ended.append(None))
    with watching.at_work(), watching.at_work():
        # What is read now has been read with the watch open.
        assert [each async for each in journal.all("thing")] == []
        await journal.write([change("1", 1)])
        await until(lambda: len(told) == 1)
    assert told[0].id == "1"
    assert not watching.working
    assert ended == [None]
    await journal.write([change("2", 1)])
    with watching.at_work():
        assert len([each async for each in journal.all("thing")]) == 2
        await journal.write([change("3", 1)])
        await until(lambda: len(told) == 2)
    assert [each.id for each in told] == ["1", "3"]


async def test_where_the_store_is_away_it_ends_and_begins_anew_with_the_next() -> None:
    away = False

    def fault(_point: str) -> None:
        if away:
            raise Unavailable("away")

    clock = SystemClock()
    journal = MemoryJournal(clock, fault=fault)
    told: list[Stored] = []
    ended: list[None] = []
    watching = Watching(journal, "thing", told.append, lambda: ended.append(None))
    with watching.at_work():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        away = True
        journal.disk._wake()
        await until(lambda: len(ended) == 1)
        await until(lambda: not watching.working)
        away = False
        with watching.at_work():
            await journal.write([change("1", 1)])
            await until(lambda: len(told) == 1)
    assert len(ended) == 2
