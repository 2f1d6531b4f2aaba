"""Batches side by side, over every journal."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, cast

import pytest

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Journal, Kind
from shared.runtime.outcome import Outcome
from shared.runtime.store import MOST_BATCHES, WORTH_BESIDE, WORTH_SHARING, Store
from tests.runtime.lamp import Switch, lamp
from tests.runtime.test_store import installed


class Held:
    """A journal whose writes wait until they are let go."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._go = asyncio.Event()
        self._next = asyncio.Event()
        self.begun: list[list[str]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    async def write(self, changes: Sequence[Change]) -> None:
        self.begun.append([change.commit.stream for change in changes])
        self._next.set()
        await self._go.wait()
        await self._journal.write(changes)

    async def until_begun(self, writes: int) -> None:
        async with asyncio.timeout(60):
            while len(self.begun) < writes:
                self._next.clear()
                await self._next.wait()

    def let_go(self) -> None:
        self._go.set()


@pytest.fixture
async def held(journal: Journal) -> Held:
    await journal.prepare([Kind("lamp")])
    return Held(journal)


@pytest.fixture
def store(held: Held) -> Store:
    return Store("lamps", cast(Journal, held), SystemClock(), [lamp])


def at_once(store: Store, ids: Iterable[str]) -> list[asyncio.Task[Outcome]]:
    return [asyncio.create_task(installed(store, id)) for id in ids]


async def test_another_batch_begins_beside_where_it_is_worth_it(held: Held, store: Store) -> None:
    senders: list[asyncio.Task[Outcome]] = []
    for beside, worth in enumerate(WORTH_BESIDE):
        few = [f"{beside}-{n}" for n in range(worth - 1)]
        senders += at_once(store, few)
        if senders:
            await asyncio.wait(senders, timeout=0.05)
        assert len(held.begun) == beside  # too few to be worth a transaction of their own
        senders += at_once(store, [f"{beside}-one-more"])
        await held.until_begun(beside + 1)
    senders += at_once(store, [f"later-{n}" for n in range(2 * WORTH_BESIDE[-1])])
    await asyncio.wait(senders, timeout=0.05)
    assert len(held.begun) == MOST_BATCHES
    held.let_go()
    await asyncio.gather(*senders)
    assert [len(streams) for streams in held.begun[:MOST_BATCHES]] == list(WORTH_BESIDE)


async def test_what_waits_is_shared_among_the_batches_that_may_begin(
    held: Held, store: Store
) -> None:
    senders = at_once(store, [f"{n}" for n in range(MOST_BATCHES * WORTH_SHARING + 3)])
    await held.until_begun(MOST_BATCHES)
    held.let_go()
    await asyncio.gather(*senders)
    assert [len(streams) for streams in held.begun] == [WORTH_SHARING + 1] * MOST_BATCHES


async def test_of_few_none_is_left_to_others(held: Held, store: Store) -> None:
    senders = at_once(store, [f"{n}" for n in range(WORTH_SHARING)])
    await held.until_begun(1)
    held.let_go()
    await asyncio.gather(*senders)
    assert [len(streams) for streams in held.begun] == [WORTH_SHARING]


async def test_a_stream_is_never_in_two_batches_at_a_time(held: Held, store: Store) -> None:
    senders = at_once(store, ["first"])
    await held.until_begun(1)
    switches = [
        asyncio.create_task(store.do(lamp, "first", Switch(), actor="w1")) for _ in range(3)
    ]
    others = at_once(store, [f"{n}" for n in range(WORTH_BESIDE[1])])
    await held.until_begun(2)
    assert "lamp-first" not in held.begun[1]
    held.let_go()
    await asyncio.gather(*senders, *others)
    assert [(await switch).version for switch in switches] == [2, 3, 4]
    assert [streams for streams in held.begun[2:] if streams] == [["lamp-first"] * 3]
