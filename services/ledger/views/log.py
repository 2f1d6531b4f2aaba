"""Queries over the log's tiles and heads, and their indexes."""

from typing import Any

from shared.runtime.journal import Index, Kind, Query

MOST_TILES = 50
"""Tiles in which one digest is looked for: somebody may seal the same digest many times."""

KINDS: tuple[Kind, ...] = (
    Kind("tile", (Index((("entries.digest", 1), ("number", 1))),)),
    Kind("head", (Index((("size", 1),)),)),
)


def tiles_with(digest: str) -> Query:
    """The tiles that have an entry with this digest, the oldest first."""
    return Query({"entries.digest": digest}, order=(("number", 1),), limit=MOST_TILES)


def latest_head() -> Query:
    """The head of the largest tree."""
    return Query({"size": {"$gt": 0}}, order=(("size", -1),), limit=1)


def heads_after(size: int, limit: int) -> Query:
    """The heads of larger trees, the smallest first."""
    return Query({"size": {"$gt": size}}, order=(("size", 1),), limit=limit)


def head_at_least(size: int) -> Query:
    """The first head of a tree of at least that size."""
    where: dict[str, Any] = {"size": {"$gte": size}}
    return Query(where, order=(("size", 1),), limit=1)
