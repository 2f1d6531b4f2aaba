"""Giving up: by one's own wish, because one cannot take part, or is not fit any more."""

from datetime import datetime

from services.volunteering.domain.activities.commands import GiveUp, LookAgain
from services.volunteering.domain.activities.fitting import unfit
from services.volunteering.domain.activities.state import (
    SIGNING_UP,
    Activity,
    Surroundings,
    offer_to,
    role_named,
    role_of,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityOfferEnded,
    ActivityPlaceGivenUp,
    ActivityWaitingEnded,
)
from shared.runtime.aggregate import Rejected


def withdrawn(activity: Activity, person: str, now: datetime) -> list[Event]:
    """Before it begins one gives up whatever one has; late is better than never."""
    if activity.status not in SIGNING_UP:
        raise Rejected("too-late-to-withdraw", "it has begun: tell an organiser")
    because = "withdrawn" if offer_to(activity, person) is None else "declined"
    events = let_go(activity, person, because, now)
    if not events:
        raise Rejected("not-on-it", "they neither have a place nor wait for one")
    return events


def gave_up(activity: Activity, command: GiveUp, now: datetime) -> list[Event]:
    """Somebody cannot take part in what begins before they can again."""
    if activity.status not in SIGNING_UP:
        return []
    if command.until is not None and command.until <= activity.begin:
        return []
    if command.team is not None:
        role = role_of(activity, command.person)
        if role is None or activity.team != command.team:
            return []
        if not activity.roles[role_named(activity, role)].team_only:
            return []
    return let_go(activity, command.person, command.because, now)


def looked_again(
    activity: Activity, command: LookAgain, now: datetime, facts: Surroundings
) -> list[Event]:
    """Who is not fit any more for what they have, are held or wait for gives it up."""
    if activity.status not in SIGNING_UP:
        return []
    events: list[Event] = []
    for person in command.people:
        role = role_of(activity, person)
        if role is None or person in activity.presence.people:
            continue
        because = unfit(activity, role, facts.people.get(person))
        if because is not None:
            events += let_go(activity, person, because, now)
    return events


def let_go(activity: Activity, person: str, because: str, now: datetime) -> list[Event]:
    """What somebody has, is held, or waits for goes to the others; nothing where they are not on
    it. Who was present stays.
    """
    own = (activity.activity, activity.place, person)
    if (role := activity.places.role_of(person)) is not None:
        if person in activity.presence.people:
            raise Rejected("was-present", "they were there: check them out, or deny their presence")
        late = because == "withdrawn" and activity.withdraw_until <= now
        begin, organisers = activity.begin, activity.organisers
        return [ActivityPlaceGivenUp(*own, role, because, late, begin, organisers)]
    if (offer := offer_to(activity, person)) is not None:
        return [ActivityOfferEnded(*own, offer.role, because)]
    if (role := activity.waiting.role_of(person)) is not None:
        return [ActivityWaitingEnded(*own, role, because)]
    return []
