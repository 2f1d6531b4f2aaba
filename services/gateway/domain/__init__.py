"""The rules of what all replicas of the door must know, a module per aggregate."""

from typing import Any

from services.gateway.domain.sessions import ended_sessions
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (ended_sessions,)
