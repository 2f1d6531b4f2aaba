"""A place as another service knows it: kind, name and the path of codes from the district down."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """`path` ends with the place's own code; it is empty while nothing is known."""

    kind: PlaceKind = PlaceKind.UNIT
    name: str = ""
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LearnPlace(Command):
    """A place was registered."""

    kind: PlaceKind
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LearnName(Command):
    """A place was renamed."""

    name: str


@dataclass(frozen=True, slots=True)
class LearnPath(Command):
    """A place, or one above it, was moved."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceLearned(Event):
    """What is known of the place from now on."""

    kind: PlaceKind
    name: str
    path: tuple[str, ...]


def decide(command: Command, known: KnownPlace, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnPlace(kind, name, path):
            learned = KnownPlace(kind, name, path)
        case LearnName(name):
            learned = replace(known, name=name)
        case LearnPath(path):
            learned = replace(known, path=path)
        case _:
            return []
    return [] if learned == known else [PlaceLearned(learned.kind, learned.name, learned.path)]


def evolve(known: KnownPlace, event: Event) -> KnownPlace:
    """The knowledge after the event."""
    match event:
        case PlaceLearned(kind, name, path):
            return KnownPlace(kind, name, path)
    return known


place = Aggregate(
    kind="place", initial=KnownPlace(), decide=decide, evolve=evolve, events=(PlaceLearned,)
)
