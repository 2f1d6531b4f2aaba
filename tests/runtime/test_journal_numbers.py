"""Rows of numbers, over every journal."""

import asyncio

from shared.runtime.journal import Journal


async def test_numbers_begin_with_one_and_go_on(journal: Journal) -> None:
    assert await journal.take_numbers("receipt", 1_000) == 1
    assert await journal.take_numbers("receipt", 1) == 1_001
    assert await journal.take_numbers("receipt", 1_000) == 1_002


async def test_each_row_has_its_own_numbers(journal: Journal) -> None:
    assert await journal.take_numbers("receipt", 10) == 1
    assert await journal.take_numbers("case", 10) == 1
    assert await journal.take_numbers("receipt", 10) == 11


async def test_of_many_who_take_at_once_each_gets_others(journal: Journal) -> None:
    firsts = await asyncio.gather(*(journal.take_numbers("receipt", 7) for _ in range(50)))
    assert sorted(firsts) == [1 + 7 * n for n in range(50)]


async def test_numbers_outgrow_four_bytes(journal: Journal) -> None:
    assert await journal.take_numbers("receipt", 2**31) == 1
    assert await journal.take_numbers("receipt", 2**31) == 2**31 + 1
    assert await journal.take_numbers("receipt", 1) == 2**32 + 1
