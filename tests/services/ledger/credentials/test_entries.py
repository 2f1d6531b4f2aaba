"""Entries of a status list: each given once, in an order that tells nothing, revoked for ever."""

import asyncio
from collections import Counter
from itertools import pairwise

from hypothesis import given as property_of
from hypothesis import settings
from hypothesis import strategies as st

from services.ledger.credentials import status_list as written
from services.ledger.domain.credentials.status_list import (
    ENTRIES,
    GiveEntry,
    RevokeEntry,
    StatusEntryGiven,
    StatusEntryRevoked,
    StatusList,
    StatusListOpened,
    entry_of,
    status_list,
)
from shared.runtime.aggregate import Tick
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Kind
from shared.runtime.memory_journal import MemoryJournal
from shared.runtime.store import Store
from tests.given import Given, given

SEED = "0f" * 16


def test_every_entry_is_given_once() -> None:
    assert {entry_of(n, SEED) for n in range(ENTRIES)} == set(range(ENTRIES))


@property_of(st.text("0123456789abcdef", min_size=32, max_size=32))
@settings(max_examples=20)
def test_neighbours_lie_anywhere(seed: str) -> None:
    given_ = [entry_of(n, seed) for n in range(512)]
    assert len({*given_}) == 512
    # Those that were given first lie all over the list, and in no order.
    spread = Counter(entry * 16 // ENTRIES for entry in given_)
    assert len(spread) == 16
    assert max(spread.values()) < 80
    rising = sum(a < b for a, b in pairwise(given_))
    assert 150 < rising < 360


def test_another_seed_makes_another_order() -> None:
    same = sum(entry_of(n, SEED) == entry_of(n, "1f" * 16) for n in range(1_000))
    assert same < 10


def test_entries_are_given_one_after_the_other() -> None:
    first, second = entry_of(0, SEED), entry_of(1, SEED)
    opened = given(status_list).when(GiveEntry(), facts=SEED)
    once = opened.then(StatusListOpened(SEED), StatusEntryGiven(first))
    twice = once.when(GiveEntry(), facts="another seed").then(StatusEntryGiven(second))
    assert (twice.state.given, twice.state.last) == (2, second)
    twice.when(Tick()).then()


def test_a_full_list_gives_no_more() -> None:
    almost = Given(status_list, StatusList(SEED, ENTRIES - 1, 0, False, bytes(ENTRIES // 8)))
    full = almost.when(GiveEntry(), facts=SEED).then(StatusEntryGiven(entry_of(ENTRIES - 1, SEED)))
    assert full.state.full
    full.when(GiveEntry(), facts=SEED).then_rejected("status-list-full")


def test_an_entry_is_revoked_for_ever_and_no_other_with_it() -> None:
    entry = entry_of(0, SEED)
    gone = (
        given(status_list, StatusListOpened(SEED), StatusEntryGiven(entry))
        .when(RevokeEntry(entry))
        .then(StatusEntryRevoked(entry))
    )
    gone.when(RevokeEntry(entry)).then()
    bits = gone.state.revoked
    assert sum(byte.bit_count() for byte in bits) == 1
    assert written.is_set(written.decoded(written.encoded(bits)), entry)
    assert written.ENTRIES == ENTRIES


async def test_processes_that_give_entries_at_once_give_none_twice() -> None:
    clock = SystemClock()
    journal = MemoryJournal(clock)
    seeds = {"status-list": lambda *_: SEED}
    stores = [Store("ledger", journal, clock, [status_list], seeds) for _ in range(3)]
    await journal.prepare([Kind("status-list")])
    asked = (
        store.do(status_list, "1", GiveEntry(), actor="test") for store in stores for _ in range(40)
    )
    outcomes = await asyncio.gather(*asked)
    assert {one.state.last for one in outcomes} == {entry_of(n, SEED) for n in range(120)}
