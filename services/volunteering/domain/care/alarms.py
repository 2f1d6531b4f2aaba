"""Alarms of care plans: who is called at once, how soon, and who next when nobody sees to it."""

from datetime import datetime, timedelta

from services.volunteering.domain.care.plan_commands import Acknowledge, SettleAlarm
from services.volunteering.domain.care.plan_events import CareAlarmNoted
from services.volunteering.domain.care.plan_state import Alarm, CarePlan, Scene
from shared.contracts.event import Event
from shared.contracts.volunteering.care import (
    CareAlarm,
    CareAlarmAcknowledged,
    CareAlarmClimbed,
    CareAlarmRaised,
    CareAlarmSettled,
    CareRung,
)
from shared.runtime.aggregate import Rejected

DAY = timedelta(days=1)
ANSWER_WITHIN = {
    CareAlarm.READING: timedelta(minutes=30),
    CareAlarm.FINDING: timedelta(hours=1),
    CareAlarm.UNMET: timedelta(hours=4),
    CareAlarm.MISSED: DAY,
    CareAlarm.NOBODY: DAY,
}
"""Then an alarm that nobody has acknowledged climbs."""
SETTLE_WITHIN = DAY
"""Then an alarm that somebody acknowledged climbs all the same."""
REMIND_EVERY = DAY
"""How often the highest rung is called again."""
RUNGS = tuple(CareRung)
MEDICAL = (CareAlarm.READING, CareAlarm.FINDING)
"""Those of which the health contact hears."""
ONLY_DONE = (CareAlarm.MISSED, CareAlarm.NOBODY)
"""Those that cannot be talked away: the visit made, the visitor named stops them."""


def alarm_of(plan: CarePlan, because: CareAlarm) -> Alarm | None:
    """The plan's open alarm of that kind: there is one at most."""
    return next((alarm for alarm in plan.alarms if alarm.because is because), None)


def raised(
    plan: CarePlan, scene: Scene, because: CareAlarm, now: datetime, until: datetime | None = None
) -> CareAlarmRaised:
    """The alarm; one of its kind that is open is raised anew where it has climbed to."""
    still = alarm_of(plan, because)
    rung, called = _reached(plan, scene, because, CareRung.TEAM if still is None else still.rung)
    answer_by = now + ANSWER_WITHIN[because] if until is None else until
    number = plan.alarms_raised + 1
    return CareAlarmRaised(plan.plan, number, plan.place, because, rung, called, answer_by)


def climbed(
    plan: CarePlan, scene: Scene, alarm: Alarm, moment: datetime, now: datetime
) -> CareAlarmClimbed:
    """What follows where nobody has seen to an alarm by that moment."""
    above = RUNGS[min(RUNGS.index(alarm.rung) + 1, len(RUNGS) - 1)]
    rung, called = _reached(plan, scene, alarm.because, above)
    # The highest is reminded from now on: what was not told while the clock stood is told once.
    again = now + REMIND_EVERY
    answer_by = again if rung is RUNGS[-1] else moment + ANSWER_WITHIN[alarm.because]
    return CareAlarmClimbed(
        plan.plan, alarm.number, plan.place, alarm.because, rung, called, answer_by
    )


def _reached(
    plan: CarePlan, scene: Scene, because: CareAlarm, rung: CareRung
) -> tuple[CareRung, tuple[str, ...]]:
    """The rung at which there is somebody, from this one up; the highest where there is nobody."""
    for each in RUNGS[RUNGS.index(rung) :]:
        if called := _people(plan, scene, because, each):
            return each, called
    return RUNGS[-1], ()


def _people(plan: CarePlan, scene: Scene, because: CareAlarm, rung: CareRung) -> tuple[str, ...]:
    match rung:
        case CareRung.COMMUNITY:
            people: tuple[str | None, ...] = (scene.community,)
        case CareRung.STREET:
            people = (scene.street,)
        case CareRung.TEAM:
            people = (*plan.organisers, *_besides(plan, scene, because))
    return tuple(dict.fromkeys(person for person in people if person is not None))


def _besides(plan: CarePlan, scene: Scene, because: CareAlarm) -> tuple[str | None, ...]:
    """Who hears at once beside the organisers: the community does where nobody leads the team, or
    where nobody of the health station hears of what is medical.
    """
    unled = plan.team is not None and not plan.leaders
    medical = because in MEDICAL
    return (
        plan.health_contact if medical else None,
        scene.community if unled or (medical and plan.health_contact is None) else None,
    )


def acknowledged(plan: CarePlan, command: Acknowledge, now: datetime) -> list[Event]:
    """Somebody sees to it."""
    alarm = _answerable(plan, command.alarm)
    if alarm.taken_by == command.by:
        return []
    answer_by = now + SETTLE_WITHIN
    return [
        CareAlarmAcknowledged(
            plan.plan, alarm.number, plan.place, command.by, alarm.called, answer_by
        )
    ]


def seen_to(plan: CarePlan, command: SettleAlarm) -> list[Event]:
    """Somebody has seen to it."""
    alarm = _answerable(plan, command.alarm)
    noted = CareAlarmNoted(alarm.number, command.came_of_it.value, command.note)
    return [settled(plan, alarm, command.by), noted]


def settled(plan: CarePlan, alarm: Alarm, by: str | None = None) -> CareAlarmSettled:
    """There is nothing more to see to."""
    informed = tuple(dict.fromkeys((*alarm.called, *filter(None, (alarm.taken_by,)))))
    return CareAlarmSettled(plan.plan, alarm.number, plan.place, by, informed)


def settled_of(plan: CarePlan, *because: CareAlarm) -> list[Event]:
    """The end of the open alarms of these kinds, by what was done meanwhile."""
    return [settled(plan, alarm) for alarm in plan.alarms if alarm.because in because]


def _answerable(plan: CarePlan, number: int) -> Alarm:
    alarm = next((alarm for alarm in plan.alarms if alarm.number == number), None)
    if alarm is None:
        raise Rejected("unknown-alarm", "no such alarm is open: look at the plan again")
    if alarm.because in ONLY_DONE:
        raise Rejected(
            "only-done-stops",
            "this alarm ends when the visit is made, a visitor is named, or the plan is paused",
        )
    return alarm
