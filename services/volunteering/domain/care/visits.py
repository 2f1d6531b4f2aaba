"""The visits of a care plan: made in time or late, tried in vain, missed; and the hours of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.care.alarms import alarm_of, raised, settled_of
from services.volunteering.domain.care.form import alarms_of
from services.volunteering.domain.care.plan_commands import (
    CorrectMinutes,
    RecordUnmet,
    RecordVisit,
)
from services.volunteering.domain.care.plan_events import (
    CareMinutesCorrected,
    CareUnmetNoted,
    CareVisitSet,
    CareVisitWritten,
)
from services.volunteering.domain.care.plan_state import CarePlan, DueVisit, Scene
from services.volunteering.domain.care.rhythm import (
    DAY,
    LONGEST_DAYS,
    Rhythm,
    Slot,
    first_from,
    slots_after,
)
from services.volunteering.domain.teams.volunteer_state import Conditions, lacking
from shared.contracts.event import Event
from shared.contracts.volunteering.care import (
    CareAlarm,
    CareVisitDue,
    CareVisitMade,
    CareVisitMissed,
    CareVisitUnmet,
)
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

MINUTE = timedelta(minutes=1)
GRACE = timedelta(hours=1)
"""After the end of its time; then a visit is missed, and the organisers hear of it."""
COMMUNITY_AFTER = DAY
"""After the end of its time; then the community hears of it."""
EARLY = timedelta(hours=2)
"""So long before its time begins a visit counts for it."""
WRITTEN_WITHIN = DAY
"""After it began a visit can be recorded for so long."""
LONGEST_VISIT = timedelta(hours=4)
UNMET_IN_A_ROW = 2
"""Visits in vain, of which an alarm follows."""


def next_slot(plan: CarePlan, rhythm: Rhythm, moment: datetime) -> Slot:
    """The next visit of a rhythm of which nothing has become yet, fair to ask for at a moment."""
    assert plan.first is not None, "a plan begins at some time"
    # The time of a visit may have begun some days before the plan does.
    done = plan.first - LONGEST_DAYS * DAY if plan.resolved is None else plan.resolved
    return first_from(rhythm, done.astimezone(CHINA).date(), max(plan.first, moment))


def slot_after(plan: CarePlan, visit: DueVisit) -> Slot:
    """The visit that follows one, whatever the time is: none is lost."""
    assert plan.first is not None, "a plan begins at some time"
    day = Slot(visit.begin, visit.end).day
    return next(slot for slot in slots_after(plan.rhythm, day) if slot.begin >= plan.first)


def set_to(plan: CarePlan, slot: Slot, now: datetime) -> list[Event]:
    """It is the next to be made; one whose time has begun falls due at once, so that nothing is
    left for a moment that the clock has acted on.
    """
    events: list[Event] = [CareVisitSet(slot.begin, slot.end)]
    if slot.begin <= now:
        events.append(fallen_due(plan, slot))
    return events


# --- by the clock --------------------------------------------------------------------------------


def missed_at(plan: CarePlan, visit: DueVisit) -> datetime:
    """When a visit is missed: an hour after its time, or when the next one's begins."""
    return min(visit.end + GRACE, slot_after(plan, visit).begin)


def fallen_due(plan: CarePlan, visit: DueVisit | Slot) -> CareVisitDue:
    """Whoever visits is told."""
    return CareVisitDue(plan.plan, plan.place, plan.called, visit.begin, visit.end)


def missed(plan: CarePlan, visit: DueVisit) -> CareVisitMissed:
    """Nobody was there in time."""
    return CareVisitMissed(plan.plan, plan.place, plan.called, visit.begin, visit.end)


def missed_loudly(plan: CarePlan, scene: Scene, visit: DueVisit, now: datetime) -> list[Event]:
    """The organisers hear of it, unless they have since an earlier one."""
    events: list[Event] = [missed(plan, visit)]
    if alarm_of(plan, CareAlarm.MISSED) is None:
        until = visit.end + COMMUNITY_AFTER
        events.append(raised(plan, scene, CareAlarm.MISSED, now, until))
    return events


# --- by people -----------------------------------------------------------------------------------


def made(plan: CarePlan, scene: Scene, command: RecordVisit, now: datetime) -> list[Event]:
    """Somebody was there."""
    end = now if command.end is None else command.end
    _refuse_impossible(plan, command.begun, end, now)
    assert scene.form is not None, "a plan has a purpose that has a form"
    alarming = alarms_of(scene.form, plan.limits, command.readings, command.checks)
    number = plan.visits + 1
    visit = plan.visit
    if visit is not None and command.begun < visit.begin - EARLY:
        visit = None
    late = visit is not None and (visit.missed or command.begun > visit.end)
    minutes = _hours(plan, scene, command, end, now)
    events: list[Event] = [
        CareVisitMade(
            plan.plan,
            number,
            plan.place,
            command.by,
            command.begun,
            end,
            None if visit is None else visit.begin,
            late,
            minutes,
        ),
        CareVisitWritten(number, command.begun, command.readings, command.checks, command.note),
        *settled_of(plan, CareAlarm.MISSED, CareAlarm.UNMET),
    ]
    if minutes:
        events.append(_confirmed(plan, number, command.by, command.begun, minutes))
    events += _all_raised(plan, scene, alarming, now)
    if visit is not None:
        events += set_to(plan, slot_after(plan, visit), now)
    return events


def _refuse_impossible(plan: CarePlan, begun: datetime, end: datetime, now: datetime) -> None:
    if not (begun + MINUTE <= end <= now):
        raise Rejected("visit-times-wrong", "a visit ends after it began, and not later than now")
    if now - begun > WRITTEN_WITHIN:
        hours = WRITTEN_WITHIN // timedelta(hours=1)
        raise Rejected(
            "visit-too-long-ago",
            f"a visit is recorded within {hours} hours after it began",
            hours=hours,
        )
    if end - begun > LONGEST_VISIT:
        most = LONGEST_VISIT // MINUTE
        raise Rejected("visit-too-long", f"a visit lasts {most} minutes at most", most=most)
    if plan.last_end is not None and begun < plan.last_end:
        raise Rejected("visits-overlap", "another visit was recorded for this time")


def _hours(plan: CarePlan, scene: Scene, command: RecordVisit, end: datetime, now: datetime) -> int:
    """The minutes that count for a volunteer: what the plan grants, never more than presence."""
    if command.by not in (plan.visitor, plan.deputy) or command.by in scene.posted:
        return 0
    if lacking(scene.volunteers.get(command.by), Conditions(), now) is not None:
        return 0
    return min((end - command.begun) // MINUTE, plan.minutes)


def _confirmed(
    plan: CarePlan, number: int, volunteer: str, begun: datetime, minutes: int
) -> HoursConfirmed:
    return HoursConfirmed(
        work_of(plan, number),
        Work.CARE,
        volunteer,
        plan.place,
        begun,
        minutes,
        None,
        plan.team,
    )


def work_of(plan: CarePlan, number: int) -> str:
    """What the hours of a visit are kept under."""
    return f"{plan.plan}.{number}"


def _all_raised(
    plan: CarePlan, scene: Scene, alarming: Iterable[CareAlarm], now: datetime
) -> list[Event]:
    """An alarm of each kind, with numbers one after the other."""
    events: list[Event] = []
    for because in alarming:
        counted = replace(plan, alarms_raised=plan.alarms_raised + len(events))
        events.append(raised(counted, scene, because, now))
    return events


def unmet(plan: CarePlan, scene: Scene, command: RecordUnmet, now: datetime) -> list[Event]:
    """Somebody came in vain: the organisers hear of it; of the second in a row all who must."""
    visit = plan.visit
    if visit is None or now < visit.begin - EARLY:
        raise Rejected("no-visit-due", "no visit is due now: there is none to be tried in vain")
    number, times = plan.visits + 1, plan.unmet + 1
    events: list[Event] = [
        CareVisitUnmet(
            plan.plan,
            number,
            plan.place,
            command.by,
            visit.begin,
            command.outcome,
            times,
            plan.organisers,
        ),
        *settled_of(plan, CareAlarm.MISSED),
    ]
    if command.note:
        events.append(CareUnmetNoted(number, command.note))
    if times >= UNMET_IN_A_ROW:
        events.append(raised(plan, scene, CareAlarm.UNMET, now))
    return [*events, *set_to(plan, slot_after(plan, visit), now)]


def corrected(plan: CarePlan, command: CorrectMinutes) -> list[Event]:
    """Other minutes count as hours."""
    past = next((one for one in plan.last if one.number == command.visit), None)
    if past is None or past.begun is None or past.end is None:
        raise Rejected("unknown-visit", "only the last visits that were made can be corrected")
    if past.visitor == command.by:
        raise Rejected("own-minutes", "nobody corrects their own hours: ask another organiser")
    most = (past.end - past.begun) // MINUTE
    if not 0 <= command.minutes <= most:
        raise Rejected(
            "minutes-beyond-presence", f"the visit lasted {most} minutes: no more count", most=most
        )
    if not past.confirmed:
        raise Rejected("no-hours-of-it", "this visit was the duty of a post: it has no hours")
    if command.minutes == past.minutes:
        return []
    return [
        HoursCorrected(
            work_of(plan, past.number),
            Work.CARE,
            past.visitor,
            plan.place,
            past.begun,
            past.minutes,
            command.minutes,
            command.by,
            plan.team,
        ),
        CareMinutesCorrected(past.number, command.minutes),
    ]
