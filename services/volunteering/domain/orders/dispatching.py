"""Dispatching by hand (组织派单): staff ask volunteers by name, or let an organisation do it."""

from datetime import datetime, timedelta

from services.volunteering.domain.orders.climbing import alarmed, climb, in_milliseconds
from services.volunteering.domain.orders.commands import (
    MOST_AT_ONCE,
    Dispatch,
    Entrust,
    ReturnEntrusted,
)
from services.volunteering.domain.orders.matching import unfit
from services.volunteering.domain.orders.seeking import offered
from services.volunteering.domain.orders.state import OPEN_TO_TAKERS, Order, Scene
from shared.contracts.event import Event
from shared.contracts.types import Level
from shared.contracts.volunteering.orders import OrderEntrusted, OrderEntrustmentEnded
from shared.runtime.aggregate import Command, Rejected, changed

MOST_ASKED = 200
"""Volunteers who are ever asked for one order."""


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows for who dispatches."""
    match command:
        case Dispatch(by=by, org=org, to=to):
            theirs = order.organisation is not None and org == order.organisation
            ended = [] if theirs else entrustment_ended(order, "withdrawn")
            return [*ended, offered(order, _to_ask(order, to, now, facts), by, now)]
        case Entrust():
            if not facts.body_known:
                raise Rejected("unknown-organisation", "nobody belongs to such an organisation")
            if command.organisation == order.organisation:
                raise Rejected("entrusted-already", "that organisation dispatches it already")
            until = now + timedelta(hours=command.hours)
            entrusted = OrderEntrusted(
                order.order,
                order.service,
                order.place,
                command.organisation,
                command.by,
                in_milliseconds(until),
            )
            return [*entrustment_ended(order, "withdrawn"), entrusted]
        case ReturnEntrusted():
            if order.organisation is None:
                raise Rejected("not-entrusted", "no organisation dispatches it")
            return [
                *entrustment_ended(order, "returned"),
                *_back_with_offices(order, now, facts),
            ]
    return []


def _to_ask(order: Order, to: tuple[str, ...], now: datetime, facts: Scene) -> list[str]:
    """Who of them is asked: whoever is asked already is not asked twice. Raises `Rejected` where
    there is nobody, or somebody who could not take it.
    """
    new = [person for person in dict.fromkeys(to) if order.offer_to(person) is None]
    if not new:
        raise Rejected("nobody-to-ask", "name volunteers who are not asked yet")
    if len(order.offers) + len(new) > MOST_AT_ONCE:
        raise Rejected(
            "too-many-offers", f"at most {MOST_AT_ONCE} are asked at once", most=MOST_AT_ONCE
        )
    if len(set(order.asked) | set(new)) > MOST_ASKED:
        raise Rejected(
            "too-many-asked", f"at most {MOST_ASKED} are asked for one order", most=MOST_ASKED
        )
    for person in new:
        lacks = unfit(order, person, facts.volunteers.get(person), now)
        if lacks is not None:
            raise Rejected(
                "volunteer-unfit",
                f"{person} cannot take this: {lacks}",
                volunteer=person,
                lacks=lacks,
            )
    return new


def entrustment_ended(order: Order, because: str) -> list[Event]:
    """The organisation that dispatches it, if one does, does so no more."""
    if order.organisation is None:
        return []
    return [OrderEntrustmentEnded(order.order, order.organisation, because)]


def _back_with_offices(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """The organisation has found nobody: the office that has it is called, or the first one."""
    if order.offers:
        return []  # those who are asked have their time; when it is over, it goes on from there
    freed = changed(order, organisation=None)
    if order.level is None:
        return climb(freed, Level.COMMUNITY, now, facts)
    return [alarmed(freed, "untaken", facts)]


def due(order: Order) -> datetime | None:
    """When the organisation has had its time."""
    return order.entrusted_until if order.status in OPEN_TO_TAKERS else None


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """An organisation that found nobody dispatches it no more."""
    until = order.entrusted_until
    if until is None or order.status not in OPEN_TO_TAKERS or until > now:
        return []
    return [*entrustment_ended(order, "lapsed"), *_back_with_offices(order, now, facts)]


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case OrderEntrusted(organisation=organisation, until=until):
            return changed(
                order,
                organisation=organisation,
                entrusted_until=until,
                line=(),
                seek_by=None,
                alarm=None,
            )
        case OrderEntrustmentEnded():
            return changed(order, organisation=None, entrusted_until=None)
    return order


COMMANDS = (Dispatch, Entrust, ReturnEntrusted)
EVENTS = (OrderEntrusted, OrderEntrustmentEnded)
