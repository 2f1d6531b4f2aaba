"""The ticker and the copies: what is due is done once, and copies follow the store."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from shared.runtime.aggregate import Aggregate
from shared.runtime.clock import SystemClock
from shared.runtime.copies import Copy
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.store import Store
from shared.runtime.ticker import BATCH, TALLY_EVERY, TALLY_SHARE, Ticker
from tests.runtime.lamp import REPAIR_WITHIN, Break, Install, Lamp, Repair, lamp
from tests.runtime.lamp_service import Outage


class SetClock(SystemClock):
    """The machine's clock, put forward by a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> Any:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead.total_seconds()


async def broken_lamps(store: Store, count: int) -> None:
    for n in range(count):
        await store.do(lamp, f"l{n}", Install("p1", "k1", 60, "a1"), actor="a1")
    await asyncio.gather(
        *(store.do(lamp, f"l{n}", Break("dark", "u1"), actor="u1") for n in range(count))
    )


async def test_what_is_due_is_ticked_once_by_two_tickers_at_once() -> None:
    clock = SetClock()
    journal = MemoryJournal(clock)
    store = Store("community", journal, clock, [lamp])
    await broken_lamps(store, 20)
    tickers = [Ticker(store, journal, [lamp], clock) for _ in range(2)]
    await asyncio.gather(*(ticker.look() for ticker in tickers))
    assert {(await store.get(lamp, f"l{n}")).state.reminded for n in range(20)} == {0}  # type: ignore[union-attr]
    clock.ahead = REPAIR_WITHIN + timedelta(seconds=1)
    await asyncio.gather(*(ticker.look() for ticker in tickers))
    snapshots = [await store.get(lamp, f"l{n}") for n in range(20)]
    assert {(one.state.reminded, one.version) for one in snapshots if one} == {(1, 3)}


async def test_a_time_that_is_due_anew_acts_anew() -> None:
    clock = SetClock()
    journal = MemoryJournal(clock)
    store = Store("community", journal, clock, [lamp])
    since = clock.now()
    await store.do(lamp, "l1", Install("p1", "k1", 60, "a1"), actor="a1")
    clock.ahead = REPAIR_WITHIN + timedelta(seconds=1)
    tickers = [Ticker(store, journal, [lamp], clock) for _ in range(2)]
    for times in (1, 2, 3):
        await store.do(lamp, "l1", Break("dark", "u1", since), actor="u1")
        await asyncio.gather(*(ticker.look() for ticker in tickers))
        found = await store.get(lamp, "l1")
        assert found is not None
        assert found.state.reminded == times
        assert await journal.due("lamp", clock.now(), 10) == []
        await store.do(lamp, "l1", Repair("k1"), actor="k1")


async def test_a_full_batch_asks_for_another_look_at_once() -> None:
    clock = SetClock()
    journal = MemoryJournal(clock)
    store = Store("community", journal, clock, [lamp])
    await broken_lamps(store, BATCH + 1)
    clock.ahead = REPAIR_WITHIN + timedelta(seconds=1)
    ticker = Ticker(store, journal, [lamp], clock)
    assert await ticker.look()
    assert not await ticker.look()
    assert await journal.due("lamp", clock.now(), 10) == []


class Asked(MemoryJournal):
    """Remembers for which kinds it was asked what is due."""

    def __init__(self, clock: SetClock) -> None:
        super().__init__(clock)
        self.kinds: list[str] = []

    async def due(self, kind: str, now: datetime, limit: int) -> list[tuple[str, datetime]]:
        self.kinds.append(kind)
        return await super().due(kind, now, limit)


async def test_what_never_wants_attention_is_not_looked_for() -> None:
    clock = SetClock()
    journal = Asked(clock)
    candle = Aggregate("candle", lamp.initial, lamp.decide, lamp.evolve, lamp.events)
    store = Store("community", journal, clock, [candle, lamp])
    await Ticker(store, journal, [candle, lamp], clock).look()
    assert journal.kinds == ["lamp"]


class ManyLamps(MemoryJournal):
    """Has so many states that counting them takes two seconds."""

    counted = 0

    async def tally(self, *_: Any, **__: Any) -> list[tuple[tuple[Any, ...], int]]:
        self.counted += 1
        self.clock.ahead += timedelta(seconds=2)  # type: ignore[attr-defined]
        return []


async def test_the_more_there_is_to_count_the_more_seldom_it_is_counted() -> None:
    clock = SetClock()
    journal = ManyLamps(clock)
    journal.clock = clock  # type: ignore[attr-defined]
    ticker = Ticker(Store("community", journal, clock, [lamp]), journal, [lamp], clock)
    await ticker.look()
    clock.ahead += timedelta(seconds=TALLY_EVERY)
    await ticker.look()
    assert journal.counted == 1
    clock.ahead += timedelta(seconds=2 / TALLY_SHARE)
    await ticker.look()
    assert journal.counted == 2


async def test_a_copy_follows_and_comes_back_after_trouble() -> None:
    clock, outage = SystemClock(), Outage()
    journal = MemoryJournal(clock, fault=outage)
    store = Store("community", journal, clock, [lamp])
    copy: Copy[Lamp] = Copy(lamp)
    await store.do(lamp, "l1", Install("p1", "k1", 60, "a1"), actor="a1")
    outage.away = True
    following = asyncio.create_task(copy.follow(journal, clock))
    await asyncio.sleep(0)
    assert not copy.ready
    outage.away = False
    await copy.loaded()
    assert copy["l1"].keeper == "k1"
    await store.do(lamp, "l2", Install("p1", "k2", 60, "a1"), actor="a1")
    while "l2" not in copy:  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    assert sorted(copy) == ["l1", "l2"]
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert not copy.ready
