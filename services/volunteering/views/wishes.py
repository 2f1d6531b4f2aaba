"""Queries over wishes (微心愿), and their indexes."""

from collections.abc import Iterable
from typing import Any

from services.volunteering.domain.wishes.wish_state import Status
from shared.contracts.volunteering.wishes import WishKind
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "wish",
        (
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("owner", 1), ("_id", -1))),
            Index((("poster", 1), ("_id", -1))),
            Index((("organisers", 1), ("_id", -1))),
            Index((("claim.team", 1), ("status", 1), ("_id", 1))),
            Index((("served_by", 1), ("_id", -1))),
        ),
    ),
    Kind("home"),
)

PAGE = 200
"""Wishes that a reaction walks through at once."""


def wishes_below(
    places: Iterable[str],
    statuses: Iterable[Status],
    *,
    kind: WishKind | None = None,
    late: bool = False,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Wishes at any of the places or below, the oldest first; with `late` those for which something
    was not done in time.
    """
    where: dict[str, Any] = {
        "path": {"$in": list(places)},
        "status": {"$in": sorted(one.value for one in statuses)},
    }
    if kind is not None:
        where["kind"] = kind.value
    if late:
        where["alarm"] = {"$ne": None}
    return Query(where, limit=limit, after=after)


def wishes_of(
    field: str, person: str, limit: int = 50, after: tuple[Any, ...] | None = None
) -> Query:
    """Wishes in whose `field` somebody stands, the latest first: ``owner``, ``poster``,
    ``organisers``, ``served_by``.
    """
    return Query({field: person}, order=(("_id", -1),), limit=limit, after=after)


def all_wishes_of(field: str, person: str) -> Query:
    """The same, page by page, for reactions."""
    return Query({field: person}, limit=PAGE)


def claims_of_team(team: str) -> Query:
    """What a team has claimed, or granted without it being confirmed yet, page by page."""
    statuses = [Status.CLAIMED.value, Status.DISPUTED.value, Status.GRANTED.value]
    return Query({"claim.team": team, "status": {"$in": statuses}}, limit=PAGE)
