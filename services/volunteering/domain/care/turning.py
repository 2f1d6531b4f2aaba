"""What happens to a care plan by itself, in the order of its moments."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from services.volunteering.domain.care import agreeing, alarms, visitors, visits
from services.volunteering.domain.care.evolving import evolve
from services.volunteering.domain.care.plan_events import CareForgotten
from services.volunteering.domain.care.plan_state import Alarm, CarePlan, PlanStatus, Scene
from shared.contracts.event import Event
from shared.contracts.volunteering.care import CareEnd

MOST_TURNS = 1_000
"""Of time that are made up for at once: a year of daily visits, should the clock have stood."""

Turn = tuple[datetime, Callable[[Scene, datetime], list[Event]]]
"""When something happens by itself, and what."""


def passed_until(plan: CarePlan, scene: Scene, now: datetime) -> list[Event]:
    """What time has brought about, in the order of the moments at which it was due."""
    found: list[Event] = []
    for _ in range(MOST_TURNS):
        moment, happens = min(turns(plan), key=lambda turn: turn[0], default=(None, None))
        if moment is None or happens is None or moment > now:
            break
        events = happens(scene, now)
        for event in events:
            plan = evolve(plan, event)
        found += events
    return found


def turns(plan: CarePlan) -> list[Turn]:
    """All that happens by itself if nobody does anything."""
    found: list[Turn] = []
    if plan.forget_at is not None:
        found.append((plan.forget_at, lambda _scene, _now: [CareForgotten()]))
    if plan.status is PlanStatus.PROPOSED and plan.consent_by is not None:
        lapsed = agreeing.withdrawn(plan, CareEnd.NOT_CONSENTED)
        found.append((plan.consent_by, lambda _scene, _now: lapsed))
    found += [(alarm.until, partial(_climb, plan, alarm)) for alarm in plan.alarms]
    if plan.status in (PlanStatus.ACTIVE, PlanStatus.PAUSED):
        found += [*_of_leave(plan), *_of_pause(plan)]
    if plan.status is PlanStatus.ACTIVE:
        found += _of_visit(plan)
    return found


def _climb(plan: CarePlan, alarm: Alarm, scene: Scene, now: datetime) -> list[Event]:
    return [alarms.climbed(plan, scene, alarm, alarm.until, now)]


def _of_leave(plan: CarePlan) -> list[Turn]:
    leave = plan.leave
    if leave is None:
        return []
    if leave.begun:
        return [(leave.until, lambda _scene, _now: visitors.leave_over(plan))]
    return [(leave.since, lambda _scene, _now: visitors.leave_begun(plan, leave))]


def _of_pause(plan: CarePlan) -> list[Turn]:
    pause = plan.pause
    if pause is None:
        return []
    if plan.status is PlanStatus.PAUSED:
        # As of the moment it was to end: what has passed since is not excused.
        return [(pause.until, lambda _scene, now: agreeing.resumed(plan, pause.until, now))]
    return [(pause.since, lambda _scene, _now: agreeing.pause_begun(plan, pause))]


def _of_visit(plan: CarePlan) -> list[Turn]:
    visit = plan.visit
    if visit is None:
        return []
    if visit.missed:
        after = visits.slot_after(plan, visit)
        return [(after.begin, lambda _scene, now: visits.set_to(plan, after, now))]
    found: list[Turn] = [
        (
            visits.missed_at(plan, visit),
            lambda scene, now: visits.missed_loudly(plan, scene, visit, now),
        )
    ]
    if not visit.told:
        found.append((visit.begin, lambda _scene, _now: [visits.fallen_due(plan, visit)]))
    return found


def due(plan: CarePlan) -> datetime | None:
    """When something happens by itself next."""
    return min((moment for moment, _ in turns(plan)), default=None)
