"""Who is told what of mediators (和事佬) and 4+X panels."""

from services.notifications.domain.telling import Telling
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    return []
