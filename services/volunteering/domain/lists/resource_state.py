"""A resource as it stands: how much of it is promised, and whether a need gets some of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

from services.volunteering.domain.lists.checked_in import CheckedInMember
from shared.contracts.event import Event, Personal
from shared.contracts.types import between
from shared.contracts.volunteering.lists import (
    Provision,
    ResourceChanged,
    ResourceFreed,
    ResourceOffered,
    ResourceReserved,
    ResourceWithdrawn,
)
from shared.runtime.aggregate import changed

MOST = 1_000_000
"""Of a quantity; money is counted in yuan."""
LONGEST = timedelta(days=3 * 365)
MOST_RESERVATIONS = 200
"""Needs that one resource is promised to."""

Quantity = Annotated[int, between(1, MOST)]


class Measure(StrEnum):
    """In what a quantity is counted."""

    HOUR = "hour"
    PERSON = "person"
    PIECE = "piece"
    PLACE = "place"
    SESSION = "session"
    YUAN = "yuan"


class Status(StrEnum):
    """How a resource stands."""

    NONE = "none"
    OFFERED = "offered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Reservation:
    """So much of it is promised to a need, for that time."""

    need: str
    quantity: int
    begin: datetime
    until: datetime


@dataclass(frozen=True)
class Resource:
    """It serves `place` and all below it."""

    resource: str = ""
    status: Status = Status.NONE
    kind: Provision = Provision.VENUE
    measure: Measure = Measure.PIECE
    place: str = ""
    path: tuple[str, ...] = ()
    organisation: str | None = None
    person: str | None = None
    checkin: str | None = None
    quantity: int = 0
    renews: bool = False
    begin: datetime | None = None
    until: datetime | None = None
    reservations: tuple[Reservation, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """What it is promised to."""
        return tuple(one.need for one in self.reservations)


@dataclass(frozen=True)
class Site:
    """The resource's own id; the path of the place named, empty for none that is open; the check-in
    that the command names.
    """

    resource: str
    path: tuple[str, ...] = ()
    member: CheckedInMember | None = None


# --- private events ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ResourceMeasured(Event):
    """In what it is counted, and the check-in it belongs to."""

    measure: Measure
    checkin: str | None


@dataclass(frozen=True, slots=True)
class ResourceOwnerForgotten(Event):
    """Whose it was is kept no more, nor what they said of it."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ResourceDescribed(Personal):
    """What it is, in words."""

    title: str
    text: str


# --- how much is left ----------------------------------------------------------------------------


def left(resource: Resource, begin: datetime, until: datetime) -> int:
    """How much of it is promised to nobody, in that time. What renews is counted with all that
    overlaps: rather too little than twice.
    """
    taken = sum(
        one.quantity
        for one in resource.reservations
        if not resource.renews or (one.begin < until and begin < one.until)
    )
    return resource.quantity - taken


def window(
    resource: Resource, begin: datetime, until: datetime
) -> tuple[datetime, datetime] | None:
    """The part of a time in which it is offered; None where there is none."""
    if resource.begin is None or resource.until is None:
        return None
    first, last = max(begin, resource.begin), min(until, resource.until)
    return (first, last) if first < last else None


def why_not(
    resource: Resource,
    kind: Provision,
    path: tuple[str, ...],
    quantity: int,
    begin: datetime,
    until: datetime,
) -> str | None:
    """Why a need does not get it; None where it does."""
    if resource.status is not Status.OFFERED:
        return "withdrawn"
    if resource.kind is not kind:
        return "kind"
    if resource.place not in path:
        return "place"
    if (time := window(resource, begin, until)) is None:
        return "time"
    if left(resource, *time) < quantity or len(resource.reservations) >= MOST_RESERVATIONS:
        return "not-enough"
    return None


def evolve(resource: Resource, event: Event) -> Resource:
    """The resource after an event."""
    match event:
        case ResourceOffered(resource=id, kind=kind, place=place, path=path) as e:
            return Resource(
                resource=id,
                status=Status.OFFERED,
                kind=kind,
                place=place,
                path=path,
                organisation=e.organisation,
                person=e.person,
                quantity=e.quantity,
                renews=e.renews,
                begin=e.begin,
                until=e.until,
            )
        case ResourceMeasured(measure=measure, checkin=checkin):
            return changed(resource, measure=measure, checkin=checkin)
        case ResourceChanged(quantity=quantity, until=until):
            return changed(resource, quantity=quantity, until=until)
        case ResourceReserved(need=need, quantity=quantity, begin=begin, until=until):
            one = Reservation(need, quantity, begin, until)
            return changed(resource, reservations=(*resource.reservations, one))
        case ResourceFreed(need=need):
            kept = tuple(one for one in resource.reservations if one.need != need)
            return changed(resource, reservations=kept)
        case ResourceWithdrawn():
            return changed(resource, status=Status.WITHDRAWN)
        case ResourceOwnerForgotten():
            return changed(resource, person=None)
    return resource
