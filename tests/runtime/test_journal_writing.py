"""Writing and reading back, over every journal."""

import asyncio
from dataclasses import replace
from datetime import UTC, timedelta

import pytest

from shared.runtime.journal import Conflict, Journal, Kind, Query, Recorded, Stored
from tests.runtime.journal_material import MONDAY, THINGS, change, ids_of, mark, minutes


async def test_what_is_written_is_read_back_whole(journal: Journal) -> None:
    written = change("a", cause="k1", due=MONDAY + minutes(5), texts=("one", "two"), tags=["x"])
    commit = replace(written.commit, fingerprint="f", causation="e1", trace="00-aa-bb-01")
    await journal.write([replace(written, commit=commit)])

    assert await journal.load("thing", ["a", "nobody"]) == {"a": written.state}
    assert await journal.history("thing-a") == [commit]
    assert await journal.by_cause(["k1", "k2"]) == {"k1": commit}
    assert await journal.dossier("thing-a") == list(written.dossier)


async def test_what_was_left_out_is_read_as_none(journal: Journal) -> None:
    await journal.write([change("a", field=None)])
    stored = (await journal.load("thing", ["a"]))["a"]
    assert (stored.due, stored.state) == (None, {"field": None})
    (commit,) = await journal.history("thing-a")
    assert (commit.cause, commit.fingerprint, commit.causation, commit.trace) == (None,) * 4
    assert commit.events == (Recorded("Done", {"version": 1}), Recorded("Described", None))


async def test_times_are_kept_in_milliseconds_of_utc(journal: Journal) -> None:
    late = MONDAY.replace(microsecond=987_654)
    await journal.write([change("a", at=late, due=late, when=late)])
    stored = (await journal.load("thing", ["a"]))["a"]
    (commit,) = await journal.history("thing-a")
    kept = MONDAY.replace(microsecond=987_000)
    for moment in (stored.at, stored.due, stored.state["when"], commit.at):
        assert moment == kept
        assert moment.tzinfo is UTC


async def test_what_is_read_belongs_to_the_reader(journal: Journal) -> None:
    tags = ["x"]
    await journal.write([change("a", tags=tags)])
    tags.append("y")
    (await journal.load("thing", ["a"]))["a"].state["tags"].append("z")
    assert (await journal.load("thing", ["a"]))["a"].state == {"tags": ["x"]}


async def test_reading_nothing_gives_nothing(journal: Journal) -> None:
    assert await journal.load("thing", []) == {}
    assert await journal.by_cause([]) == {}
    assert await journal.dossiers([]) == {}
    assert await journal.history("thing-nobody") == []
    await journal.write([])


async def test_preparing_again_changes_nothing(journal: Journal) -> None:
    await journal.write([change("a")])
    await journal.prepare([THINGS])
    await journal.prepare([THINGS, Kind("other")])
    await journal.write([change("b", kind="other")])
    assert set(await journal.load("thing", ["a", "b"])) == {"a"}
    assert set(await journal.load("other", ["a", "b"])) == {"b"}
    await journal.ping()


async def test_a_state_replaces_the_one_before(journal: Journal) -> None:
    await journal.write([change("a", status="open", due=MONDAY)])
    await journal.write([change("a", 2, status="done")])
    assert (await journal.load("thing", ["a"]))["a"] == Stored("a", 2, MONDAY, {"status": "done"})


async def test_many_kinds_and_streams_go_into_one_write(journal: Journal) -> None:
    await journal.prepare([THINGS, Kind("other")])
    await journal.write([change(str(n)) for n in range(50)])
    second = [change(str(n), 2, n=n) for n in range(50)]
    await journal.write([*second, change("o", kind="other"), mark("k")])
    states = await journal.load("thing", [str(n) for n in range(50)])
    assert {(each.version, each.state["n"]) for each in states.values()} == {
        (2, n) for n in range(50)
    }
    assert set(await journal.load("other", ["o"])) == {"o"}


async def test_several_versions_of_a_stream_in_one_write(journal: Journal) -> None:
    await journal.write([change("a", v, n=v) for v in (1, 2, 3)])
    await journal.write([change("a", v, n=v, texts=("t",)) for v in (4, 5)])
    assert (await journal.load("thing", ["a"]))["a"] == Stored("a", 5, MONDAY, {"n": 5})
    assert [commit.version for commit in await journal.history("thing-a")] == [1, 2, 3, 4, 5]
    assert [entry.version for entry in await journal.dossier("thing-a")] == [4, 5]


async def test_a_stretch_follows_on_a_version_in_order(journal: Journal) -> None:
    await journal.write([change("a", version) for version in range(1, 24)])
    await journal.write([change("b"), mark("k")])
    assert ids_of(await journal.stretch("thing-a", 0, 2)) == ["thing-a/1", "thing-a/2"]
    assert ids_of(await journal.stretch("thing-a", 8, 3)) == [
        "thing-a/9",
        "thing-a/10",
        "thing-a/11",
    ]
    assert ids_of(await journal.stretch("thing-a", 21, 100)) == ["thing-a/22", "thing-a/23"]
    assert await journal.stretch("thing-a", 23, 100) == []


async def test_history_is_in_order_of_version_and_of_one_stream(journal: Journal) -> None:
    for version in range(1, 24):
        await journal.write([change("a", version), change("a/b", version), change("a0", version)])
    await journal.write([mark("k")])
    history = await journal.history("thing-a")
    assert ids_of(history) == [f"thing-a/{version}" for version in range(1, 24)]
    assert await journal.history("thing-x") == [], "a mark is no part of a stream"


@pytest.mark.parametrize(
    "losing",
    [
        pytest.param(change("a"), id="version 1 is taken"),
        pytest.param(change("a", 2), id="version 2 is taken"),
        pytest.param(change("b", 2), id="there is nothing to replace"),
        pytest.param(change("b", cause="k1"), id="the cause is taken"),
        pytest.param(mark("k1"), id="the marked cause is taken"),
        pytest.param(mark("k2"), id="the mark is there already"),
        pytest.param(change("b", cause="k2"), id="the cause was marked"),
    ],
)
async def test_a_conflict_undoes_the_whole_write(journal: Journal, losing: object) -> None:
    await journal.write([change("a", cause="k1"), mark("k2")])
    await journal.write([change("a", 2, n=2)])
    innocent = change("c", cause="k3", texts=("t",))
    with pytest.raises(Conflict):
        await journal.write([innocent, losing])  # type: ignore[list-item]
    assert await journal.load("thing", ["a", "b", "c"]) == {
        "a": Stored("a", 2, MONDAY, {"n": 2}),
    }
    assert set(await journal.by_cause(["k1", "k2", "k3"])) == {"k1", "k2"}
    assert await journal.history("thing-c") == []
    assert await journal.dossier("thing-c") == []
    await journal.write([innocent])
    assert set(await journal.load("thing", ["c"])) == {"c"}


async def test_a_conflict_inside_a_write(journal: Journal) -> None:
    with pytest.raises(Conflict):
        await journal.write([change("a", cause="k"), change("b", cause="k")])
    with pytest.raises(Conflict):
        await journal.write([change("a"), change("a")])
    assert await journal.load("thing", ["a", "b"]) == {}


async def test_what_is_unique_no_other_state_has(journal: Journal) -> None:
    await journal.write([change("a", number="1"), change("b"), change("c", number=None)])
    await journal.write([change("a", 2, number="1"), change("d", number="4")])
    for taken in ([change("e", number="1")], [change("b", 2, number="4")]):
        with pytest.raises(Conflict):
            await journal.write(taken)
    with pytest.raises(Conflict):
        await journal.write([change("e", number="5"), change("f", number="5")])
    assert set(await journal.load("thing", ["e", "f"])) == set()
    # What nobody has any more may be had by another.
    await journal.write([change("d", 2, number="6")])
    await journal.write([change("e", number="4"), change("f", number="5")])
    await journal.prepare([THINGS])
    with pytest.raises(Conflict):
        await journal.write([change("g", number="6")])
    found = await journal.find("thing", Query({"number": "4"}))
    assert [each.id for each in found.items] == ["e"]


async def test_a_marked_cause_is_known_and_changes_nothing(journal: Journal) -> None:
    await journal.write([mark("k1"), mark("k2")])
    found = await journal.by_cause(["k1", "k2", "k3"])
    assert {cause: commit.version for cause, commit in found.items()} == {"k1": 0, "k2": 0}
    assert [state async for state in journal.all("thing")] == []


async def test_of_many_writers_of_one_version_one_wins(journal: Journal) -> None:
    async def attempt(n: int) -> bool:
        try:
            await journal.write([change("a", n=n), change(f"own-{n}")])
        except Conflict:
            return False
        return True

    won = [n for n, did in enumerate(await asyncio.gather(*map(attempt, range(20)))) if did]
    assert len(won) == 1
    states = {state.id: state.state async for state in journal.all("thing")}
    assert states == {"a": {"n": won[0]}, f"own-{won[0]}": {}}


async def test_of_many_writers_of_one_cause_one_wins(journal: Journal) -> None:
    async def attempt(n: int) -> bool:
        try:
            await journal.write([change(f"t{n}", cause="same")])
        except Conflict:
            return False
        return True

    won = await asyncio.gather(*map(attempt, range(20)))
    assert won.count(True) == 1
    assert (await journal.by_cause(["same"]))["same"].stream == f"thing-t{won.index(True)}"


async def test_dossiers_are_kept_by_stream_and_in_order(journal: Journal) -> None:
    await journal.write([change("a", texts=("a1", "a2")), change("b", texts=("b1",))])
    for version in range(2, 12):
        await journal.write([change("a", version, texts=(f"v{version}",))])
    found = await journal.dossiers(["thing-a", "thing-b", "thing-nobody"])
    assert set(found) == {"thing-a", "thing-b"}
    texts = [entry.data["text"] for entry in found["thing-a"]]
    assert texts == ["a1", "a2", *(f"v{version}" for version in range(2, 12))]
    assert found["thing-a"] == await journal.dossier("thing-a")


async def told(journal: Journal, *ids: str) -> dict[str, list[str]]:
    """The texts in the dossiers of these things."""
    found = await journal.dossiers([f"thing-{id}" for id in ids])
    return {
        stream.removeprefix("thing-"): [entry.data["text"] for entry in entries]
        for stream, entries in found.items()
    }


async def test_forgetting_deletes_the_dossier_only(journal: Journal) -> None:
    await journal.write([change("a", texts=("a1", "a2")), change("b", texts=("b1",))])
    await journal.write([change("a", 2, texts=("a3",))])
    await journal.record_reading("r1", ["thing-a"], "answering", MONDAY)
    await journal.write([change("a", 3, forgets=True)])
    assert await told(journal, "a", "b") == {"b": ["b1"]}
    assert [commit.version for commit in await journal.history("thing-a")] == [1, 2, 3]
    assert set(await journal.load("thing", ["a"])) == {"a"}
    assert len(await journal.readings("thing-a")) == 1


async def test_what_comes_with_or_after_forgetting_is_kept(journal: Journal) -> None:
    await journal.write([change("a", texts=("a1",))])
    await journal.write([change("a", 2, texts=("a2",), forgets=True)])
    await journal.write([change("a", 3, texts=("a3",))])
    await journal.write([change("new", texts=("n1",), forgets=True)])
    assert await told(journal, "a", "new") == {"a": ["a2", "a3"], "new": ["n1"]}


async def test_forgetting_counts_in_the_order_of_its_write(journal: Journal) -> None:
    await journal.write([change("a", texts=("a1",)), change("b", texts=("b1",))])
    await journal.write(
        [
            change("a", 2, texts=("a2",)),
            change("b", 2, texts=("b2",)),
            change("a", 3, texts=("a3",), forgets=True),
            change("a", 4, texts=("a4",)),
            change("c", texts=("c1",)),
            change("c", 2, forgets=True),
        ]
    )
    assert await told(journal, "a", "b", "c") == {"a": ["a3", "a4"], "b": ["b1", "b2"]}


async def test_a_conflict_forgets_nothing(journal: Journal) -> None:
    await journal.write([change("a", texts=("a1",))])
    with pytest.raises(Conflict):
        await journal.write([change("a", 2, forgets=True), change("a", 3), change("a", 3)])
    assert await told(journal, "a") == {"a": ["a1"]}


async def test_readings_are_kept_oldest_first(journal: Journal) -> None:
    later = MONDAY + timedelta(hours=1)
    await journal.record_reading("r2", ["thing-a"], "answering", later)
    await journal.record_reading("r1", ["thing-a", "thing-b"], "calling back", MONDAY)
    await journal.record_reading("r3", [], "nothing", MONDAY)
    assert await journal.readings("thing-a") == [
        {"reader": "r1", "purpose": "calling back", "at": MONDAY},
        {"reader": "r2", "purpose": "answering", "at": later},
    ]
    assert len(await journal.readings("thing-b")) == 1
    assert await journal.readings("thing-c") == []
