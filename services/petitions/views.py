"""What can be asked of the stored petitions, and the indexes that answer it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.petitions.domain.state import ON_THE_CLOCK, Status
from shared.contracts.types import Level
from shared.runtime.journal import Index, Kind, Query

KINDS = (
    Kind(
        "petition",
        indexes=(
            Index((("path", 1), ("status", 1), ("answer_by", 1))),
            Index((("assignee", 1), ("status", 1), ("answer_by", 1))),
            Index((("petitioner", 1), ("_id", -1))),
            Index((("status", 1),)),
        ),
    ),
    Kind("place"),
    Kind("post"),
)


def work_queue(
    *,
    now: datetime,
    places: Iterable[str],
    statuses: Iterable[Status] = (),
    level: Level | None = None,
    overdue: bool | None = None,
    assignee: str | None = None,
    category: str | None = None,
    text: str | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Petitions below any of `places`, the one whose answer is due first in front.

    Without `statuses`: those on which somebody owes an answer. `overdue` keeps those whose
    deadline has passed (or has not); `text` searches the dossiers.
    """
    inside = list(places)
    where: dict[str, Any] = {
        "path": inside[0] if len(inside) == 1 else {"$in": inside},
        "status": {"$in": sorted(statuses or ON_THE_CLOCK)},
    }
    if level is not None:
        where["level"] = level
    if overdue is not None:
        where["answer_by"] = {"$lt": now} if overdue else {"$gte": now}
    if assignee is not None:
        where["assignee"] = assignee
    if category is not None:
        where["category"] = category
    return Query(where, order=(("answer_by", 1), ("_id", 1)), limit=limit, after=after, text=text)


def filed_by(petitioner: str, limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """A resident's petitions, the latest first."""
    return Query({"petitioner": petitioner}, order=(("_id", -1),), limit=limit, after=after)
