"""The state of a place, what may hang below what, and the facts that its rules ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.community.domain.place_commands import ContactPoint, Given, NewPlace
from shared.contracts.types import PlaceKind

ROOT_KIND = PlaceKind.DISTRICT
"""What stands at the top of a tree."""

BY_SIZE = (
    PlaceKind.DISTRICT,
    PlaceKind.STREET,
    PlaceKind.COMMUNITY,
    PlaceKind.AREA,
    PlaceKind.NEIGHBOURHOOD,
    PlaceKind.BUILDING,
    PlaceKind.UNIT,
)
"""From the largest to the smallest; a level may be skipped. Grids stand outside this order."""

GRID_BELOW = frozenset({PlaceKind.COMMUNITY, PlaceKind.AREA, PlaceKind.NEIGHBOURHOOD})
GRID_HOLDS = frozenset({PlaceKind.BUILDING, PlaceKind.UNIT})


def may_lie_below(kind: PlaceKind, parent: PlaceKind) -> bool:
    """Whether a place of this kind may hang below one of that kind.

    The relation is acyclic, and a place never changes its kind: so no move can close a circle,
    whatever else is being moved at the same time.
    """
    if kind is PlaceKind.GRID:
        return parent in GRID_BELOW
    if parent is PlaceKind.GRID:
        return kind in GRID_HOLDS
    return BY_SIZE.index(parent) < BY_SIZE.index(kind)


@dataclass(frozen=True, slots=True)
class Lying:
    """Below which parent a place lay, from `since` on; None: since before times were kept."""

    parent: str | None
    since: datetime | None


class Step(StrEnum):
    """What can be planned for a place."""

    MOVE = "move"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done at `since`: a move to the parent `to`, or the closing, with or without a
    successor `to`.
    """

    step: Step
    since: datetime
    to: str | None = None


@dataclass(frozen=True, slots=True)
class Parting:
    """A split under way: the new places, and the new parent of each child."""

    names: tuple[NewPlace, ...]
    children: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """A place's own working hours, in minutes of the local day; inherited by all below it."""

    spans: tuple[tuple[int, int], ...]
    every_day: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """A node of the tree; with an empty code it is not registered yet.

    `lay` tells every parent it had, the first first. One `plan` at a time lies ahead. A closed
    place, and one being split, has `closed`; `successors` stand in its place. `pattern` names the
    set of `duties` that it must fill.
    """

    code: str = ""
    kind: PlaceKind = ROOT_KIND
    name: str = ""
    parent: str | None = None
    lay: tuple[Lying, ...] = ()
    plan: Plan | None = None
    closed: datetime | None = None
    successors: tuple[str, ...] = ()
    parting: Parting | None = None
    hours: Hours | None = None
    languages: tuple[str, ...] = ()
    contacts: tuple[ContactPoint, ...] = ()
    pattern: str | None = None
    duties: tuple[str, ...] = ()


def parent_at(place: Place, moment: datetime) -> Lying | None:
    """Below what it lay at a time; None when it was not registered yet."""
    lay = [one for one in place.lay if one.since is None or one.since <= moment]
    return lay[-1] if lay else None


@dataclass(frozen=True, slots=True)
class Above:
    """The parent that a command names, as far as the rules ask for it.

    `path` runs from the district down to the parent itself. The facts are None where no such place
    is registered.
    """

    kind: PlaceKind
    path: tuple[str, ...]
    below: tuple[tuple[str, str], ...] = ()
    """When a place moves: code and parent of all below it, parents before their children."""
    open: bool = True


@dataclass(frozen=True, slots=True)
class Around:
    """What closing and splitting ask for: the place's own `path`, the codes of the open places
    right below it, and kind and openness of those that the command names, where they exist.
    """

    path: tuple[str, ...]
    children: frozenset[str] = frozenset()
    named: Mapping[str, tuple[PlaceKind, bool]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Duties:
    """The duties that a pattern asks of a place of its kind, and the days to fill each in."""

    duties: tuple[str, ...]
    fill_within_days: int
    kinds: frozenset[PlaceKind]
