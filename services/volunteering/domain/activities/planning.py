"""Planning (策划): a draft, which becomes an activity when it is opened, or lapses."""

from datetime import datetime

from services.volunteering.domain.activities.changing import called_off, reminder_left_out
from services.volunteering.domain.activities.commands import (
    OpenActivity,
    Plan,
    PlanActivity,
    Revise,
)
from services.volunteering.domain.activities.outline import (
    Outline,
    Times,
    check_roles,
    times,
)
from services.volunteering.domain.activities.recorded import (
    ActivityPlanned,
    ActivityRevised,
)
from services.volunteering.domain.activities.state import (
    Activity,
    Status,
    Surroundings,
)
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityOpened,
    CallingOff,
)
from shared.runtime.aggregate import Command, Rejected, changed

MOST_AT_ONCE = 40
"""Organisers of an activity: those of a series and the team's leaders."""

COMMANDS: tuple[type[Command], ...] = (
    PlanActivity,
    Plan,
    Revise,
    OpenActivity,
)
EVENTS: tuple[type[Event], ...] = (
    ActivityPlanned,
    ActivityRevised,
    ActivityOpened,
)


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a command of this chapter."""
    match activity.status, command:
        case Status.NONE, PlanActivity():
            return [planned(command, now, facts)]
        case Status.NONE, Plan():
            return occasion(command, now, facts)
        case _, PlanActivity() | Plan():
            raise Rejected("activity-exists", "there is such an activity")
        case Status.NONE, _:
            raise Rejected("unknown-activity", "there is no such activity")
        case Status.DRAFT, Revise():
            check_roles(command.outline.roles, activity.team)
            return [ActivityRevised(command.outline, _times(command, now))]
        case _, Revise():
            raise Rejected("opened-already", "it was opened: describe, resize or move it")
        case Status.DRAFT, OpenActivity():
            return [opened(activity), *reminder_left_out(activity.begin, now)]
    raise Rejected(
        "activity-stands-otherwise",
        f"cannot {command.verb} an activity that is {activity.status}",
        verb=command.verb,
        status=activity.status,
    )


# --- how it comes to be --------------------------------------------------------------------------


def planned(command: PlanActivity, now: datetime, facts: Surroundings) -> ActivityPlanned:
    """A draft, of a team whose leader plans it, or of the place."""
    organisers: tuple[str, ...] = (command.by,)
    if command.team is not None:
        organisers = tuple(dict.fromkeys((*_active(facts).leaders, command.by)))
        if command.by not in _active(facts).leaders:
            raise Rejected("not-a-leader", "the captain or a deputy plans what a team does")
    return _planned(command, _times(command, now), organisers, None, facts)


def occasion(command: Plan, now: datetime, facts: Surroundings) -> list[Event]:
    """An activity that a series makes, open from the start."""
    leaders = () if command.team is None else _active(facts).leaders
    organisers = tuple(dict.fromkeys((*leaders, *command.organisers)))[:MOST_AT_ONCE]
    event = _planned(command, _times(command, now), organisers, command.series, facts)
    draft = _as_planned(Activity(), event)
    return [event, opened(draft), *reminder_left_out(draft.begin, now)]


def _planned(
    command: PlanActivity | Plan,
    when: Times,
    organisers: tuple[str, ...],
    series: str | None,
    facts: Surroundings,
) -> ActivityPlanned:
    if not facts.path:
        raise Rejected(
            "unknown-place", f"no place {command.place} is registered", place=command.place
        )
    check_roles(command.outline.roles, command.team)
    return ActivityPlanned(
        facts.activity,
        command.place,
        facts.path,
        command.team,
        series,
        organisers,
        command.outline,
        when,
    )


def _active(facts: Surroundings) -> Team:
    if facts.team is None or facts.team.status is not TeamStatus.ACTIVE:
        raise Rejected("team-not-active", "there is no such team at work")
    return facts.team


def _times(command: PlanActivity | Plan | Revise, now: datetime) -> Times:
    return times(
        command.begin,
        command.end,
        command.sign_up_from,
        command.sign_up_until,
        command.withdraw_until,
        now,
    )


def opened(activity: Activity) -> ActivityOpened:
    """Everybody can see it from now on."""
    return ActivityOpened(
        activity.activity,
        activity.place,
        activity.path,
        activity.theme,
        activity.begin,
        activity.end,
        sum(role.number for role in activity.roles),
        activity.team,
        activity.series,
    )


# --- time ----------------------------------------------------------------------------------------


def due(activity: Activity) -> datetime | None:
    """When a draft lapses."""
    return activity.begin if activity.status is Status.DRAFT else None


def time_passed(activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """A draft that nobody opened is none any more."""
    at = due(activity)
    if at is None or now < at:
        return []
    return called_off(activity, CallingOff.NEVER_OPENED, None)


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    match event:
        case ActivityPlanned():
            return _as_planned(activity, event)
        case ActivityRevised(outline=outline, times=when):
            return _outlined(activity, outline, when)
        case ActivityOpened():
            return changed(activity, status=Status.OPEN)
    return activity


def _as_planned(activity: Activity, event: ActivityPlanned) -> Activity:
    known = changed(
        activity,
        status=Status.DRAFT,
        activity=event.activity,
        place=event.place,
        path=event.path,
        team=event.team,
        series=event.series,
        organisers=event.organisers,
    )
    return _outlined(known, event.outline, event.times)


def _outlined(activity: Activity, outline: Outline, when: Times) -> Activity:
    return changed(
        activity,
        title=outline.title,
        text=outline.text,
        meet_at=outline.meet_at,
        theme=outline.theme,
        roles=outline.roles,
        taken=(0,) * len(outline.roles),
        by_code=outline.by_code,
        meeting=outline.meeting,
        begin=when.begin,
        end=when.end,
        sign_up_from=when.sign_up_from,
        sign_up_until=when.sign_up_until,
        withdraw_until=when.withdraw_until,
    )
