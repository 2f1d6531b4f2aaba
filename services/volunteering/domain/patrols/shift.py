"""Patrol shift (巡防班次): planned by a rota, begun, walked from checkpoint to checkpoint, handed
over to the next patrol; what goes wrong on the way is told loudly.

The rules are told in chapters, one module each, with its COMMANDS and EVENTS, ``decide`` and
``evolve``; `alarms` has the clock of all of them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import ModuleType
from typing import Any

from services.volunteering.domain.patrols import (
    alarms,
    arranging,
    handing_over,
    serving,
    walking,
)
from services.volunteering.domain.patrols.duty import (
    OrganisersPassed,
    PassOn,
    passed_on,
    without,
)
from services.volunteering.domain.patrols.shift_commands import (
    ForgetPatroller,
)
from services.volunteering.domain.patrols.shift_events import (
    PatrollerForgotten,
)
from services.volunteering.domain.patrols.shift_state import (
    PatrolShift,
    Round,
    Status,
    unconfirmed,
)
from shared.contracts.event import Event
from shared.runtime.aggregate import Aggregate, Command, Rejected, Tick, changed

CHAPTERS: tuple[ModuleType, ...] = (arranging, walking, handing_over, serving, alarms)

_DECIDE: dict[type[Command], Callable[..., list[Event]]] = {
    command: chapter.decide for chapter in CHAPTERS for command in chapter.COMMANDS
}
_EVOLVE: dict[type[Event], Callable[[PatrolShift, Any], PatrolShift]] = {
    event: chapter.evolve for chapter in CHAPTERS for event in chapter.EVENTS
}


def decide(command: Command, shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What follows from a command. Raises `Rejected`."""
    match command:
        case Tick():
            return alarms.time_passed(shift, now, facts)
        case PassOn():
            return passed_on(shift, command)
        case ForgetPatroller(person=person):
            return forgotten(shift, person)
    if shift.status is Status.NONE and hasattr(command, "by"):
        raise Rejected("unknown-patrol", "there is no such shift")
    return _DECIDE[type(command)](command, shift, now, facts)


def forgotten(shift: PatrolShift, person: str) -> list[Event]:
    """Of somebody who was erased nothing is kept here."""
    there = (
        *shift.crew,
        *shift.organisers,
        *(one.person for one in shift.presence),
        *(one.person for one in shift.credits),
        *(leg.by for leg in shift.legs),
        None if shift.handover is None else shift.handover.taken_by,
    )
    if person not in (*there, shift.keeper):
        return []
    gone: list[Event] = []
    if shift.status is Status.PLANNED and person in shift.crew:
        gone = [arranging.crew_changed(shift, person, None, "erased")]
    return [*gone, PatrollerForgotten(person)]


def evolve(shift: PatrolShift, event: Event) -> PatrolShift:
    """The shift after an event."""
    match event:
        case OrganisersPassed(organisers=organisers, keeper=keeper):
            return changed(shift, organisers=organisers, keeper=keeper)
        case PatrollerForgotten(person=person):
            return bereft(shift, person)
    return _EVOLVE[type(event)](shift, event)


def bereft(shift: PatrolShift, person: str) -> PatrolShift:
    """Without somebody, wherever they stood in it."""
    for event in without(shift, person):
        shift = evolve(shift, event)
    handover = shift.handover
    if handover is not None:
        handover = replace(
            handover,
            by=None if handover.by == person else handover.by,
            taken_by=None if handover.taken_by == person else handover.taken_by,
        )
    return changed(
        shift,
        handover=handover,
        crew=tuple(one for one in shift.crew if one != person),
        presence=tuple(one for one in shift.presence if one.person != person),
        credits=tuple(one for one in shift.credits if one.person != person),
        legs=tuple(replace(one, by=None) if one.by == person else one for one in shift.legs),
    )


def open_verbs(shift: PatrolShift) -> tuple[str, ...]:
    """The verbs that this shift knows now."""
    settle = ("settle",) if shift.alarms else ()
    match shift.status:
        case Status.PLANNED:
            return ("begin", "call-off", "replace", *settle)
        case Status.RUNNING:
            checks = ("check", "check-here", "check-by-hand")
            return ("join", "leave", "replace", "hand-over", *checks, *settle)
        case Status.ENDED:
            handover = shift.handover
            take = ("take-over",) if handover is not None and not handover.taken else ()
            confirm = ("confirm-hours",) if unconfirmed(shift) else ()
            correct = ("correct-hours",) if shift.credits else ()
            return (*take, *confirm, *correct, *settle)
    return settle


patrol_shift = Aggregate(
    kind="patrol-shift",
    initial=PatrolShift(),
    decide=decide,
    evolve=evolve,
    events=(
        *(event for chapter in CHAPTERS for event in chapter.EVENTS),
        OrganisersPassed,
        PatrollerForgotten,
    ),
    due=alarms.due,
)
