"""Queries over activities, and their indexes."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from services.volunteering.domain.activities.state import Status
from shared.contracts.volunteering.activities import Theme
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "activity",
        (
            Index((("path", 1), ("status", 1), ("begin", 1), ("_id", 1))),
            Index((("status", 1), ("begin", 1), ("_id", 1))),
            Index((("people", 1), ("begin", 1), ("_id", 1))),
            Index((("path", 1), ("begin", 1), ("_id", 1)), {"at_office": True}),
        ),
        found_by=("team", "series"),
    ),
)

IN_ORDER: tuple[tuple[str, Any], ...] = (("begin", 1), ("_id", 1))
LIVE = (Status.OPEN, Status.FULL, Status.RUNNING)
"""What can be seen by everybody and is not over."""


class Part(StrEnum):
    """What somebody has to do with an activity."""

    PLACE = "place"
    WAITING = "waiting"
    OFFER = "offer"
    ORGANISER = "organiser"


FIELDS: dict[Part, str] = {
    Part.PLACE: "places.people",
    Part.WAITING: "waiting.people",
    Part.OFFER: "offers.person",
    Part.ORGANISER: "organisers",
}


def listing(
    *,
    place: str | None = None,
    team: str | None = None,
    series: str | None = None,
    theme: Theme | None = None,
    statuses: Iterable[Status] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """What has been opened at a place or below it, of a team or a series, the next first; `until`
    is not included. Without `statuses`: what is not over.
    """
    where: dict[str, Any] = {
        "status": {"$in": sorted(set(statuses) - {Status.NONE, Status.DRAFT} or LIVE)},
        **_begins(since, until),
    }
    for field, value in (("path", place), ("team", team), ("series", series), ("theme", theme)):
        if value is not None:
            where[field] = str(value)
    return Query(where, IN_ORDER, limit, after)


def of_person(person: str, part: Part, **narrowed: Any) -> Query:
    """What somebody has to do with in that part, narrowed and paged as by `of`."""
    found = of("people", person, **narrowed)
    return replace(found, where={**found.where, FIELDS[part]: person})


def of(
    field: str,
    value: str,
    *,
    statuses: Iterable[Status] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """What something has by the field that says so, in order of time; without `statuses` all of
    it, drafts too.
    """
    where: dict[str, Any] = {field: value, **_begins(since, until)}
    if asked := sorted(statuses):
        where["status"] = {"$in": asked}
    return Query(where, IN_ORDER, limit, after)


def at_places(
    places: Collection[str],
    statuses: Iterable[Status],
    *,
    since: datetime | None = None,
    limit: int = 50,
) -> Query:
    """What takes place within any of these places, in order of time."""
    where = {
        "path": {"$in": sorted(places)},
        "status": {"$in": sorted(statuses)},
        **_begins(since, None),
    }
    return Query(where, IN_ORDER, limit)


def at_the_office(
    places: Collection[str], limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """What waits for staff of these places: hours that nobody confirmed, or that are disputed."""
    where = {"path": {"$in": sorted(places)}, "at_office": True}
    return Query(where, IN_ORDER, limit, after)


def _begins(since: datetime | None, until: datetime | None) -> dict[str, Any]:
    begin: dict[str, Any] = {}
    if since is not None:
        begin["$gte"] = since
    if until is not None:
        begin["$lt"] = until
    return {"begin": begin} if begin else {}
