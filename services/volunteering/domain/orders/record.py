"""A person's record of orders: what they have at hand, how long since the last one, what they gave
back; and as one who asks, what is open and what was called off late.

It follows the orders by their events, a moment behind. It makes the matching fair and keeps loads
bearable; who has an order is the order's own state to say.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar

from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected

MOST_AT_HAND = 5
"""Orders that one volunteer has at once."""
MOST_OPEN = 5
"""Orders that one person waits for at once."""
MOST_LATE = 3
"""Who has called off late so often lately asks staff to place their orders."""
LATELY = timedelta(days=90)
BEHIND_LATE = timedelta(days=14)
"""Who gave back late stands behind others for so long."""
BEHIND_ABSENT = timedelta(days=60)
"""The same, of who did not come."""
MOST_KEPT = 20
"""Entries of each list that a state remembers."""


@dataclass(frozen=True, slots=True)
class AtHand:
    """An order that somebody has; with times once they are agreed."""

    order: str
    begin: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """`last` is when they were last offered an order or took one. Until `behind_until` they stand
    behind others. `open` are the orders they wait for, `late` are the times at which they called
    off late or were not there. Once `forgotten` nothing more is noted: what happened before may
    come to light after the erasure.
    """

    person: str = ""
    at_hand: tuple[AtHand, ...] = ()
    last: datetime | None = None
    behind_until: datetime | None = None
    offered: int = 0
    taken: int = 0
    given_back: int = 0
    absent: int = 0
    done: int = 0
    minutes: int = 0
    rated: int = 0
    stars: int = 0
    open: tuple[str, ...] = ()
    late: tuple[datetime, ...] = ()
    forgotten: bool = False


# --- commands, all from others' events ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteOffered(Command):
    """They are asked to take an order."""

    person: str


@dataclass(frozen=True, slots=True)
class NoteTaken(Command):
    """They have an order; its times are agreed, or not yet."""

    person: str
    order: str
    begin: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class NoteLeft(Command):
    """They have it no more: they gave it back, or it was called off or ended (`blameless`)."""

    person: str
    order: str
    blameless: bool
    late: bool = False
    absent: bool = False


@dataclass(frozen=True, slots=True)
class NoteServed(Command):
    """They have done it."""

    person: str
    order: str
    minutes: int


@dataclass(frozen=True, slots=True)
class NoteRated(Command):
    """The other side has rated them."""

    person: str
    stars: int


@dataclass(frozen=True, slots=True)
class NoteAwaited(Command):
    """They wait for an order."""

    person: str
    order: str


@dataclass(frozen=True, slots=True)
class NoteSettled(Command):
    """They wait for it no more; `late`: called off late, or not there."""

    person: str
    order: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class ForgetRecord(Command):
    """The person was erased."""


@dataclass(frozen=True, slots=True)
class BeginAnew(Command):
    """Who was erased is registered again."""


# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfferRecorded(Event):
    """They were asked."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TakingRecorded(Event):
    """They have it, or when is agreed; `first` of the two."""

    person: str
    order: str
    at: datetime
    begin: datetime | None
    end: datetime | None
    first: bool


@dataclass(frozen=True, slots=True)
class LeavingRecorded(Event):
    """They have it no more."""

    order: str
    blameless: bool
    absent: bool
    behind_until: datetime | None


@dataclass(frozen=True, slots=True)
class ServiceRecorded(Event):
    """They have done it."""

    order: str
    minutes: int


@dataclass(frozen=True, slots=True)
class RatingRecorded(Event):
    """They were rated."""

    person: str
    stars: int


@dataclass(frozen=True, slots=True)
class WaitingRecorded(Event):
    """They wait for it."""

    person: str
    order: str


@dataclass(frozen=True, slots=True)
class SettlingRecorded(Event):
    """They wait for it no more; since `late` if it was called off late."""

    order: str
    late: datetime | None


@dataclass(frozen=True, slots=True)
class RecordForgotten(Event):
    """Nothing is kept of it, and nothing more noted."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class RecordBegunAnew(Event):
    """The person has come back, and begins with an empty record."""


# --- rules ----------------------------------------------------------------------------------------


def refuse_overload(record: OrderRecord) -> None:
    """Raises `Rejected` for who has enough at hand."""
    if len(record.at_hand) >= MOST_AT_HAND:
        raise Rejected(
            "enough-at-hand",
            f"you have {MOST_AT_HAND} orders at hand; finish or give back one first",
            most=MOST_AT_HAND,
        )


def refuse_clash(record: OrderRecord, order: str, begin: datetime, end: datetime) -> None:
    """Raises `Rejected` for a time at which they have agreed to be elsewhere."""
    for one in record.at_hand:
        if one.order == order or one.begin is None or one.end is None:
            continue
        if one.begin < end and begin < one.end:
            raise Rejected("busy-then", "the volunteer has another order at that time")


def refuse_unreliable(record: OrderRecord, now: datetime) -> None:
    """Raises `Rejected` for who waits for enough, or has called off late too often lately."""
    if len(record.open) >= MOST_OPEN:
        raise Rejected(
            "enough-open",
            f"you wait for {MOST_OPEN} orders; let one be done, or cancel one first",
            most=MOST_OPEN,
        )
    if sum(now - moment < LATELY for moment in record.late) >= MOST_LATE:
        raise Rejected(
            "called-off-too-often",
            f"you have called off late {MOST_LATE} times lately; ask your grid worker to place it",
            most=MOST_LATE,
        )


def decide(command: Command, record: OrderRecord, now: datetime) -> list[Event]:
    """What is noted. Nothing is refused: it has happened."""
    match command:
        case BeginAnew():
            return [RecordBegunAnew()] if record.forgotten else []
        case _ if record.forgotten:
            return []
        case ForgetRecord():
            return [RecordForgotten()]
        case NoteOffered(person=person):
            return [OfferRecorded(person, now)]
        case NoteTaken(person=person, order=order, begin=begin, end=end):
            first = all(one.order != order for one in record.at_hand)
            return [TakingRecorded(person, order, now, begin, end, first)]
        case NoteLeft(order=order) if _has(record, order):
            behind = BEHIND_ABSENT if command.absent else BEHIND_LATE if command.late else None
            until = None if behind is None else now + behind
            return [LeavingRecorded(order, command.blameless, command.absent, until)]
        case NoteServed(order=order, minutes=minutes) if _has(record, order):
            return [ServiceRecorded(order, minutes)]
        case NoteRated(person=person, stars=stars):
            return [RatingRecorded(person, stars)]
        case NoteAwaited(person=person, order=order):
            return [WaitingRecorded(person, order)]
        case NoteSettled(order=order, late=late) if order in record.open:
            return [SettlingRecorded(order, now if late else None)]
    return []


def _has(record: OrderRecord, order: str) -> bool:
    return any(one.order == order for one in record.at_hand)


def evolve(record: OrderRecord, event: Event) -> OrderRecord:
    """The record after the event."""
    match event:
        case OfferRecorded(person=person, at=at):
            return replace(record, person=person, last=at, offered=record.offered + 1)
        case TakingRecorded(person=person, order=order):
            others = tuple(one for one in record.at_hand if one.order != order)
            mine = AtHand(order, event.begin, event.end)
            return replace(
                record,
                person=person,
                at_hand=(*others, mine)[-MOST_KEPT:],
                last=event.at,
                taken=record.taken + event.first,
            )
        case LeavingRecorded(order=order, blameless=blameless, absent=absent):
            untils = [one for one in (record.behind_until, event.behind_until) if one is not None]
            return replace(
                record,
                at_hand=_without(record, order),
                given_back=record.given_back + (not blameless and not absent),
                absent=record.absent + absent,
                behind_until=max(untils, default=None),
            )
        case ServiceRecorded(order=order, minutes=minutes):
            return replace(
                record,
                at_hand=_without(record, order),
                done=record.done + 1,
                minutes=record.minutes + minutes,
            )
        case RatingRecorded(person=person, stars=stars):
            return replace(
                record, person=person, rated=record.rated + 1, stars=record.stars + stars
            )
        case WaitingRecorded(person=person, order=order):
            return replace(record, person=person, open=(*record.open, order)[-MOST_KEPT:])
        case SettlingRecorded(order=order, late=late):
            return replace(
                record,
                open=tuple(one for one in record.open if one != order),
                late=record.late if late is None else (*record.late, late)[-MOST_KEPT:],
            )
        case RecordForgotten():
            return OrderRecord(forgotten=True)
        case RecordBegunAnew():
            return OrderRecord()
    return record


def _without(record: OrderRecord, order: str) -> tuple[AtHand, ...]:
    return tuple(one for one in record.at_hand if one.order != order)


order_record = Aggregate(
    kind="order-record",
    initial=OrderRecord(),
    decide=decide,
    evolve=evolve,
    events=(
        OfferRecorded,
        TakingRecorded,
        LeavingRecorded,
        ServiceRecorded,
        RatingRecorded,
        WaitingRecorded,
        SettlingRecorded,
        RecordForgotten,
        RecordBegunAnew,
    ),
)
