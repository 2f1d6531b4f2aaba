"""Residents: households, and the visits that are paid to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from shared.contracts.event import Event


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


@dataclass(frozen=True, slots=True)
class VisitPlanned(Event):
    """`keeper` is to visit a household within the place until `due`. Which one is told to nobody
    outside."""

    visit: str
    place: str
    purpose: str
    keeper: str
    due: datetime


@dataclass(frozen=True, slots=True)
class VisitMade(Event):
    """A visit was made, in time or late."""

    visit: str
    place: str
    purpose: str
    keeper: str
    in_time: bool


@dataclass(frozen=True, slots=True)
class VisitMissed(Event):
    """A visit was not made until it was due. It can still be made."""

    visit: str
    place: str
    purpose: str
    keeper: str
    due: datetime


@dataclass(frozen=True, slots=True)
class VisitCalledOff(Event):
    """A visit will not be made; `because` is a reason's code."""

    visit: str
    place: str
    keeper: str
    because: str
