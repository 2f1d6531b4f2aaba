"""What a care plan is after each event."""

from dataclasses import replace

from services.volunteering.domain.care.plan_events import (
    CareConsented,
    CareEndReasoned,
    CareForgotten,
    CareHealthContactSet,
    CareLeaveCalledOff,
    CareLeavePlanned,
    CareLedBy,
    CareLimitsSet,
    CareMakerLeft,
    CareMinutesCorrected,
    CareMoved,
    CarePauseCalledOff,
    CarePausePlanned,
    CarePlanDrawnUp,
    CareRhythmSet,
    CareVisitSet,
)
from services.volunteering.domain.care.plan_state import (
    LAST_VISITS,
    Alarm,
    CarePlan,
    DueVisit,
    Leave,
    Outcome,
    PastVisit,
    Pause,
    PlanStatus,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.care import (
    CareAlarmAcknowledged,
    CareAlarmClimbed,
    CareAlarmRaised,
    CareAlarmSettled,
    CarePlanEnded,
    CarePlanPaused,
    CarePlanProposed,
    CarePlanResumed,
    CarePlanStarted,
    CareVisitDue,
    CareVisitMade,
    CareVisitMissed,
    CareVisitorAway,
    CareVisitorBack,
    CareVisitorChanged,
    CareVisitUnmet,
)
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected


def evolve(plan: CarePlan, event: Event) -> CarePlan:
    """The plan after an event."""
    match event:
        case CarePlanProposed() as e:
            return CarePlan(
                PlanStatus.PROPOSED, True, e.plan, e.place, person=e.person, consent_by=e.until
            )
        case CarePlanDrawnUp() as e:
            return replace(
                plan,
                path=e.path,
                purpose=e.purpose,
                rhythm=e.rhythm,
                minutes=e.minutes,
                first=e.first,
                team=e.team,
                maker=e.maker,
                leaders=e.leaders,
                organisers=_organisers(e.leaders, e.maker),
                health_contact=e.health_contact,
                visitor=e.visitor,
                deputy=e.deputy,
            )
        case CareConsented(how=how, given=given):
            return replace(plan, consent=how, consented=given)
        case CarePlanStarted():
            return replace(plan, status=PlanStatus.ACTIVE, consent_by=None)
        case CareVisitSet(begin=begin, end=end):
            return replace(plan, visit=DueVisit(begin, end))
        case CareRhythmSet(rhythm=rhythm, minutes=minutes, first=first):
            return replace(plan, rhythm=rhythm, minutes=minutes, first=first)
        case CareLimitsSet(limits=limits):
            return replace(plan, limits=limits)
        case CareHealthContactSet(health_contact=contact):
            return replace(plan, health_contact=contact)
        case CareLedBy(leaders=leaders):
            return replace(plan, leaders=leaders, organisers=_organisers(leaders, plan.maker))
        case CareMakerLeft():
            return replace(plan, maker=None, organisers=plan.leaders)
        case CareMoved(place=place, path=path):
            return replace(plan, place=place, path=path)
        # --- visitors
        case CareVisitorChanged(visitor=visitor, deputy=deputy):
            leave = plan.leave if visitor == plan.visitor else None
            return replace(plan, visitor=visitor, deputy=deputy, leave=leave)
        case CareLeavePlanned(since=since, until=until):
            return replace(plan, leave=Leave(since, until))
        case CareVisitorAway() if plan.leave is not None:
            return replace(plan, leave=replace(plan.leave, begun=True))
        case CareVisitorBack() | CareLeaveCalledOff():
            return replace(plan, leave=None)
        # --- visits
        case CareVisitDue() if plan.visit is not None:
            return replace(plan, visit=replace(plan.visit, told=True))
        case CareVisitMissed(begin=begin) if plan.visit is not None:
            return replace(plan, visit=replace(plan.visit, missed=True), resolved=begin)
        case CareVisitMade() as e:
            outcome = Outcome.LATE if e.late else Outcome.MADE
            past = PastVisit(
                e.visit, outcome, e.visitor, e.begin, e.begun, e.end, e.minutes, e.minutes > 0
            )
            done = _with(plan, past)
            return replace(done, unmet=0, last_end=e.end)
        case CareVisitUnmet() as e:
            past = PastVisit(e.visit, Outcome(e.outcome.value), e.visitor, e.begin)
            return replace(_with(plan, past), unmet=e.times)
        case CareMinutesCorrected(visit=visit, minutes=minutes):
            last = tuple(
                replace(one, minutes=minutes) if one.number == visit else one for one in plan.last
            )
            return replace(plan, last=last)
        case HoursConfirmed() | HoursCorrected():
            return plan  # counted by the records of those who served
        # --- alarms
        case CareAlarmRaised() as e:
            alarm = Alarm(e.alarm, e.because, e.rung, e.called, e.answer_by)
            others = tuple(one for one in plan.alarms if one.because is not e.because)
            return replace(plan, alarms=(*others, alarm), alarms_raised=e.alarm)
        case CareAlarmClimbed() as e:
            climbed = Alarm(e.alarm, e.because, e.rung, e.called, e.answer_by)
            return _with_alarm(plan, climbed)
        case CareAlarmAcknowledged() as e:
            taken = next(one for one in plan.alarms if one.number == e.alarm)
            return _with_alarm(plan, replace(taken, taken_by=e.by, until=e.answer_by))
        case CareAlarmSettled(alarm=number):
            return replace(plan, alarms=tuple(one for one in plan.alarms if one.number != number))
        # --- pauses and the end
        case CarePausePlanned() as e:
            return replace(plan, pause=Pause(e.since, e.until, e.because))
        case CarePauseCalledOff():
            return replace(plan, pause=None)
        case CarePlanPaused():
            return replace(plan, status=PlanStatus.PAUSED, unmet=0)
        case CarePlanResumed():
            return replace(plan, status=PlanStatus.ACTIVE, pause=None)
        case CarePlanEnded(person=person):
            return replace(
                plan,
                status=PlanStatus.ENDED,
                open=False,
                person=person,
                consent_by=None,
                visit=None,
                pause=None,
                leave=None,
                alarms=(),
            )
        case CareEndReasoned(forget_at=forget_at):
            return replace(plan, forget_at=forget_at)
        case CareForgotten(erased=erased):
            person = None if erased else plan.person
            return replace(plan, person=person, limits=(), forget_at=None)
    return plan


def _organisers(leaders: tuple[str, ...], maker: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*leaders, *filter(None, (maker,)))))


def _with(plan: CarePlan, past: PastVisit) -> CarePlan:
    """One more visit; of those of long ago the plan knows nothing."""
    return replace(
        plan,
        visits=past.number,
        last=(*plan.last, past)[-LAST_VISITS:],
        resolved=plan.resolved if past.begin is None else past.begin,
    )


def _with_alarm(plan: CarePlan, alarm: Alarm) -> CarePlan:
    others = tuple(one for one in plan.alarms if one.number != alarm.number)
    return replace(plan, alarms=(*others, alarm))
