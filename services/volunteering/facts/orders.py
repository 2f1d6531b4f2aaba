"""What is told of the world to the rules of three-order service (点单 派单 接单)."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.volunteering.catalogue import Catalogue, shipped
from services.volunteering.domain.orders.commands import (
    Accept,
    Agree,
    Dispatch,
    Entrust,
    LookAgain,
    PlaceOrder,
    ProposeTime,
)
from services.volunteering.domain.orders.record import OrderRecord, order_record
from services.volunteering.domain.orders.service import Offered, service
from services.volunteering.domain.orders.service_commands import Listing
from services.volunteering.domain.orders.state import Desk, Order, Scene, Site
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.domain.teams.volunteer_state import Volunteer
from services.volunteering.offices import office
from services.volunteering.trainings import LASTING
from shared.contracts.types import Level, PlaceKind
from shared.neighbourhood.member import KnownMember
from shared.neighbourhood.place import KnownPlace
from shared.neighbourhood.post import KnownPost
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, service),)

HOMES = (PlaceKind.BUILDING, PlaceKind.UNIT)
"""An order lies in the place around these: who lives where is in its dossier."""
CALLED = (Level.COMMUNITY, Level.STREET)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    posts: Mapping[str, KnownPost] = copies["post"]
    members: Mapping[str, KnownMember] = copies["member"]
    catalogue = Catalogue(shipped(), copies["service"])

    def listing(id: str, _command: Command, _state: Offered, now: datetime) -> Listing:
        return Listing(
            id, catalogue.known(id, now), id in catalogue.shipped, trainings=frozenset(LASTING)
        )

    def scene(id: str, command: Command, state: Order, now: datetime, beside: Beside) -> Scene:
        volunteers: dict[str, Volunteer | None] = {}
        records: dict[str, OrderRecord] = {}
        for aggregate, person in looked_at(id, command):
            if aggregate is volunteer:
                volunteers[person] = beside(volunteer, person)
            else:
                records[person] = beside(order_record, person) or OrderRecord()
        known = places.get(command.place) if isinstance(command, PlaceOrder) else None
        site = None if known is None else site_of(places, known)
        path = state.path if site is None else site.path
        return Scene(
            id,
            service=catalogue.known(command.service, now)
            if isinstance(command, PlaceOrder)
            else None,
            site=site,
            closed=known is not None and known.closed,
            volunteers=volunteers,
            records=records,
            offices={level: Desk(*office(places, posts, path, level)) for level in CALLED},
            body_known=isinstance(command, Entrust)
            and any(command.organisation in one.organisations for one in members.values()),
        )

    return {"order": Looking(looked_at, scene), "service": listing}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The volunteers and records that a command rests on."""
    match command:
        case PlaceOrder(by=by, on_behalf=False) | ProposeTime(by=by) | Agree(by=by):
            return ((order_record, by),)
        case Accept(by=by):
            return ((volunteer, by), (order_record, by))
        case LookAgain(person=person):
            return ((volunteer, person),)
        case Dispatch(to=to):
            return tuple((volunteer, person) for person in dict.fromkeys(to))
    return ()


def site_of(places: Mapping[str, KnownPlace], known: KnownPlace) -> Site | None:
    """Where an order lies that is placed at a place: there, or in what lies around a building."""
    path = list(known.path)
    while path and path[-1] in places and places[path[-1]].kind in HOMES:
        path.pop()
    if not path:
        return None
    community, street = (office(places, {}, path, level).place for level in CALLED)
    return Site(path[-1], tuple(path), community, street)
