"""Queries over agreements, and their indexes."""

from typing import Any

from services.mediation.domain.agreements.agreement_state import UNSETTLED
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "agreement",
        (
            Index((("dispute", 1), ("_id", 1))),
            Index((("concerned", 1), ("_id", -1))),
        ),
    ),
)

PAGE = 50
"""Agreements that a reaction walks through at once."""


def agreements_in(dispute: str, limit: int = PAGE, after: tuple[Any, ...] | None = None) -> Query:
    """The agreements of a dispute, by their numbers as texts."""
    return Query({"dispute": dispute}, limit=limit, after=after)


def settled_in(dispute: str) -> dict[str, Any]:
    """Of those of a dispute the ones that are not being made any more."""
    making = sorted(one.value for one in UNSETTLED)
    return {"dispute": dispute, "status": {"$nin": making}}


def agreements_of(person: str) -> Query:
    """Those that somebody has to do with, page by page."""
    return Query({"concerned": person}, order=(("_id", -1),), limit=PAGE)
