"""How a delivery goes on: what follows from a courier's report, a receipt, a call and time.

A courier claims a message (`Attempt`), sends it, and reports (`Sent`, `Failed`). If it dies in
between, the claim lapses and another sends it again, under the same id: at most once too often for
each time that happens.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from services.notifications.domain.delivery import (
    CLAIM_LASTS,
    AttemptFailed,
    Delivery,
    DeliveryAttempted,
    DeliveryConfirmed,
    DeliveryEnded,
    DeliveryGathered,
    DeliveryPlanned,
    DeliveryPutOff,
    DeliverySent,
    Status,
    WayBegan,
    WayFailed,
    turn_of,
)
from services.notifications.domain.ways import Lane, Plan, Way
from shared.contracts.event import Event
from shared.contracts.types import Id
from shared.runtime.aggregate import Command, Rejected, Tick

PATIENCE = {
    Lane.URGENT: timedelta(minutes=3),
    Lane.SINGLE: timedelta(hours=2),
    Lane.BULK: timedelta(hours=6),
}
"""For how long a way is tried while there is another one after it."""
LAST_WAY_LASTS = timedelta(days=1)
"""For how long the last way is tried."""
BACKOFF = tuple(timedelta(seconds=s) for s in (10, 30, 120, 300, 600, 1200, 1800))
"""Before the second try, the third, and so on; each between half and one and a half of it."""
MOST_TRIES = len(BACKOFF) + 1
LONGEST_WAIT = timedelta(hours=1)
"""A provider that asks to wait longer is tried after this."""
CALL_AGAIN = timedelta(minutes=15)
"""Before somebody who did not answer is called again."""
MOST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Attempt(Command):
    """A courier takes it to send it now; `claim` tells that it was this one who got it. What its
    recipient wants now is looked at once more.
    """

    claim: str
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Sent(Command):
    """The provider has taken it."""

    way: Way
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class Failed(Command):
    """The provider has not taken it. `permanent`: it never will. `jitter` (0 to 1) spreads the
    tries of many; `retry_after` is how many seconds the provider asks to wait.
    """

    way: Way
    code: str
    permanent: bool
    jitter: float
    retry_after: int = 0


@dataclass(frozen=True, slots=True)
class PutOff(Command):
    """It is not to be tried before then."""

    because: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Gather(Command):
    """It is to go out with an earlier message about the same."""

    into: str
    posted: datetime


@dataclass(frozen=True, slots=True)
class Confirm(Command):
    """The provider says that it has arrived."""

    way: Way


@dataclass(frozen=True, slots=True)
class Bounce(Command):
    """The provider says that it cannot be delivered after all."""

    way: Way
    code: str


@dataclass(frozen=True, slots=True)
class Called(Command):
    """Somebody has called the recipient; `reached`: and told them."""

    by: Id
    reached: bool


COMMANDS = (Tick, Attempt, Sent, Failed, PutOff, Gather, Confirm, Bounce, Called)


def begin(plan: Plan, recipient: str, kind: str, about: str, now: datetime) -> list[Event]:
    """How a message that is just posted goes out, if it does."""
    if not plan.ways or plan.digest:
        return []
    at = max(now + plan.gather_for, plan.not_before or now)
    if plan.expires is not None and at >= plan.expires:
        return []  # by then it is too late to tell
    ways = tuple(dict.fromkeys(plan.ways))
    heard = int(plan.heard_within.total_seconds()) if plan.heard_within is not None else 0
    group = sha256(f"{recipient}|{kind}|{about}".encode()).hexdigest()[:32]
    return [
        DeliveryPlanned(
            ways=ways,
            lane=plan.lane,
            at=at,
            give_up=at + _lasts(plan.lane, len(ways) == 1),
            expires=plan.expires,
            heard_within=heard,
            group=group if plan.gather_for else "",
        )
    ]


def due(delivery: Delivery) -> datetime | None:
    """When something has to be done about it that no courier does."""
    if not delivery.queue:
        return delivery.hear_by
    times = [time for time in (delivery.give_up, delivery.expires) if time is not None]
    first = min(times) if times else None
    if first is None or not delivery.claim or delivery.next is None:
        return first
    return max(first, delivery.next)  # whoever is just sending it may still succeed


def decide(
    command: Command, delivery: Delivery, key: tuple[datetime, str], now: datetime, plan: Plan
) -> list[Event]:
    """What follows for the delivery of a message that is not read. `key` is when the message was
    posted, and its id; `plan` is what would be planned for it now.
    """
    match command:
        case Tick():
            return _time_passed(delivery, now)
        case Attempt(claim=claim):
            return _attempt(claim, delivery, now, plan)
        case Sent(way=way, receipt=receipt) if _waits(delivery, way):
            return [DeliverySent(way, receipt, now)]
        case Failed(way=way) if _waits(delivery, way):
            return _failed(command, delivery, now)
        case PutOff(because=because, until=until):
            free = delivery.queue != "" and not delivery.claimed(now)
            return [_put_off(delivery, because, until)] if free and until > now else []
        case Gather(into=into, posted=posted) if _may_join(delivery, now) and (posted, into) < key:
            return [DeliveryGathered(into, now)]
        case Confirm(way=way):
            return _confirmed(way, delivery, now)
        case Bounce(way=way, code=code):
            return _bounced(way, code, delivery, now)
        case Called() if not _waits(delivery, Way.PHONE):
            raise Rejected("not-to-call", "nobody has to be called about this message")
        case Called(reached=True):
            return [DeliveryConfirmed(Way.PHONE, True, now)]
        case Called():
            if delivery.step.tries + 1 >= MOST_CALLS:
                return [*_failing(delivery, "nobody-answers", now)]
            again = now + CALL_AGAIN
            return [DeliveryAttempted("", again), AttemptFailed("nobody-answers", again, now)]
    return []  # a report of what has long gone on


def decide_read(command: Command, delivery: Delivery, now: datetime) -> list[Event]:
    """What follows for the delivery of a message that was read: it may still come back."""
    match command:
        case Called():
            raise Rejected("not-to-call", "nobody has to be called about this message")
        case Bounce(way=way, code=code) if way in (step.way for step in delivery.steps):
            step = delivery.steps[turn_of(delivery, way)]
            return [] if step.status is Status.BOUNCED else [WayFailed(way, code, True, now)]
    return []


def _waits(delivery: Delivery, way: Way) -> bool:
    return delivery.queue == way.value


def _may_join(delivery: Delivery, now: datetime) -> bool:
    return delivery.group != "" and delivery.queue != "" and not delivery.claimed(now)


def _attempt(claim: str, delivery: Delivery, now: datetime, plan: Plan) -> list[Event]:
    if not delivery.queue or delivery.next is None or delivery.next > now:
        return []
    if delivery.expires is not None and now >= delivery.expires:
        return [DeliveryEnded("expired", now)]
    if plan.digest or delivery.step.way not in plan.ways:
        return _failing(delivery, "not-wanted", now)
    if plan.not_before is not None and plan.not_before > now:
        return [_put_off(delivery, "quiet", plan.not_before)]
    return [DeliveryAttempted(claim, now + CLAIM_LASTS)]


def _put_off(delivery: Delivery, because: str, until: datetime) -> DeliveryPutOff:
    give_up = until + _lasts(delivery.lane, delivery.turn + 1 == len(delivery.steps))
    return DeliveryPutOff(because, until, give_up)


def _failed(failed: Failed, delivery: Delivery, now: datetime) -> list[Event]:
    tries = max(delivery.step.tries, 1)
    if failed.permanent or tries >= MOST_TRIES:
        return _failing(delivery, failed.code, now)
    pause = BACKOFF[tries - 1] * (0.5 + failed.jitter)
    asked = min(timedelta(seconds=failed.retry_after), LONGEST_WAIT)
    again = now + _whole(max(pause, asked))
    return [AttemptFailed(failed.code, again, now)]


def _confirmed(way: Way, delivery: Delivery, now: datetime) -> list[Event]:
    if all(step.way is not way for step in delivery.steps):
        return []
    step = delivery.steps[turn_of(delivery, way)]
    if step.status not in (Status.QUEUED, Status.SENT):
        return []
    return [DeliveryConfirmed(way, False, now)]


def _bounced(way: Way, code: str, delivery: Delivery, now: datetime) -> list[Event]:
    if all(step.way is not way for step in delivery.steps):
        return []
    turn = turn_of(delivery, way)
    if delivery.steps[turn].status not in (Status.QUEUED, Status.SENT, Status.DELIVERED):
        return []
    if turn == delivery.turn and not delivery.joined:
        return _failing(delivery, code, now, bounced=True)
    return [WayFailed(way, code, True, now)]


def _time_passed(delivery: Delivery, now: datetime) -> list[Event]:
    when = due(delivery)
    if when is None or now < when:
        return []
    if not delivery.queue:
        return _failing(delivery, "unheard", now)
    if delivery.expires is not None and now >= delivery.expires:
        return [DeliveryEnded("expired", now)]
    return _failing(delivery, "out-of-time", now)


def _failing(delivery: Delivery, code: str, now: datetime, bounced: bool = False) -> list[Event]:
    """The present way has failed: the next one begins, if there is one and it is not too late."""
    failed = WayFailed(delivery.step.way, code, bounced, now)
    after = delivery.turn + 1
    if after == len(delivery.steps):
        return [failed, DeliveryEnded("no-way-left", now)]
    if delivery.expires is not None and now >= delivery.expires:
        return [failed, DeliveryEnded("expired", now)]
    lasts = _lasts(delivery.lane, after + 1 == len(delivery.steps))
    return [failed, WayBegan(delivery.steps[after].way, now, now + lasts)]


def _lasts(lane: Lane, is_last: bool) -> timedelta:
    return LAST_WAY_LASTS if is_last else PATIENCE[lane]


def _whole(pause: timedelta) -> timedelta:
    """In whole milliseconds, as times are kept."""
    return timedelta(milliseconds=pause // timedelta(milliseconds=1))
