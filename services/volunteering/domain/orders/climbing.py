"""What nobody takes climbs: from the matching to the community's office, then to the street's; and
whatever an office must look at is called out until somebody does.

An alarm that nobody heard stays with the order, and is called again as soon as somebody does the
duty.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.orders.commands import Acknowledge, TellOffice
from services.volunteering.domain.orders.events import AlarmAnswered
from services.volunteering.domain.orders.state import OPEN_TO_TAKERS, Alarm, Order, Scene
from shared.contracts.event import Event
from shared.contracts.types import Level
from shared.contracts.volunteering.orders import OrderAlarmed, OrderClimbed, TakersSought
from shared.runtime.aggregate import Command, Rejected, changed

SEARCH_LASTS = timedelta(minutes=10)
"""A search that has brought nothing by then counts as one that found nobody."""
OFFICE_HAS = timedelta(hours=24)
"""How long an office has at most, before the next is called; the topmost is called again each time
that so long has passed.
"""
OFFICE_SHARE, OFFICE_HAS_AT_LEAST = 3, timedelta(hours=1)
"""Of the time that is left, an office has one part of so many, but no less than this."""
MOST_ROUNDS = 20
"""Searches for one order; after that offices find somebody by hand."""


def within(now: datetime, order: Order, share: int, least: timedelta, most: timedelta) -> datetime:
    """One part of `share` of the time that is left to take the order, within bounds."""
    left = (order.last_call or now) - now
    return now + min(max(left / share, least), most)


def in_milliseconds(moment: datetime) -> datetime:
    """As moments are stored."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def sought(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """A new round of the search; after too many the community's office is called instead."""
    return _round(order, now) or climb(order, Level.COMMUNITY, now, facts)


def _round(order: Order, now: datetime) -> list[Event]:
    if order.round >= MOST_ROUNDS:
        return []
    return [TakersSought(order.order, order.round + 1, now + SEARCH_LASTS)]


def climb(order: Order, level: Level, now: datetime, facts: Scene) -> list[Event]:
    """The office of that level is called. From the street takers are looked for anew: it is
    larger.
    """
    desk = facts.office(level)
    until = within(now, order, OFFICE_SHARE, OFFICE_HAS_AT_LEAST, OFFICE_HAS)
    climbed = OrderClimbed(
        order.order,
        order.service,
        order.host,
        order.placed_by,
        level,
        desk.place,
        desk.person,
        in_milliseconds(until),
    )
    again = level is Level.STREET and order.organisation is None
    return [climbed, *(_round(order, now) if again else [])]


def exhausted(order: Order, had_offers: bool, now: datetime, facts: Scene) -> list[Event]:
    """Nobody is asked now, and nobody is next in line."""
    if order.organisation is not None:
        return []  # that organisation dispatches it
    if order.level is None:
        return climb(order, Level.COMMUNITY, now, facts)
    return [alarmed(order, "untaken", facts)] if had_offers else []


def alarmed(order: Order, because: str, facts: Scene) -> OrderAlarmed:
    """The office that has it, or else the community's, is called."""
    desk = facts.office(order.level or Level.COMMUNITY)
    number = 0 if order.alarm is None else order.alarm.number
    return OrderAlarmed(
        order.order, order.service, because, desk.place, desk.person, number=number + 1
    )


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows for who hears of an alarm."""
    alarm = order.alarm
    match command:
        case TellOffice(place=place, person=person):
            if alarm is None or alarm.person is not None or alarm.place != place:
                return []
            return [
                OrderAlarmed(
                    order.order, order.service, alarm.because, place, person, alarm.number + 1
                )
            ]
        case Acknowledge(by=by):
            if alarm is None:
                raise Rejected("no-alarm", "there is nothing to look into")
            return [AlarmAnswered(by)]
    return []


def due(order: Order) -> datetime | None:
    """When an office has had its time."""
    return order.climb_by if order.status in OPEN_TO_TAKERS else None


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """An office that found nobody is passed by; the topmost is called again."""
    at = due(order)
    if at is None or at > now:
        return []
    if order.level is Level.COMMUNITY:
        return climb(order, Level.STREET, now, facts)
    return [alarmed(order, "overdue", facts)]


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case TakersSought(number=number, until=until):
            return changed(order, round=number, seek_by=until, line=(), weighed=())
        case OrderClimbed(level=level, place=place, called=called, until=until):
            return changed(
                order,
                level=level,
                climb_by=until,
                alarm=Alarm("no-taker", place, called, 1),
            )
        case OrderAlarmed(because=because, place=place, called=called, number=number):
            climb_by = order.climb_by
            if because == "overdue" and climb_by is not None:
                climb_by += OFFICE_HAS
            raised = (*(one for one in order.raised if one != because), because)
            alarm = Alarm(because, place, called, number)
            return changed(order, climb_by=climb_by, alarm=alarm, raised=raised)
        case AlarmAnswered():
            return changed(order, alarm=None)
    return order


COMMANDS = (TellOffice, Acknowledge)
EVENTS = (TakersSought, OrderClimbed, OrderAlarmed, AlarmAnswered)
