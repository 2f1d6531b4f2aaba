"""Queries over mediators and panels, and their indexes."""

from collections.abc import Iterable
from typing import Any

from services.mediation.domain.panels.mediator_state import Standing
from services.mediation.domain.panels.panel_state import Status
from shared.contracts.mediation.disputes import DisputeKind
from shared.runtime.journal import Index, Kind, Query

KINDS: tuple[Kind, ...] = (
    Kind(
        "mediator",
        (
            Index((("serves", 1), ("standing", 1), ("_id", 1))),
            Index((("standing", 1), ("_id", 1))),
        ),
    ),
    Kind(
        "panel",
        (
            Index((("people", 1), ("_id", -1))),
            Index((("writers", 1), ("_id", 1))),
            Index((("petition", 1), ("_id", 1)), only={"petition": {"$gt": ""}}),
        ),
    ),
    Kind("answers"),
)

PAGE = 200
"""Panels that a reaction walks through at once."""


def mediators_listed(
    serves: Iterable[str],
    standing: Standing,
    *,
    field: DisputeKind | None = None,
    language: str | None = None,
    text: str | None = None,
    limit: int = 50,
    after: tuple[Any, ...] | None = None,
) -> Query:
    """Mediators who serve any of these places (all where none is named), with that text in name or
    introduction.
    """
    where: dict[str, Any] = {"standing": standing.value}
    if places := list(serves):
        where["serves"] = {"$in": places}
    if field is not None:
        where["fields"] = field.value
    if language is not None:
        where["languages"] = language
    return Query(where, limit=limit, after=after, text=text)


def panels_of(person: str, limit: int = PAGE, after: tuple[Any, ...] | None = None) -> Query:
    """Panels with which somebody has to do, the latest first."""
    return Query({"people": person}, order=(("_id", -1),), limit=limit, after=after)


def all_panels_of(field: str, person: str) -> Query:
    """Panels in whose `field` somebody stands (``people``, ``writers``), page by page."""
    return Query({field: person}, limit=PAGE)


def panels_from(petition: str) -> Query:
    """Panels of disputes that came of a petition, page by page."""
    return Query({"petition": petition, "status": Status.OPEN.value}, limit=PAGE)
