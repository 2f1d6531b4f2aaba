"""Cases of mediation's events, a module per chapter."""

from shared.contracts.event import Event
from tests.services.notifications.mediation import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)

CASES: list[tuple[Event, dict[str, str]]] = [
    *disputes.CASES,
    *panels.CASES,
    *sessions.CASES,
    *evidence.CASES,
    *agreements.CASES,
]
