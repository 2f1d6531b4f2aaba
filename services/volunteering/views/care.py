"""Queries over care plans, and their indexes."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from shared.runtime.journal import Index, Kind, Query

OPEN = {"open": True}
ALARMED = {"alarms.number": {"$gt": 0}}
After = tuple[Any, ...] | None


class Part(StrEnum):
    """What somebody has to do with a plan; the value is the field that says so."""

    VISITOR = "visitor"
    DEPUTY = "deputy"
    ORGANISER = "organisers"
    HEALTH_CONTACT = "health_contact"


KINDS: tuple[Kind, ...] = (
    Kind(
        "care-plan",
        (
            # One plan for a person and purpose, whatever two requests at once are told before.
            Index((("person", 1), ("purpose", 1)), only=OPEN, unique=True),
            Index((("path", 1), ("status", 1), ("_id", 1))),
            Index((("organisers", 1), ("visit.begin", 1), ("_id", 1))),
            Index((("alarms.called", 1), ("_id", 1)), only=ALARMED),
            Index((("path", 1), ("_id", 1)), only=ALARMED),
        ),
        found_by=("person", "visitor", "deputy", "health_contact", "team", "place", "maker"),
    ),
)


def plans_of_place(
    place: str, where: Mapping[str, Any], *, limit: int = 50, after: After = None
) -> Query:
    """The plans at a place or below it."""
    return Query({"path": place, **where}, limit=limit, after=after)


def plans_about(person: str, *, limit: int = 50, after: After = None) -> Query:
    """The plans of who is visited, ended ones too."""
    return Query({"person": person}, limit=limit, after=after)


def agenda(person: str, part: Part, *, limit: int = 50, after: After = None) -> Query:
    """The open plans in which somebody has a part, by when the next visit is due."""
    return Query(
        {part.value: person, **OPEN},
        order=(("visit.begin", 1), ("_id", 1)),
        limit=limit,
        after=after,
    )


def alarms_for(person: str, *, limit: int = 50, after: After = None) -> Query:
    """The plans with an alarm that somebody is called by."""
    return Query({"alarms.called": person, **ALARMED}, limit=limit, after=after)


def alarms_at(place: str, *, limit: int = 50, after: After = None) -> Query:
    """The plans at a place or below it with an alarm, those to nobody too."""
    return Query({"path": place, **ALARMED}, limit=limit, after=after)


def everything_of(field: str, value: str) -> Query:
    """The open plans with this value, for reactions."""
    return Query({field: value, **OPEN})
