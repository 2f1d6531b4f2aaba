"""Commands that are decided as one: one commit, and still each of them once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pytest

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected, Together
from shared.runtime.clock import SystemClock
from shared.runtime.journal import Conflict, Journal, Kind
from shared.runtime.rebuild import Progress, differences
from shared.runtime.store import MAX_BATCH, Store
from tests.runtime.journal_material import change
from tests.runtime.test_store import about


@dataclass(frozen=True)
class Row:
    """Numbers in the order in which they came."""

    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Add(Command):
    number: int


@dataclass(frozen=True, slots=True)
class AddAll(Command):
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Added(Event):
    numbers: tuple[int, ...]


def decide(command: Command, row: Row, now: datetime) -> list[Event]:
    numbers = command.numbers if isinstance(command, AddAll) else (command.number,)  # type: ignore[attr-defined]
    if any(number < 0 for number in numbers):
        raise Rejected("negative", "no number here is negative")
    return [Added(tuple(n for n in numbers if n))] if any(numbers) else []


def evolve(row: Row, event: Event) -> Row:
    assert isinstance(event, Added)
    return Row(row.numbers + event.numbers)


def join(commands: Sequence[Add]) -> AddAll:
    return AddAll(tuple(each.number for each in commands))


row = Aggregate("row", Row(), decide, evolve, (Added,), together=Together(Add, join))


@pytest.fixture
async def store(journal: Journal) -> Store:
    await journal.prepare([Kind("row")])
    return Store("rows", journal, SystemClock(), [row])


async def add(store: Store, *numbers: int, id: str = "1") -> None:
    await asyncio.gather(
        *(store.react(about(f"e/{id}/{number}"), row, id, Add(number)) for number in numbers)
    )


async def numbers(store: Store, id: str = "1") -> tuple[int, ...]:
    found = await store.get(row, id)
    return () if found is None else found.state.numbers


async def test_what_comes_together_is_one_commit_in_the_order_it_came(
    store: Store, journal: Journal
) -> None:
    await add(store, 3, 1, 2)
    assert await numbers(store) == (3, 1, 2)
    (commit,) = await journal.history("row-1")
    assert commit.causes == tuple(f"{about(f'e/1/{n}').id}>row-1" for n in (3, 1, 2))
    assert commit.causation == about("e/1/3").id
    progress = Progress()
    assert [each async for each in differences(journal, (row,), progress)] == []


async def test_as_many_as_wait_are_one_commit(store: Store, journal: Journal) -> None:
    many = tuple(range(1, 3 * MAX_BATCH))
    await add(store, *many)
    assert await numbers(store) == many
    assert len(await journal.history("row-1")) == 1


async def test_each_counts_once_however_often_it_comes(store: Store) -> None:
    await add(store, 1, 2, 3)
    await add(store, 3, 2, 4, 4, 1)
    await add(store, 4)
    assert await numbers(store) == (1, 2, 3, 4)


async def test_one_that_a_rule_forbids_harms_no_other(store: Store, journal: Journal) -> None:
    await add(store, 1, -2, 3)
    assert await numbers(store) == (1, 3)
    await add(store, -2, 5)
    assert await numbers(store) == (1, 3, 5)
    known = await journal.by_cause([f"{about('e/1/-2').id}>row-1"])
    assert [commit.version for commit in known.values()] == [0], "it was seen, and led to nothing"


async def test_what_is_too_much_for_one_step_is_taken_in_halves(
    store: Store, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.runtime.deciding.MAX_BYTES", 120)
    many = tuple(range(1_000, 1_040))
    await add(store, *many)
    assert await numbers(store) == many
    commits = await journal.history("row-1")
    assert 1 < len(commits) < len(many)
    causes = [cause for commit in commits for cause in commit.causes]
    assert causes == [f"{about(f'e/1/{n}').id}>row-1" for n in many]


async def test_those_that_lead_to_nothing_are_marked_each(store: Store, journal: Journal) -> None:
    await asyncio.gather(
        *(store.react(about(f"zero/{n}"), row, "1", Add(0)) for n in range(3)),
    )
    causes = [f"{about(f'zero/{n}').id}>row-1" for n in range(3)]
    assert [commit.version for commit in (await journal.by_cause(causes)).values()] == [0, 0, 0]


async def test_streams_are_joined_apart_and_requests_not_at_all(
    store: Store, journal: Journal
) -> None:
    await asyncio.gather(
        add(store, 1, 2, id="a"),
        add(store, 3, 4, id="b"),
        *(store.do(row, "a", Add(n), actor="somebody", cause=f"k{n}") for n in (5, 6)),
    )
    assert sorted(await numbers(store, "a")) == [1, 2, 5, 6]
    assert await numbers(store, "b") == (3, 4)
    assert len(await journal.history("row-a")) == 3
    assert len(await journal.history("row-b")) == 1


async def test_two_processes_join_the_same_events_and_each_counts_once(
    store: Store, journal: Journal
) -> None:
    other = Store("rows", journal, SystemClock(), [row])
    many = range(1, 3 * MAX_BATCH)
    await asyncio.gather(add(store, *many), add(other, *reversed(many)))
    found = await numbers(store)
    assert sorted(found) == list(many)
    commits = await journal.history("row-1")
    assert sorted(cause for commit in commits for cause in commit.causes) == sorted(
        f"{about(f'e/1/{n}').id}>row-1" for n in many
    )


async def test_a_journal_keeps_all_causes_of_a_commit(journal: Journal) -> None:
    def joined(version: int, *causes: str) -> Any:
        one = change("a", version, cause=causes[0])
        return replace(one, commit=replace(one.commit, joined=causes[1:]))

    first = joined(1, "k1", "k2", "k3")
    await journal.write([first])
    assert await journal.history("thing-a") == [first.commit]
    assert await journal.by_cause(["k0", "k1", "k3"]) == {"k1": first.commit, "k3": first.commit}
    for again in (joined(2, "k4", "k2"), joined(2, "k3"), joined(2, "k5", "k6", "k1")):
        with pytest.raises(Conflict):
            await journal.write([again])
    await journal.write([joined(2, "k4", "k5")])
    with pytest.raises(Conflict):
        await journal.write([change("a", 3, cause="k6"), joined(4, "k7", "k6")])
