"""Finding a time that all can make, and a room that is free then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.mediation.domain.panels.panel_state import QUORUM
from services.mediation.domain.sessions.evolving import evolve
from services.mediation.domain.sessions.room import Room, is_open
from services.mediation.domain.sessions.session_commands import Slot
from services.mediation.domain.sessions.session_events import (
    SessionSetShortly,
    SessionSlotChosen,
    SessionSlotTried,
)
from services.mediation.domain.sessions.session_state import Around, Session, Status
from shared.contracts.event import Event, Personal
from shared.contracts.mediation.sessions import (
    SessionRoomGivenUp,
    SessionRoomWanted,
    SessionSet,
    SessionUnmet,
    Unmet,
)
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=8)
NEAR = timedelta(hours=24)
"""So long before it begins all are reminded."""
FARTHEST = timedelta(days=60)
"""Times that are asked for lie within so long."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a slot fits: who can make it, who cannot, who has said nothing; and what it `lacks`: a
    party (by its key), the ``mediator``, the ``panel``. It fits where it lacks nothing.
    """

    slot: int
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    silent: tuple[str, ...]
    lacks: tuple[str, ...]


def fits(session: Session) -> list[Fit]:
    """How each of the slots fits, in their order."""
    return [_fit(session, number) for number in range(1, len(session.slots) + 1)]


def _fit(session: Session, number: int) -> Fit:
    votes = {one.person: number in one.can for one in session.votes}
    invited = session.invited
    can = tuple(one for one in invited if votes.get(one, False))
    cannot = tuple(one for one in invited if not votes.get(one, True))
    silent = tuple(one for one in invited if one not in votes)
    circle = session.circle
    parties = dict.fromkeys(one.party for one in circle.speakers)
    # A party comes with one who speaks for it; who that is, is its own matter.
    lacks = [party for party in parties if not set(circle.of_party(party)) & set(can)]
    if circle.mediator is None or circle.mediator not in can:
        lacks.append("mediator")
    if session.panel and len(set(circle.panel) & set(can)) < QUORUM:
        lacks.append("panel")
    return Fit(number, can, cannot, silent, tuple(lacks))


def all_said(session: Session) -> bool:
    """Whether everybody invited has voted."""
    return {one.person for one in session.votes} >= set(session.invited)


def best(session: Session, now: datetime) -> int | None:
    """The slot that all can make, is yet to come and was not tried: with most of the panel, then
    the earliest.
    """
    found = [
        one
        for one in fits(session)
        if not one.lacks
        and one.slot not in session.tried
        and session.slots[one.slot - 1].begin > now
    ]
    found.sort(key=lambda one: (-len(one.can), session.slots[one.slot - 1].begin, one.slot))
    return found[0].slot if found else None


def chosen(session: Session, now: datetime) -> list[Event]:
    """The best slot is taken; where none is left, the convener hears of it."""
    number = best(session, now)
    if number is not None:
        return taken(session, number, now)
    return [unmet(session, Unmet.NO_ROOM if session.tried else Unmet.NO_COMMON_TIME)]


def taken(session: Session, number: int, now: datetime) -> list[Event]:
    """It is set for that slot, once the room is free."""
    slot = session.slots[number - 1]
    choice: Event = SessionSlotChosen(number)
    if session.room is None:
        return [choice, *announced(after(session, [choice]), session.turn, now)]
    turn = session.turn + 1
    want = SessionRoomWanted(
        session.session, session.room, day_of(slot.begin), slot.begin, slot.end, turn
    )
    return [choice, want]


def announced(session: Session, turn: int, now: datetime) -> list[Event]:
    """All who are to come hear when it is, and where; once, where it is near by then."""
    slot = session.chosen
    assert slot is not None, "what is announced was chosen"
    told = SessionSet(
        session.session,
        session.dispute,
        session.place,
        slot.begin,
        slot.end,
        session.room,
        day_of(slot.begin),
        turn,
        session.invited,
        session.sequence + 1,
    )
    return [told, SessionSetShortly()] if slot.begin - NEAR <= now else [told]


def room_missed(session: Session, turn: int, now: datetime) -> list[Event]:
    """The next best slot is taken."""
    if session.status is not Status.WAITING or turn != session.turn or session.slot is None:
        return []
    tried: Event = SessionSlotTried(session.slot)
    return [tried, *chosen(after(session, [tried]), now)]


def unmet(session: Session, because: Unmet) -> SessionUnmet:
    """It has no time or no room. The mediator arranges it, if there is one."""
    convener = session.circle.mediator or session.convener
    return SessionUnmet(session.session, session.dispute, because, convener, session.announced)


def given_up(session: Session) -> list[Event]:
    """The room that it has asked for, or has."""
    slot = session.chosen
    if not session.wanted or session.room is None or slot is None:
        return []
    day = day_of(slot.begin)
    return [SessionRoomGivenUp(session.session, session.room, day, session.turn)]


def after(session: Session, events: Sequence[Event]) -> Session:
    """The session once these have happened."""
    for event in events:
        if not isinstance(event, Personal):
            session = evolve(session, event)
    return session


def day_of(begin: datetime) -> str:
    """The local day: ``2026-05-03``."""
    return begin.astimezone(CHINA).date().isoformat()


# --- what may be asked for -----------------------------------------------------------------------


def must_be_slots(slots: Sequence[Slot], answer_by: datetime, now: datetime) -> None:
    """Raises `Rejected` for times that nobody could make."""
    if not slots or len(set(slots)) != len(slots):
        raise Rejected("session-slots", "name at least one time, and each once")
    for number, slot in enumerate(slots, start=1):
        length = slot.end - slot.begin
        if not (now < slot.begin <= now + FARTHEST and SHORTEST <= length <= LONGEST):
            raise Rejected(
                "session-slot",
                f"time {number} lies within sixty days and lasts a quarter to eight hours",
                number=number,
            )
        if day_of(slot.begin) != day_of(slot.end):
            raise Rejected(
                "session-slot-overnight", f"time {number} ends the day it begins", number=number
            )
    if not now < answer_by <= min(one.begin for one in slots):
        raise Rejected("session-answer-by", "answers are due later than now and before it begins")


def must_be_room(code: str | None, slots: Sequence[Slot], people: int, around: Around) -> None:
    """Raises `Rejected` for a room that cannot be had then, or is too small."""
    if code is None:
        return
    room = around.rooms.get(code)
    if room is None or not room.open:
        raise Rejected("no-such-room", "no room of this code is open")
    if room.capacity < people:
        raise Rejected(
            "room-too-small", f"the room holds {room.capacity} people", capacity=room.capacity
        )
    for number, slot in enumerate(slots, start=1):
        _must_be_open(room, slot, number)


def _must_be_open(room: Room, slot: Slot, number: int) -> None:
    if not is_open(room, slot.begin, slot.end):
        raise Rejected("room-closed-then", f"the room is not open at time {number}", number=number)
