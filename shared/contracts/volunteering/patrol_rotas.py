"""Patrols (三重巡防): the routes that are walked, and the rotas of who walks them when.

`organisers` are those who answer for a patrol. `kind` says which of the three lines of defence the
team is. `number` is that of a shift in its rota, from 0.
"""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event

# --- routes --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PatrolRouteLaidOut(Event):
    """There is a route of so many checkpoints in a place."""

    route: str
    place: str
    path: tuple[str, ...]
    checkpoints: int


@dataclass(frozen=True, slots=True)
class PatrolRouteRevised(Event):
    """It has other checkpoints from now on; this is its version `number`. Shifts that have begun go
    the way that they began with.
    """

    route: str
    place: str
    number: int
    checkpoints: int


@dataclass(frozen=True, slots=True)
class PatrolRouteClosed(Event):
    """No new rota goes this way."""

    route: str
    place: str


# --- rotas ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PatrolRotaPublished(Event):
    """Who patrols when is settled, for `count` shifts on a route, the first of which begins then.
    `crew` are all who are on it.
    """

    rota: str
    place: str
    path: tuple[str, ...]
    route: str
    count: int
    begin: datetime
    crew: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatrolRotaChanged(Event):
    """In the shift with that number `person` patrols, where `before` was to; None: nobody does in
    that one's place, nobody did. `because`: ``swapped``, ``stand-in``, ``stopped``, ``suspended``,
    ``left-the-team``, ``under-age``, ``erased``.
    """

    rota: str
    place: str
    number: int
    before: str | None
    person: str | None
    because: str


@dataclass(frozen=True, slots=True)
class PatrolSwapProposed(Event):
    """`by` offers the shift `mine` for the shift `theirs` of `to`, until then."""

    rota: str
    place: str
    by: str
    to: str
    mine: int
    theirs: int
    until: datetime


@dataclass(frozen=True, slots=True)
class PatrolSwapEnded(Event):
    """Nothing came of it: ``declined``, ``withdrawn``, ``unanswered``, ``overtaken``."""

    rota: str
    place: str
    by: str
    to: str
    mine: int
    theirs: int
    because: str
