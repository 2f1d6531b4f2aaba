"""Commits that lie the wrong way round come in the order of their streams."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo import MongoClient

from deploy.local.servers import MongoServer
from shared.runtime import mongo_journal
from shared.runtime.clock import SystemClock
from shared.runtime.documents import commit_document
from shared.runtime.journal import Doc
from shared.runtime.mongo_driver import DriverName
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.mongo_past import in_order
from tests.runtime.journal_material import MONDAY, THINGS, change, ids_of, mark

STREAMS = {"a": 9, "b": 3, "c": 1, "a/b": 4}
"""How many versions each has."""
BEFORE = MONDAY - timedelta(days=1)


def documents() -> list[Doc]:
    """The commits of all streams, and a mark."""
    commits = [
        change(id, version).commit
        for id, versions in STREAMS.items()
        for version in range(1, versions + 1)
    ]
    return [commit_document(commit) for commit in (*commits, mark("k").commit)]


def versions_of(commits: Sequence[str]) -> dict[str, list[int]]:
    """The versions of each stream, in the order in which they came; a mark has none."""
    found: dict[str, list[int]] = {}
    for id in commits:
        stream, _, version = id.rpartition("/")
        if version != "0":
            found.setdefault(stream.removeprefix("thing-"), []).append(int(version))
    return found


def all_from(first: int) -> dict[str, list[int]]:
    """What comes of each stream from a version on."""
    return {id: list(range(first, last + 1)) for id, last in STREAMS.items() if last >= first}


@given(lie=st.permutations(documents()), batch=st.integers(1, 20), first=st.integers(1, 4))
async def test_however_they_lie_each_stream_comes_in_order(
    lie: list[Doc], batch: int, first: int
) -> None:
    looked_through = [one for one in lie if one["v"] == 0 or one["v"] >= first]
    there = {str(one["_id"]) for one in looked_through}

    async def batches() -> AsyncIterator[list[Doc]]:
        for start in range(0, len(looked_through), batch):
            yield looked_through[start : start + batch]

    async def ask(ids: Sequence[str]) -> set[str]:
        return there.intersection(ids)

    ids = [id async for some in in_order(batches(), ask) for id in ids_of(some)]
    assert ids.count("thing-x/0") == 1
    assert versions_of(ids) == all_from(first)


@pytest.mark.parametrize("since", [None, MONDAY])
async def test_a_store_whose_commits_lie_the_wrong_way_round(
    mongo: MongoServer,
    database: str,
    driver: DriverName,
    monkeypatch: pytest.MonkeyPatch,
    since: Any,
) -> None:
    monkeypatch.setattr(mongo_journal, "SCAN_BATCH", 3)
    journal = MongoJournal.connect(mongo.uri, database, driver, SystemClock())
    await journal.prepare([THINGS])
    # As a server may lay them that applies its log anew; the first are of an earlier day.
    lie = [one | ({"at": BEFORE} if 0 < one["v"] < 3 else {}) for one in reversed(documents())]
    with MongoClient[dict[str, Any]](mongo.uri) as client:
        client[database]["commits"].insert_many(lie)
    found = [id async for commits in journal.rescan(since) for id in ids_of(commits)]
    assert found.count("thing-x/0") == 1
    assert versions_of(found) == all_from(1 if since is None else 3)
    await journal.close()
