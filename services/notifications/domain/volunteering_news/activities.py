"""Who is told what of activities: who takes part, who organises, and who decides about hours."""

from services.notifications.domain.telling import Telling, to
from shared.contracts import volunteering
from shared.contracts.event import Event

TELLS_NOBODY: frozenset[type[Event]] = frozenset(
    {
        volunteering.ActivityOpened,  # a list that everybody can look at
        volunteering.VolunteerPutOnWaitingList,  # who signs up is told at once
    }
)
OWN_DOING = ("withdrawn", "declined", "stopped")
"""Of these nobody has to be told that they gave something up."""


def tellings(event: Event) -> list[Telling | None]:
    """Who must know of the event."""
    match event:
        case volunteering.ActivityMoved(volunteers=people, activity=id, place=place) as e:
            return [
                to(
                    person,
                    "activity-moved",
                    activity=id,
                    place=place,
                    start=e.begin,
                    end=e.end,
                    until=e.withdraw_until,
                )
                for person in people
            ]
        case volunteering.ActivityCalledOff(activity=id, place=place, begin=begin, by=by) as e:
            because = f"activity-{e.because}"
            return [
                to(
                    person,
                    "activity-called-off",
                    but_not=by,
                    activity=id,
                    place=place,
                    start=begin,
                    because=because,
                )
                for person in (*e.volunteers, *e.organisers)
            ]
        case volunteering.ActivityNear(volunteers=people, activity=id, place=place, begin=begin):
            return [
                to(person, "activity-near", activity=id, place=place, start=begin)
                for person in people
            ]
        case volunteering.ActivityBegun(waited=people, activity=id, place=place):
            return [to(one, "activity-waited-in-vain", activity=id, place=place) for one in people]
        case volunteering.ActivityDone(activity=id, place=place, present=count) as e:
            missing = [to(one, "activity-missed", activity=id, place=place) for one in e.missing]
            if not count:
                return missing
            confirm = "activity-hours-to-confirm"
            return [
                *(to(one, confirm, activity=id, place=place, count=count) for one in e.organisers),
                *missing,
            ]
        case volunteering.ActivityOrganisersNamed(activity=id, place=place, begin=begin) as e:
            now, before = set(e.organisers), set(e.former)
            return [
                *(
                    to(one, "activity-organiser", activity=id, place=place, start=begin)
                    for one in e.organisers
                    if one not in before
                ),
                *(
                    to(one, "activity-organiser-no-more", activity=id, place=place, start=begin)
                    for one in e.former
                    if one not in now
                ),
            ]
    return [*of_places(event), *of_hours(event)]


def of_places(event: Event) -> list[Telling | None]:
    """Who must know of a place that is given, held, or given up."""
    match event:
        case volunteering.VolunteerSignedUp(volunteer=person, activity=id, place=place) as e:
            return [
                to(
                    person,
                    "activity-enlisted",
                    but_not=e.by,
                    activity=id,
                    place=place,
                    start=e.begin,
                )
            ]
        case volunteering.ActivityPlaceOffered(volunteer=person, activity=id, place=place) as e:
            return [to(person, "activity-offer", activity=id, place=place, until=e.until)]
        case volunteering.ActivityPlaceGivenUp(late=True, activity=id, place=place) as e:
            return [
                to(one, "activity-late-withdrawal", activity=id, place=place, start=e.begin)
                for one in e.organisers
            ]
        case (
            volunteering.ActivityOfferEnded()
            | volunteering.ActivityPlaceGivenUp()
            | volunteering.ActivityWaitingEnded()
        ) as e:
            if e.because in OWN_DOING:
                return []
            if e.because in ("lapsed", "begun"):
                return [
                    to(e.volunteer, "activity-offer-lapsed", activity=e.activity, place=e.place)
                ]
            because = f"activity-{e.because}"
            return [
                to(
                    e.volunteer,
                    "activity-place-lost",
                    activity=e.activity,
                    place=e.place,
                    because=because,
                )
            ]
    return []


def of_hours(event: Event) -> list[Telling | None]:
    """Who must see to hours, and whose they are."""
    match event:
        case volunteering.ActivityHoursDue(activity=id, place=place, count=count) as e:
            return [
                to(
                    one,
                    "activity-hours-due",
                    activity=id,
                    place=place,
                    count=count,
                    until=e.until,
                )
                for one in e.organisers
            ]
        case volunteering.ActivityHoursUnsettled(called=person, activity=id, count=count) as e:
            kind = "activity-hours-unsettled"
            return [to(person, kind, activity=id, place=e.place, count=count)]
        case volunteering.ActivityHoursDisputed(called=person, activity=id, place=place):
            return [to(person, "activity-hours-disputed", activity=id, place=place)]
        case volunteering.ActivityDisputeDecided(volunteer=person, activity=id, place=place) as e:
            minutes = e.minutes
            return [
                to(person, "activity-dispute-decided", activity=id, place=place, minutes=minutes)
            ]
    return []
