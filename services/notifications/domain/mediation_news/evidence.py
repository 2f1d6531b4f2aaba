"""Who is told what of evidence (线上留证)."""

from services.notifications.domain.telling import Telling
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset()


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    return []
