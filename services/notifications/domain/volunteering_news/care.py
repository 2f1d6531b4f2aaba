"""Who is told what of care plans: who is visited, who visits, and whoever an alarm calls."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.CareVisitMade,  # what has to be seen to is told by its alarm
    }
)


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case volunteering.CarePlanProposed() as e:
            return [to(e.person, "care-consent-asked", plan=e.plan, until=e.until)]
        case volunteering.CarePlanStarted() as e:
            return [
                to(e.person, "care-started", plan=e.plan),
                to(e.visitor, "care-visiting", plan=e.plan, place=e.place),
                to(e.deputy, "care-deputy", plan=e.plan, place=e.place),
            ]
        case volunteering.CarePlanPaused() as e:
            return [
                to(who, "care-paused", plan=e.plan, since=e.since, until=e.until)
                for who in (e.person, e.visitor)
            ]
        case volunteering.CarePlanResumed() as e:
            return [to(who, "care-resumed", plan=e.plan) for who in (e.person, e.visitor)]
        case volunteering.CarePlanEnded() as e:
            told = (e.person, e.visitor, e.deputy)
            return [to(who, "care-ended", plan=e.plan, because=e.because) for who in told]
    return [*_of_visitors(event), *_of_visits(event), *_of_alarms(event)]


def _of_visitors(event: Event) -> list[Telling | None]:
    """Who visits from now on, or meanwhile."""
    match event:
        case volunteering.CareVisitorChanged() as e if e.visitor == e.former:
            return [to(e.deputy, "care-deputy", plan=e.plan, place=e.place)]
        case volunteering.CareVisitorChanged() as e:
            return [
                to(e.person, "care-visitor-changed", plan=e.plan),
                to(e.visitor, "care-visiting", plan=e.plan, place=e.place),
                to(e.deputy, "care-deputy", plan=e.plan, place=e.place),
                to(e.former, "care-visiting-over", plan=e.plan),
            ]
        case volunteering.CareVisitorAway() as e:
            return [to(e.deputy, "care-stepping-in", plan=e.plan, place=e.place, until=e.until)]
        case volunteering.CareVisitorBack() as e:
            return [
                to(e.visitor, "care-visiting-again", plan=e.plan, place=e.place),
                to(e.deputy, "care-stepped-back", plan=e.plan),
            ]
    return []


def _of_visits(event: Event) -> list[Telling | None]:
    """What is due, was tried in vain, or was missed."""
    match event:
        case volunteering.CareVisitDue() as e:
            return [
                to(who, "care-visit-due", plan=e.plan, place=e.place, until=e.until)
                for who in e.called
            ]
        case volunteering.CareVisitUnmet() as e:
            return [
                to(
                    who,
                    "care-visit-unmet",
                    but_not=e.visitor,
                    plan=e.plan,
                    place=e.place,
                    because=e.outcome,
                )
                for who in e.called
            ]
        case volunteering.CareVisitMissed() as e:
            return [
                to(who, "care-visit-missed", plan=e.plan, place=e.place, until=e.until)
                for who in e.called
            ]
    return []


def _of_alarms(event: Event) -> list[Telling | None]:
    """Who has to look after somebody at once. What was found stands in the plan, not here."""
    match event:
        case volunteering.CareAlarmRaised() as e:
            return [_alarm(who, "care-alarm", e) for who in e.called]
        case volunteering.CareAlarmClimbed() as e:
            return [_alarm(who, "care-alarm-climbed", e) for who in e.called]
        case volunteering.CareAlarmAcknowledged() as e:
            return [
                to(
                    who,
                    "care-alarm-acknowledged",
                    but_not=e.by,
                    plan=e.plan,
                    answer_by=e.answer_by,
                )
                for who in e.informed
            ]
        case volunteering.CareAlarmSettled() as e:
            return [to(who, "care-alarm-settled", but_not=e.by, plan=e.plan) for who in e.informed]
    return []


def _alarm(
    who: str, kind: str, event: volunteering.CareAlarmRaised | volunteering.CareAlarmClimbed
) -> Telling | None:
    return to(
        who,
        kind,
        plan=event.plan,
        place=event.place,
        because=event.because,
        answer_by=event.answer_by,
    )
