"""The public events of **community**: places, staff posts, residents. Codes and ids only."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

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


@dataclass(frozen=True, slots=True)
class RegistrationRefused(Event):
    """Who said that they live in a household was not confirmed. `because` is a reason's code, or
    ``lapsed`` where nobody said anything. What they wrote of themselves is forgotten."""

    forgets: ClassVar[bool] = True
    resident: str
    household: str
    because: str


@dataclass(frozen=True, slots=True)
class ResidentVouchedFor(Event):
    """Somebody (`by`) of a household says whether this person lives there too."""

    resident: str
    household: str
    by: str
    lives_here: bool


@dataclass(frozen=True, slots=True)
class MoveRefused(Event):
    """A resident who said that they moved to this household was not confirmed there, and lives
    where they lived."""

    resident: str
    household: str
    because: str


@dataclass(frozen=True, slots=True)
class ResidentMovedOut(Event):
    """A resident lives in this household no more, and in no other."""

    resident: str
    household: str


@dataclass(frozen=True, slots=True)
class ResidentErased(Event):
    """A person is to be forgotten: whoever keeps something personal of this subject deletes it. The
    subject itself stays in what was recorded, and stands for nobody any more."""

    forgets: ClassVar[bool] = True
    resident: str
