"""How an order is over: cancelled, ended by an office, rated; and forgotten with a person."""

from datetime import datetime, timedelta

from services.volunteering.domain.orders.agreeing import given_back, is_late
from services.volunteering.domain.orders.climbing import alarmed
from services.volunteering.domain.orders.commands import (
    Cancel,
    EndOrder,
    ErasePerson,
    Flag,
    LookAgain,
    LoseTaker,
    Rate,
)
from services.volunteering.domain.orders.ended import ended
from services.volunteering.domain.orders.events import (
    EndExplained,
    OrderWordsForgotten,
    RatingWorded,
)
from services.volunteering.domain.orders.seeking import next_in_line
from services.volunteering.domain.orders.state import (
    OPEN_TO_TAKERS,
    OVER,
    Order,
    Rating,
    Scene,
    Status,
    earliest,
)
from services.volunteering.domain.teams.volunteer_state import lacking
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import (
    OrderCancelled,
    OrderDeclined,
    OrderEnded,
    OrderForgotten,
    OrderRated,
)
from shared.runtime.aggregate import Command, Rejected, changed

RATED_WITHIN = timedelta(days=30)
"""So long after its end an order can be rated."""
LOW = 2
"""With so many stars or fewer the office looks into it,"""
GRAVE = frozenset({Flag.ASKED_FOR_MONEY, Flag.UNSAFE, Flag.HARASSING})
"""and with one of these flags, whatever the stars."""


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows from an end, or from what is said after it."""
    match command:
        case Cancel(by=by):
            return [
                OrderCancelled(
                    order.order,
                    order.service,
                    order.host,
                    order.placed_by,
                    order.volunteer,
                    tuple(one.volunteer for one in order.offers),
                    by,
                    is_late(order, now),
                )
            ]
        case EndOrder(by=by, because=because, words=words):
            worded: list[Event] = [EndExplained(by, words)] if words else []
            return [*ended(order, because.value, by), *worded]
        case Rate():
            return _rated(command, order, now, facts)
        case LoseTaker(person=person, because=because, until=until):
            begins = order.begin if person == order.volunteer else None
            if until is not None and begins is not None and begins >= until:
                return []
            return _lost(order, person, because, now, facts)
        case LookAgain(person=person):
            return _looked_again(order, person, now, facts)
        case ErasePerson(person=person):
            return _erased(order, person, now, facts)
    return []


def _rated(command: Rate, order: Order, now: datetime, facts: Scene) -> list[Event]:
    by_volunteer = command.by == order.volunteer
    if any((one.by == order.volunteer) == by_volunteer for one in order.ratings):
        raise Rejected("rated-already", "your side has rated it")
    if order.ended is None or now > order.ended + RATED_WITHIN:
        days = RATED_WITHIN.days
        raise Rejected("rated-too-late", f"an order is rated within {days} days", days=days)
    flags = tuple(sorted(flag.value for flag in command.flags))
    person = order.resident if by_volunteer else order.volunteer
    rated = OrderRated(order.order, order.service, command.by, person, command.stars, flags)
    worded: list[Event] = [RatingWorded(command.by, command.words)] if command.words else []
    grave = command.stars <= LOW or not command.flags.isdisjoint(GRAVE)
    called: list[Event] = [alarmed(order, "rated-low", facts)] if grave else []
    return [rated, *worded, *called]


def _erased(order: Order, person: str, now: datetime, facts: Scene) -> list[Event]:
    if person == order.resident:
        over = order.status in OVER
        return [*([] if over else ended(order, "erased", None)), OrderForgotten(order.order)]
    if person == order.volunteer and order.status in OVER:
        return [OrderWordsForgotten()]
    return _lost(order, person, "erased", now, facts)


def _lost(order: Order, person: str, because: str, now: datetime, facts: Scene) -> list[Event]:
    """Whoever has it gives it back; what has begun the office sees to; who is asked is not any
    more.
    """
    if person == order.volunteer and order.status in (Status.ACCEPTED, Status.AGREED):
        return given_back(order, because, now, facts, late=False)
    if person == order.volunteer and order.status in (Status.BEGUN, Status.FINISHED):
        return [alarmed(order, "unconfirmed", facts)]
    if order.status in OPEN_TO_TAKERS and order.offer_to(person) is not None:
        return [OrderDeclined(order.order, person), *next_in_line(order, {person}, now, facts)]
    return []


def _looked_again(order: Order, person: str, now: datetime, facts: Scene) -> list[Event]:
    """Who lacks what is asked gives it back before it begins, or is not asked any more."""
    if order.status in (Status.BEGUN, Status.FINISHED):
        return []
    if order.by_office and person == order.volunteer:
        return []  # who does it as their duty was not asked what they lack
    begin = order.begin or earliest(order.times, now)
    lacks = lacking(facts.volunteers.get(person), order.conditions(), begin)
    return [] if lacks is None else _lost(order, person, "unfit", now, facts)


def due(order: Order) -> datetime | None:
    """When nobody can take it in time any more."""
    return order.last_call if order.status in OPEN_TO_TAKERS else None


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """Nobody took it in time: that is told."""
    last = due(order)
    return [] if last is None or last > now else ended(order, "no-taker", None)


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case OrderCancelled():
            return _over(order, Status.CANCELLED, "cancelled")
        case OrderEnded(because=because):
            return _over(order, Status.ENDED, because)
        case OrderRated(by=by, stars=stars, flags=flags):
            return changed(order, ratings=(*order.ratings, Rating(by, stars, flags)))
        case OrderForgotten():
            theirs = order.placed_by == order.resident
            return changed(order, resident=None, placed_by="" if theirs else order.placed_by)
    return order


def _over(order: Order, status: Status, because: str) -> Order:
    return changed(
        order,
        status=status,
        because=because,
        offers=(),
        line=(),
        seek_by=None,
        climb_by=None,
        alarm=None,
        entrusted_until=None,
        agree_by=None,
        proposal=None,
        remind_at=None,
    )


COMMANDS = (Cancel, EndOrder, Rate, LoseTaker, LookAgain, ErasePerson)
EVENTS = (
    OrderCancelled,
    OrderEnded,
    EndExplained,
    OrderRated,
    RatingWorded,
    OrderForgotten,
    OrderWordsForgotten,
)
