"""Who is told what becomes of a broadcast: who wrote it and who approved it."""

from services.notifications.domain.broadcast_state import Broadcast
from services.notifications.domain.telling import Telling, to
from shared.contracts import notifications
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        notifications.BroadcastSubmitted,  # stands in the list of who may approve it
        notifications.BroadcastPageDue,  # its recipients are told by a reaction of its own
    }
)

BROADCAST = "broadcast"
BROADCAST_URGENT = "broadcast-urgent"
"""The kinds of message that carry a broadcast's own words."""


def kind_of(it: Broadcast) -> str:
    """The kind of this broadcast's messages."""
    return BROADCAST_URGENT if it.urgent else BROADCAST


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case notifications.BroadcastSentBack() as e:
            return [
                to(
                    e.drafted_by,
                    "broadcast-sent-back",
                    but_not=e.by,
                    broadcast=e.broadcast,
                    place=e.place,
                    because=f"broadcast-{e.because}",
                )
            ]
        case notifications.BroadcastApproved() as e:
            return [
                to(e.drafted_by, "broadcast-approved", broadcast=e.broadcast, place=e.place),
            ]
        case notifications.BroadcastStopped() as e:
            return [
                to(
                    who,
                    "broadcast-stopped",
                    but_not=e.by,
                    broadcast=e.broadcast,
                    place=e.place,
                    because=f"broadcast-{e.because}",
                    number=e.told,
                )
                for who in (e.drafted_by, e.approved_by)
            ]
        case notifications.BroadcastDone() as e:
            return [
                to(
                    who,
                    "broadcast-done",
                    broadcast=e.broadcast,
                    place=e.place,
                    number=e.told,
                )
                for who in (e.drafted_by, e.approved_by)
            ]
    return []
