"""Hours of a patrol: whole minutes of presence, confirmed by somebody else who answers for it."""

from datetime import datetime, timedelta

from services.volunteering.domain.patrols.shift_commands import (
    ConfirmHours,
    CorrectHours,
)
from services.volunteering.domain.patrols.shift_events import (
    HoursNotCounted,
)
from services.volunteering.domain.patrols.shift_state import (
    Credit,
    PatrolShift,
    Presence,
    Round,
    Status,
    quiet,
    unconfirmed,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.contracts.volunteering.patrols import (
    PatrolAlarm,
)
from shared.runtime.aggregate import Command, Rejected, changed

OVERTIME = timedelta(minutes=30)
"""After the planned end presence still counts; before the beginning it never does."""

COMMANDS: tuple[type[Command], ...] = (ConfirmHours, CorrectHours)
EVENTS: tuple[type[Event], ...] = (HoursConfirmed, HoursCorrected, HoursNotCounted)


def decide(command: Command, shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What follows from a command of this chapter."""
    if shift.status is not Status.ENDED:
        raise Rejected("patrol-not-over", "hours are confirmed once the patrol is over")
    match command:
        case ConfirmHours():
            return confirmed(shift, command)
        case CorrectHours():
            return corrected(shift, command)
    raise AssertionError(command)


def counted(presence: Presence, shift: PatrolShift) -> timedelta:
    """The time of a presence that counts."""
    assert presence.left is not None, "nobody is on a patrol that has ended"
    return min(presence.left, shift.end + OVERTIME) - max(presence.came, shift.begin)


def minutes_of(shift: PatrolShift, person: str) -> int:
    """The whole minutes that somebody patrolled for, of a shift that has ended."""
    spent = (counted(one, shift) for one in shift.presence if one.person == person)
    return sum((max(one, timedelta(0)) for one in spent), timedelta(0)) // timedelta(minutes=1)


def begun_by(shift: PatrolShift, person: str) -> datetime:
    """When their time begins to count."""
    came = min(one.came for one in shift.presence if one.person == person)
    return max(came, shift.begin)


def confirmed(shift: PatrolShift, command: ConfirmHours) -> list[Event]:
    """Of everybody who waits for it but the one who confirms."""
    fewer = {one.person: one.minutes for one in command.fewer}
    waiting = [person for person in unconfirmed(shift) if person != command.by]
    if not waiting:
        raise Rejected("no-hours-waiting", "no hours of others wait to be confirmed")
    if not fewer.keys() <= set(waiting):
        raise Rejected("no-hours-of-theirs", "no hours of theirs wait to be confirmed by you")
    events: list[Event] = []
    for person in waiting:
        most = minutes_of(shift, person)
        minutes = within(fewer.get(person, most), most)
        if not minutes:
            events.append(HoursNotCounted(person, command.by))
            continue
        events.append(
            HoursConfirmed(
                shift.shift,
                Work.PATROL,
                person,
                shift.place,
                begun_by(shift, person),
                minutes,
                command.by,
                shift.team,
            )
        )
    return events


def corrected(shift: PatrolShift, command: CorrectHours) -> list[Event]:
    """What was confirmed was wrong."""
    person = command.person
    if person == command.by:
        raise Rejected("own-hours", "somebody else decides on one's own hours")
    credit = next((one for one in shift.credits if one.person == person), None)
    if credit is None:
        raise Rejected("hours-not-confirmed", "their hours are not confirmed yet")
    minutes = within(command.minutes, minutes_of(shift, person))
    if minutes == credit.minutes:
        return []
    begun = begun_by(shift, person)
    work = (shift.shift, Work.PATROL, person, shift.place, begun)
    if not credit.told:
        return [HoursConfirmed(*work, minutes, command.by, shift.team)]
    return [HoursCorrected(*work, credit.minutes, minutes, command.by, shift.team)]


def within(minutes: int, most: int) -> int:
    """The minutes, which are never more than presence. Raises `Rejected`."""
    if minutes > most:
        raise Rejected(
            "more-than-patrolled", f"they were on patrol for {most} minutes only", most=most
        )
    return minutes


def evolve(shift: PatrolShift, event: Event) -> PatrolShift:
    """The shift after an event of this chapter."""
    match event:
        case (
            HoursConfirmed(volunteer=person, minutes=minutes)
            | HoursCorrected(volunteer=person, minutes=minutes)
        ):
            credit = Credit(person, minutes)
        case HoursNotCounted(person=person):
            credit = Credit(person, 0, told=False)
        case _:
            return shift
    others = tuple(one for one in shift.credits if one.person != credit.person)
    after = changed(shift, credits=(*others, credit))
    if unconfirmed(after):
        return after
    return changed(after, alarms=quiet(after, PatrolAlarm.HOURS_WAITING))
