"""A place as another service knows it: kind, name, the path of codes from the district down, its
own working hours, and whether it has ended.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.runtime.aggregate import Aggregate, Command
from shared.worktime.hours import WorkingHours

Spans = tuple[tuple[int, int], ...]
"""Parts of the local day, in minutes from midnight."""


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """`path` ends with the place's own code; it is empty while nothing is known.

    Without `spans` the place has the hours of the one above. Of a closed place, `successors` stand
    in its place.
    """

    kind: PlaceKind = PlaceKind.UNIT
    name: str = ""
    path: tuple[str, ...] = ()
    spans: Spans = ()
    every_day: bool = False
    closed: bool = False
    successors: tuple[str, ...] = ()

    @property
    def hours(self) -> WorkingHours | None:
        """Its own working hours, None where it has none."""
        return working_hours(self.spans, self.every_day) if self.spans else None


@lru_cache(maxsize=1024)
def working_hours(spans: Spans, every_day: bool) -> WorkingHours:
    """Hours as they are reckoned with."""
    return WorkingHours(
        tuple((timedelta(minutes=begin), timedelta(minutes=end)) for begin, end in spans),
        every_day,
    )


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
class LearnHours(Command):
    """A place has other working hours of its own, or none."""

    spans: Spans
    every_day: bool


@dataclass(frozen=True, slots=True)
class LearnClosing(Command):
    """A place has ended."""

    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlaceLearned(Event):
    """What is known of the place from now on."""

    kind: PlaceKind
    name: str
    path: tuple[str, ...]
    spans: Spans = ()
    every_day: bool = False
    closed: bool = False
    successors: tuple[str, ...] = ()


def decide(command: Command, known: KnownPlace, now: datetime) -> list[Event]:
    """The new knowledge, unless it is the old."""
    match command:
        case LearnPlace(kind, name, path):
            learned = replace(known, kind=kind, name=name, path=path)
        case LearnName(name):
            learned = replace(known, name=name)
        case LearnPath(path):
            learned = replace(known, path=path)
        case LearnHours(spans, every_day):
            learned = replace(known, spans=spans, every_day=every_day)
        case LearnClosing(successors):
            learned = replace(known, closed=True, successors=successors)
        case _:
            return []
    if learned == known:
        return []
    return [
        PlaceLearned(
            learned.kind,
            learned.name,
            learned.path,
            learned.spans,
            learned.every_day,
            learned.closed,
            learned.successors,
        )
    ]


def evolve(known: KnownPlace, event: Event) -> KnownPlace:
    """The knowledge after the event."""
    match event:
        case PlaceLearned(kind, name, path, spans, every_day, closed, successors):
            return KnownPlace(kind, name, path, spans, every_day, closed, successors)
    return known


place = Aggregate(
    kind="place", initial=KnownPlace(), decide=decide, evolve=evolve, events=(PlaceLearned,)
)
