"""The service itself: begun and finished by the word of both sides, and the hours that follow.

Presence runs from the begin to the end that both sides confirm; what is not agreed between them the
office settles. Hours are never more than presence.
"""

from datetime import datetime, timedelta

from services.volunteering.domain.orders.climbing import alarmed
from services.volunteering.domain.orders.commands import (
    MOST_MINUTES,
    Begin,
    Confirm,
    CorrectHours,
    Dispute,
    Finish,
    Settle,
)
from services.volunteering.domain.orders.events import DisputeWorded
from services.volunteering.domain.orders.state import Order, Scene, Status
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.contracts.volunteering.orders import (
    OrderBeginConfirmed,
    OrderBegun,
    OrderDone,
    OrderFinished,
    OrderPresenceDisputed,
)
from shared.runtime.aggregate import Command, Rejected, changed

EARLY = timedelta(hours=1)
"""So long before the time agreed it can begin."""
UNCONFIRMED_AFTER = timedelta(days=3)
"""When the office is told that one side has not said whether it was so."""
CORRECTED_WITHIN = timedelta(days=90)
"""So long after the end its minutes can be corrected."""


def decide(command: Command, order: Order, now: datetime, facts: Scene) -> list[Event]:
    """What follows from what both sides, or the office, say of the service."""
    match command:
        case Begin(by=by):
            if order.begin is not None and now < order.begin - EARLY:
                raise Rejected("too-early", "it begins an hour before the time agreed or later")
            return [
                OrderBegun(
                    order.order, order.service, order.host, order.volunteer or "", by, begun=now
                )
            ]
        case Finish(by=by):
            # Whoever says that it has ended says that it had begun.
            confirmed = not order.begin_confirmed and _other(order, by, order.begun_by)
            seen: list[Event] = [OrderBeginConfirmed(order.order, by)] if confirmed else []
            return [*seen, _finished(order, by, now)]
        case Confirm(by=by) if order.status is Status.BEGUN:
            if order.begin_confirmed or not _other(order, by, order.begun_by):
                raise Rejected("other-side-confirms", "the other side confirms what you said")
            return [OrderBeginConfirmed(order.order, by)]
        case Confirm(by=by):
            if not _other(order, by, order.ended_by):
                raise Rejected("other-side-confirms", "the other side confirms what you said")
            begin: list[Event] = (
                [] if order.begin_confirmed else [OrderBeginConfirmed(order.order, by)]
            )
            return [*begin, *_done(order, presence(order), by)]
        case Dispute(by=by, words=words):
            said_by = order.begun_by if order.status is Status.BEGUN else order.ended_by
            if not _other(order, by, said_by):
                raise Rejected("nothing-to-dispute", "this is what you said yourself")
            disputed = OrderPresenceDisputed(order.order, by)
            worded: list[Event] = [DisputeWorded(by, words)] if words else []
            return [disputed, alarmed(order, "disputed", facts), *worded]
        case Settle():
            return _settled(command, order, now)
        case CorrectHours():
            return _corrected(command, order, now)
    return []


def presence(order: Order) -> int:
    """Whole minutes from begin to end."""
    assert order.begun is not None, "it has begun"
    assert order.ended is not None, "it has ended"
    return min((order.ended - order.begun) // timedelta(minutes=1), MOST_MINUTES)


def _other(order: Order, by: str, said_by: str) -> bool:
    """Whether `by` is of the other side than who said it."""
    return (by == order.volunteer) != (said_by == order.volunteer)


def _finished(order: Order, by: str, ended: datetime) -> OrderFinished:
    return OrderFinished(
        order.order, order.service, order.host, order.volunteer or "", by, ended=ended
    )


def _done(order: Order, minutes: int, by: str) -> list[Event]:
    """It is done; a volunteer's hours are confirmed, an office's are its duty."""
    assert order.begun is not None, "it has begun"
    assert order.volunteer is not None, "somebody has done it"
    done = OrderDone(
        order.order,
        order.service,
        order.place,
        order.host,
        order.placed_by,
        order.volunteer,
        minutes,
        order.by_office,
    )
    return [done] if order.by_office or not minutes else [done, _confirmed(order, minutes, by)]


def _confirmed(order: Order, minutes: int, by: str) -> HoursConfirmed:
    assert order.begun is not None, "it has begun"
    assert order.volunteer is not None, "somebody has done it"
    return HoursConfirmed(
        work=order.order,
        kind=Work.ORDER,
        volunteer=order.volunteer,
        place=order.place,
        begun=order.begun,
        minutes=minutes,
        confirmed_by=by,
    )


def _refuse_own(order: Order, by: str) -> None:
    if by == order.volunteer or order.hosts(by):
        raise Rejected("own-matter", "somebody else at the office settles what you took part in")


def _settled(command: Settle, order: Order, now: datetime) -> list[Event]:
    _refuse_own(order, command.by)
    assert order.begun is not None, "it has begun"
    unsaid: list[Event] = []
    if order.ended is None:
        if "unconfirmed" not in order.raised and not order.disputed:
            raise Rejected("still-going-on", "both sides are at it; they say when it has ended")
        ended = min(now, order.begun + timedelta(minutes=MOST_MINUTES))
        unsaid = [_finished(order, command.by, ended)]
        order = changed(order, ended=ended)
    _refuse_more(order, command.minutes)
    return [*unsaid, *_done(order, command.minutes, command.by)]


def _corrected(command: CorrectHours, order: Order, now: datetime) -> list[Event]:
    _refuse_own(order, command.by)
    assert order.begun is not None, "it has begun"
    assert order.ended is not None, "it has ended"
    assert order.volunteer is not None, "somebody has done it"
    if order.by_office:
        raise Rejected("no-hours", "the office did it: that counts no volunteer's hours")
    if now > order.ended + CORRECTED_WITHIN:
        days = CORRECTED_WITHIN.days
        raise Rejected("too-long-ago", f"hours are corrected within {days} days", days=days)
    if command.minutes == order.minutes:
        raise Rejected("nothing-corrected", "these are the minutes that count already")
    _refuse_more(order, command.minutes)
    if not order.counted:  # it was settled at nothing: these are its first hours
        return [_confirmed(order, command.minutes, command.by)]
    return [
        HoursCorrected(
            work=order.order,
            kind=Work.ORDER,
            volunteer=order.volunteer,
            place=order.place,
            begun=order.begun,
            before=order.minutes,
            minutes=command.minutes,
            corrected_by=command.by,
        )
    ]


def _refuse_more(order: Order, minutes: int) -> None:
    if minutes > presence(order):
        most = presence(order)
        raise Rejected("more-than-present", f"they were there for {most} minutes", most=most)


def due(order: Order) -> datetime | None:
    """When the office has to look: nobody has said that it ended, or that it was so."""
    if "unconfirmed" in order.raised or order.disputed:
        return None
    if order.status is Status.BEGUN and order.begun is not None:
        return order.begun + timedelta(minutes=MOST_MINUTES)
    if order.status is Status.FINISHED and order.ended is not None:
        return order.ended + UNCONFIRMED_AFTER
    return None


def time_passed(order: Order, now: datetime, facts: Scene) -> list[Event]:
    """The office is told, once."""
    at = due(order)
    return [] if at is None or at > now else [alarmed(order, "unconfirmed", facts)]


def evolve(order: Order, event: Event) -> Order:
    """The order after the event."""
    match event:
        case OrderBegun(by=by, begun=begun):
            return changed(
                order,
                status=Status.BEGUN,
                begun=begun,
                begun_by=by,
                remind_at=None,
                proposal=None,
                alarm=None,
            )
        case OrderBeginConfirmed():
            return changed(order, begin_confirmed=True)
        case OrderFinished(by=by, ended=ended):
            return changed(order, status=Status.FINISHED, ended=ended, ended_by=by, raised=())
        case OrderPresenceDisputed():
            return changed(order, disputed=True)
        case OrderDone(minutes=minutes):
            return changed(order, status=Status.DONE, minutes=minutes, alarm=None)
        case HoursConfirmed(minutes=minutes) | HoursCorrected(minutes=minutes):
            return changed(order, minutes=minutes, counted=True)
    return order


COMMANDS = (Begin, Finish, Confirm, Dispute, Settle, CorrectHours)
EVENTS = (
    OrderBegun,
    OrderBeginConfirmed,
    OrderFinished,
    OrderPresenceDisputed,
    DisputeWorded,
    OrderDone,
    HoursConfirmed,
    HoursCorrected,
)
