"""Who is told of what notifications does itself: who wrote a broadcast, and who an alarm calls."""

from services.notifications.domain.broadcast_state import Broadcast
from services.notifications.domain.telling import Telling, to
from shared.contracts import notifications
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        notifications.MessagePosted,  # that is the telling
        notifications.MessageRead,
        notifications.BroadcastSubmitted,  # stands in the list of who may approve it
        notifications.BroadcastPageDue,  # its recipients are told by a reaction of its own
        notifications.AlarmUnanswered,  # all who could be told were, many times
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
        case notifications.AlarmRaised() as e:
            return [_called(who, "alarm", e) for who in e.called]
        case notifications.AlarmClimbed() as e:
            return [_called(who, "alarm-climbed", e) for who in e.called]
        case notifications.AlarmAcknowledged() as e:
            return [_heard(who, "alarm-acknowledged", e) for who in e.informed]
        case notifications.AlarmResolved() as e:
            return [_heard(who, "alarm-resolved", e) for who in e.informed]
    return []


def _called(
    who: str, kind: str, event: notifications.AlarmRaised | notifications.AlarmClimbed
) -> Telling | None:
    because = f"alarm-{event.because}"
    if event.place is None:
        return to(
            who,
            f"{kind}-platform",
            alarm=event.alarm,
            because=because,
            alert=event.alert or event.duty,
            answer_by=event.answer_by,
        )
    return to(
        who,
        kind,
        alarm=event.alarm,
        because=because,
        place=event.place,
        answer_by=event.answer_by,
    )


def _heard(
    who: str, kind: str, event: notifications.AlarmAcknowledged | notifications.AlarmResolved
) -> Telling | None:
    return to(who, kind, alarm=event.alarm, because=f"alarm-{event.because}")
