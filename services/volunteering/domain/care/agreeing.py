"""A care plan begins with the consent of the person, rests while they are away, and ends."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.care.alarms import MEDICAL, settled, settled_of
from services.volunteering.domain.care.plan_commands import (
    EndPlan,
    MakeCarePlan,
    PausePlan,
    RecordConsent,
    SetRhythm,
)
from services.volunteering.domain.care.plan_events import (
    CareConsented,
    CareConsentWords,
    CareDescribed,
    CareEndReasoned,
    CareForgotten,
    CarePauseCalledOff,
    CarePausePlanned,
    CarePlanDrawnUp,
    CareRhythmSet,
)
from services.volunteering.domain.care.plan_state import CarePlan, Pause, PlanStatus, Scene
from services.volunteering.domain.care.rhythm import Slot, refuse_unusable
from services.volunteering.domain.care.visitors import refuse_unfit_visitors
from services.volunteering.domain.care.visits import missed, next_slot, set_to, slot_after
from shared.contracts.event import Event
from shared.contracts.types import PlaceKind
from shared.contracts.volunteering.care import (
    CareAlarm,
    CareEnd,
    CarePlanEnded,
    CarePlanPaused,
    CarePlanProposed,
    CarePlanResumed,
    CarePlanStarted,
)
from shared.runtime.aggregate import Rejected

CONSENT_WITHIN = timedelta(days=30)
"""Then a plan to which nobody agreed ends."""
LONGEST_PAUSE = timedelta(days=366)
KEPT_AFTER_END = timedelta(days=365)
"""Then what the visits found is forgotten."""
FEWEST_MINUTES, MOST_MINUTES = 5, 240
"""Of a visit, that a plan counts as hours."""
TOO_SMALL = frozenset({PlaceKind.BUILDING, PlaceKind.UNIT})
"""Places that would tell who it is; where they live stands in the words."""


def drawn_up(command: MakeCarePlan, scene: Scene, now: datetime) -> list[Event]:
    """The person is asked; nothing is done before they agree."""
    _refuse_wrong_place(command, scene)
    if scene.form is None:
        raise Rejected("unknown-purpose", "no such purpose is in the list of forms")
    if scene.taken:
        raise Rejected("plan-of-purpose", "the person has a plan for this: change that one")
    if command.team is not None and scene.leaders is None:
        raise Rejected("care-unknown-team", "no such team serves now")
    refuse_unusable(command.rhythm)
    _refuse_minutes(command.minutes)
    named = (command.visitor,) if command.deputy is None else (command.visitor, command.deputy)
    refuse_unfit_visitors(scene, command.person, command.team, named, now)
    first = now if command.first is None else max(command.first, now)
    until = now + CONSENT_WITHIN
    return [
        CarePlanProposed(scene.plan, command.place, command.person, until),
        CarePlanDrawnUp(
            scene.plan,
            command.place,
            scene.path,
            command.person,
            command.purpose,
            command.rhythm,
            command.minutes,
            command.visitor,
            command.deputy,
            command.team,
            scene.leaders or (),
            command.by,
            command.health_contact,
            first,
        ),
        CareDescribed(command.words),
    ]


def _refuse_wrong_place(command: MakeCarePlan, scene: Scene) -> None:
    if scene.kind is None or scene.closed:
        raise Rejected(
            "care-unknown-place",
            f"no place {command.place} is registered and open",
            place=command.place,
        )
    if scene.kind in TOO_SMALL:
        raise Rejected(
            "care-place-too-small",
            "name the neighbourhood or the grid: where the person lives stands in the words",
        )


def _refuse_minutes(minutes: int) -> None:
    if not FEWEST_MINUTES <= minutes <= MOST_MINUTES:
        raise Rejected(
            "care-minutes-wrong",
            f"a visit counts for {FEWEST_MINUTES} to {MOST_MINUTES} minutes",
            least=FEWEST_MINUTES,
            most=MOST_MINUTES,
        )


def agreed(plan: CarePlan, how: str, given: datetime, now: datetime) -> list[Event]:
    """The visits begin."""
    assert plan.person is not None, "a plan that waits names who is visited"
    return [
        CareConsented(how, given),
        CarePlanStarted(plan.plan, plan.place, plan.person, plan.visitor, plan.deputy, plan.team),
        *set_to(plan, next_slot(plan, plan.rhythm, now), now),
    ]


def agreed_elsewhere(plan: CarePlan, command: RecordConsent, now: datetime) -> list[Event]:
    """Somebody recorded that the person agreed."""
    if command.given > now:
        raise Rejected("consent-ahead", "a consent was given before it is recorded")
    return [
        *agreed(plan, command.how.value, command.given, now),
        CareConsentWords(command.words),
    ]


def rhythm_set(plan: CarePlan, command: SetRhythm, now: datetime) -> list[Event]:
    """Visits are due otherwise. One that is open stays so until the next one's time begins."""
    refuse_unusable(command.rhythm)
    _refuse_minutes(command.minutes)
    if (command.rhythm, command.minutes) == (plan.rhythm, plan.minutes):
        return []
    assert plan.first is not None, "a plan begins at some time"
    first = plan.first if command.rhythm == plan.rhythm else max(plan.first, now)
    changed = CareRhythmSet(command.rhythm, command.minutes, first)
    visit = plan.visit
    if visit is None or command.rhythm == plan.rhythm or plan.status is not PlanStatus.ACTIVE:
        return [changed]
    if visit.begin > now:
        return [changed, *set_to(plan, next_slot(plan, command.rhythm, now), now)]
    after = slot_after(replace(plan, rhythm=command.rhythm, first=first), visit)
    if visit.missed or visit.end <= after.begin:
        return [changed]
    return [changed, *set_to(plan, Slot(visit.begin, after.begin), now)]


# --- pauses --------------------------------------------------------------------------------------


def pause_taken(plan: CarePlan, command: PausePlan, now: datetime) -> list[Event]:
    """There are no visits for a while."""
    if plan.pause is not None:
        raise Rejected("pause-taken", "a pause runs or lies ahead: resume first")
    since = now if command.since is None else max(command.since, now)
    if not since < command.until <= since + LONGEST_PAUSE:
        raise Rejected(
            "pause-wrong",
            f"a pause ends after it begins and later than now, and lasts {LONGEST_PAUSE.days} days "
            "at most",
            days=LONGEST_PAUSE.days,
        )
    planned = CarePausePlanned(since, command.until, command.because.value)
    if since > now:
        return [planned]
    return [planned, *pause_begun(plan, Pause(since, command.until, command.because.value))]


def pause_begun(plan: CarePlan, pause: Pause) -> list[Event]:
    """Nothing falls due any more. What was over before is missed all the same."""
    assert plan.person is not None, "a plan that rests names who is visited"
    visit = plan.visit
    over = visit is not None and not visit.missed and visit.end <= pause.since
    return [
        *([missed(plan, visit)] if visit is not None and over else []),
        CarePlanPaused(plan.plan, plan.place, plan.person, plan.visitor, pause.since, pause.until),
        *settled_of(plan, CareAlarm.MISSED, CareAlarm.UNMET),
    ]


def resumed(plan: CarePlan, moment: datetime, now: datetime) -> list[Event]:
    """Visits fall due again from that moment on: one whose time is not over yet is asked for where
    that is fair.
    """
    assert plan.person is not None, "a plan that rests names who is visited"
    return [
        CarePlanResumed(plan.plan, plan.place, plan.person, plan.visitor),
        *set_to(plan, next_slot(plan, plan.rhythm, moment), now),
    ]


def resumed_early(plan: CarePlan, now: datetime) -> list[Event]:
    """The pause ends now, or will not be."""
    if plan.pause is None:
        raise Rejected("not-paused", "no pause runs or lies ahead")
    if plan.status is PlanStatus.PAUSED:
        return resumed(plan, now, now)
    return [CarePauseCalledOff()]


# --- the end -------------------------------------------------------------------------------------


def ended(plan: CarePlan, command: EndPlan, now: datetime) -> list[Event]:
    """There are no visits any more; for a while it can be read what they found."""
    if any(alarm.because in MEDICAL for alarm in plan.alarms):
        raise Rejected("alarm-open", "an alarm is open: say first what came of it")
    reasoned = CareEndReasoned(command.because.value, now + KEPT_AFTER_END)
    return [*over(plan, CareEnd.ENDED), reasoned]


def over(plan: CarePlan, because: CareEnd, *, erased: bool = False) -> list[Event]:
    """What the end of a plan is, whatever it ends of."""
    return [
        *(settled(plan, alarm) for alarm in plan.alarms),
        CarePlanEnded(
            plan.plan,
            plan.place,
            None if erased else plan.person,
            plan.visitor,
            plan.deputy,
            because,
        ),
    ]


def withdrawn(plan: CarePlan, because: CareEnd) -> list[Event]:
    """Without consent nothing is kept."""
    return [*over(plan, because), CareForgotten()]
