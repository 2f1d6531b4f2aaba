"""Who is told of alarms: whoever is called, and whoever need not see to one any more."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import notifications
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        notifications.AlarmUnanswered,  # all who could be told were, many times
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
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
