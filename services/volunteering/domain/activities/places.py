"""Places (名额): signing up, the waiting list, and places that are held for the next in line.

Whoever signs up first comes first. While somebody waits for a role, its free places are offered in
order of arrival and given to nobody else.
"""

from datetime import UTC, datetime, time, timedelta

from services.volunteering.domain.activities.commands import (
    AcceptOffer,
    DeclineOffer,
    Enlist,
    GiveUp,
    LookAgain,
    SignUp,
    StrikeOff,
    Withdraw,
)
from services.volunteering.domain.activities.fitting import must_be_fit
from services.volunteering.domain.activities.giving_up import (
    gave_up,
    let_go,
    looked_again,
    withdrawn,
)
from services.volunteering.domain.activities.state import (
    SIGNING_UP,
    Activity,
    Offer,
    Roll,
    Status,
    Surroundings,
    number_of,
    offer_to,
    role_named,
    with_status,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityBegun,
    ActivityOfferEnded,
    ActivityPlaceGivenUp,
    ActivityPlaceOffered,
    ActivityWaitingEnded,
    VolunteerPutOnWaitingList,
    VolunteerSignedUp,
)
from shared.runtime.aggregate import Command, Rejected, changed
from shared.worktime.hours import CHINA

MOST_WAITING = 500
OFFER_LASTS = timedelta(hours=12)
OFFER_LASTS_SHORTLY = timedelta(hours=1)
"""Within `SHORTLY` of the beginning."""
SHORTLY = timedelta(days=2)
LEAST_TO_ANSWER = timedelta(minutes=15)
"""A place that could be held for less is not offered any more."""
NIGHT_BEGINS, NIGHT_ENDS = time(22), time(8)
"""An offer made at night (local) runs from the morning: nobody loses a place by sleeping."""

COMMANDS: tuple[type[Command], ...] = (
    SignUp,
    Withdraw,
    AcceptOffer,
    DeclineOffer,
    Enlist,
    StrikeOff,
    GiveUp,
    LookAgain,
)
EVENTS: tuple[type[Event], ...] = (
    VolunteerSignedUp,
    VolunteerPutOnWaitingList,
    ActivityPlaceOffered,
    ActivityOfferEnded,
    ActivityPlaceGivenUp,
    ActivityWaitingEnded,
    ActivityBegun,
)


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a command of this chapter."""
    match command:
        case GiveUp():
            return gave_up(activity, command, now)
        case LookAgain():
            return looked_again(activity, command, now, facts)
        case _ if activity.status in (Status.NONE, Status.DRAFT):
            raise Rejected("not-open-yet", "nobody can sign up for it yet")
        case _ if activity.status is Status.CALLED_OFF:
            raise Rejected("called-off", "it was called off")
        case SignUp():
            return [signed_up(activity, command, now, facts)]
        case AcceptOffer(by=by):
            offer = _held_for(activity, by, now)
            must_be_fit(activity, offer.role, facts.person)
            return [_given(activity, by, offer.role, by)]
        case DeclineOffer(by=by):
            _held_for(activity, by, now)
            return let_go(activity, by, "declined", now)
        case Withdraw(by=by):
            return withdrawn(activity, by, now)
        case Enlist():
            return [enlisted(activity, command, facts)]
        case StrikeOff(person=person):
            if activity.status is Status.DONE:
                raise Rejected("activity-over", "it is over: deny their presence")
            events = let_go(activity, person, "struck", now)
            if not events:
                raise Rejected("not-on-it", "they neither have a place nor wait for one")
            return events
    raise AssertionError(command)


# --- signing up ----------------------------------------------------------------------------------


def signed_up(
    activity: Activity, command: SignUp, now: datetime, facts: Surroundings
) -> VolunteerSignedUp | VolunteerPutOnWaitingList:
    """A place where one is free and nobody waits for it, else a number on the waiting list."""
    by = command.by
    if activity.status not in SIGNING_UP or activity.sign_up_until <= now:
        raise Rejected("sign-up-closed", "sign-up is closed; an organiser may still take you")
    if activity.sign_up_from is not None and now < activity.sign_up_from:
        start = activity.sign_up_from.astimezone(CHINA)
        moment = f"{start:%Y-%m-%d %H:%M}"
        raise Rejected("sign-up-not-yet", f"sign-up begins at {moment}", start=moment)
    _not_on_it(activity, by)
    n = role_named(activity, command.role)
    role = activity.roles[n]
    must_be_fit(activity, role.code, facts.person)
    if activity.taken[n] < role.number and role.code not in activity.waiting.roles:
        return _given(activity, by, role.code, by)
    if len(activity.waiting.people) >= MOST_WAITING:
        raise Rejected(
            "waiting-list-full", f"{MOST_WAITING} wait already: look later", most=MOST_WAITING
        )
    number = activity.waiting.roles.count(role.code) + 1
    return VolunteerPutOnWaitingList(activity.activity, activity.place, by, role.code, number)


def enlisted(activity: Activity, command: Enlist, facts: Surroundings) -> VolunteerSignedUp:
    """An organiser puts somebody down, on a place that nobody waits for."""
    if activity.status is Status.DONE:
        raise Rejected("activity-over", "it is over")
    _not_on_it(activity, command.person)
    n = role_named(activity, command.role)
    role = activity.roles[n]
    must_be_fit(activity, role.code, facts.person)
    if role.code in activity.waiting.roles:
        raise Rejected("others-wait", "others wait for it, and come first")
    if activity.taken[n] >= role.number:
        raise Rejected("no-place-free", "all places of the role are taken: give it more places")
    return _given(activity, command.person, role.code, command.by)


def _not_on_it(activity: Activity, person: str) -> None:
    if person in activity.places.people:
        raise Rejected("already-signed-up", "they have a place")
    if person in activity.waiting.people:
        number = number_of(activity, person) or 0
        raise Rejected("already-waiting", f"they wait as number {number}", number=number)
    if offer_to(activity, person) is not None:
        raise Rejected("offer-waits", "a place is held for them: accept it or decline")


def _given(activity: Activity, person: str, role: str, by: str) -> VolunteerSignedUp:
    return VolunteerSignedUp(activity.activity, activity.place, person, role, activity.begin, by)


def _held_for(activity: Activity, person: str, now: datetime) -> Offer:
    offer = offer_to(activity, person)
    if offer is None or offer.until <= now or activity.status not in SIGNING_UP:
        raise Rejected("no-offer", "no place is held for you (any more)")
    return offer


# --- offers --------------------------------------------------------------------------------------


def offered(activity: Activity, now: datetime) -> list[Event]:
    """Every place that is free is held for the next who waits for it."""
    if activity.status not in SIGNING_UP or not activity.waiting.people:
        return []
    until = offer_until(activity.begin, now)
    if until is None:
        return []
    events: list[Event] = []
    for role, taken in zip(activity.roles, activity.taken, strict=True):
        next_in_line = activity.waiting.of_role(role.code)
        # The number of places leads: who waits without one is not drawn from the line.
        for _, person in zip(range(role.number - taken), next_in_line, strict=False):
            events.append(
                ActivityPlaceOffered(activity.activity, activity.place, person, role.code, until)
            )
    return events


def offer_until(begin: datetime, now: datetime) -> datetime | None:
    """Until when a place is held that is offered now, for what begins then; None where there is no
    time left to answer.
    """
    lasts = OFFER_LASTS_SHORTLY if begin - now <= SHORTLY else OFFER_LASTS
    until = min(_awake(now) + lasts, begin)
    return until if until - now >= LEAST_TO_ANSWER else None


def _awake(now: datetime) -> datetime:
    """Now, or at night the end of it."""
    local = now.astimezone(CHINA)
    if NIGHT_ENDS <= local.time() < NIGHT_BEGINS:
        return now
    morning = datetime.combine(local.date(), NIGHT_ENDS, CHINA)
    if local.time() >= NIGHT_BEGINS:
        morning += timedelta(days=1)
    return morning.astimezone(UTC)


# --- time ----------------------------------------------------------------------------------------


def due(activity: Activity) -> datetime | None:
    """When the next offer lapses, or it begins."""
    if activity.status not in SIGNING_UP:
        return None
    return min([activity.begin, *(offer.until for offer in activity.offers)])


def time_passed(activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """An offer that nobody answered goes to the next; when it begins, nobody waits any more."""
    if activity.status not in SIGNING_UP:
        return []
    if activity.begin <= now:
        return begun(activity)
    return [
        ActivityOfferEnded(activity.activity, activity.place, one.person, one.role, "lapsed")
        for one in activity.offers
        if one.until <= now
    ]


def begun(activity: Activity) -> list[Event]:
    """It runs."""
    ended: list[Event] = [
        ActivityOfferEnded(activity.activity, activity.place, one.person, one.role, "begun")
        for one in activity.offers
    ]
    event = ActivityBegun(
        activity.activity,
        activity.place,
        activity.begin,
        activity.end,
        len(activity.places.people),
        activity.waiting.people,
    )
    return [*ended, event]


# --- what follows --------------------------------------------------------------------------------


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    match event:
        case VolunteerSignedUp(volunteer=person, role=role):
            places = activity.places.added(person, role)
            if offer_to(activity, person) is not None:  # the place was counted when it was held
                return changed(activity, places=places, offers=_offers_but(activity, person))
            return _counted(changed(activity, places=places), role, 1)
        case VolunteerPutOnWaitingList(volunteer=person, role=role):
            return changed(activity, waiting=activity.waiting.added(person, role))
        case ActivityPlaceOffered(volunteer=person, role=role, until=until):
            offers = (*activity.offers, Offer(person, role, until))
            waiting = activity.waiting.without(person)
            return _counted(changed(activity, offers=offers, waiting=waiting), role, 1)
        case ActivityOfferEnded(volunteer=person, role=role):
            return _counted(changed(activity, offers=_offers_but(activity, person)), role, -1)
        case ActivityPlaceGivenUp(volunteer=person, role=role):
            return _counted(changed(activity, places=activity.places.without(person)), role, -1)
        case ActivityWaitingEnded(volunteer=person):
            return changed(activity, waiting=activity.waiting.without(person))
        case ActivityBegun():
            return changed(activity, status=Status.RUNNING, waiting=Roll())
    return activity


def _offers_but(activity: Activity, person: str) -> tuple[Offer, ...]:
    return tuple(offer for offer in activity.offers if offer.person != person)


def _counted(activity: Activity, role: str, step: int) -> Activity:
    n = role_named(activity, role)
    taken = (*activity.taken[:n], activity.taken[n] + step, *activity.taken[n + 1 :])
    return with_status(changed(activity, taken=taken))
