"""A room on one day: what sessions it is kept for. No two at one time, whoever asks when.

What is scarce belongs to one stream: of two sessions that ask at once, the second is decided on
what the first has left. A booking is held when it is asked for, confirmed when the session is set,
and freed when the session gives it up.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.event import Event
from shared.contracts.mediation.sessions import RoomFreed, RoomHeld, RoomRefused
from shared.runtime.aggregate import Aggregate, Command


@dataclass(frozen=True)
class Booking:
    """A session has the room then; `turn` says for which of its questions."""

    session: str
    begin: datetime
    end: datetime
    turn: int
    confirmed: bool = False


@dataclass(frozen=True)
class RoomDay:
    """In order of their beginning."""

    room: str = ""
    bookings: tuple[Booking, ...] = ()


@dataclass(frozen=True)
class Known:
    """What the rules are told: whether the room is open at the time that is asked for."""

    open: bool = True


@dataclass(frozen=True, slots=True)
class HoldRoom(Command):
    """A session wants it then."""

    session: str
    room: str
    begin: datetime
    end: datetime
    turn: int


@dataclass(frozen=True, slots=True)
class ConfirmRoom(Command):
    """The session is set."""

    session: str
    turn: int


@dataclass(frozen=True, slots=True)
class FreeRoom(Command):
    """The session does not need it any more."""

    session: str
    turn: int


@dataclass(frozen=True, slots=True)
class RoomConfirmed(Event):
    """The session is set."""

    session: str


def day_id(room: str, day: str) -> str:
    """The id of a room's day: ``hall:2026-05-03``."""
    return f"{room}:{day}"


def decide(command: Command, day: RoomDay, now: datetime, known: Known) -> list[Event]:
    """What follows from a command."""
    match command:
        case HoldRoom(session=session, room=room, begin=begin, end=end, turn=turn):
            asked = (session, room, begin, end, turn)
            # A session has the room once a day: what it asked for before, it has given up.
            others = [one for one in day.bookings if one.session != session]
            free = all(end <= one.begin or one.end <= begin for one in others)
            if not (free and known.open):
                return [RoomRefused(*asked)]
            return [*_freed(day, session), RoomHeld(*asked)]
        case ConfirmRoom(session=session, turn=turn):
            booking = _of(day, session)
            if booking is not None and booking.turn == turn and not booking.confirmed:
                return [RoomConfirmed(session)]
        case FreeRoom(session=session, turn=turn):
            booking = _of(day, session)
            if booking is not None and booking.turn <= turn:
                return _freed(day, session)
    return []


def _of(day: RoomDay, session: str) -> Booking | None:
    return next((one for one in day.bookings if one.session == session), None)


def _freed(day: RoomDay, session: str) -> list[Event]:
    booking = _of(day, session)
    return [] if booking is None else [RoomFreed(session, day.room, booking.begin, booking.end)]


def evolve(day: RoomDay, event: Event) -> RoomDay:
    """The day after an event."""
    match event:
        case RoomHeld(session=session, room=room, begin=begin, end=end, turn=turn):
            kept = (*day.bookings, Booking(session, begin, end, turn))
            in_order = tuple(sorted(kept, key=lambda one: (one.begin, one.session)))
            return RoomDay(room, in_order)
        case RoomConfirmed(session=session):
            kept = tuple(
                replace(one, confirmed=True) if one.session == session else one
                for one in day.bookings
            )
            return replace(day, bookings=kept)
        case RoomFreed(session=session):
            kept = tuple(one for one in day.bookings if one.session != session)
            return replace(day, bookings=kept)
    return day


room_day = Aggregate(
    kind="room-day",
    initial=RoomDay(),
    decide=decide,
    evolve=evolve,
    events=(RoomHeld, RoomRefused, RoomConfirmed, RoomFreed),
)
