"""What can be asked of community's states, and the indexes that answer it."""

from collections.abc import Sequence
from typing import Any

from shared.contracts.types import PlaceKind
from shared.runtime.journal import Index, Kind, Query

KINDS = (
    Kind("place", (Index((("parent", 1), ("_id", 1))), Index((("kind", 1), ("_id", 1))))),
    Kind("post", (Index((("place", 1), ("_id", 1))), Index((("term.holder", 1), ("_id", 1))))),
    Kind(
        "resident",
        (
            Index((("household", 1), ("_id", 1))),
            Index((("asked.household", 1), ("_id", 1))),
            Index((("asked.path", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "organisation",
        (
            Index((("home", 1), ("_id", 1))),
            Index((("serves", 1), ("_id", 1))),
            Index((("kind", 1), ("_id", 1))),
            Index((("members.person", 1), ("_id", 1))),
        ),
    ),
    Kind("alliance", (Index((("place", 1), ("_id", 1))), Index((("members", 1), ("_id", 1))))),
    Kind("rota", (Index((("place", 1), ("_id", 1))), Index((("shifts.person", 1), ("_id", 1))))),
    Kind("promise", (Index((("alliance", 1), ("year", 1), ("_id", 1))),)),
    Kind(
        "check-in",
        (
            Index((("place", 1), ("status", 1), ("_id", 1))),
            Index((("person", 1), ("_id", 1))),
            Index((("organisation", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "visit",
        (
            Index((("household", 1), ("_id", 1))),
            Index((("resident", 1), ("_id", 1))),
            Index((("keeper", 1), ("status", 1), ("_id", 1))),
            Index((("place", 1), ("status", 1), ("_id", 1))),
        ),
    ),
)

MOST_IN_A_HOUSEHOLD = 200
"""Residents of one unit shown at once."""


def places_query(
    *,
    parent: str | None = None,
    kind: PlaceKind | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Places by code: the children of one, those of a kind, or all."""
    where: dict[str, Any] = {}
    if parent is not None:
        where["parent"] = parent
    if kind is not None:
        where["kind"] = kind.value
    return Query(where, limit=limit, after=after)


def posts_query(
    *,
    place: str | None = None,
    holder: str | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Posts by id: those at a place, those that somebody holds, or all."""
    where: dict[str, Any] = {}
    if place is not None:
        where["place"] = place
    if holder is not None:
        where["term.holder"] = holder
    return Query(where, limit=limit, after=after)


def rotas_query(
    *,
    place: str | None = None,
    person: str | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Rotas by id: those of a place, those with somebody on them, or all."""
    where: dict[str, Any] = {}
    if place is not None:
        where["place"] = place
    if person is not None:
        where["shifts.person"] = person
    return Query(where, limit=limit, after=after)


def household_query(household: str) -> Query:
    """The residents of a unit."""
    return Query({"household": household}, limit=MOST_IN_A_HOUSEHOLD)


def living_query(
    households: Sequence[str], limit: int, after: tuple[Any, ...] | None = None
) -> Query:
    """The residents of some units, household by household."""
    where = {"household": {"$in": list(households)}}
    return Query(where, order=(("household", 1), ("_id", 1)), limit=limit, after=after)


def asking_query(household: str) -> Query:
    """Who asks to live in a unit."""
    return Query({"asked.household": household}, limit=MOST_IN_A_HOUSEHOLD)
