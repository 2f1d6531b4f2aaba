"""Queries over evidence, and their indexes."""

from typing import Any

from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "evidence",
        (
            Index((("dispute", 1), ("_id", 1))),
            Index((("filed_by", 1), ("_id", 1))),
            Index((("concerned", 1), ("_id", 1))),
        ),
    ),
)

PAGE = 200
"""Pieces of evidence that a reaction walks through at once."""


def evidence_in(dispute: str, limit: int = PAGE, after: tuple[Any, ...] | None = None) -> Query:
    """The evidence of a dispute, in the order it came."""
    return Query({"dispute": dispute}, limit=limit, after=after)


def evidence_around(person: str) -> Query:
    """What somebody filed, and what lies in disputes that they are in, page by page."""
    return Query({"concerned": person}, limit=PAGE)
