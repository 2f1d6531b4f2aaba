"""Care plan (走访关爱计划): somebody is visited in a rhythm, for a purpose (独居老人, 高血压).

A visit falls due, is made with a form, or is missed loudly: the organisers hear of it after an
hour, the community after a day, then the street. What a visit finds lies in the dossier; of what is
alarming others hear at once that it is, never what it is.
"""

from datetime import datetime

from services.volunteering.domain.care import agreeing, alarms, plan_events, visitors, visits
from services.volunteering.domain.care.evolving import evolve
from services.volunteering.domain.care.form import refuse_senseless
from services.volunteering.domain.care.plan_commands import (
    Acknowledge,
    Consent,
    CorrectMinutes,
    Describe,
    EndPlan,
    FollowPlace,
    FollowTeam,
    ForgetPerson,
    GiveUp,
    LoseVisitor,
    MakeCarePlan,
    PausePlan,
    RecordConsent,
    RecordUnmet,
    RecordVisit,
    ResumePlan,
    ReturnFromLeave,
    SetHealthContact,
    SetLimits,
    SetRhythm,
    SettleAlarm,
    SetVisitors,
    TakeLeave,
    WithdrawConsent,
)
from services.volunteering.domain.care.plan_state import CarePlan, PlanStatus, Scene
from services.volunteering.domain.care.turning import due, passed_until
from shared.contracts.event import Event
from shared.contracts.volunteering import care, hours
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick

OWN_CONSENT = "own"


def decide(command: Command, plan: CarePlan, now: datetime, scene: Scene) -> list[Event]:
    """What follows from a command: first what time has brought about until now, then the rest."""
    passed = passed_until(plan, scene, now)
    for event in passed:
        plan = evolve(plan, event)
    return [*passed, *_decided(command, plan, now, scene)]


def _decided(command: Command, plan: CarePlan, now: datetime, scene: Scene) -> list[Event]:
    match plan.status, command:
        case _, Tick():
            return []
        case PlanStatus.NONE, MakeCarePlan():
            return agreeing.drawn_up(command, scene, now)
        case PlanStatus.NONE, _:
            raise Rejected("care-plan-over", "no such plan is kept: make a new one")
        case _, FollowTeam() | FollowPlace() | LoseVisitor() | ForgetPerson():
            return _followed(command, plan, scene, now)
        case PlanStatus.ENDED, _:
            raise Rejected("care-plan-over", "this plan has ended: make a new one")
        case _, WithdrawConsent():
            return agreeing.withdrawn(plan, care.CareEnd.WITHDRAWN)
        case PlanStatus.PROPOSED, Consent():
            return agreeing.agreed(plan, OWN_CONSENT, now, now)
        case PlanStatus.PROPOSED, RecordConsent():
            return agreeing.agreed_elsewhere(plan, command, now)
        case _, Consent() | RecordConsent():
            raise Rejected("consented-already", "the person has agreed already")
        case _, EndPlan():
            return agreeing.ended(plan, command, now)
        case PlanStatus.PROPOSED, SetVisitors():
            return visitors.set_visitors(plan, scene, command, now)
        case PlanStatus.PROPOSED, _ if not isinstance(command, OF_ANY_OPEN):
            raise Rejected("consent-missing", "the person has not agreed yet")
    return _of_open(command, plan, now, scene)


OF_ANY_OPEN = (Describe, SetRhythm, SetLimits, SetHealthContact, GiveUp)
"""What can be done before the person has agreed, too."""


def _of_open(command: Command, plan: CarePlan, now: datetime, scene: Scene) -> list[Event]:
    match command:
        case Describe(words=words):
            return [plan_events.CareDescribed(words)]
        case SetRhythm():
            return agreeing.rhythm_set(plan, command, now)
        case SetVisitors():
            return visitors.set_visitors(plan, scene, command, now)
        case GiveUp(by=by):
            return visitors.without(plan, scene, by, now)
        case TakeLeave():
            return visitors.leave_taken(plan, command, now)
        case ReturnFromLeave():
            return visitors.returned(plan, command)
        case SetLimits(limits=limits):
            assert scene.form is not None, "a plan has a purpose that has a form"
            refuse_senseless(scene.form, limits)
            return [] if limits == plan.limits else [plan_events.CareLimitsSet(limits)]
        case SetHealthContact(health_contact=contact):
            same = contact == plan.health_contact
            return [] if same else [plan_events.CareHealthContactSet(contact)]
        case Acknowledge():
            return alarms.acknowledged(plan, command, now)
        case SettleAlarm():
            return alarms.seen_to(plan, command)
        case CorrectMinutes():
            return visits.corrected(plan, command)
        case PausePlan():
            return agreeing.pause_taken(plan, command, now)
        case ResumePlan():
            return agreeing.resumed_early(plan, now)
        case RecordVisit() | RecordUnmet() if plan.status is PlanStatus.PAUSED:
            raise Rejected("plan-paused", "the plan is paused: resume it first")
        case RecordVisit():
            return visits.made(plan, scene, command, now)
        case RecordUnmet():
            return visits.unmet(plan, scene, command, now)
    raise Rejected("care-plan-exists", "this plan has been made already")


def _followed(
    command: FollowTeam | FollowPlace | LoseVisitor | ForgetPerson,
    plan: CarePlan,
    scene: Scene,
    now: datetime,
) -> list[Event]:
    """What follows from what happened to others."""
    match command:
        case FollowTeam(leaders=leaders):
            return [] if leaders == plan.leaders else _led_by(plan, scene, leaders, now)
        case FollowPlace(place=place, path=path):
            same = (place, path) == (plan.place, plan.path)
            return [] if same else [plan_events.CareMoved(place, path)]
        case LoseVisitor(person=person):
            # Whoever has a post around there visits as they are, a volunteer or not.
            return [] if person in scene.posted else _without(plan, scene, person, now)
        case ForgetPerson(person=person) if person == plan.person:
            ends = agreeing.over(plan, care.CareEnd.ENDED, erased=True) if plan.open else []
            return [*ends, plan_events.CareForgotten(erased=True)]
        case ForgetPerson(person=person):
            return _erased(plan, scene, person, now)


def _led_by(plan: CarePlan, scene: Scene, leaders: tuple[str, ...], now: datetime) -> list[Event]:
    """Others answer for it. Where nobody leads the team, what the leaders were called for is the
    office's at once.
    """
    led = plan_events.CareLedBy(leaders)
    if leaders or not plan.open:
        return [led]
    plan = evolve(plan, led)
    theirs = [alarm for alarm in plan.alarms if alarm.rung is care.CareRung.TEAM]
    return [led, *(alarms.climbed(plan, scene, alarm, now, now) for alarm in theirs)]


def _without(plan: CarePlan, scene: Scene, person: str, now: datetime) -> list[Event]:
    return visitors.without(plan, scene, person, now) if plan.open else []


def _erased(plan: CarePlan, scene: Scene, person: str, now: datetime) -> list[Event]:
    """Somebody who has to do with the plan is erased."""
    if not plan.open:
        return []
    events: list[Event] = []
    if person == plan.maker:
        events.append(plan_events.CareMakerLeft(person))
    if person == plan.health_contact:
        events.append(plan_events.CareHealthContactSet(None))
    return [*events, *_without(plan, scene, person, now)]


# --- the verbs ----------------------------------------------------------------------------------

ALWAYS = (
    "describe",
    "set-rhythm",
    "set-visitors",
    "give-up",
    "set-limits",
    "set-health-contact",
    "withdraw-consent",
    "end",
)
"""The verbs of a plan that is open."""


def open_verbs(plan: CarePlan) -> tuple[str, ...]:
    """The verbs that this plan knows now."""
    match plan.status:
        case PlanStatus.PROPOSED:
            return (*ALWAYS, "consent", "record-consent")
        case PlanStatus.ACTIVE | PlanStatus.PAUSED:
            found = [*ALWAYS, "return" if plan.leave is not None else "take-leave"]
            found.append("resume" if plan.pause is not None else "pause")
            if plan.status is PlanStatus.ACTIVE:
                found += ["record-visit", "record-unmet"]
            if plan.alarms:
                found += ["acknowledge", "settle-alarm"]
            if plan.last:
                found.append("correct-minutes")
            return tuple(found)
    return ()


care_plan = Aggregate(
    kind="care-plan",
    initial=CarePlan(),
    decide=decide,
    evolve=evolve,
    events=(
        care.CarePlanProposed,
        care.CarePlanStarted,
        care.CareVisitorChanged,
        care.CareVisitorAway,
        care.CareVisitorBack,
        care.CareVisitDue,
        care.CareVisitMade,
        care.CareVisitUnmet,
        care.CareVisitMissed,
        care.CareAlarmRaised,
        care.CareAlarmClimbed,
        care.CareAlarmAcknowledged,
        care.CareAlarmSettled,
        care.CarePlanPaused,
        care.CarePlanResumed,
        care.CarePlanEnded,
        hours.HoursConfirmed,
        hours.HoursCorrected,
        plan_events.CarePlanDrawnUp,
        plan_events.CareConsented,
        plan_events.CareVisitSet,
        plan_events.CareRhythmSet,
        plan_events.CareLimitsSet,
        plan_events.CareHealthContactSet,
        plan_events.CareLedBy,
        plan_events.CareMakerLeft,
        plan_events.CareMoved,
        plan_events.CareLeavePlanned,
        plan_events.CareLeaveCalledOff,
        plan_events.CarePausePlanned,
        plan_events.CarePauseCalledOff,
        plan_events.CareMinutesCorrected,
        plan_events.CareEndReasoned,
        plan_events.CareForgotten,
        plan_events.CareDescribed,
        plan_events.CareConsentWords,
        plan_events.CareVisitWritten,
        plan_events.CareUnmetNoted,
        plan_events.CareAlarmNoted,
    ),
    due=due,
)
