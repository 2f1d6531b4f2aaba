"""Which events are alarms, which say that somebody sees to one, and which that it is over.

An event raises an alarm only where an on-call list of that duty is kept at its place or above. So a
city begins without lists, is told as before, and writes those that it wants.
"""

from dataclasses import dataclass

from services.notifications.domain.alarm_commands import AlarmKind, LearnSeenTo, Raise, Resolved
from shared.contracts import community, petitions, subscriptions, volunteering
from shared.contracts.event import Event
from shared.contracts.notifications.broadcasts import (
    BroadcastApproved,
    BroadcastSentBack,
    BroadcastSubmitted,
)
from shared.contracts.volunteering.patrols import PatrolAlarm
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class Alarming:
    """What an event means for the alarm about this matter."""

    matter: str
    command: Command


ALARMING: tuple[type[Event], ...] = (
    petitions.PetitionAlarmed,
    petitions.PetitionTaken,
    petitions.PetitionClosed,
    volunteering.CareAlarmRaised,
    volunteering.CareAlarmAcknowledged,
    volunteering.CareAlarmSettled,
    volunteering.PatrolNotEnded,
    volunteering.PatrolEnded,
    volunteering.PatrolAlarmSettled,
    community.VisitMissed,
    community.VisitMade,
    community.VisitCalledOff,
    subscriptions.WebhookDisabled,
    BroadcastSubmitted,
    BroadcastApproved,
    BroadcastSentBack,
)
"""The events that `alarming` knows."""


def alarming(event: Event) -> Alarming | None:
    """What the event means for an alarm, None where it means nothing."""
    match event:
        case petitions.PetitionAlarmed() as e:
            return _raise(AlarmKind.DANGER, "petition", e.petition, e.place)
        case petitions.PetitionTaken() as e:
            return _seen_to(AlarmKind.DANGER, "petition", e.petition, e.assignee)
        case petitions.PetitionClosed() as e:
            return _over(AlarmKind.DANGER, "petition", e.petition)
        case volunteering.CareAlarmRaised() as e:
            return _raise(AlarmKind.CARE, "care-plan", e.plan, e.place, f":{e.alarm}")
        case volunteering.CareAlarmAcknowledged() as e:
            return _seen_to(AlarmKind.CARE, "care-plan", e.plan, e.by, f":{e.alarm}")
        case volunteering.CareAlarmSettled() as e:
            return _over(AlarmKind.CARE, "care-plan", e.plan, f":{e.alarm}")
        case volunteering.PatrolNotEnded() as e:
            return _raise(AlarmKind.PATROL, "patrol-shift", e.shift, e.place)
        case volunteering.PatrolEnded() as e:
            return _over(AlarmKind.PATROL, "patrol-shift", e.shift)
        case volunteering.PatrolAlarmSettled(kind=PatrolAlarm.NOT_ENDED) as e:
            return _over(AlarmKind.PATROL, "patrol-shift", e.shift)
        case community.VisitMissed() as e:
            return _raise(AlarmKind.CARE, "visit", e.visit, e.place)
        case community.VisitMade() | community.VisitCalledOff() as e:
            return _over(AlarmKind.CARE, "visit", e.visit)
        case subscriptions.WebhookDisabled(because="unreachable" | "gone") as e:
            return _raise(AlarmKind.WEBHOOK, "webhook", e.webhook, None, duty="platform")
        case BroadcastSubmitted(urgent=True) as e:
            return _raise(AlarmKind.BROADCAST, "broadcast", e.broadcast, e.place)
        case BroadcastApproved() | BroadcastSentBack() as e:
            return _over(AlarmKind.BROADCAST, "broadcast", e.broadcast)
    return None


def _raise(
    kind: AlarmKind, what: str, id: str, place: str | None, part: str = "", duty: str = ""
) -> Alarming:
    raised = Raise(kind, duty or kind.value, place, f"{what}-{id}")
    return Alarming(_matter(kind, what, id, part), raised)


def _seen_to(kind: AlarmKind, what: str, id: str, by: str, part: str = "") -> Alarming:
    return Alarming(_matter(kind, what, id, part), LearnSeenTo(by))


def _over(kind: AlarmKind, what: str, id: str, part: str = "") -> Alarming:
    return Alarming(_matter(kind, what, id, part), Resolved())


def _matter(kind: AlarmKind, what: str, id: str, part: str) -> str:
    return f"{what}-{id}{part}:{kind.value}"
