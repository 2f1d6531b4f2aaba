"""Who is told what of the log: nobody.

Whoever has something sealed was told of it by the service that it lies in; that a digest of it now
stands in the log as well concerns them when they want to prove it, and then they ask.
"""

from services.notifications.domain.telling import Telling
from shared.contracts.event import Event
from shared.contracts.ledger import EntriesSealed, LogKeyFollowed, TreeHeadSigned

TELLS_NOBODY: frozenset[type[Event]] = frozenset({EntriesSealed, TreeHeadSigned, LogKeyFollowed})


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    return []
