"""Places: the tree, its changes, and when work is done there."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.types import PlaceKind


@dataclass(frozen=True, slots=True)
class PlaceRegistered(Event):
    """A place entered the tree. `path` runs from the district down to the place itself, by code."""

    code: str
    kind: PlaceKind
    name: str
    path: tuple[str, ...]
    parent: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceRenamed(Event):
    """A place has a new name; code and parent stay."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class PlaceMoved(Event):
    """A place has another `path` now, because it or a place above it hangs below another parent.

    Whoever moves tells the new paths of all places below it too, each in an event of its own.
    """

    code: str
    parent: str
    path: tuple[str, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceSplit(Event):
    """A place is being split: those of `into` are registered, and what lies below it moves there;
    then it is closed. `path` is its own. Nothing new comes below it from `since` on.
    """

    code: str
    into: tuple[str, ...]
    path: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class PlaceClosed(Event):
    """A place has ended; those of `successors`, if any, stand in its place."""

    code: str
    successors: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True)
class PlaceHoursSet(Event):
    """A place has its own working hours from `since` on: `spans` of the local day in minutes from
    midnight, on working days or on `every_day`; without spans it has those of the place above.
    `languages` (BCP 47) are spoken there.
    """

    code: str
    spans: tuple[tuple[int, int], ...]
    every_day: bool
    languages: tuple[str, ...]
    since: datetime
