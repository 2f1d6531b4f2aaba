"""Who visits: the visitor, the deputy who steps in, leave, and what follows when nobody is left."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.care.alarms import raised, settled_of
from services.volunteering.domain.care.plan_commands import (
    ReturnFromLeave,
    SetVisitors,
    TakeLeave,
)
from services.volunteering.domain.care.plan_events import (
    CareLeaveCalledOff,
    CareLeavePlanned,
)
from services.volunteering.domain.care.plan_state import CarePlan, Leave, Scene
from services.volunteering.domain.care.visits import fallen_due
from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.volunteer_state import OF_AGE, Conditions
from shared.contracts.event import Event
from shared.contracts.volunteering.care import (
    CareAlarm,
    CareVisitorAway,
    CareVisitorBack,
    CareVisitorChanged,
)
from shared.runtime.aggregate import Rejected

LONGEST_LEAVE = timedelta(days=366)


def refuse_unfit_visitors(
    scene: Scene, person: str | None, team: str | None, visitors: tuple[str, ...], now: datetime
) -> None:
    """Raises `Rejected` for somebody who may not visit: volunteers are of age and of the team, if
    it is one's; whoever has a post around there may as they are.
    """
    if person in visitors:
        raise Rejected("own-visitor", "nobody visits themselves: name somebody else")
    if len(set(visitors)) < len(visitors):
        raise Rejected("visitor-is-deputy", "the deputy is somebody else than the visitor")
    for one in visitors:
        if one not in scene.posted:
            asked = Conditions(least_age=OF_AGE, team=team)
            refuse_unfit(scene.volunteers.get(one), asked, now)


def set_visitors(plan: CarePlan, scene: Scene, command: SetVisitors, now: datetime) -> list[Event]:
    """Others visit."""
    if (command.visitor, command.deputy) == (plan.visitor, plan.deputy):
        return []
    named = (command.visitor,) if command.deputy is None else (command.visitor, command.deputy)
    refuse_unfit_visitors(scene, plan.person, plan.team, named, now)
    return [
        *changed_to(plan, command.visitor, command.deputy),
        *settled_of(plan, CareAlarm.NOBODY),
    ]


def without(plan: CarePlan, scene: Scene, person: str, now: datetime) -> list[Event]:
    """Somebody visits no more: the deputy becomes the visitor, or nobody is left."""
    if person not in (plan.visitor, plan.deputy):
        return []
    if person == plan.deputy:
        return changed_to(plan, plan.visitor, None)
    events = changed_to(plan, plan.deputy, None)
    if plan.deputy is None:
        events.append(raised(replace(plan, visitor=None), scene, CareAlarm.NOBODY, now))
    return events


def changed_to(plan: CarePlan, visitor: str | None, deputy: str | None) -> list[Event]:
    """Who visits from now on; a new visitor is not away."""
    leave = plan.leave if visitor == plan.visitor else None
    changed = replace(plan, visitor=visitor, deputy=deputy, leave=leave)
    return [
        CareVisitorChanged(plan.plan, plan.place, plan.person, plan.visitor, visitor, deputy),
        *told_again(plan, changed),
    ]


def told_again(before: CarePlan, after: CarePlan) -> list[Event]:
    """A visit that has fallen due does so again, where others see to it now."""
    visit = before.visit
    if visit is None or not visit.told or visit.missed or before.called == after.called:
        return []
    return [fallen_due(after, visit)]


# --- leave ---------------------------------------------------------------------------------------


def leave_taken(plan: CarePlan, command: TakeLeave, now: datetime) -> list[Event]:
    """The visitor will be away, or is."""
    if plan.visitor is None:
        raise Rejected("no-visitor", "nobody visits now: name a visitor")
    if plan.leave is not None:
        raise Rejected("care-leave-taken", "a leave runs or lies ahead: return from it first")
    since = now if command.since is None else max(command.since, now)
    if not since < command.until <= since + LONGEST_LEAVE:
        raise Rejected(
            "care-leave-wrong",
            f"a leave ends after it begins and later than now, and lasts {LONGEST_LEAVE.days} days "
            "at most",
            days=LONGEST_LEAVE.days,
        )
    planned = CareLeavePlanned(since, command.until)
    if since > now:
        return [planned]
    return [planned, *leave_begun(plan, Leave(since, command.until))]


def leave_begun(plan: CarePlan, leave: Leave) -> list[Event]:
    """The deputy steps in."""
    assert plan.visitor is not None, "only a visitor goes on leave"
    away = CareVisitorAway(plan.plan, plan.place, plan.visitor, plan.deputy, leave.until)
    return [away, *told_again(plan, replace(plan, leave=replace(leave, begun=True)))]


def returned(plan: CarePlan, _command: ReturnFromLeave) -> list[Event]:
    """The visitor visits again, or does not go at all."""
    if plan.leave is None:
        raise Rejected("care-no-leave", "no leave runs or lies ahead")
    return leave_over(plan) if plan.leave.begun else [CareLeaveCalledOff()]


def leave_over(plan: CarePlan) -> list[Event]:
    """The visitor visits again."""
    assert plan.visitor is not None, "only a visitor returns from leave"
    back = CareVisitorBack(plan.plan, plan.place, plan.visitor, plan.deputy)
    return [back, *told_again(plan, replace(plan, leave=None))]
