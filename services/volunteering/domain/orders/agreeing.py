"""The appointment: whoever has an order agrees with the resident's side on a time, comes or gives
it back.

Giving back shortly before the time, and not coming, puts a volunteer behind others for a while.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.orders.climbing import alarmed, sought
from services.volunteering.domain.orders.commands import Agree, GiveBack, ProposeTime, ReportAbsence
from services.volunteering.domain.orders.ended import ended
from services.volunteering.domain.orders.events import ReminderSet
from services.volunteering.domain.orders.placing import AHEAD, moment
from services.volunteering.domain.orders.record import refuse_clash
from services.volunteering.domain.orders.seeking import agreement_awaited
from services.volunteering.domain.orders.state import Order, Proposal, Scene, Status
from shared.contracts.event import Event
from shared.contracts.volunteering.orders import (
    OrderAgreed,
    OrderGivenBack,
    OrderNear,
    OrderTimeProposed,
)
from shared.runtime.aggregate import Command, Rejected, changed

SHORTLY = timedelta(hours=24)
"""Who gives back, or cancels, so shortly before the time agreed is late; both are reminded then."""
GRACE = timedelta(minutes=15)
"""Who is not there so long after the time agreed is absent."""
NOT_BEGUN_AFTER = timedelta(hours=1)
"""When the office is told that nobody has said it began."""
NEVER_BEGUN_AFTER = timedelta(days=3)
"""When an order ends that nobody has begun."""


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows for the appointment."""
    match command:
        case ProposeTime(by=by, begin=begin):
            begin = moment(begin)
            if not now < begin <= now + AHEAD:
                raise Rejected(
                    "not-ahead", f"a time lies ahead, within {AHEAD.days} days", days=AHEAD.days
                )
            if by == order.volunteer:
                refuse_clash(facts.record(by), order.order, begin, _end(order, begin))
                if order.status is Status.ACCEPTED and order.begins_within(begin):
                    return _agreed(order, begin, now)
            to = order.host if by == order.volunteer else order.volunteer or ""
            return [
                OrderTimeProposed(order.order, order.service, by, to, begin),
                agreement_awaited(order, now),
            ]
        case Agree(by=by):
            proposal = order.proposal
            if proposal is None or proposal.begin <= now:
                raise Rejected("nothing-proposed", "no time that lies ahead is proposed")
            if (by == order.volunteer) == (proposal.by == order.volunteer):
                raise Rejected("own-proposal", "the other side agrees to it")
            if by == order.volunteer:
                end = _end(order, proposal.begin)
                refuse_clash(facts.record(by), order.order, proposal.begin, end)
            return _agreed(order, proposal.begin, now)
        case GiveBack(because=because):
            return given_back(order, because.value, now, facts, late=is_late(order, now))
        case ReportAbsence(by=by):
            if order.begin is None or now < order.begin + GRACE:
                minutes = GRACE // timedelta(minutes=1)
                raise Rejected(
                    "too-early-to-say", f"wait {minutes} minutes after the time", minutes=minutes
                )
            if by == order.volunteer:
                return ended(order, "nobody-home", by)
            return given_back(order, "absent", now, facts, late=True)
    return []


def is_late(order: Order, now: datetime) -> bool:
    """Whether the time agreed is so near that the other side counts on it."""
    return order.begin is not None and order.begin - now < SHORTLY


def given_back(
    order: Order, because: str, now: datetime, facts: Scene, *, late: bool
) -> list[Event]:
    """The volunteer has it no more. Another is looked for while there is time."""
    back = OrderGivenBack(
        order.order,
        order.service,
        order.host,
        order.placed_by,
        order.volunteer or "",
        because,
        late,
    )
    after = evolve(order, back)
    if after.last_call is None or after.last_call <= now:
        return [back, *ended(after, "no-taker", None)]
    return [back, *sought(after, now, facts)]


def _end(order: Order, begin: datetime) -> datetime:
    return begin + timedelta(minutes=order.asks.minutes)


def _agreed(order: Order, begin: datetime, now: datetime) -> list[Event]:
    agreed = OrderAgreed(
        order.order,
        order.service,
        order.place,
        order.host,
        order.placed_by,
        order.volunteer or "",
        begin,
        _end(order, begin),
    )
    remind = begin - SHORTLY
    return [agreed, ReminderSet(remind if remind > now else None)]


def due(order: Order) -> datetime | None:
    """When a side has had its time to name one; when they are reminded, or missed."""
    if order.status is Status.ACCEPTED:
        return _no_time_by(order)
    if order.status is Status.AGREED and order.begin is not None:
        if order.remind_at is not None:
            return order.remind_at
        missed = "not-begun" in order.raised
        return order.begin + (NEVER_BEGUN_AFTER if missed else NOT_BEGUN_AFTER)
    return None


def _no_time_by(order: Order) -> datetime | None:
    """A volunteer's proposal can be agreed to until its time, or that of the last one wanted."""
    proposal = order.proposal
    if proposal is None or proposal.by != order.volunteer:
        return order.agree_by
    return max(order.last_call or proposal.begin, proposal.begin)


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What the passing of a time leads to."""
    at = due(order)
    if at is None or at > now:
        return []
    if order.status is Status.ACCEPTED:
        if order.proposal is not None and order.proposal.by == order.volunteer:
            return ended(order, "not-agreed", None)
        return given_back(order, "not-agreed", now, facts, late=False)
    assert order.begin is not None, "a time was agreed"
    if order.remind_at is not None:
        return [
            OrderNear(
                order.order,
                order.service,
                order.host,
                order.placed_by,
                order.volunteer or "",
                order.begin,
            )
        ]
    if at == order.begin + NOT_BEGUN_AFTER:
        return [alarmed(order, "not-begun", facts)]
    return ended(order, "never-begun", None)


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case OrderTimeProposed(by=by, begin=begin):
            return changed(order, proposal=Proposal(by, begin))
        case OrderAgreed(begin=begin, end=end):
            return changed(
                order,
                status=Status.AGREED,
                proposal=None,
                begin=begin,
                end=end,
                agree_by=None,
                alarm=None,
                raised=(),
            )
        case ReminderSet(at=at):
            return changed(order, remind_at=at)
        case OrderNear():
            return changed(order, remind_at=None)
        case OrderGivenBack(volunteer=volunteer):
            return changed(
                order,
                status=Status.SEEKING,
                volunteer=None,
                by_office=False,
                organisation=None,
                agree_by=None,
                proposal=None,
                begin=None,
                end=None,
                remind_at=None,
                alarm=None,
                raised=(),
                out=(*order.out, *(() if volunteer in order.out else (volunteer,))),
            )
    return order


COMMANDS = (ProposeTime, Agree, GiveBack, ReportAbsence)
EVENTS = (OrderTimeProposed, OrderAgreed, ReminderSet, OrderNear, OrderGivenBack)
