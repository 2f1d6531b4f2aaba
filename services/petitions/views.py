"""What can be asked of the stored petitions, and the indexes that answer it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from services.petitions.domain.state import ON_THE_CLOCK, Status
from shared.contracts.types import Level, PetitionKind
from shared.runtime.journal import Index, Kind, Query

KINDS = (
    Kind(
        "petition",
        indexes=(
            Index((("path", 1), ("status", 1), ("answer_by", 1))),
            Index((("assignee", 1), ("status", 1), ("answer_by", 1))),
            Index((("petitioner", 1), ("_id", -1))),
            Index((("status", 1),)),
            # Written once, at filing: neither field ever changes.
            Index((("path", 1), ("_id", -1))),
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


def all_filed_by(petitioner: str) -> Query:
    """All of a resident's petitions, page by page."""
    return Query({"petitioner": petitioner}, order=(("_id", 1),), limit=200)


def on_the_clock_at(place: str) -> Query:
    """What the level at this place has to answer, page by page."""
    where = {"path": place, "at": place, "status": {"$in": sorted(ON_THE_CLOCK)}}
    return Query(where, order=(("_id", 1),), limit=200)


def in_the_open(
    *,
    place: str | None,
    statuses: Iterable[Status] = (),
    categories: Iterable[str] = (),
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """What everybody may know of, the latest first: no reports."""
    where: dict[str, Any] = {"kind": {"$ne": PetitionKind.REPORT.value}}
    if place is not None:
        where["path"] = place
    if inside := sorted(statuses):
        where["status"] = {"$in": inside}
    if about := list(categories):
        where["category"] = {"$in": about}
    return Query(where, order=(("_id", -1),), limit=limit, after=after)
