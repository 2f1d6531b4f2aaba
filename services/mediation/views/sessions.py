"""Queries over sessions and rooms, and their indexes."""

from collections.abc import Iterable
from typing import Any

from services.mediation.domain.sessions.session_state import AHEAD, Status
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "session",
        (
            Index((("dispute", 1), ("_id", 1))),
            Index((("people", 1), ("_id", -1))),
            Index((("room", 1), ("status", 1), ("_id", 1)), only={"room": {"$gt": ""}}),
        ),
    ),
    Kind("room", (Index((("place", 1), ("_id", 1))),)),
    Kind("room-day"),
)

PAGE = 200
"""Sessions that a reaction walks through at once."""


def sessions_in(dispute: str) -> Query:
    """All sessions of a dispute, page by page."""
    return Query({"dispute": dispute}, limit=PAGE)


def sessions_seen(
    dispute: str, person: str | None, limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """The sessions of a dispute with which somebody has to do; with None all but private talks."""
    seen: dict[str, Any] = {"side": None} if person is None else {"people": person}
    return Query({"dispute": dispute, **seen}, limit=limit, after=after)


def sessions_of(
    person: str,
    statuses: Iterable[Status] | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Sessions with which somebody has to do, the latest first."""
    where: dict[str, Any] = {"people": person}
    if statuses is not None:
        where["status"] = {"$in": sorted(one.value for one in statuses)}
    return Query(where, order=(("_id", -1),), limit=limit, after=after)


def all_sessions_of(person: str) -> Query:
    """The same, page by page, for reactions."""
    return Query({"people": person}, limit=PAGE)


def sessions_in_room(room: str) -> Query:
    """What is still to be held in a room, page by page."""
    ahead = sorted(one.value for one in AHEAD)
    return Query({"room": room, "status": {"$in": ahead}}, limit=PAGE)


def rooms_at(places: Iterable[str], limit: int = 50, after: tuple[Any, ...] | None = None) -> Query:
    """Rooms at any of the places that are open."""
    where = {"place": {"$in": list(places)}, "open": True}
    return Query(where, limit=limit, after=after)
