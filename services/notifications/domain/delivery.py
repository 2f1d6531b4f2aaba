"""Delivery (投递): how a message reaches its recipient outside the inbox, one way after the other.

What is known of it is this chapter's state, what may follow is in `delivering.py`. A message whose
plan has no ways has no delivery at all.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.notifications.domain.ways import Lane, Way
from shared.contracts.event import Event

RANKS = {Lane.URGENT: 0, Lane.SINGLE: 1, Lane.BULK: 2}
"""What a courier takes first."""
CLAIM_LASTS = timedelta(seconds=60)
"""For so long nobody else sends what a courier has taken; then it is taken to have died on the way.
Every channel gives up sooner."""


class Status(StrEnum):
    """What became of a message on one of its ways."""

    PLANNED = "planned"
    """Its turn has not come."""
    QUEUED = "queued"
    SENT = "sent"
    """The provider has it."""
    DELIVERED = "delivered"
    """The provider says that it arrived; of a call: somebody answered."""
    FAILED = "failed"
    BOUNCED = "bounced"
    """It was sent, and came back."""
    READ = "read"
    """The recipient has read it, there or in the inbox."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way of the plan. `code` says why it failed, last; `receipt` is the provider's own id."""

    way: Way
    status: Status = Status.PLANNED
    tries: int = 0
    code: str = ""
    receipt: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """`steps` are the ways in turn, the `turn`-th is at it.

    `queue` is the way by which it waits to be sent, empty where nothing is to be sent; `next` is
    when it may be taken, `claim` who has taken it until then. At `give_up` the present way has had
    its time. `hear_by` is when it must have been read. `group` is what it may go out together with,
    `joined` the message it went out with. `sent` and `sent_by` tell when and how it went last.
    """

    steps: tuple[Step, ...]
    lane: Lane
    rank: int
    turn: int = 0
    queue: str = ""
    next: datetime | None = None
    claim: str = ""
    give_up: datetime | None = None
    expires: datetime | None = None
    heard_within: int = 0
    hear_by: datetime | None = None
    group: str = ""
    joined: str = ""
    sent: datetime | None = None
    sent_by: str = ""

    @property
    def step(self) -> Step:
        """The one that is at it, or was last."""
        return self.steps[self.turn]

    def claimed(self, now: datetime) -> bool:
        """Whether a courier is just sending it."""
        return self.claim != "" and self.next is not None and now < self.next


@dataclass(frozen=True, slots=True)
class DeliveryPlanned(Event):
    """By which ways it goes, the first of them from `at` on, for as long as until `give_up`.
    `heard_within` are seconds, 0 where nobody has to hear it.
    """

    ways: tuple[Way, ...]
    lane: Lane
    at: datetime
    give_up: datetime
    expires: datetime | None
    heard_within: int
    group: str


@dataclass(frozen=True, slots=True)
class DeliveryAttempted(Event):
    """A courier has taken it, and nobody else does until then."""

    claim: str
    until: datetime


@dataclass(frozen=True, slots=True)
class DeliverySent(Event):
    """The provider has taken it; `receipt` is what it calls it."""

    way: Way
    receipt: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AttemptFailed(Event):
    """It did not work now; it is tried again."""

    code: str
    again: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryPutOff(Event):
    """Nothing was tried: it is not the time for it (``quiet``, ``person-limit``, ``provider``)."""

    because: str
    until: datetime
    give_up: datetime


@dataclass(frozen=True, slots=True)
class DeliveryConfirmed(Event):
    """It has arrived. `heard`: by ear, so that nothing more is waited for."""

    way: Way
    heard: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryGathered(Event):
    """It goes out with another message about the same, and not by itself."""

    into: str
    at: datetime


@dataclass(frozen=True, slots=True)
class WayFailed(Event):
    """By this way it does not reach them."""

    way: Way
    code: str
    bounced: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class WayBegan(Event):
    """It is the turn of the next way."""

    way: Way
    at: datetime
    give_up: datetime


@dataclass(frozen=True, slots=True)
class DeliveryEnded(Event):
    """Nothing more is tried: ``expired``, or ``no-way-left``. In the inbox it stays."""

    because: str
    at: datetime


EVENTS: tuple[type[Event], ...] = (
    DeliveryPlanned,
    DeliveryAttempted,
    DeliverySent,
    AttemptFailed,
    DeliveryPutOff,
    DeliveryConfirmed,
    DeliveryGathered,
    WayFailed,
    WayBegan,
    DeliveryEnded,
)


def planned(event: DeliveryPlanned) -> Delivery:
    """A delivery that has just been planned."""
    first, *others = event.ways
    return Delivery(
        steps=(Step(first, Status.QUEUED, at=event.at), *map(Step, others)),
        lane=event.lane,
        rank=RANKS[event.lane],
        queue=first.value,
        next=event.at,
        give_up=event.give_up,
        expires=event.expires,
        heard_within=event.heard_within,
        group=event.group,
    )


def evolve(delivery: Delivery, event: Event) -> Delivery:
    """The delivery after an event."""
    match event:
        case DeliveryAttempted(claim=claim, until=until):
            tried = _stepped(delivery, tries=delivery.step.tries + 1)
            return replace(tried, claim=claim, next=until, group="")
        case DeliverySent(way=way, receipt=receipt, at=at):
            sent = _stepped(delivery, status=Status.SENT, receipt=receipt, code="", at=at)
            return replace(_at_rest(sent), hear_by=_hear_by(sent, at), sent=at, sent_by=way.value)
        case AttemptFailed(code=code, again=again, at=at):
            return replace(_stepped(delivery, code=code, at=at), claim="", next=again)
        case DeliveryPutOff(because=because, until=until, give_up=give_up):
            put_off = _stepped(delivery, code=because)
            return replace(put_off, claim="", next=until, give_up=give_up)
        case DeliveryConfirmed(way=way, heard=heard, at=at):
            turn = turn_of(delivery, way)
            arrived = _stepped(delivery, turn, status=Status.DELIVERED, at=at)
            if turn != delivery.turn:
                return arrived
            hear_by = None if heard else delivery.hear_by or _hear_by(delivery, at)
            return replace(_at_rest(arrived), hear_by=hear_by)
        case DeliveryGathered(into=into, at=at):
            gone = _stepped(delivery, status=Status.SENT, at=at)
            return replace(_at_rest(gone), joined=into)
        case WayFailed(way=way, code=code, bounced=bounced, at=at):
            turn = turn_of(delivery, way)
            became = Status.BOUNCED if bounced else Status.FAILED
            failed = _stepped(delivery, turn, status=became, code=code, at=at)
            return _at_rest(failed) if turn == delivery.turn else failed
        case WayBegan(way=way, at=at, give_up=give_up):
            begun = replace(delivery, turn=turn_of(delivery, way), queue=way.value)
            begun = replace(begun, next=at, give_up=give_up, group="")
            return _stepped(begun, status=Status.QUEUED, at=at)
        case DeliveryEnded(because=because, at=at):
            if delivery.step.status is Status.QUEUED:
                delivery = _stepped(delivery, status=Status.FAILED, code=because, at=at)
            return _at_rest(delivery)
    return delivery


def read(delivery: Delivery) -> Delivery:
    """The delivery of a message that was read: nothing more is sent."""
    return _at_rest(_stepped(delivery, status=Status.READ))


def turn_of(delivery: Delivery, way: Way) -> int:
    """Which of the steps that way is. Raises ValueError where the plan does not have it."""
    return [step.way for step in delivery.steps].index(way)


def _at_rest(delivery: Delivery) -> Delivery:
    """Nothing is to be sent, nothing waited for."""
    return replace(delivery, queue="", next=None, claim="", give_up=None, hear_by=None, group="")


def _hear_by(delivery: Delivery, sent: datetime) -> datetime | None:
    if not delivery.heard_within:
        return None
    return sent + timedelta(seconds=delivery.heard_within)


def _stepped(delivery: Delivery, turn: int | None = None, **changes: object) -> Delivery:
    """One of the steps changed: the one whose turn it is, or another."""
    turn = delivery.turn if turn is None else turn
    steps = list(delivery.steps)
    steps[turn] = replace(steps[turn], **changes)  # type: ignore[arg-type]
    return replace(delivery, steps=tuple(steps))
