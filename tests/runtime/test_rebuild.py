"""Folding all commits gives the stored states, and what differs is found and repaired."""

from dataclasses import replace

import pytest

from shared.runtime.clock import SystemClock
from shared.runtime.journal import Change, Commit, Journal, Kind
from shared.runtime.rebuild import Difference, Progress, differences, repair
from shared.runtime.store import Store
from tests.runtime.lamp import Break, Install, Switch, lamp


async def lit_street(journal: Journal, lamps: int = 5) -> Store:
    await journal.prepare([Kind("lamp")])
    store = Store("lamps", journal, SystemClock(), [lamp])
    for n in range(lamps):
        await store.do(
            lamp, str(n), Install(place="p1", keeper="w1", watts=10, by="w1"), actor="w1"
        )
        for _ in range(11):
            await store.do(lamp, str(n), Switch(), actor="w1")
        await store.do(lamp, str(n), Break(words="dark", by="r1"), actor="r1")
    return store


async def found(journal: Journal, progress: Progress | None = None) -> list[Difference]:
    return [one async for one in differences(journal, [lamp], progress or Progress())]


async def test_states_are_what_their_commits_say(journal: Journal) -> None:
    await lit_street(journal)
    progress = Progress()
    assert await found(journal, progress) == []
    assert (progress.streams, progress.commits) == (5, 65)


async def test_a_changed_state_is_found_and_repaired(journal: Journal) -> None:
    await lit_street(journal)
    stored = (await journal.load("lamp", ["3"]))["3"]
    altered = replace(stored, state={**stored.state, "switched": 7}, due=None)
    await journal.put_state("lamp", altered)
    assert await found(journal) == [Difference("lamp-3", ("switched", "due"))]
    await repair(journal, [lamp], "lamp-3")
    assert await found(journal) == []


async def test_a_version_without_commit_is_found(journal: Journal) -> None:
    await lit_street(journal)
    stored = (await journal.load("lamp", ["3"]))["3"]
    await journal.put_state("lamp", replace(stored, version=stored.version + 1))
    assert await found(journal) == [
        Difference("lamp-3", ("versions",)),
    ]


async def test_commits_without_a_state_are_found(journal: Journal) -> None:
    store = await lit_street(journal)
    lone = Commit("lamp-9", 1, store.clock.now(), "w1", "install", (), "c")
    await journal.write([Change("lamp", lone, None)])
    assert await found(journal) == [Difference("lamp-9", ("state",))]


async def test_kinds_with_dashes_are_told_apart(journal: Journal) -> None:
    post = replace(lamp, kind="lamp-post")
    await journal.prepare([Kind("lamp"), Kind("lamp-post")])
    store = Store("lamps", journal, SystemClock(), [lamp, post])
    install = Install(place="p1", keeper="w1", watts=10, by="w1")
    await store.do(post, "1", install, actor="w1")
    lone = Commit("lamp-post-9", 1, store.clock.now(), "w1", "install", (), "c")
    await journal.write([Change("lamp-post", lone, None)])
    both = [lamp, post]
    unlike = [one async for one in differences(journal, both, Progress())]
    assert unlike == [Difference("lamp-post-9", ("state",))]
    stored = (await journal.load("lamp-post", ["1"]))["1"]
    await journal.put_state(
        "lamp-post", replace(stored, due=None, state={**stored.state, "switched": 7})
    )
    await repair(journal, both, "lamp-post-1")
    assert (await journal.load("lamp-post", ["1"]))["1"].state == stored.state
    with pytest.raises(LookupError):
        await repair(journal, both, "candle-1")
