"""What is done to a place, and the events of it that stay in the service."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from shared.contracts.event import Event
from shared.contracts.types import (
    Code,
    DaySpan,
    Id,
    LanguageTag,
    PlaceCode,
    PlaceKind,
    Title,
    at_most,
)
from shared.runtime.aggregate import Command

MOST_PARTS = 20
"""New places that one is split into; fewer than two are no split."""
MOST_SPLIT = 500
"""Places right below that are given to the new ones."""


class ContactKind(StrEnum):
    """How an office is reached."""

    PHONE = "phone"
    DESK = "desk"
    E_MAIL = "e-mail"
    URL = "url"


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """Where an office is reached: a number, a desk's address, an e-mail address, a page. Never a
    person's own.
    """

    kind: ContactKind
    value: Title


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When work is done on working days, or with `every_day` on all days."""

    spans: Annotated[tuple[DaySpan, ...], at_most(6)]
    every_day: bool = False


@dataclass(frozen=True, slots=True)
class NewPlace:
    """One of the places that another is split into."""

    code: PlaceCode
    name: Title


@dataclass(frozen=True, slots=True)
class Given:
    """A place right below one that is split, and the new place it is to lie below."""

    child: PlaceCode
    to: PlaceCode


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
    """Hangs it, with all below it, under another parent: now, or from a later time on."""

    verb = "move"
    by: Id
    parent: PlaceCode
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClosePlace(Command):
    """Ends the place, now or from a later time on. Those who come are directed to the successor."""

    verb = "close"
    by: Id
    since: datetime | None = None
    successor: PlaceCode | None = None


@dataclass(frozen=True, slots=True)
class SplitPlace(Command):
    """Puts new places of the same kind in its place; each of those below goes to one of them."""

    verb = "split"
    by: Id
    into: Annotated[tuple[NewPlace, ...], at_most(MOST_PARTS)]
    children: Annotated[tuple[Given, ...], at_most(MOST_SPLIT)] = ()


@dataclass(frozen=True, slots=True)
class CallOffPlan(Command):
    """The move or closing that lies ahead will not be done."""

    verb = "call-off"
    by: Id


@dataclass(frozen=True, slots=True)
class DescribePlace(Command):
    """Sets hours, languages and contact points anew. Without hours, those above hold."""

    verb = "describe"
    by: Id
    hours: OpeningHours | None = None
    languages: Annotated[tuple[LanguageTag, ...], at_most(20)] = ()
    contacts: Annotated[tuple[ContactPoint, ...], at_most(10)] = ()


@dataclass(frozen=True, slots=True)
class AdoptPattern(Command):
    """The place must fill the duties of this pattern from now on; of none without one."""

    verb = "adopt-pattern"
    by: Id
    pattern: Code | None = None


# --- what follows from a split, sent by the service itself --------------------------------------


@dataclass(frozen=True, slots=True)
class FoundPart(Command):
    """Registers one of the places that another is split into: everything was checked before."""

    code: str
    kind: PlaceKind
    name: str
    parent: str | None
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HangUnderPart(Command):
    """Hangs a place that lay below the split one under its new parent."""

    before: str
    parent: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EndSplit(Command):
    """All parts stand, all below hang under them: the split place is closed."""


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceMovePlanned(Event):
    """It will hang below another parent from a later time on."""

    parent: str
    since: datetime


@dataclass(frozen=True, slots=True)
class PlaceClosingPlanned(Event):
    """It will be closed at a later time."""

    since: datetime
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class PlacePlanCalledOff(Event):
    """What lay ahead is not done: ``called-off`` by a person, or by a rule that forbade it when its
    time had come (its code).
    """

    because: str


@dataclass(frozen=True, slots=True)
class PlaceParted(Event):
    """What a split makes of it: the new places, and the new parent of each child."""

    names: tuple[NewPlace, ...]
    children: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class PlaceContactsSet(Event):
    """Where its office is reached."""

    contacts: tuple[ContactPoint, ...]
