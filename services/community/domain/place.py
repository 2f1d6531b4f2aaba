"""Place (地点): one node of the tree that everything in a city hangs on.

A place knows its parent only; its path is made by walking the parents (`services.community.tree`).
Others are told the whole path: when a place moves, so are the new paths of all below it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.community import PlaceMoved, PlaceRegistered, PlaceRenamed
from shared.contracts.event import Event
from shared.contracts.types import Id, PlaceCode, PlaceKind, Title
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

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

MOST_MOVED = 2_000
"""Places that one move takes along: they are told of in one commit, whose size has an end."""
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
class Place:
    """A node of the tree; with an empty code it is not registered yet."""

    code: str = ""
    kind: PlaceKind = ROOT_KIND
    name: str = ""
    parent: str | None = None


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


@dataclass(frozen=True, slots=True)
class RegisterPlace(Command):
    """Puts a place into the tree; without a parent it is a district."""

    by: Id
    code: PlaceCode
    kind: PlaceKind
    name: Title
    parent: PlaceCode | None = None


@dataclass(frozen=True, slots=True)
class RenamePlace(Command):
    """Gives it another name."""

    verb = "rename"
    by: Id
    name: Title


@dataclass(frozen=True, slots=True)
class MovePlace(Command):
    """Hangs it, with all below it, under another parent."""

    verb = "move"
    by: Id
    parent: PlaceCode


def decide(
    command: Command, place: Place, now: datetime, above: Above | None = None
) -> list[Event]:
    """What follows from a command; `above` is the parent that it names."""
    match command:
        case Tick():
            return []
        case RegisterPlace() if place.code:
            raise Rejected("place-exists", f"{place.code} is registered already", place=place.code)
        case RegisterPlace(code=code, kind=kind, name=name, parent=parent):
            path = (*path_below(kind, parent, above), code)
            return [PlaceRegistered(code=code, kind=kind, name=name, path=path, parent=parent)]
        case _ if not place.code:
            raise Rejected("unknown-place", "no such place is registered: register it first")
        case RenamePlace(name=name):
            return [] if name == place.name else [PlaceRenamed(code=place.code, name=name)]
        case MovePlace(parent=parent) if parent == place.parent:
            return []
        case MovePlace(parent=parent):
            if place.kind is ROOT_KIND:
                raise Rejected("wrong-parent", "a district hangs below nothing", kind=place.kind)
            return moved(place.code, parent, path_below(place.kind, parent, above), above)
    raise Rejected("wrong-moment", f"cannot {command.verb} a place", verb=command.verb)


def path_below(kind: PlaceKind, parent: str | None, above: Above | None) -> tuple[str, ...]:
    """The path of the parent, if a place of this kind may hang there."""
    if parent is None:
        if kind is not ROOT_KIND:
            raise Rejected("parent-missing", f"a {kind} hangs below another place", kind=kind)
        return ()
    if above is None:
        raise Rejected(
            "unknown-parent", f"{parent} is not registered: register it first", parent=parent
        )
    if not may_lie_below(kind, above.kind):
        raise Rejected(
            "wrong-parent",
            f"a {kind} cannot hang below a {above.kind}",
            kind=kind,
            parent_kind=above.kind,
        )
    return above.path


def moved(code: str, parent: str, path: tuple[str, ...], above: Above | None) -> list[Event]:
    """The new path of the place, and those of all below it."""
    paths = {code: (*path, code)}
    events: list[Event] = [PlaceMoved(code=code, parent=parent, path=paths[code])]
    below = above.below if above is not None else ()
    if len(below) > MOST_MOVED:
        raise Rejected(
            "too-many-below",
            f"at most {MOST_MOVED} places move with their parent: move them in parts",
            most=MOST_MOVED,
        )
    for child, its_parent in below:
        paths[child] = (*paths[its_parent], child)
        events.append(PlaceMoved(code=child, parent=its_parent, path=paths[child]))
    return events


def evolve(place: Place, event: Event) -> Place:
    """The place after an event."""
    match event:
        case PlaceRegistered(code=code, kind=kind, name=name, parent=parent):
            return Place(code, kind, name, parent)
        case PlaceRenamed(name=name):
            return replace(place, name=name)
        case PlaceMoved(code=code, parent=parent) if code == place.code:
            return replace(place, parent=parent)
    return place


def open_verbs(place: Place) -> tuple[str, ...]:
    """The verbs that this place knows now."""
    if not place.code:
        return ()
    return ("rename",) if place.kind is ROOT_KIND else ("rename", "move")


place = Aggregate(
    kind="place",
    initial=Place(),
    decide=decide,
    evolve=evolve,
    events=(PlaceRegistered, PlaceRenamed, PlaceMoved),
)
