"""Queries over disputes, and their indexes."""

from collections.abc import Iterable
from typing import Any

from services.mediation.domain.disputes.dispute_state import Status
from shared.contracts.mediation.disputes import DisputeKind
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "dispute",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("people", 1), ("_id", -1))),
            Index((("parties.organisation", 1), ("_id", -1))),
            Index((("mediator", 1), ("_id", -1))),
            Index((("panel", 1), ("_id", -1))),
            Index((("filed_by", 1), ("_id", -1))),
            Index((("alerted", 1), ("_id", -1))),
            Index((("path", 1), ("filed", 1))),
            Index((("path", 1), ("begun", 1))),
            Index((("path", 1), ("ended", 1))),
        ),
    ),
    Kind("hot-spot"),
)

PAGE = 200
"""Disputes that a reaction walks through at once."""
BELONGS_TO = ("people", "mediator", "panel", "filed_by", "alerted")
"""Where a person may stand in a dispute."""
ROLES = (*BELONGS_TO, "parties.organisation")


def disputes_below(
    places: Iterable[str],
    statuses: Iterable[Status],
    *,
    kind: DisputeKind | None = None,
    late: bool = False,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Disputes at any of the places or below, the oldest first; with `late` those for which
    something was not done in time.
    """
    where: dict[str, Any] = {
        "path": {"$in": list(places)},
        "status": {"$in": sorted(one.value for one in statuses)},
    }
    if kind is not None:
        where["kind"] = kind.value
    if late:
        where["late"] = {"$ne": None}
    return Query(where, limit=limit, after=after)


def disputes_of(
    field: str, who: str, limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """Disputes in whose `field`, one of `ROLES`, somebody stands, the latest first."""
    return Query({field: who}, order=(("_id", -1),), limit=limit, after=after)


def all_disputes_of(field: str, person: str) -> Query:
    """The same, page by page, for reactions."""
    return Query({field: person}, limit=PAGE)
