"""Resource (资源): what a partner unit, or somebody who has checked in, offers a place.

How much of it is promised to which need stands here and nowhere else: it is never promised twice.
"""

from dataclasses import dataclass
from datetime import datetime

from services.volunteering.domain.lists.resource_state import (
    LONGEST,
    Measure,
    Quantity,
    Reservation,
    Resource,
    ResourceDescribed,
    ResourceMeasured,
    ResourceOwnerForgotten,
    Site,
    Status,
    evolve,
    left,
    why_not,
    window,
)
from shared.contracts.event import Event
from shared.contracts.types import Id, PlaceCode, Title, Word
from shared.contracts.volunteering.lists import (
    Provision,
    ResourceChanged,
    ResourceFreed,
    ResourceOffered,
    ResourceRefused,
    ResourceReserved,
    ResourceWithdrawn,
)
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick, changed

# --- commands ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferResource(Command):
    """Offer something to a place: for the organisation one acts for, or with `checkin` for oneself,
    where one has checked in.
    """

    by: Id
    org: Id | None
    kind: Provision
    place: PlaceCode
    title: Title
    text: Word
    quantity: Quantity
    measure: Measure
    begin: datetime
    until: datetime
    renews: bool = False
    checkin: Id | None = None


@dataclass(frozen=True, slots=True)
class ChangeResource(Command):
    """There is more or less of it, for longer or less long; never less than is promised."""

    verb = "change"
    by: Id
    quantity: Quantity
    until: datetime


@dataclass(frozen=True, slots=True)
class DeclineNeed(Command):
    """Take back what was promised to one need."""

    verb = "decline-need"
    by: Id
    need: Id
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class WithdrawResource(Command):
    """Offer it no more. All that was promised is taken back."""

    verb = "withdraw"
    by: Id


@dataclass(frozen=True, slots=True)
class Reserve(Command):
    """A need asks for some of it."""

    need: str
    kind: Provision
    path: tuple[str, ...]
    quantity: int
    begin: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class FreeReservation(Command):
    """A need wants it no more."""

    need: str


@dataclass(frozen=True, slots=True)
class ForgetResource(Command):
    """Who offered it has checked out, or was erased."""


# --- rules ---------------------------------------------------------------------------------------


def decide(command: Command, resource: Resource, now: datetime, site: Site) -> list[Event]:
    """What follows from a command; `site` is what it names."""
    match resource.status, command:
        case _, Tick():
            return []
        case Status.NONE, OfferResource():
            return offered(command, now, site)
        case _, OfferResource():
            raise Rejected("resource-offered", "this resource was offered before")
        case _, Reserve():
            return reserved(command, resource, now, site)
        case _, FreeReservation(need=need):
            return [freed(resource, one, "released") for one in promised_to(resource, need)]
        case _, ForgetResource():
            gone = withdrawn(resource) if resource.status is Status.OFFERED else []
            return [*gone, ResourceOwnerForgotten()] if resource.person or gone else []
        case Status.OFFERED, ChangeResource():
            return change(command, resource, now)
        case Status.OFFERED, DeclineNeed(need=need):
            if not (promised := promised_to(resource, need)):
                raise Rejected("nothing-promised", "nothing is promised to this need")
            return [freed(resource, one, "declined") for one in promised]
        case Status.OFFERED, WithdrawResource():
            return withdrawn(resource)
    raise Rejected("resource-gone", "this resource is not offered, or no more")


def offered(command: OfferResource, now: datetime, site: Site) -> list[Event]:
    """Of an organisation, or of somebody who has checked in where the place is or above it."""
    if not site.path:
        place = command.place
        raise Rejected("unknown-place", f"no place {place} is registered", place=place)
    if not now < command.until <= command.begin + LONGEST or command.begin >= command.until:
        raise Rejected("resource-times", "it is offered from a begin to a later end, not too long")
    organisation, person = command.org, None
    if command.checkin is not None:
        member = site.member
        if member is None or not member.here or member.person != command.by:
            raise Rejected("no-check-in", "check in first, and be confirmed")
        if member.place not in site.path:
            raise Rejected("not-there", "you have checked in at another place")
        organisation, person = None, command.by
    elif organisation is None:
        raise Rejected("no-organisation", "act for an organisation, or name your check-in")
    return [
        ResourceOffered(
            site.resource,
            command.kind,
            command.place,
            site.path,
            organisation,
            person,
            command.quantity,
            command.renews,
            command.begin,
            command.until,
        ),
        ResourceMeasured(command.measure, command.checkin),
        ResourceDescribed(command.title, command.text),
    ]


def reserved(command: Reserve, resource: Resource, now: datetime, site: Site) -> list[Event]:
    """Promised, or refused with the reason: the need hears either. A need has one promise."""
    need, quantity = command.need, command.quantity
    if need in resource.needs:
        return []
    begin = max(command.begin, now)
    because = why_not(resource, command.kind, command.path, quantity, begin, command.until)
    time = window(resource, begin, command.until)
    if because is not None or time is None:
        return [ResourceRefused(site.resource, need, quantity, because or "time")]
    return [
        ResourceReserved(
            resource.resource, need, quantity, *time, resource.organisation, resource.person
        )
    ]


def promised_to(resource: Resource, need: str) -> list[Reservation]:
    """What a need has of it."""
    return [one for one in resource.reservations if one.need == need]


def freed(resource: Resource, one: Reservation, because: str) -> ResourceFreed:
    """It is promised no more."""
    return ResourceFreed(resource.resource, one.need, one.quantity, because)


def withdrawn(resource: Resource) -> list[Event]:
    """Every need hears; what was used is used."""
    gone = [freed(resource, one, "withdrawn") for one in resource.reservations]
    return [*gone, ResourceWithdrawn(resource.resource)]


def change(command: ChangeResource, resource: Resource, now: datetime) -> list[Event]:
    """Never less, or less long, than is promised."""
    assert resource.begin is not None, "what is offered has a begin"
    if not now < command.until <= resource.begin + LONGEST:
        raise Rejected("resource-times", "it is offered from a begin to a later end, not too long")
    after = changed(resource, quantity=command.quantity, until=command.until)
    short = any(left(after, one.begin, one.until) < 0 for one in resource.reservations)
    early = any(command.until < one.until for one in resource.reservations)
    if short or early:
        raise Rejected("promised-already", "more of it, or for longer, is promised already")
    return [ResourceChanged(resource.resource, command.quantity, command.until)]


OPEN: dict[Status, tuple[str, ...]] = {Status.OFFERED: ("change", "decline-need", "withdraw")}


def open_verbs(resource: Resource) -> tuple[str, ...]:
    """The verbs that this resource knows now."""
    return OPEN.get(resource.status, ())


resource = Aggregate(
    kind="resource",
    initial=Resource(),
    decide=decide,
    evolve=evolve,
    events=(
        ResourceOffered,
        ResourceMeasured,
        ResourceChanged,
        ResourceReserved,
        ResourceRefused,
        ResourceFreed,
        ResourceWithdrawn,
        ResourceOwnerForgotten,
        ResourceDescribed,
    ),
)
