"""Room: where sessions are held, for how many people, and when it is open."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from shared.contracts.event import Event
from shared.contracts.mediation.sessions import RoomClosed, RoomOpened
from shared.contracts.types import Code, DaySpan, Id, PlaceCode, Title, Weekday, at_most, between
from shared.runtime.aggregate import Aggregate, Command, Rejected
from shared.worktime.hours import CHINA

MOST_SPANS = 28
MINUTES_A_DAY = 24 * 60

Capacity = Annotated[int, between(2, 500)]


@dataclass(frozen=True, slots=True)
class Open:
    """The room is open in this part of the local day: ``{"weekday": 0, "span": "08:30-12:00"}``."""

    weekday: Weekday
    span: DaySpan


Hours = Annotated[tuple[Open, ...], at_most(MOST_SPANS)]


@dataclass(frozen=True)
class Span:
    """Part of a local day of the week, in minutes from midnight."""

    weekday: int
    begin: int
    end: int


@dataclass(frozen=True)
class Room:
    """`name` stands on its door."""

    room: str = ""
    place: str = ""
    name: str = ""
    capacity: int = 0
    hours: tuple[Span, ...] = ()
    open: bool = False


@dataclass(frozen=True)
class Known:
    """What the rules are told: whether the place is known, and not closed."""

    place: bool = False


@dataclass(frozen=True, slots=True)
class OpenRoom(Command):
    """A room can be booked from now on; also one that was closed."""

    by: Id
    room: Code
    place: PlaceCode
    name: Title
    capacity: Capacity
    hours: Hours


@dataclass(frozen=True, slots=True)
class ReviseRoom(Command):
    """Name, capacity or hours are others. What is booked stays so."""

    verb = "revise"
    by: Id
    name: Title
    capacity: Capacity
    hours: Hours


@dataclass(frozen=True, slots=True)
class CloseRoom(Command):
    """The room cannot be booked any more: what was, goes elsewhere."""

    verb = "close"
    by: Id


@dataclass(frozen=True, slots=True)
class RoomRevised(Event):
    """What it is called, how many it holds, and when it is open."""

    name: str
    capacity: int
    hours: tuple[Span, ...]


def decide(command: Command, room: Room, now: datetime, known: Known) -> list[Event]:
    """What follows from a command."""
    match command:
        case OpenRoom(room=code, place=place, name=name, capacity=capacity, hours=hours):
            if room.open:
                raise Rejected("room-there", "a room of this code is open: revise it")
            if not known.place:
                raise Rejected("room-place-unknown", "no such place is open")
            revised = RoomRevised(name, capacity, spans(hours))
            return [RoomOpened(code, place, capacity), revised]
        case ReviseRoom() | CloseRoom() if not room.open:
            raise Rejected("room-shut", "no room of this code is open")
        case ReviseRoom(name=name, capacity=capacity, hours=hours):
            revised = RoomRevised(name, capacity, spans(hours))
            return [] if evolve(room, revised) == room else [revised]
        case CloseRoom():
            return [RoomClosed(room.room, room.place)]
    return []


def spans(hours: tuple[Open, ...]) -> tuple[Span, ...]:
    """Hours as they are reckoned with. Raises `Rejected` for some that end before they begin."""
    found = []
    for one in hours:
        begin, end = (_minutes(part) for part in one.span.split("-"))
        if not begin < end <= MINUTES_A_DAY:
            raise Rejected("room-hours", "hours end after they begin, on the same day")
        found.append(Span(one.weekday, begin, end))
    if not found:
        raise Rejected("room-hours", "hours end after they begin, on the same day")
    return tuple(sorted(found, key=lambda one: (one.weekday, one.begin)))


def is_open(room: Room, begin: datetime, end: datetime) -> bool:
    """Whether the room is open all the time between."""
    first, last = begin.astimezone(CHINA), end.astimezone(CHINA)
    midnight = first.replace(hour=0, minute=0, second=0, microsecond=0)
    start = (first - midnight) / timedelta(minutes=1)
    stop = (last - midnight) / timedelta(minutes=1)
    return room.open and any(
        one.weekday == first.weekday() and one.begin <= start and stop <= one.end
        for one in room.hours
    )


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def evolve(room: Room, event: Event) -> Room:
    """The room after an event."""
    match event:
        case RoomOpened(room=code, place=place):
            return replace(room, room=code, place=place, open=True)
        case RoomRevised(name=name, capacity=capacity, hours=hours):
            return replace(room, name=name, capacity=capacity, hours=hours)
        case RoomClosed():
            return replace(room, open=False)
    return room


def open_verbs(room: Room) -> tuple[str, ...]:
    """The verbs that this room knows now."""
    return ("revise", "close") if room.open else ()


room = Aggregate(
    kind="room",
    initial=Room(),
    decide=decide,
    evolve=evolve,
    events=(RoomOpened, RoomRevised, RoomClosed),
)
