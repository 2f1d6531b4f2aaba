"""Changes to write into a journal, and ways to read what it streams."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from shared.runtime.journal import (
    Change,
    Commit,
    DossierEntry,
    Followed,
    Index,
    Journal,
    Kind,
    Page,
    Query,
    Recorded,
    Stored,
)

T = TypeVar("T")

MONDAY = datetime(2024, 3, 4, 1, 30, 0, 123_000, tzinfo=UTC)
THINGS = Kind(
    "thing",
    (
        Index((("place", 1), ("due", 1))),
        Index((("status", 1),)),
        Index((("rank", -1),), only={"status": "open"}),
        Index((("number", 1),), only={"number": {"$gt": ""}}, unique=True),
    ),
)


def change(
    id: str,
    version: int = 1,
    *,
    kind: str = "thing",
    cause: str | None = None,
    at: datetime = MONDAY,
    due: datetime | None = None,
    texts: tuple[str, ...] = (),
    forgets: bool = False,
    former: Stored | None = None,
    **state: Any,
) -> Change:
    """A change that makes a thing's state be `state`, with one dossier entry for each text; what
    was in the dossier before goes if it `forgets`. `former` is the state it takes the place of.
    """
    stream = f"{kind}-{id}"
    commit = Commit(
        stream=stream,
        version=version,
        at=at,
        actor="somebody",
        verb="do",
        events=(Recorded("Done", {"version": version}), Recorded("Described", None)),
        correlation="c1",
        cause=cause,
    )
    dossier = tuple(
        DossierEntry(stream, version, n, "Described", at, {"text": text, "pages": 3})
        for n, text in enumerate(texts)
    )
    return Change(kind, commit, Stored(id, version, at, state, due), dossier, forgets, former)


def mark(cause: str, kind: str = "thing") -> Change:
    """A change that only keeps that a cause led to nothing."""
    commit = Commit(f"{kind}-x", 0, MONDAY, "somebody", "do", (), "c1", cause=cause)
    return Change(kind, commit, None)


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


async def pages(journal: Journal, query: Query) -> list[list[str]]:
    """The ids on every page of a query, following `next`."""
    found: list[list[str]] = []
    after = query.after
    while True:
        asked = Query(query.where, query.order, query.limit, after, query.text)
        page: Page = await journal.find("thing", asked)
        found.append([item.id for item in page.items])
        if page.next is None:
            return found
        after = page.next


async def next_of(stream: AsyncIterator[T], seconds: float = 10) -> T:
    """The next of an endless iterator."""
    async with asyncio.timeout(seconds):
        return await anext(stream)


async def follow_until(
    stream: AsyncIterator[Followed], enough: Callable[[list[Commit]], bool], seconds: float = 20
) -> tuple[list[Commit], Followed]:
    """The commits that come until there are enough, and the last batch."""
    commits: list[Commit] = []
    async with asyncio.timeout(seconds):
        async for followed in stream:
            commits += followed.commits
            if enough(commits):
                return commits, followed
    raise AssertionError("the stream ended")


def ids_of(commits: list[Commit]) -> list[str]:
    """Commits as ``stream/version``."""
    return [f"{commit.stream}/{commit.version}" for commit in commits]
