"""On the way (巡防途中): begun, joined, at each checkpoint in time, left.

A position is compared and forgotten: neither it nor the distance is kept.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.volunteering.domain.activities.presence import VAGUEST, distance
from services.volunteering.domain.patrols.drawing_up import conditions
from services.volunteering.domain.patrols.rota_commands import EARLY
from services.volunteering.domain.patrols.route import PatrolRoute
from services.volunteering.domain.patrols.shift_commands import (
    BeginPatrol,
    Check,
    CheckByHand,
    CheckHere,
    Join,
    Leave,
)
from services.volunteering.domain.patrols.shift_events import (
    CheckExplained,
    LegPassed,
    PatrollerCame,
    PatrollerLeft,
    WayTaken,
)
from services.volunteering.domain.patrols.shift_state import (
    Leg,
    PatrolShift,
    Presence,
    Round,
    Status,
    alarmed,
    present,
    quiet,
)
from services.volunteering.domain.teams.fitness import refuse_unfit
from shared.contracts.event import Event
from shared.contracts.volunteering.patrols import (
    CheckWay,
    PatrolAlarm,
    PatrolBegun,
    PatrolCheckpointMissed,
    PatrolCheckpointPassed,
)
from shared.runtime.aggregate import Command, Rejected, changed

GRACE = timedelta(minutes=15)
"""After its beginning a shift is begun in time."""
MOST_STINTS = 40
"""How often people join and leave, in one shift."""

COMMANDS: tuple[type[Command], ...] = (BeginPatrol, Join, Leave, Check, CheckHere, CheckByHand)
EVENTS: tuple[type[Event], ...] = (
    PatrolBegun,
    WayTaken,
    PatrollerCame,
    PatrollerLeft,
    PatrolCheckpointPassed,
    LegPassed,
    CheckExplained,
    PatrolCheckpointMissed,
)


def decide(command: Command, shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What follows from a command of this chapter."""
    match shift.status, command:
        case Status.PLANNED, BeginPatrol(by=by):
            must_be_crew(shift, by)
            return begun(shift, by, now, facts)
        case Status.RUNNING, BeginPatrol():
            raise Rejected("patrol-begun", "it has begun: join it")
        case Status.PLANNED, _:
            raise Rejected("patrol-not-begun", "it has not begun: begin it first")
        case Status.RUNNING, Join(by=by):
            must_be_crew(shift, by)
            if present(shift, by) is not None:
                raise Rejected("on-patrol", "they are on patrol already")
            if len(shift.presence) >= MOST_STINTS:
                raise Rejected(
                    "too-many-stints", f"one joins {MOST_STINTS} times at most", most=MOST_STINTS
                )
            must_be_fit(shift, now, facts)
            return [PatrollerCame(by, now)]
        case Status.RUNNING, Leave(by=by):
            must_be_there(shift, by)
            if sum(one.left is None for one in shift.presence) == 1:
                raise Rejected("last-on-patrol", "nobody else is on patrol: hand it over")
            return [PatrollerLeft(by, now)]
        case Status.RUNNING, Check() | CheckHere() | CheckByHand():
            return passed(shift, command, now, facts)
    raise Rejected("patrol-over", "the shift is over, or was called off")


def must_be_crew(shift: PatrolShift, person: str) -> None:
    """Raises `Rejected` unless somebody is to patrol."""
    if person not in shift.crew:
        raise Rejected("not-in-the-crew", "they do not patrol in that shift")


def must_be_there(shift: PatrolShift, person: str) -> None:
    """Raises `Rejected` unless somebody is on patrol now."""
    if present(shift, person) is None:
        raise Rejected("not-on-patrol", "join the patrol first")


def must_be_fit(shift: PatrolShift, now: datetime, facts: Round) -> None:
    """Raises `Rejected` where somebody cannot patrol any more: suspended, say."""
    refuse_unfit(facts.volunteer, conditions(shift.team, shift.end), max(now, shift.begin))


def begun(shift: PatrolShift, by: str, now: datetime, facts: Round) -> list[Event]:
    """The route as it is now is the way of this shift."""
    if now < shift.begin - EARLY:
        minutes = EARLY // timedelta(minutes=1)
        raise Rejected(
            "too-early-to-patrol",
            f"a shift is begun {minutes} minutes before its time at the earliest",
            minutes=minutes,
        )
    if now >= shift.end:
        raise Rejected("patrol-over", "the shift is over, or was called off")
    must_be_fit(shift, now, facts)
    route = facts.route
    if route is None:
        raise Rejected("unknown-route", "no such route was laid out")
    return [
        PatrolBegun(
            shift.shift,
            shift.route,
            route.version,
            shift.place,
            shift.kind,
            shift.team,
            by,
            now <= shift.begin + GRACE,
        ),
        WayTaken(route.version, now, legs_of(route, max(now, shift.begin), shift.end)),
        PatrollerCame(by, now),
    ]


def legs_of(route: PatrolRoute, start: datetime, end: datetime) -> tuple[Leg, ...]:
    """The checkpoints, each with its latest time for a patrol that starts then: within the
    shift.
    """
    return tuple(
        Leg(
            one.key,
            one.name,
            one.place,
            min(start + timedelta(minutes=one.minutes), end),
            one.spot,
        )
        for one in route.checkpoints
    )


def missed_legs(shift: PatrolShift, until: datetime) -> list[Event]:
    """Nobody was at these checkpoints by their time, or by now that the patrol is over."""
    events: list[Event] = []
    for number, leg in enumerate(shift.legs):
        if leg.passed is None and not leg.missed and leg.due <= until:
            events.append(
                PatrolCheckpointMissed(
                    shift.shift, shift.route, leg.place, number, leg.due, shift.organisers
                )
            )
    return events


def passed(
    shift: PatrolShift, command: Check | CheckHere | CheckByHand, now: datetime, facts: Round
) -> list[Event]:
    """Somebody on patrol is at a checkpoint, as far as this proves it."""
    must_be_there(shift, command.by)
    number = command.number
    if number >= len(shift.legs):
        raise Rejected("unknown-checkpoint", f"the route has no checkpoint {number}", key=number)
    leg = shift.legs[number]
    if leg.passed is not None:
        raise Rejected("checked-already", "the patrol was at this checkpoint")
    explained: list[Event] = []
    match command:
        case Check(code=code):
            if code.upper() != facts.codes.get(leg.key):
                raise Rejected("wrong-sign", "this is not the code on the checkpoint's sign")
            way = CheckWay.SIGN
        case CheckHere():
            must_be_near(leg, command)
            way = CheckWay.POSITION
        case CheckByHand(because=because, text=text):
            explained = [CheckExplained(number, because.value, text)]
            way = CheckWay.HAND
    told = PatrolCheckpointPassed(
        shift.shift, shift.route, leg.place, number, way, now <= leg.due, command.by
    )
    return [told, LegPassed(number, now), *explained]


def must_be_near(leg: Leg, command: CheckHere) -> None:
    """Raises `Rejected` for a position that says nothing, or that is elsewhere."""
    if leg.spot is None:
        raise Rejected(
            "no-spot", "where this checkpoint lies is not known: take the code of its sign"
        )
    if command.accuracy > VAGUEST:
        raise Rejected(
            "position-too-vague", "the position is too vague: take the code, or see an organiser"
        )
    if distance(leg.spot, command.latitude, command.longitude) > leg.spot.radius:
        raise Rejected(
            "far-from-checkpoint",
            f"come within {leg.spot.radius} metres of the checkpoint",
            radius=leg.spot.radius,
        )


def evolve(shift: PatrolShift, event: Event) -> PatrolShift:
    """The shift after an event of this chapter."""
    match event:
        case PatrolBegun():
            alarms = quiet(shift, PatrolAlarm.NOT_BEGUN)
            return changed(shift, status=Status.RUNNING, alarms=alarms)
        case WayTaken(version=version, at=at, legs=legs):
            return changed(shift, version=version, begun=at, legs=legs)
        case PatrollerCame(person=person, at=at):
            return changed(shift, presence=(*shift.presence, Presence(person, at, at)))
        case PatrollerLeft(person=person, at=at):
            return changed(shift, presence=gone(shift.presence, person, at))
        case PatrolCheckpointPassed(number=number, way=way, by=by):
            alarms = quiet(shift, PatrolAlarm.CHECKPOINT_MISSED, number)
            return changed(with_leg(shift, number, way=way, by=by), alarms=alarms)
        case LegPassed(number=number, at=at):
            who = shift.legs[number].by
            seen = tuple(
                replace(one, seen=at) if one.person == who and one.left is None else one
                for one in shift.presence
            )
            return changed(with_leg(shift, number, passed=at), presence=seen)
        case PatrolCheckpointMissed(number=number, due=since):
            missed = with_leg(shift, number, missed=True)
            return alarmed(missed, PatrolAlarm.CHECKPOINT_MISSED, since, number)
    return shift


def with_leg(shift: PatrolShift, number: int, **changes: Any) -> PatrolShift:
    """The shift with one of its checkpoints changed."""
    legs = (*shift.legs[:number], replace(shift.legs[number], **changes), *shift.legs[number + 1 :])
    return changed(shift, legs=legs)


def gone(presence: tuple[Presence, ...], person: str | None, at: datetime) -> tuple[Presence, ...]:
    """With somebody having left then; None: everybody who is still there."""
    return tuple(
        replace(one, left=at) if one.left is None and person in (None, one.person) else one
        for one in presence
    )
