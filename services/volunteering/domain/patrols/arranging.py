"""Arranging a shift: planned by its rota, its crew changed, called off."""

from datetime import datetime

from services.volunteering.domain.patrols.drawing_up import conditions
from services.volunteering.domain.patrols.duty import together
from services.volunteering.domain.patrols.rota_commands import EARLY
from services.volunteering.domain.patrols.shift_commands import (
    CallOffShift,
    Cease,
    ChangeCrew,
    HearHandover,
    PlanShift,
    Replace,
)
from services.volunteering.domain.patrols.shift_events import (
    ShiftArranged,
)
from services.volunteering.domain.patrols.shift_state import PatrolShift, Round, Status, present
from services.volunteering.domain.teams.fitness import refuse_unfit
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.event import Event
from shared.contracts.volunteering.patrols import (
    PatrolCrewChanged,
    PatrolHandoverAwaited,
    PatrolShiftCalledOff,
    PatrolShiftPlanned,
)
from shared.runtime.aggregate import Command, Rejected, changed

MOST_FORMER = 6
TEAM_STOPS = "team-stops"
"""Why nobody patrols for a team that does nothing."""

COMMANDS: tuple[type[Command], ...] = (
    PlanShift,
    ChangeCrew,
    CallOffShift,
    Cease,
    Replace,
    HearHandover,
)
EVENTS: tuple[type[Event], ...] = (
    PatrolShiftPlanned,
    ShiftArranged,
    PatrolCrewChanged,
    PatrolShiftCalledOff,
    PatrolHandoverAwaited,
)


def decide(command: Command, shift: PatrolShift, now: datetime, facts: Round) -> list[Event]:
    """What follows from a command of this chapter."""
    match shift.status, command:
        case Status.NONE, PlanShift():
            return planned(command, facts)
        case _, PlanShift():
            return []
        case ((Status.PLANNED | Status.RUNNING), ChangeCrew(before=before, person=person)):
            if (before is not None and before not in shift.crew) or person in shift.crew:
                return []
            return [crew_changed(shift, before, person, command.because)]
        case _, ChangeCrew():
            return []
        case ((Status.PLANNED | Status.RUNNING), HearHandover(former=former, until=until)):
            if len(shift.former) >= MOST_FORMER:
                return []
            return [PatrolHandoverAwaited(shift.shift, former, shift.place, shift.crew, until)]
        case _, HearHandover():
            return []
        case Status.PLANNED, CallOffShift(because=because):
            return [called_off(shift, because.value)]
        case Status.PLANNED, Cease(until=until):
            goes_on = until is not None and until <= shift.begin
            return [] if goes_on else [called_off(shift, TEAM_STOPS)]
        case _, Cease():
            return []
        case _, CallOffShift():
            raise Rejected("patrol-begun", "it has begun, or is over: it is not called off")
        case ((Status.PLANNED | Status.RUNNING), Replace()):
            return [replaced(shift, command, now, facts)]
    raise Rejected("patrol-over", "the shift is over, or was called off")


def planned(command: PlanShift, facts: Round) -> list[Event]:
    """A crew patrols, if its team does; who drew the rota up and who leads the team answer for
    it.
    """
    organisers = together(*facts.leaders, command.keeper)
    events: list[Event] = [
        PatrolShiftPlanned(
            facts.shift,
            command.rota,
            command.number,
            command.route,
            command.place,
            facts.path,
            command.kind,
            command.team,
            command.begin,
            command.end,
            command.crew,
            organisers,
        ),
        ShiftArranged(command.size, command.keeper, command.successor, command.successor_begin),
    ]
    if not at_work(facts.team, command.begin):
        off = (command.place, command.begin, command.crew, organisers, TEAM_STOPS)
        events.append(PatrolShiftCalledOff(facts.shift, *off))
    return events


def at_work(team: Team | None, begin: datetime) -> bool:
    """Whether a team does anything then; of one that is not known it is taken that it does."""
    if team is None:
        return True
    suspended = team.suspended_until is not None and begin < team.suspended_until
    return team.status is not TeamStatus.DISSOLVED and not suspended


def called_off(shift: PatrolShift, because: str) -> PatrolShiftCalledOff:
    """Nobody patrols then."""
    return PatrolShiftCalledOff(
        shift.shift, shift.place, shift.begin, shift.crew, shift.organisers, because
    )


def replaced(
    shift: PatrolShift, command: Replace, now: datetime, facts: Round
) -> PatrolCrewChanged:
    """At the last minute somebody else patrols."""
    before, person = command.instead_of, command.person
    if now < shift.begin - EARLY:
        raise Rejected("change-the-rota", "until it can be begun the rota says who patrols")
    if before is not None and before not in shift.crew:
        raise Rejected("not-in-the-crew", "they do not patrol in that shift")
    if before is not None and present(shift, before) is not None:
        raise Rejected("on-patrol", "they are on patrol: they leave first")
    if before is None and len(shift.crew) >= shift.size:
        raise Rejected("crew-complete", "the crew is complete: say in whose place")
    if person in shift.crew:
        raise Rejected("in-the-crew", "they patrol in that shift already")
    refuse_unfit(facts.volunteer, conditions(shift.team, shift.end), max(now, shift.begin))
    return crew_changed(shift, before, person, "replaced")


def crew_changed(
    shift: PatrolShift, before: str | None, person: str | None, because: str
) -> PatrolCrewChanged:
    """Somebody else patrols, or nobody does in that place."""
    size = len(shift.crew) - (before is not None) + (person is not None)
    return PatrolCrewChanged(
        shift.shift,
        shift.place,
        shift.begin,
        shift.end,
        before,
        person,
        because,
        max(shift.size - size, 0),
        shift.organisers,
    )


def evolve(shift: PatrolShift, event: Event) -> PatrolShift:
    """The shift after an event of this chapter."""
    match event:
        case PatrolShiftPlanned():
            return PatrolShift(
                Status.PLANNED,
                event.shift,
                event.rota,
                event.number,
                event.route,
                event.place,
                event.path,
                event.kind,
                event.team,
                event.begin,
                event.end,
                crew=event.crew,
                organisers=event.organisers,
            )
        case ShiftArranged():
            return changed(
                shift,
                size=event.size,
                keeper=event.keeper,
                successor=event.successor,
                successor_begin=event.successor_begin,
            )
        case PatrolCrewChanged(before=before, person=person):
            crew = tuple(one for one in shift.crew if one != before)
            return changed(shift, crew=crew if person is None else (*crew, person))
        case PatrolShiftCalledOff():
            return changed(shift, status=Status.CALLED_OFF, alarms=())
        case PatrolHandoverAwaited(former=former):
            return changed(shift, former=(*shift.former, former))
    return shift
