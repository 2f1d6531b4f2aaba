"""Queries over the three lists (资源 需求 项目 三张清单), and their indexes."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from services.volunteering.domain.lists import need_state, resource_state
from shared.contracts.volunteering.lists import Provision
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "resource",
        (
            Index((("place", 1), ("status", 1), ("kind", 1), ("_id", 1))),
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("organisation", 1), ("_id", -1))),
            Index((("person", 1), ("_id", -1))),
            Index((("checkin", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "need",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("offers.checkin", 1), ("_id", 1))),
            Index((("offers.person", 1), ("_id", -1))),
            Index((("offers.organisation", 1), ("_id", -1))),
        ),
    ),
    Kind(
        "project",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("lead", 1), ("_id", -1))),
            Index((("people", 1), ("_id", -1))),
            Index((("bodies", 1), ("_id", -1))),
        ),
    ),
    Kind(
        "checked-in",
        (Index((("place", 1), ("here", 1), ("_id", 1))), Index((("person", 1), ("_id", 1)))),
    ),
)

PAGE = 200
"""Things that a reaction walks through at once."""
MOST_COMPARED = 500
"""Resources that are compared with a need."""


def below(
    place: str,
    statuses: Iterable[StrEnum],
    *,
    kind: Provision | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Resources, needs or projects at a place or below it, the oldest first."""
    where: dict[str, Any] = {
        "path": place,
        "status": {"$in": sorted(one.value for one in statuses)},
    }
    if kind is not None:
        where["kind"] = kind.value
    return Query(where, limit=limit, after=after)


def of(field: str, whom: str, limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """Those in whose `field` somebody stands, the latest first."""
    return Query({field: whom}, order=(("_id", -1),), limit=limit, after=after)


def all_of(field: str, whom: str) -> Query:
    """The same, page by page, for reactions."""
    return Query({field: whom}, limit=PAGE)


def serving(path: Sequence[str], kind: Provision) -> Query:
    """Resources of a kind that serve the end of a path: offered there, or for a place above it."""
    where = {
        "place": {"$in": list(path)},
        "status": resource_state.Status.OFFERED.value,
        "kind": kind.value,
    }
    return Query(where, limit=MOST_COMPARED)


def needed_below(place: str, offers: Sequence[str]) -> Query:
    """Open needs at a place or below it of what somebody offers, page by page."""
    where = {
        "path": place,
        "status": need_state.Status.OPEN.value,
        "kind": {"$in": list(offers)},
    }
    return Query(where, limit=PAGE)


def offering_at(place: str, kind: Provision) -> Query:
    """Who has checked in at a place and offers such things, page by page."""
    return Query({"place": place, "here": True, "offers": kind.value}, limit=PAGE)
