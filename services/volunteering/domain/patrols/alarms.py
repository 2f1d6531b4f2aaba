"""Alarms: a shift that nobody begins, a checkpoint that is missed, a patrol that does not come
back, a handover that nobody takes, hours that nobody confirms.

Who answers for the patrol is told at once. What is neither put right nor settled with a reason
climbs to the community's office and to the street's; one that nobody holds is kept on the alarm,
and such alarms are listed.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.patrols.climbing import (
    AT_ONCE,
    IN_TIME,
    Climb,
    Office,
    climbs_at,
    next_office,
)
from services.volunteering.domain.patrols.handing_over import ended
from services.volunteering.domain.patrols.shift_commands import (
    Settle,
)
from services.volunteering.domain.patrols.shift_events import (
    AlarmExplained,
)
from services.volunteering.domain.patrols.shift_state import (
    Alarm,
    PatrolShift,
    Round,
    Status,
    alarm_of,
    alarmed,
    quiet,
    unconfirmed,
)
from services.volunteering.domain.patrols.walking import GRACE, missed_legs
from shared.contracts.event import Event
from shared.contracts.volunteering.patrols import (
    PatrolAlarm,
    PatrolAlarmClimbed,
    PatrolAlarmSettled,
    PatrolHoursWaiting,
    PatrolMissed,
    PatrolNear,
    PatrolNotBegun,
    PatrolNotEnded,
    PatrolNotTakenOver,
)
from shared.runtime.aggregate import Command, Rejected, changed

NEAR = timedelta(hours=3)
"""Before its beginning the crew is reminded."""
NOT_BACK_AFTER = timedelta(minutes=30)
"""After its end a patrol that has not reported back is looked for."""
ENDED_AFTER = timedelta(hours=6)
"""After its end one that nobody has ended is over."""
CONFIRMED_WITHIN = timedelta(days=3)
"""After the end hours are confirmed."""

PACES: dict[PatrolAlarm, tuple[timedelta, ...]] = {
    PatrolAlarm.NOT_BEGUN: AT_ONCE,
    PatrolAlarm.CHECKPOINT_MISSED: AT_ONCE,
    PatrolAlarm.NOT_ENDED: AT_ONCE,
    PatrolAlarm.NOT_TAKEN_OVER: AT_ONCE,
    PatrolAlarm.HOURS_WAITING: IN_TIME,
}
"""How long each waits before it climbs."""

COMMANDS: tuple[type[Command], ...] = (Settle,)
EVENTS: tuple[type[Event], ...] = (
    PatrolNear,
    PatrolNotBegun,
    PatrolMissed,
    PatrolNotEnded,
    PatrolNotTakenOver,
    PatrolHoursWaiting,
    PatrolAlarmClimbed,
    PatrolAlarmSettled,
    AlarmExplained,
)


def decide(command: Command, shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What follows from a command of this chapter."""
    assert isinstance(command, Settle)
    if alarm_of(shift, command.alarm, command.number) is None:
        raise Rejected("no-such-alarm", "there is no such alarm, or it is settled")
    if waits(shift, command.alarm):
        raise Rejected("still-waiting", "it can still be done: do it, or have it done")
    settled = PatrolAlarmSettled(
        shift.shift, shift.place, command.alarm, command.number, command.by
    )
    return [settled, AlarmExplained(command.alarm.value, command.number, command.text)]


def waits(shift: PatrolShift, kind: PatrolAlarm) -> bool:
    """Whether what the alarm is about can still be done, so that no reason is enough."""
    match kind:
        case PatrolAlarm.NOT_BEGUN:
            return shift.status is Status.PLANNED
        case PatrolAlarm.NOT_ENDED:
            return shift.status is Status.RUNNING
        case PatrolAlarm.NOT_TAKEN_OVER | PatrolAlarm.HOURS_WAITING:
            return True
    return False


# --- time ----------------------------------------------------------------------------------------


def due(shift: PatrolShift) -> datetime | None:
    """When the shift next wants attention."""
    moments = [at for at, _ in expected(shift)]
    if shift.status is Status.RUNNING:
        moments += [leg.due for leg in shift.legs if leg.passed is None and not leg.missed]
    moments += [
        at for one in shift.alarms if (at := climbs_at(one.climb, PACES[one.kind])) is not None
    ]
    if shift.status is Status.PLANNED:
        moments.append(shift.end if shift.reminded else shift.begin - NEAR)
    if shift.status is Status.RUNNING:
        moments.append(shift.end + ENDED_AFTER)
    return min(moments, default=None)


def expected(shift: PatrolShift) -> list[tuple[datetime, PatrolAlarm]]:
    """What has to happen by when, beside passing checkpoints: else there is this alarm."""
    found: list[tuple[datetime, PatrolAlarm]] = []
    match shift.status:
        case Status.PLANNED if alarm_of(shift, PatrolAlarm.NOT_BEGUN) is None:
            found.append((shift.begin + GRACE, PatrolAlarm.NOT_BEGUN))
        case Status.RUNNING:
            if alarm_of(shift, PatrolAlarm.NOT_ENDED) is None:
                found.append((shift.end + NOT_BACK_AFTER, PatrolAlarm.NOT_ENDED))
        case Status.ENDED:
            handover = shift.handover
            if handover is not None and not (handover.taken or handover.told):
                found.append((handover.until, PatrolAlarm.NOT_TAKEN_OVER))
            told = alarm_of(shift, PatrolAlarm.HOURS_WAITING) is not None
            if not told and unconfirmed(shift) and shift.ended is not None:
                over = shift.ended + CONFIRMED_WITHIN
                found.append((over, PatrolAlarm.HOURS_WAITING))
    return found


def time_passed(shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What has not happened in time, what climbs, and what ends by itself."""
    events = missed_legs(shift, now) if shift.status is Status.RUNNING else []
    if shift.status is Status.PLANNED and not shift.reminded and shift.begin - NEAR <= now:
        events.append(PatrolNear(shift.shift, shift.place, shift.begin, shift.crew))
    for at, kind in expected(shift):
        if at <= now:
            events.append(raised(shift, kind))
    for alarm in shift.alarms:
        at_last = climbs_at(alarm.climb, PACES[alarm.kind])
        if at_last is not None and at_last <= now:
            events.append(climbed(shift, alarm, facts))
    if shift.status is Status.PLANNED and shift.end <= now:
        events.append(missed(shift))
    if shift.status is Status.RUNNING and shift.end + ENDED_AFTER <= now:
        events.append(ended(shift, None, now))
    return events


def raised(shift: PatrolShift, kind: PatrolAlarm) -> Event:
    """The crew, and who answers for the patrol, are told."""
    match kind:
        case PatrolAlarm.NOT_BEGUN:
            return PatrolNotBegun(
                shift.shift,
                shift.place,
                shift.kind,
                shift.team,
                shift.begin,
                shift.crew,
                shift.organisers,
            )
        case PatrolAlarm.NOT_ENDED:
            return PatrolNotEnded(shift.shift, shift.place, shift.end, shift.crew, shift.organisers)
        case PatrolAlarm.NOT_TAKEN_OVER:
            assert shift.handover is not None, "what is not taken over was handed over"
            return PatrolNotTakenOver(
                shift.shift,
                shift.place,
                shift.handover.matters,
                shift.successor,
                shift.organisers,
            )
    return PatrolHoursWaiting(shift.shift, shift.place, shift.organisers)


def climbed(shift: PatrolShift, alarm: Alarm, facts: Round) -> PatrolAlarmClimbed:
    """The next office is told."""
    office = next_office(alarm.climb, facts.offices)
    return PatrolAlarmClimbed(
        shift.shift,
        shift.place,
        alarm.kind,
        alarm.number,
        alarm.climb.since,
        office.level,
        office.place,
        office.person,
    )


def missed(shift: PatrolShift) -> PatrolMissed:
    """Nobody has patrolled."""
    return PatrolMissed(
        shift.shift,
        shift.place,
        shift.path,
        shift.kind,
        shift.team,
        shift.begin,
        shift.end,
    )


def evolve(shift: PatrolShift, event: Event) -> PatrolShift:
    """The shift after an event of this chapter."""
    match event:
        case PatrolNotBegun():
            return alarmed(shift, PatrolAlarm.NOT_BEGUN, shift.begin + GRACE)
        case PatrolNotEnded():
            return alarmed(shift, PatrolAlarm.NOT_ENDED, shift.end + NOT_BACK_AFTER)
        case PatrolHoursWaiting() if shift.ended is not None:
            return alarmed(shift, PatrolAlarm.HOURS_WAITING, shift.ended + CONFIRMED_WITHIN)
        case PatrolNear():
            return changed(shift, reminded=True)
        case PatrolMissed():
            return changed(shift, status=Status.MISSED)
        case PatrolNotTakenOver() if shift.handover is not None:
            told_of = changed(shift, handover=replace(shift.handover, told=True))
            return alarmed(told_of, PatrolAlarm.NOT_TAKEN_OVER, shift.handover.until)
        case PatrolAlarmClimbed(kind=kind, number=number, since=since):
            told = Office(event.level, event.office, event.called)
            before = alarm_of(shift, kind, number)
            assert before is not None, "what climbs was raised"
            climb = Climb(since, (*before.climb.told, told))
            others = quiet(shift, kind, number)
            return changed(shift, alarms=(*others, Alarm(kind, number, climb)))
        case PatrolAlarmSettled(kind=kind, number=number):
            return changed(shift, alarms=quiet(shift, kind, number))
    return shift
