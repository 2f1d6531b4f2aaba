"""The commits of a store as they lie in it, put into the order of their streams.

A collection lies as its documents were put in, as a rule. But a server that follows another, or
that applies its log anew after a crash, puts in at once what its log has one after the other: a
stream's commits may lie there the wrong way round.
"""

from collections import defaultdict
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from pymongo.asynchronous.collection import AsyncCollection

from shared.runtime.documents import commit_of
from shared.runtime.journal import Commit, Doc
from shared.runtime.mongo_driver import reaching

AreThere = Callable[[Sequence[str]], Awaitable[set[str]]]
"""Which of these ids of commits are among those that are looked through."""


async def are_there(
    commits: AsyncCollection[Doc], hosts: str, only: Mapping[str, Any], ids: Sequence[str]
) -> set[str]:
    """Which of these ids a collection has, among what meets the condition `only`."""
    wanted = {"_id": {"$in": list(ids)}, **only}
    with reaching(hosts):
        found = await commits.find(wanted, {"_id": 1}).to_list(None)
    return {str(one["_id"]) for one in found}


async def in_order(
    batches: AsyncIterator[list[Doc]], ask: AreThere
) -> AsyncGenerator[list[Commit], None]:
    """The commits of these documents, each stream's in order; otherwise as they came. One that
    comes too early is held until those before it have come.

    It remembers of every stream how far it is: some hundred bytes each.
    """
    last: dict[str, int] = {}
    held: defaultdict[str, dict[int, Commit]] = defaultdict(dict)
    async for documents in batches:
        batch = [commit_of(document) for document in documents]
        begun = [one for one in batch if one.version > 1 and one.stream not in last]
        coming = await ask([_before(one) for one in begun]) if begun else set()
        ready: list[Commit] = []
        for commit in batch:
            known = last.get(commit.stream)
            if commit.version == 0:  # a mark stands for itself
                ready.append(commit)
            elif _before(commit) in coming if known is None else commit.version > known + 1:
                held[commit.stream][commit.version] = commit
            else:
                ready.append(commit)
                ready += _waiting_for(commit, held)
                last[commit.stream] = ready[-1].version
        if ready:
            yield ready
    left = [commit for waiting in held.values() for commit in waiting.values()]
    if left:  # the one before was entered by a clock that is far behind, and is not looked for
        yield sorted(left, key=lambda commit: (commit.stream, commit.version))


def _waiting_for(commit: Commit, held: Mapping[str, dict[int, Commit]]) -> list[Commit]:
    """Those that can go now that the commit goes."""
    waiting = held.get(commit.stream, {})
    found: list[Commit] = []
    while following := waiting.pop(commit.version + len(found) + 1, None):
        found.append(following)
    return found


def _before(commit: Commit) -> str:
    return f"{commit.stream}/{commit.version - 1}"
