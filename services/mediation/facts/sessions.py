"""What is told of the world to the rules of sessions and rooms."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.sessions.room import Known, OpenRoom, Room, is_open, room
from services.mediation.domain.sessions.room_day import HoldRoom, RoomDay
from services.mediation.domain.sessions.room_day import Known as KnownThen
from services.mediation.domain.sessions.session import session
from services.mediation.domain.sessions.session_commands import (
    ConveneSession,
    KeepRoom,
    LearnCircle,
)
from services.mediation.domain.sessions.session_state import Around, Session
from shared.neighbourhood.place import KnownPlace
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, Copy, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (partial(Copy, room),)
"""A city has some thousand rooms."""


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    places: Mapping[str, KnownPlace] = copies["place"]
    rooms: Mapping[str, Room] = copies["room"]

    def around(id: str, command: Command, _state: Session, _now: datetime, look: Beside) -> Around:
        match command:
            case ConveneSession(dispute=of, after=after):
                before = None if after is None else look(session, after)
                return Around(id, look(dispute, of) or Dispute(), before, rooms)
            case LearnCircle(dispute=of):
                return Around(id, look(dispute, of) or Dispute(), rooms=rooms)
            case KeepRoom(room=code):
                return Around(id, rooms={code: look(room, code) or Room()})
        return Around(id, rooms=rooms)

    def known(_id: str, command: Command, _state: Room, _now: datetime) -> Known:
        if not isinstance(command, OpenRoom):
            return Known()
        at = places.get(command.place)
        return Known(at is not None and bool(at.path) and not at.closed)

    def known_then(_id: str, command: Command, _state: RoomDay, _now: datetime) -> KnownThen:
        if not isinstance(command, HoldRoom):
            return KnownThen()
        asked = rooms.get(command.room)
        return KnownThen(asked is not None and is_open(asked, command.begin, command.end))

    return {"session": Looking(looked_at, around), "room": known, "room-day": known_then}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The dispute, and the adjourned session, when one is convened; a room that is held."""
    match command:
        case ConveneSession(dispute=of, after=after):
            yield dispute, of
            if after is not None:
                yield session, after
        case LearnCircle(dispute=of):
            yield dispute, of
        case KeepRoom(room=code):
            yield room, code
