"""Placing an order (点单): what is wanted, where, and when."""

from datetime import UTC, datetime, timedelta

from services.volunteering.domain.orders.climbing import in_milliseconds, sought
from services.volunteering.domain.orders.commands import NameTimes, PlaceOrder
from services.volunteering.domain.orders.events import OrderAsked, OrderDescribed, TimesWanted
from services.volunteering.domain.orders.record import refuse_unreliable
from services.volunteering.domain.orders.service_commands import KnownService
from services.volunteering.domain.orders.state import Asked, Order, Scene, Status, Window
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import OrderPlaced, OrderTimesNamed
from shared.runtime.aggregate import Command, Rejected, changed
from shared.worktime.hours import CHINA

NOTICE = timedelta(hours=1)
"""A time that is wanted begins no sooner."""
AHEAD = timedelta(days=60)
"""A time that is wanted lies no further ahead."""


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows from placing an order, or from naming other times."""
    match command:
        case PlaceOrder():
            return _placed(command, order, now, facts)
        case NameTimes(times=times):
            times = wanted(times, order.asks.minutes, now)
            named = OrderTimesNamed(
                order.order,
                order.service,
                order.place,
                times[0].begin,
                max(window.end for window in times),
                tuple(one.volunteer for one in order.offers),
            )
            events: list[Event] = [named, TimesWanted(times)]
            if order.organisation is not None:
                return events
            return [*events, *sought(order, now, facts)]
    return []


def _placed(command: PlaceOrder, order: Order, now: datetime, facts: Scene) -> list[Event]:
    service, site = facts.service, facts.site
    if service is None:
        raise Rejected(
            "unknown-service", f"there is no service {command.service}", service=command.service
        )
    if not service.open:
        raise Rejected("service-ended", "this service is not offered any more")
    if site is None:
        place = command.place
        raise Rejected("unknown-place", f"no place {place} is known", place=place)
    if facts.closed:
        raise Rejected("place-closed", "this place is no more; name the one in its place")
    resident = command.resident if command.on_behalf else command.by
    if not command.on_behalf:
        refuse_unreliable(facts.record(command.by), now)
    times = wanted(command.times, service.minutes, now)
    placed = OrderPlaced(
        facts.order,
        service.code,
        site.place,
        site.path,
        resident,
        command.by,
        times[0].begin,
        max(window.end for window in times),
    )
    asked = OrderAsked(now, asked_by(service), site.community, site.street)
    described = OrderDescribed(command.need, command.contact)
    opened = changed(order, order=facts.order)
    return [placed, asked, TimesWanted(times), described, *sought(opened, now, facts)]


def asked_by(service: KnownService) -> Asked:
    """What the service asks of who does it."""
    return Asked(service.minutes, service.skill, service.trainings, service.least_age)


def wanted(times: tuple[Window, ...], minutes: int, now: datetime) -> tuple[Window, ...]:
    """The times as they are kept, the first first. Raises `Rejected` for what cannot be meant."""
    if not times:
        raise Rejected("no-times", "say at which times it is wanted")
    kept = {Window(moment(window.begin), moment(window.end)) for window in times}
    for window in kept:
        if window.begin < now + NOTICE or window.begin > now + AHEAD:
            raise Rejected(
                "time-out-of-reach",
                f"a time begins in {NOTICE // timedelta(hours=1)} hour at the earliest "
                f"and in {AHEAD.days} days at the latest",
                hours=NOTICE // timedelta(hours=1),
                days=AHEAD.days,
            )
        last = window.end - timedelta(milliseconds=1)
        if window.begin.astimezone(CHINA).date() != last.astimezone(CHINA).date():
            raise Rejected("not-within-a-day", "a time lies within one day; name several")
        if window.end - window.begin < timedelta(minutes=minutes):
            raise Rejected(
                "time-too-short",
                f"this takes {minutes} minutes; name a longer time",
                minutes=minutes,
            )
    return tuple(sorted(kept, key=lambda window: (window.begin, window.end)))


def moment(given: datetime) -> datetime:
    """A moment that a person named, as it is kept. Raises `Rejected` without an offset."""
    if given.tzinfo is None:
        raise Rejected("without-zone", "say times with an offset (RFC 3339)")
    return in_milliseconds(given.astimezone(UTC))


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case OrderPlaced():
            return changed(
                order,
                status=Status.SEEKING,
                order=event.order,
                service=event.service,
                place=event.place,
                path=event.path,
                resident=event.resident,
                placed_by=event.placed_by,
            )
        case OrderAsked(placed_at=placed_at, asks=asks, community=community, street=street):
            return changed(
                order, placed_at=placed_at, asks=asks, community=community, street=street
            )
        case TimesWanted(times=times):
            return changed(order, times=times)
        case OrderTimesNamed():
            # What somebody declined was another time; what an office could not do, too.
            return changed(
                order,
                status=Status.SEEKING,
                offers=(),
                line=(),
                out=(),
                level=None,
                climb_by=None,
                alarm=None,
            )
    return order


COMMANDS = (PlaceOrder, NameTimes)
EVENTS = (OrderPlaced, OrderAsked, TimesWanted, OrderTimesNamed, OrderDescribed)
