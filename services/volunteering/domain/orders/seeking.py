"""Offers (派单 接单): several are asked at once, the first who accepts has it, the next in line is
asked when one declines or does not answer.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from services.volunteering.domain.orders.climbing import exhausted, in_milliseconds, within
from services.volunteering.domain.orders.commands import Accept, Decline, TakeOver, Weigh
from services.volunteering.domain.orders.events import AgreementAwaited, CandidatesWeighed
from services.volunteering.domain.orders.matching import unfit, weigh
from services.volunteering.domain.orders.record import refuse_overload
from services.volunteering.domain.orders.state import (
    AT_HAND,
    OPEN_TO_TAKERS,
    Offer,
    Order,
    Scene,
    Status,
    earliest,
)
from services.volunteering.domain.teams.fitness import refuse_unfit
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import (
    OrderAccepted,
    OrderDeclined,
    OrderOffered,
    OrderOffersLapsed,
    OrderTakenOver,
)
from shared.runtime.aggregate import Command, Rejected, changed

AT_ONCE = 3
"""Volunteers whom the matching asks at once."""
OFFER_SHARE = 6
"""Of the time that is left, an offer lasts one part of so many,"""
OFFER_LEAST, OFFER_MOST = timedelta(minutes=30), timedelta(hours=12)
"""but no less and no more than this."""
AGREE_SHARE, AGREE_LEAST, AGREE_MOST = 3, timedelta(hours=1), timedelta(hours=24)
"""The same of the time in which who accepts proposes when to come."""


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows from a search, or from what somebody says to an offer."""
    match command:
        case Weigh():
            return _weighed(command, order, now, facts)
        case Accept(by=by):
            return _accepted(order, by, now, facts)
        case Decline(by=by):
            if order.offer_to(by) is None:
                raise Rejected("offer-over", "you are not asked any more")
            return [OrderDeclined(order.order, by), *next_in_line(order, {by}, now, facts)]
        case TakeOver(by=by):
            if by == order.host:
                raise Rejected("own-order", "nobody takes their own order")
            over = OrderTakenOver(
                order.order,
                order.service,
                order.place,
                order.host,
                order.placed_by,
                by,
                tuple(one.volunteer for one in order.offers if one.volunteer != by),
            )
            return [over, agreement_awaited(order, now)]
    return []


def _weighed(command: Weigh, order: Order, now: datetime, facts: Scene) -> list[Event]:
    searching = order.seek_by is not None and command.number == order.round
    if not searching or order.status not in OPEN_TO_TAKERS or order.organisation is not None:
        return []
    weighed = CandidatesWeighed(command.number, weigh(order, command.found, now))
    return [weighed, *next_in_line(evolve(order, weighed), set(), now, facts)]


def _accepted(order: Order, by: str, now: datetime, facts: Scene) -> list[Event]:
    if order.status in (*AT_HAND, Status.DONE):
        if by == order.volunteer:
            return []
        raise Rejected("order-taken", "somebody else was faster: it is taken")
    if order.status not in OPEN_TO_TAKERS:
        raise Rejected("order-over", "this order is not wanted any more")
    offer = order.offer_to(by)
    if offer is None or offer.until <= now:
        raise Rejected("offer-over", "you are not asked any more")
    volunteer = facts.volunteers.get(by)
    refuse_unfit(volunteer, order.conditions(), earliest(order.times, now))
    match unfit(order, by, volunteer, now):
        case "own-order":
            raise Rejected("own-order", "nobody takes their own order")
        case "skill-missing":
            skill = order.asks.skill or ""
            raise Rejected("skill-missing", f"this takes the skill {skill}", skill=skill)
    refuse_overload(facts.record(by))
    accepted = OrderAccepted(
        order.order,
        order.service,
        order.place,
        order.host,
        order.placed_by,
        by,
        tuple(one.volunteer for one in order.offers if one.volunteer != by),
    )
    return [accepted, agreement_awaited(order, now)]


def agreement_awaited(order: Order, now: datetime) -> AgreementAwaited:
    """Whoever has it has so long to agree on a time with the other side."""
    until = within(now, order, AGREE_SHARE, AGREE_LEAST, AGREE_MOST)
    return AgreementAwaited(in_milliseconds(until))


def offered(order: Order, to: Sequence[str], by: str | None, now: datetime) -> OrderOffered:
    """These are asked now."""
    until = within(now, order, OFFER_SHARE, OFFER_LEAST, OFFER_MOST)
    return OrderOffered(
        order.order,
        order.service,
        order.place,
        tuple(to),
        in_milliseconds(earliest(order.times, now)),
        in_milliseconds(until),
        by,
    )


def next_in_line(order: Order, gone: set[str], now: datetime, facts: Scene) -> list[Event]:
    """Who is asked next when these are asked no more; what follows when nobody is left."""
    left = [one for one in order.offers if one.volunteer not in gone]
    line = [person for person in order.line if person not in gone]
    if order.organisation is None and line and len(left) < AT_ONCE:
        return [offered(order, line[: AT_ONCE - len(left)], None, now)]
    if left or line or order.seek_by is not None:
        return []
    return exhausted(order, bool(order.offers), now, facts)


def due(order: Order) -> datetime | None:
    """When an offer lapses, or a search has had its time."""
    if order.status not in OPEN_TO_TAKERS:
        return None
    moments = [one.until for one in order.offers]
    return min(moments if order.seek_by is None else [*moments, order.seek_by], default=None)


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """Who has not answered is asked no more; a search that brought nothing found nobody."""
    if order.status not in OPEN_TO_TAKERS:
        return []
    lapsed = tuple(one.volunteer for one in order.offers if one.until <= now)
    if lapsed:
        return [
            OrderOffersLapsed(order.order, lapsed),
            *next_in_line(order, set(lapsed), now, facts),
        ]
    if order.seek_by is not None and order.seek_by <= now:
        nothing = CandidatesWeighed(order.round, ())
        return [nothing, *next_in_line(evolve(order, nothing), set(), now, facts)]
    return []


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case CandidatesWeighed(weighed=weighed):
            asked_now = {one.volunteer for one in order.offers}
            line = (one.volunteer for one in weighed if one.unfit is None)
            return changed(
                order,
                seek_by=None,
                weighed=weighed,
                line=tuple(person for person in line if person not in asked_now),
                known=_with(order.known, [one.volunteer for one in weighed]),
            )
        case OrderOffered(volunteers=volunteers, until=until, by=by):
            offers = (*order.offers, *(Offer(person, until, by) for person in volunteers))
            return changed(
                order,
                status=Status.OFFERED,
                offers=offers,
                line=tuple(person for person in order.line if person not in volunteers),
                asked=_with(order.asked, volunteers),
                known=_with(order.known, volunteers),
            )
        case OrderDeclined(volunteer=volunteer):
            return _gone(order, (volunteer,))
        case OrderOffersLapsed(volunteers=volunteers):
            return _gone(order, volunteers)
        case OrderAccepted(volunteer=volunteer):
            return _held(order, volunteer, by_office=False)
        case OrderTakenOver(by=by):
            return _held(order, by, by_office=True)
        case AgreementAwaited(until=until):
            return changed(order, agree_by=until)
    return order


def _gone(order: Order, persons: Sequence[str]) -> Order:
    left = tuple(one for one in order.offers if one.volunteer not in persons)
    return changed(
        order,
        status=Status.OFFERED if left else Status.SEEKING,
        offers=left,
        out=_with(order.out, persons),
    )


def _held(order: Order, person: str, *, by_office: bool) -> Order:
    return changed(
        order,
        status=Status.ACCEPTED,
        volunteer=person,
        by_office=by_office,
        offers=(),
        line=(),
        seek_by=None,
        level=None,
        climb_by=None,
        alarm=None,
        entrusted_until=None,
        proposal=None,
    )


def _with(persons: tuple[str, ...], more: Sequence[str]) -> tuple[str, ...]:
    return (*persons, *(one for one in dict.fromkeys(more) if one not in persons))


COMMANDS = (Weigh, Accept, Decline, TakeOver)
EVENTS = (
    CandidatesWeighed,
    OrderOffered,
    OrderDeclined,
    OrderOffersLapsed,
    OrderAccepted,
    OrderTakenOver,
    AgreementAwaited,
)
