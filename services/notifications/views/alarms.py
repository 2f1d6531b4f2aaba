"""Queries over alarms and on-call lists, and their indexes."""

from collections.abc import Sequence
from typing import Any

from services.notifications.domain.alarm import Status
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "alarm",
        (
            Index((("path", 1), ("status", 1), ("at", -1), ("_id", 1))),
            Index((("called", 1), ("status", 1), ("at", -1), ("_id", 1))),
            Index((("place", 1), ("status", 1), ("at", -1), ("_id", 1)), only={"place": None}),
        ),
    ),
    Kind(
        "on-call",
        (
            Index((("place", 1), ("_id", 1))),
            Index((("rungs.person", 1), ("_id", 1)), only={"rungs.person": {"$gt": ""}}),
        ),
    ),
)


def alarms_below(
    roots: Sequence[str],
    statuses: Sequence[Status],
    *,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Alarms at these places or below, the one that changed last first."""
    return _alarms({"path": {"$in": list(roots)}}, statuses, limit, after)


def alarms_of(
    person: str,
    statuses: Sequence[Status],
    *,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Alarms that somebody was called to."""
    return _alarms({"called": person}, statuses, limit, after)


def alarms_of_the_platform(
    statuses: Sequence[Status], *, limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """Alarms that belong to no place."""
    return _alarms({"place": None}, statuses, limit, after)


def _alarms(
    where: dict[str, Any], statuses: Sequence[Status], limit: int, after: tuple[Any, ...] | None
) -> Query:
    where = {**where, "status": {"$in": [one.value for one in statuses]}}
    return Query(where, order=(("at", -1), ("_id", 1)), limit=limit, after=after)


def lists_of_person(person: str) -> Query:
    """On-call lists on which somebody stands."""
    return Query({"rungs.person": person}, limit=100)
