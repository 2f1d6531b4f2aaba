"""The rules of sessions (调解会), and of the rooms they are held in."""

from typing import Any

from services.mediation.domain.sessions.room import room
from services.mediation.domain.sessions.room_day import room_day
from services.mediation.domain.sessions.session import session
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (session, room, room_day)
