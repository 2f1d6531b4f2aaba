"""A state that takes the place of one that is known leaves what a whole new one would leave."""

import asyncio
import random
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import bson
import pytest
from pymongo import MongoClient

from deploy.local.servers import MongoServer
from shared.runtime.clock import SystemClock
from shared.runtime.documents import CODEC, state_document
from shared.runtime.journal import Change, Conflict, Journal, Kind, Stored
from shared.runtime.mongo_changes import Changes
from shared.runtime.mongo_driver import DRIVERS, DriverName, options_for
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_succession import WORTH_LEAVING
from shared.runtime.rebuild import Progress, differences
from shared.runtime.store import Store
from tests.runtime.journal_material import MONDAY, THINGS, change, minutes, next_of
from tests.runtime.lamp import Switch, lamp
from tests.runtime.test_store import BREAK, INSTALL

LONG = "所" * WORTH_LEAVING
"""Worth leaving alone by itself."""
EAST = timezone(timedelta(hours=8))
VALUES: tuple[Any, ...] = (
    *(None, False, True, 0, 1, 0.0, -0.0, 1.0, 2**40, "", "1", "x", b"1"),
    *([], [1], [1.0], [True], (1,), [None], [[1], [2]], {}, {"a": 1, "b": 2}, {"b": 2, "a": 1}),
    *({"a.b": 1}, {"a": {"a.b": True}}, [{"a": 1}], [{"a": 1.0}], [{"a": True}]),
    *(MONDAY, MONDAY.astimezone(EAST), MONDAY.replace(microsecond=123_456), MONDAY + minutes(1)),
)
"""Among them what is equal in Python and not when it is stored."""


async def state_of(journal: Journal, id: str) -> Stored:
    return (await journal.load("thing", [id]))[id]


def told_exactly(stored: Stored) -> tuple[Any, ...]:
    """All of a state but its id and the order of its fields: types too, and the order in values."""
    document = state_document(stored)
    fields = {name: bson.encode({"": value}) for name, value in document.pop("s").items()}
    del document["_id"]
    return fields, document


async def lamps(journal: Journal) -> Store:
    """A store of lamps over it."""
    await journal.prepare([Kind("lamp")])
    return Store("lamps", journal, SystemClock(), [lamp])


async def test_what_differs_is_written_and_what_stays_stays(journal: Journal) -> None:
    await journal.write([change("a", due=MONDAY, text=LONG, people=["p", "q"], n=1)])
    former = await state_of(journal, "a")
    after = change(
        "a", 2, former=former, at=MONDAY + minutes(1), text=LONG, people=["p", "q", "r"], n=1
    )
    await journal.write([after])
    assert await state_of(journal, "a") == after.state
    assert await journal.due("thing", MONDAY + minutes(9), 10) == []
    last = change("a", 3, former=after.state, due=MONDAY, text=LONG, people=[], n=1)
    await journal.write([last])
    assert await state_of(journal, "a") == last.state
    assert await journal.due("thing", MONDAY, 10) == [("a", MONDAY)]


async def test_fields_that_are_new_or_gone(journal: Journal) -> None:
    """As after a release that has another state than the one that is stored."""
    odd: dict[str, Any] = {"o.d": 1, "$old": 2, "": 3}
    await journal.write([change("a", text=LONG, old=1, **odd)])
    await journal.write([change("b", text=LONG, old=1)])
    for id in ("a", "b"):
        after = change(id, 2, former=await state_of(journal, id), text=LONG, new=None)
        await journal.write([after])
        assert await state_of(journal, id) == after.state
    for name in ("n.ew", "$new", "a.$", ""):
        version = (await state_of(journal, "b")).version + 1
        former = await state_of(journal, "b")
        odd = {name: 1}
        named = change("b", version, former=former, text=LONG, **odd)
        await journal.write([named])
        assert await state_of(journal, "b") == named.state


async def test_no_value_is_taken_for_another_that_it_equals(journal: Journal) -> None:
    pairs = {
        f"{n}-{m}": (before, after)
        for n, before in enumerate(VALUES)
        for m, after in enumerate(VALUES)
    }
    await journal.write([change(id, text=LONG, value=pair[0]) for id, pair in pairs.items()])
    formers = await journal.load("thing", list(pairs))
    await journal.write(
        [
            change(id, 2, former=formers[id], text=LONG, value=after)
            for id, (_, after) in pairs.items()
        ]
    )
    await journal.write([change(f"{m}", text=LONG, value=v) for m, v in enumerate(VALUES)])
    left = await journal.load("thing", list(pairs))
    whole = await journal.load("thing", [str(m) for m in range(len(VALUES))])
    for id, pair in pairs.items():
        expected = whole[id.partition("-")[2]]
        assert told_exactly(left[id])[0] == told_exactly(expected)[0], pair


@pytest.mark.parametrize("seed", range(6))
async def test_many_changes_leave_what_whole_states_leave(journal: Journal, seed: int) -> None:
    chance = random.Random(seed)
    known: dict[str, Stored] = {}
    versions = dict.fromkeys(map(str, range(12)), 0)
    for _ in range(15):
        batch = []
        for id in chance.sample(sorted(versions), 8):
            for _ in range(chance.choice((1, 1, 1, 3))):
                versions[id] += 1
                state: dict[str, Any] = {
                    name: chance.choice(VALUES) for name in "abcdef" if chance.random() < 0.8
                } | {"text": chance.choice((LONG, LONG, LONG, "short"))}
                due = chance.choice((None, MONDAY, MONDAY + minutes(versions[id])))
                at = MONDAY + minutes(versions[id])
                for name, former in (("whole", None), ("told", known.get(f"told-{id}"))):
                    batch.append(
                        change(f"{name}-{id}", versions[id], at=at, due=due, former=former, **state)
                    )
        await journal.write(batch)
        known = await journal.load("thing", [f"told-{id}" for id in versions])
    for id, version in versions.items():
        told, whole = await state_of(journal, f"told-{id}"), await state_of(journal, f"whole-{id}")
        assert told.version == version
        assert told_exactly(told) == told_exactly(whole)
    dues = dict(await journal.due("thing", MONDAY + minutes(999), 999))
    assert {id: dues.get(f"told-{id}") for id in versions} == {
        id: dues.get(f"whole-{id}") for id in versions
    }


async def test_of_two_who_know_the_same_state_one_is_late(journal: Journal) -> None:
    await journal.write([change("a", text=LONG, n=1, m=1)])
    former = await state_of(journal, "a")
    await journal.write([change("a", 2, former=former, text=LONG, n=2, m=1)])
    with pytest.raises(Conflict):
        await journal.write([change("a", 2, former=former, text=LONG, n=1, m=2), change("b")])
    assert (await state_of(journal, "a")).state == {"text": LONG, "n": 2, "m": 1}
    assert await journal.load("thing", ["b"]) == {}


async def test_a_known_state_that_is_no_longer_there_is_a_conflict(journal: Journal) -> None:
    former = Stored("a", 1, MONDAY, {"text": LONG, "n": 1})
    with pytest.raises(Conflict):
        await journal.write([change("a", 2, former=former, text=LONG, n=2), change("b")])
    assert await journal.load("thing", ["a", "b"]) == {}
    assert await journal.history("thing-a") == []


async def test_a_state_of_another_version_than_the_one_before_counts_for_nothing(
    journal: Journal,
) -> None:
    await journal.write([change("a", text=LONG, n=1)])
    first = await state_of(journal, "a")
    await journal.write([change("a", 2, text=LONG, n=2)])
    await journal.write([change("a", 3, former=first, text=LONG, n=1)])
    assert (await state_of(journal, "a")).state == {"text": LONG, "n": 1}


async def test_who_watches_is_told_the_whole_state(journal: Journal) -> None:
    await journal.write([change("a", text=LONG, n=1)])
    former = await state_of(journal, "a")
    async with aclosing(journal.watch("thing")) as stream:  # type: ignore[type-var]
        assert {state.id async for state in journal.all("thing")} == {"a"}
        after = change("a", 2, former=former, text=LONG, n=2)
        await journal.write([after])
        assert await next_of(stream) == after.state


async def test_what_a_state_takes_the_place_of_goes_along_with_it(
    journal: Journal,
) -> None:
    written: list[Change] = []

    class Seen:
        """A journal that shows what it is given."""

        def __getattr__(self, name: str) -> object:
            return getattr(journal, name)

        async def write(self, changes: list[Change]) -> None:
            written.extend(changes)
            await journal.write(changes)

    seen = await lamps(Seen())  # type: ignore[arg-type]
    await seen.do(lamp, "1", INSTALL, actor="w1")
    former = (await journal.load("lamp", ["1"]))["1"]
    await asyncio.gather(*(seen.do(lamp, "1", Switch(), actor="w1") for _ in range(2)))
    assert [change.commit.version for change in written] == [1, 2, 3]
    # Of several of one stream in one write, all come with what is there before it.
    assert [change.former for change in written] == [None, former, former]


async def test_a_state_of_another_release_becomes_whole_with_the_next_command_and_loses_nothing(
    journal: Journal,
) -> None:
    store = await lamps(journal)
    long = replace(INSTALL, place="p" * 1_000)
    await store.do(lamp, "1", long, actor="w1")
    stored = (await journal.load("lamp", ["1"]))["1"]
    older = {name: value for name, value in stored.state.items() if name != "switched"}
    await journal.put_state("lamp", replace(stored, state={**older, "wick": "short"}))
    await store.do(lamp, "1", BREAK, actor="r1")
    after = (await journal.load("lamp", ["1"]))["1"]
    # What this release does not know, a later one may, which works beside it.
    assert after.state.keys() == stored.state.keys() | {"wick"}
    assert after.state["wick"] == "short"
    assert after.state["switched"] == stored.state["switched"]
    assert [one async for one in differences(journal, [lamp], Progress())] == []


async def test_what_stays_is_not_sent_to_mongodb(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])
    await journal.write([change("a", text=LONG, n=1, gone=1), change("short", n=1, m=1)])
    formers = await journal.load("thing", ["a", "short"])
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        collection = client[database].get_collection("state_thing", CODEC)
        with collection.watch(max_await_time_ms=5_000) as stream:
            # Of two of one stream the last is held against what was there before the first.
            await journal.write(
                [
                    change("a", 2, former=formers["a"], text="other", n=2, gone=1),
                    change("a", 3, former=formers["a"], text=LONG, n=3),
                ]
            )
            told = next(stream)
            assert told["operationType"] == "update"
            assert set(told["updateDescription"]["updatedFields"]) == {"v", "s.n"}
            assert told["updateDescription"]["removedFields"] == ["s.gone"]
            await journal.write([change("short", 2, former=formers["short"], n=2, m=1)])
            assert next(stream)["operationType"] == "replace"
    await journal.close()


async def test_lists_of_people_stay_though_they_are_tuples_when_they_are_decided_on(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])
    people = tuple(f"person {n}" for n in range(60))
    roll: dict[str, Any] = {"people": people, "roles": ({"code": "helper"},)}
    await journal.write([change("a", people=people, roll=roll, n=1)])
    former = await state_of(journal, "a")
    with (
        MongoClient[dict[str, Any]](mongo.uri) as client,
        client[database].get_collection("state_thing", CODEC).watch() as stream,
    ):
        await journal.write([change("a", 2, former=former, people=people, roll=roll, n=2)])
        assert next(stream)["operationType"] == "update"
    await journal.close()


async def test_a_state_that_was_deleted_by_hand_is_told_no_more(
    mongo: MongoServer, database: str, driver: DriverName
) -> None:
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])
    await journal.write([change("a", text=LONG, n=1), change("b")])
    former = await state_of(journal, "a")
    client = DRIVERS[driver].client(mongo.uri, **options_for(mongo.uri))
    changes = Changes(client, DRIVERS[driver], database, ["state_thing"], mongo.uri)
    await changes.open(["insert", "replace", "update"])
    assert await changes.next() == []
    await journal.write([change("a", 2, former=former, text=LONG, n=2)])
    with MongoClient[dict[str, Any]](mongo.uri) as by_hand:
        by_hand[database]["state_thing"].delete_one({"_id": "a"})
    await journal.write([change("b", 2)])
    seen: list[str] = []
    async with asyncio.timeout(20):
        while "b" not in seen:
            seen += [document["_id"] for _, document in await changes.next()]
    assert seen == ["b"]
    await changes.close()
    await DRIVERS[driver].close(client)
    await journal.close()
