"""Planning (策划): a draft that becomes an activity, is changed, moved, or called off."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.activities.commands import (
    CallOff,
    Cease,
    DescribeActivity,
    MoveActivity,
    NameContact,
    OpenActivity,
    Plan,
    PlanActivity,
    Resize,
    Revise,
)
from services.volunteering.domain.activities.outline import (
    Outline,
    Role,
    Times,
    check_roles,
    times,
)
from services.volunteering.domain.activities.recorded import (
    ActivityContactForgotten,
    ActivityContactGiven,
    ActivityContactNamed,
    ActivityDescribed,
    ActivityPlanned,
    ActivityResized,
    ActivityRevised,
)
from services.volunteering.domain.activities.state import (
    SIGNING_UP,
    Activity,
    Roll,
    Status,
    Surroundings,
    involved,
    role_named,
    with_status,
)
from services.volunteering.domain.teams.team_state import Team, TeamStatus
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityCalledOff,
    ActivityMoved,
    ActivityNear,
    ActivityOpened,
    CallingOff,
)
from shared.runtime.aggregate import Command, Rejected, changed

NEAR = timedelta(days=1)
"""Before it begins, who has a place is reminded."""
TO_THINK = timedelta(days=1)
"""After a move, everybody has so long to withdraw in time."""
MOST_AT_ONCE = 40
"""Organisers of an activity: those of a series and the team's leaders."""

COMMANDS: tuple[type[Command], ...] = (
    PlanActivity,
    Plan,
    Revise,
    OpenActivity,
    DescribeActivity,
    Resize,
    MoveActivity,
    CallOff,
    Cease,
    NameContact,
)
EVENTS: tuple[type[Event], ...] = (
    ActivityPlanned,
    ActivityRevised,
    ActivityOpened,
    ActivityDescribed,
    ActivityResized,
    ActivityMoved,
    ActivityNear,
    ActivityCalledOff,
    ActivityContactGiven,
    ActivityContactNamed,
    ActivityContactForgotten,
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
            return [opened(activity)]
        case ((Status.DRAFT | Status.OPEN | Status.FULL | Status.RUNNING), DescribeActivity()):
            return [ActivityDescribed(command.title, command.text, command.meet_at)]
        case (
            (Status.DRAFT | Status.OPEN | Status.FULL | Status.RUNNING | Status.DONE),
            NameContact(),
        ):
            return [ActivityContactGiven(), ActivityContactNamed(command.name, command.phone)]
        case ((Status.OPEN | Status.FULL | Status.RUNNING), Resize()):
            return [resized(activity, command)]
        case ((Status.OPEN | Status.FULL), MoveActivity()):
            return [moved(activity, command, now)]
        case ((Status.DRAFT | Status.OPEN | Status.FULL | Status.RUNNING), CallOff()):
            return called_off(activity, command.because, command.by)
        case ((Status.DRAFT | Status.OPEN | Status.FULL), Cease(because=because, until=until)):
            goes_on = until is not None and until <= activity.begin
            return [] if goes_on else called_off(activity, because, None)
        case _, Cease():
            return []
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
    return [event, opened(_as_planned(Activity(), event))]


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


# --- how it is changed ---------------------------------------------------------------------------


def resized(activity: Activity, command: Resize) -> ActivityResized:
    """More places, or fewer of those that are free."""
    n = role_named(activity, command.role)
    if command.number < activity.taken[n]:
        raise Rejected(
            "places-taken",
            f"{activity.taken[n]} places of it are taken or held",
            taken=activity.taken[n],
        )
    check_roles(_with_number(activity, n, command.number), activity.team)
    return ActivityResized(command.role, command.number)


def _with_number(activity: Activity, n: int, number: int) -> tuple[Role, ...]:
    role = replace(activity.roles[n], number=number)
    return (*activity.roles[:n], role, *activity.roles[n + 1 :])


def moved(activity: Activity, command: MoveActivity, now: datetime) -> ActivityMoved:
    """To another time, for everybody who is on it."""
    times(command.begin, command.end, None, None, None, now)
    shifted = activity.withdraw_until + (command.begin - activity.begin)
    withdraw = min(command.begin, max(shifted, now + TO_THINK))
    return ActivityMoved(
        activity.activity,
        activity.place,
        command.begin,
        command.end,
        withdraw,
        involved(activity),
    )


def called_off(activity: Activity, because: CallingOff, by: str | None) -> list[Event]:
    """It does not take place, and nobody is called about it any more."""
    event = ActivityCalledOff(
        activity.activity,
        activity.place,
        activity.begin,
        because,
        involved(activity),
        activity.organisers,
        by,
    )
    return [event, *contact_forgotten(activity)]


def contact_forgotten(activity: Activity) -> list[Event]:
    """Whom one could call, if anybody was named, is not kept."""
    return [ActivityContactForgotten()] if activity.contact else []


# --- time ----------------------------------------------------------------------------------------


def due(activity: Activity) -> datetime | None:
    """When a draft lapses, or who has a place is reminded."""
    if activity.status is Status.DRAFT:
        return activity.begin
    if activity.status in SIGNING_UP and not activity.near_told:
        return activity.begin - NEAR
    return None


def time_passed(activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """A draft that nobody opened is none any more; who has a place is reminded."""
    at = due(activity)
    if at is None or now < at:
        return []
    if activity.status is Status.DRAFT:
        return called_off(activity, CallingOff.NEVER_OPENED, None)
    people = activity.places.people
    return [ActivityNear(activity.activity, activity.place, activity.begin, people)]


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    match event:
        case ActivityPlanned():
            return _as_planned(activity, event)
        case ActivityRevised(outline=outline, times=when):
            return _outlined(activity, outline, when)
        case ActivityOpened():
            return changed(activity, status=Status.OPEN)
        case ActivityDescribed(title=title, text=text, meet_at=meet_at):
            return changed(
                activity,
                title=title,
                text=text,
                meet_at=meet_at,
                announced=activity.announced + 1,
            )
        case ActivityResized(role=role, number=number):
            n = role_named(activity, role)
            return with_status(changed(activity, roles=_with_number(activity, n, number)))
        case ActivityMoved(begin=begin, end=end, withdraw_until=withdraw):
            shifted = activity.sign_up_until + (begin - activity.begin)
            return changed(
                activity,
                begin=begin,
                end=end,
                sign_up_until=min(begin, shifted),
                withdraw_until=withdraw,
                near_told=False,
                announced=activity.announced + 1,
            )
        case ActivityNear():
            return changed(activity, near_told=True)
        case ActivityCalledOff():
            return changed(
                activity,
                status=Status.CALLED_OFF,
                offers=(),
                waiting=Roll(),
                ask_at=None,
                announced=activity.announced + 1,
            )
        case ActivityContactGiven():
            return changed(activity, contact=True)
        case ActivityContactForgotten():
            return changed(activity, contact=False)
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
