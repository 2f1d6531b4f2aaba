"""Changes (变更): other words, other numbers, another time; called off, and whom to call."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.activities.commands import (
    CallOff,
    Cease,
    DescribeActivity,
    MoveActivity,
    NameContact,
    Resize,
)
from services.volunteering.domain.activities.outline import Role, check_roles, times
from services.volunteering.domain.activities.recorded import (
    ActivityContactForgotten,
    ActivityContactGiven,
    ActivityContactNamed,
    ActivityDescribed,
    ActivityResized,
    ReminderLeftOut,
)
from services.volunteering.domain.activities.state import (
    SIGNING_UP,
    Activity,
    Presence,
    Roll,
    Status,
    Surroundings,
    involved,
    role_named,
    with_status,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityCalledOff,
    ActivityMoved,
    ActivityNear,
    CallingOff,
)
from shared.runtime.aggregate import Command, Rejected, changed

NEAR = timedelta(days=1)
"""Before it begins, who has a place is reminded."""
TO_THINK = timedelta(days=1)
"""After a move, everybody has so long to withdraw in time."""

COMMANDS: tuple[type[Command], ...] = (
    DescribeActivity,
    Resize,
    MoveActivity,
    CallOff,
    Cease,
    NameContact,
)
EVENTS: tuple[type[Event], ...] = (
    ActivityDescribed,
    ActivityResized,
    ActivityMoved,
    ReminderLeftOut,
    ActivityNear,
    ActivityCalledOff,
    ActivityContactGiven,
    ActivityContactNamed,
    ActivityContactForgotten,
)


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a command of this chapter."""
    match activity.status, command:
        case Status.NONE, Cease():
            return []
        case Status.NONE, _:
            raise Rejected("unknown-activity", "there is no such activity")
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
            event = moved(activity, command, now)
            return [event, *reminder_left_out(event.begin, now)]
        case ((Status.DRAFT | Status.OPEN | Status.FULL | Status.RUNNING), CallOff()):
            if activity.status is Status.RUNNING and activity.presence.people:
                raise Rejected(
                    "people-are-there", "people have come: let them check out, their time counts"
                )
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


def reminder_left_out(begin: datetime, now: datetime) -> list[Event]:
    """Who signs up, or hears of a move, so shortly before needs no reminder."""
    return [ReminderLeftOut()] if begin - now <= NEAR else []


# --- time ----------------------------------------------------------------------------------------


def due(activity: Activity) -> datetime | None:
    """When those who have a place are reminded."""
    reminds = activity.status in SIGNING_UP and not activity.near_told
    return activity.begin - NEAR if reminds else None


def time_passed(activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """Who cannot come withdraws while somebody else still can."""
    at = due(activity)
    if at is None or now < at:
        return []
    people = activity.places.people
    return [ActivityNear(activity.activity, activity.place, activity.begin, people)]


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    match event:
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
                presence=Presence(),  # who came to the former time has not been here
                announced=activity.announced + 1,
            )
        case ActivityNear() | ReminderLeftOut():
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
