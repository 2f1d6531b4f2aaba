"""Queries over three-order service (点单 派单 接单), and their indexes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Literal

from services.volunteering.domain.orders.state import Status
from services.volunteering.views.teams import volunteers_of_place
from shared.runtime.journal import Index, Kind, Query

PAGE = 200
"""States read at once by a search."""
ALARMED = {"alarm.number": {"$gt": 0}}

KINDS: tuple[Kind, ...] = (
    Kind(
        "order",
        (
            Index((("path", 1), ("status", 1), ("_id", -1))),
            Index((("path", 1), ("_id", -1)), only=ALARMED),
            Index((("placed_by", 1), ("_id", -1))),
            Index((("offers.volunteer", 1), ("_id", -1))),
            Index((("organisation", 1), ("_id", -1)), only={"organisation": {"$gt": ""}}),
        ),
        found_by=("resident", "volunteer", "alarm.place"),
    ),
)

After = tuple[Any, ...] | None
LATEST_FIRST: tuple[tuple[str, Literal[-1]], ...] = (("_id", -1),)


def could_take(part: str, skill: str | None, backwards: bool) -> Query:
    """Volunteers who serve and are at home in a part of the place tree, with a skill where one is
    asked for.
    """
    return replace(
        volunteers_of_place(part, skill, limit=PAGE), order=(("_id", -1 if backwards else 1),)
    )


def records_of(persons: Sequence[str]) -> Iterator[Query]:
    """These persons' records of orders."""
    for start in range(0, len(persons), PAGE):
        yield Query({"_id": {"$in": list(persons[start : start + PAGE])}}, limit=PAGE)


def orders_of_places(
    places: Sequence[str],
    statuses: Sequence[Status],
    *,
    service: str | None = None,
    alarmed: bool = False,
    unheard: bool = False,
    limit: int = 50,
    after: After = None,
) -> Query:
    """Orders in these places or below them, the latest first; those that an office must look at, or
    those of them that nobody has heard of.
    """
    where: dict[str, Any] = {"path": {"$in": list(places)}}
    if statuses:
        where["status"] = {"$in": [status.value for status in statuses]}
    if service is not None:
        where["service"] = service
    if alarmed or unheard:
        where |= ALARMED
    if unheard:
        where["alarm.person"] = None
    return Query(where, order=LATEST_FIRST, limit=limit, after=after)


def orders_with(field: str, person: str, *, limit: int = 50, after: After = None) -> Query:
    """Orders in which somebody stands in a field: ``resident``, ``placed_by``, ``volunteer``,
    ``offers.volunteer``, ``organisation``; the latest first.
    """
    return Query({field: person}, order=LATEST_FIRST, limit=limit, after=after)


def unheard_at(place: str) -> Query:
    """Orders whose alarm nobody heard at the office of a place."""
    return Query({"alarm.place": place, **ALARMED, "alarm.person": None}, limit=PAGE)
