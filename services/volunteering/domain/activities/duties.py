"""Who answers for an activity (组织者): passed on with the lead of its team, or named by staff."""

from datetime import datetime

from services.volunteering.domain.activities.changing import contact_forgotten
from services.volunteering.domain.activities.commands import (
    ForgetPerson,
    GiveUp,
    NameOrganisers,
    PassOn,
)
from services.volunteering.domain.activities.giving_up import gave_up
from services.volunteering.domain.activities.recorded import DisputeDropped
from services.volunteering.domain.activities.state import Activity, Status, Surroundings
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import ActivityOrganisersNamed
from shared.runtime.aggregate import Command, Rejected, changed

COMMANDS: tuple[type[Command], ...] = (NameOrganisers, PassOn, ForgetPerson)
EVENTS: tuple[type[Event], ...] = (ActivityOrganisersNamed,)

OVER = frozenset({Status.NONE, Status.CALLED_OFF})


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a command of this chapter."""
    match command:
        case NameOrganisers() if activity.status is Status.NONE:
            raise Rejected("unknown-activity", "there is no such activity")
        case NameOrganisers() if activity.status is Status.CALLED_OFF:
            raise Rejected("called-off", "it was called off")
        case NameOrganisers(organisers=organisers) if not organisers:
            raise Rejected("no-organiser-named", "name at least one who answers for it")
        case NameOrganisers(organisers=organisers):
            return named(activity, organisers)
        case PassOn(leaders=leaders):
            return [] if activity.status in OVER else named(activity, leaders)
        case ForgetPerson(person=person):
            return forgotten(activity, person, now)
    raise AssertionError(command)


def named(activity: Activity, organisers: tuple[str, ...]) -> list[Event]:
    """Others answer for it, and are called about it."""
    unique = tuple(dict.fromkeys(organisers))
    if unique == activity.organisers:
        return []
    event = ActivityOrganisersNamed(
        activity.activity, activity.place, activity.begin, unique, activity.organisers
    )
    return [event, *contact_forgotten(activity)]


def forgotten(activity: Activity, person: str, now: datetime) -> list[Event]:
    """Nothing waits for somebody who was erased, and nobody calls them."""
    events = gave_up(activity, GiveUp(person, "stopped"), now)
    if any(one.person == person for one in activity.disputes):
        events.append(DisputeDropped(person))
    if person in activity.organisers:
        events += named(activity, tuple(one for one in activity.organisers if one != person))
    return events


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    match event:
        case ActivityOrganisersNamed(organisers=organisers):
            return changed(activity, organisers=organisers)
    return activity
