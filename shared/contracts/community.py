"""The public events of **community**: places, staff posts, residents. Codes and ids only."""

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


@dataclass(frozen=True, slots=True)
class PostAssigned(Event):
    """From `since` on, `holder` (a subject) has the post's duty at the place; `until` is the term's
    end if it has one.
    """

    post: str
    duty: str
    place: str
    holder: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostVacated(Event):
    """Nobody holds the post any more. `because` is ``resigned``, ``relieved``, ``replaced`` or
    ``term-ended``."""

    post: str
    duty: str
    place: str
    holder: str
    because: str


@dataclass(frozen=True, slots=True)
class ResidentRegistered(Event):
    """A person lives in a household (household = unit of a building)."""

    resident: str
    household: str


@dataclass(frozen=True, slots=True)
class ResidentMoved(Event):
    """A resident belongs to another household now."""

    resident: str
    household: str
    before: str
