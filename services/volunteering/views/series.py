"""Queries over series of activities and calendars, and their indexes."""

from datetime import datetime
from typing import Any

from services.volunteering.domain.series.series_state import SeriesStatus
from shared.runtime.journal import Index, Kind, Query

RUNNING = {"status": SeriesStatus.RUNNING.value}
PAGE = 200
"""Things that are walked through at once."""

KINDS: tuple[Kind, ...] = (
    Kind(
        "series",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("team", 1), ("status", 1), ("_id", 1))),
            Index((("place", 1), ("status", 1), ("_id", 1))),
            Index((("status", 1), ("_id", 1))),
            Index((("organisers", 1), ("_id", 1))),
        ),
    ),
    Kind("calendar-feed", (Index((("person", 1), ("_id", 1))),)),
)


def series_query(
    *,
    place: str | None = None,
    team: str | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Series that run: at a place or below it, of a team, or all."""
    where: dict[str, Any] = dict(RUNNING)
    if place is not None:
        where["path"] = place
    if team is not None:
        where["team"] = team
    return Query(where, limit=limit, after=after)


def running_of(field: str, value: str) -> Query:
    """Series that run, of a ``team`` or at a ``place``, page by page."""
    return Query({field: value, **RUNNING}, limit=PAGE)


def organised_by(person: str) -> Query:
    """Series for which somebody answers, page by page."""
    return Query({"organisers": person}, limit=PAGE)


def occasions_from(series: str, begin: datetime) -> Query:
    """Activities that a series has made and that begin then or later, page by page."""
    return Query({"series": series, "begin": {"$gte": begin}}, limit=PAGE)
