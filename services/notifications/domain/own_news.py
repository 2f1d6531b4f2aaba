"""Who is told what of notifications' own events."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import notifications
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        notifications.MessagePosted,  # the message itself tells
        notifications.MessageRead,
        notifications.DigestDue,  # what came meanwhile is counted first: a reaction of its own
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case notifications.AddressCodeAsked() as e:
            return [to(e.person, "address-code", way=e.way, turn=e.turn, until=e.until)]
    return []
