"""Handing over (交接班): the patrol is back, what is open is named, and the next patrol confirms
that it knows of it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.patrols.duty import together
from services.volunteering.domain.patrols.shift_commands import (
    HandOver,
    TakeOver,
)
from services.volunteering.domain.patrols.shift_events import (
    MatterLeft,
)
from services.volunteering.domain.patrols.shift_state import (
    Handover,
    PatrolShift,
    Round,
    Status,
    quiet,
    who_was_there,
)
from services.volunteering.domain.patrols.walking import gone, missed_legs, must_be_there
from shared.contracts.event import Event
from shared.contracts.volunteering.patrols import (
    CheckWay,
    PatrolAlarm,
    PatrolEnded,
    PatrolHandedOver,
    PatrolTakenOver,
)
from shared.runtime.aggregate import Command, Rejected, changed

TAKEN_OVER_WITHIN = timedelta(minutes=30)
"""After the beginning of the shift that follows, or the handover where that is later."""
LOOKED_AT_WITHIN = timedelta(hours=12)
"""Where no shift follows, an organiser takes over by then."""

COMMANDS: tuple[type[Command], ...] = (HandOver, TakeOver)
EVENTS: tuple[type[Event], ...] = (PatrolEnded, PatrolHandedOver, PatrolTakenOver, MatterLeft)


def decide(command: Command, shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What follows from a command of this chapter."""
    match shift.status, command:
        case Status.PLANNED, HandOver():
            raise Rejected("patrol-not-begun", "it has not begun: begin it first")
        case Status.RUNNING, HandOver(by=by, matters=matters):
            if by not in shift.organisers:
                must_be_there(shift, by)
            return [
                *missed_legs(shift, shift.end),
                ended(shift, by, now),
                *handed_over(shift, by, matters, now),
            ]
        case Status.ENDED, TakeOver():
            return [taken_over(shift, command, facts)]
        case _, TakeOver():
            raise nothing_to_take_over()
    raise Rejected("patrol-over", "the shift is over, or was called off")


def ended(shift: PatrolShift, by: str | None, now: datetime) -> PatrolEnded:
    """What the patrol did. Nobody having reported back, it ended with the last sign of it."""
    assert shift.begun is not None, "what ends has begun"
    seen = (one.left or one.seen for one in shift.presence)
    at = now if by is not None else max(seen, default=shift.begun)
    passed = [leg for leg in shift.legs if leg.passed is not None]
    return PatrolEnded(
        shift.shift,
        shift.place,
        shift.path,
        shift.kind,
        shift.team,
        shift.begun,
        max(at, shift.begun),
        len(who_was_there(shift)),
        len(shift.legs),
        len(passed),
        sum(leg.passed is not None and leg.passed > leg.due for leg in passed),
        sum(leg.way is CheckWay.HAND for leg in passed),
        by,
    )


def handed_over(
    shift: PatrolShift, by: str, matters: tuple[str, ...], now: datetime
) -> list[Event]:
    """To the shift that follows, matters or not; without one, to the organisers if there are any
    matters.
    """
    if shift.successor is None and not matters:
        return []
    if shift.successor_begin is None:
        until = now + LOOKED_AT_WITHIN
    else:
        until = max(now, shift.successor_begin) + TAKEN_OVER_WITHIN
    told = PatrolHandedOver(
        shift.shift, shift.place, by, len(matters), shift.successor, until, shift.organisers
    )
    return [told, *(MatterLeft(matter) for matter in matters)]


def taken_over(shift: PatrolShift, command: TakeOver, facts: Round) -> PatrolTakenOver:
    """By one of the crew that follows on the same route, or by an organiser."""
    handover = shift.handover
    if handover is None or handover.taken:
        raise nothing_to_take_over()
    successor = None
    if command.shift is not None:
        other = facts.other
        if other is None or shift.shift not in together(*other.former, *follows(shift, other)):
            raise Rejected("not-its-successor", "this shift does not take over from that one")
        if command.by not in other.crew:
            raise Rejected("not-in-the-crew", "they do not patrol in that shift")
        successor = other.shift
    elif command.by not in shift.organisers:
        raise Rejected("not-to-take-over", "name the shift in which you patrol")
    return PatrolTakenOver(shift.shift, shift.place, command.by, successor, handover.matters)


def follows(shift: PatrolShift, other: PatrolShift) -> tuple[str, ...]:
    """The id of the shift, where the other one is on the same route and begins in time."""
    near = shift.end <= other.begin <= shift.end + LOOKED_AT_WITHIN
    at_work = other.status in (Status.PLANNED, Status.RUNNING)
    return (shift.shift,) if other.route == shift.route and near and at_work else ()


def nothing_to_take_over() -> Rejected:
    """The refusal where no handover is open."""
    return Rejected("nothing-to-take-over", "nothing was handed over, or somebody has taken over")


def evolve(shift: PatrolShift, event: Event) -> PatrolShift:
    """The shift after an event of this chapter."""
    match event:
        case PatrolEnded(ended=at, by=by):
            left = (
                gone(shift.presence, None, at)
                if by is not None
                else tuple(replace(one, left=one.left or one.seen) for one in shift.presence)
            )
            alarms = quiet(shift, PatrolAlarm.NOT_ENDED) if by is not None else shift.alarms
            return changed(shift, status=Status.ENDED, ended=at, presence=left, alarms=alarms)
        case PatrolHandedOver(by=by, matters=matters, until=until):
            assert shift.ended is not None, "what is handed over has ended"
            handover = Handover(by, shift.ended, matters, until)
            return changed(shift, handover=handover)
        case PatrolTakenOver(by=by):
            assert shift.handover is not None, "there was something to take over"
            taken = replace(shift.handover, taken=True, taken_by=by)
            alarms = quiet(shift, PatrolAlarm.NOT_TAKEN_OVER)
            return changed(shift, handover=taken, alarms=alarms)
    return shift
