"""Presence (签到签退): who was there from when to when.

One checks in and out by a code that changes each minute, by standing near the meeting point, or
with an organiser. A position is compared and forgotten: neither it nor the distance is kept.
"""

from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from services.volunteering.domain.activities.changing import contact_forgotten
from services.volunteering.domain.activities.commands import (
    CheckIn,
    CheckInFor,
    CheckInHere,
    CheckOut,
    CheckOutFor,
    CheckOutHere,
    DenyPresence,
    RecordPresence,
)
from services.volunteering.domain.activities.fitting import must_be_fit
from services.volunteering.domain.activities.outline import Meeting
from services.volunteering.domain.activities.recorded import (
    PresenceDenied,
    PresenceRecorded,
    VolunteerArrived,
    VolunteerLeft,
    Way,
)
from services.volunteering.domain.activities.state import (
    SIGNING_UP,
    Activity,
    Presence,
    Status,
    Surroundings,
    must_take_part,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import ActivityDone
from shared.runtime.aggregate import Command, Rejected, changed

EARLY = timedelta(minutes=30)
"""Before the beginning one can check in; it counts from the beginning."""
LATE = timedelta(minutes=30)
"""After the end one can check out; it counts to the end."""
REMIND_AFTER = timedelta(days=3)
"""After the end, organisers who have not confirmed the hours are reminded."""
DISPUTE_WITHIN = timedelta(days=7)
"""After they were confirmed, or somebody was missing, hours are disputed."""
MOST_STINTS = 6
"""How often one checks in to one activity."""
VAGUEST = 150.0
"""Metres: a position that is less sure says nothing."""
EARTH = 6_371_000.0
"""Metres: its mean radius."""

COMMANDS: tuple[type[Command], ...] = (
    CheckIn,
    CheckInHere,
    CheckInFor,
    CheckOut,
    CheckOutHere,
    CheckOutFor,
    RecordPresence,
    DenyPresence,
)
EVENTS: tuple[type[Event], ...] = (
    VolunteerArrived,
    VolunteerLeft,
    PresenceRecorded,
    PresenceDenied,
    ActivityDone,
)


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a command of this chapter."""
    if activity.status in (Status.NONE, Status.DRAFT):
        raise Rejected("not-open-yet", "nobody can take part in it yet")
    if activity.status is Status.CALLED_OFF:
        raise Rejected("called-off", "it was called off")
    match command:
        case CheckIn(by=by, code=code):
            _may_arrive(activity, by, now, facts)
            _must_be_right(activity, code, facts)
            return [VolunteerArrived(by, now, Way.CODE, by)]
        case CheckInHere(by=by):
            _may_arrive(activity, by, now, facts)
            _must_be_near(activity, command)
            return [VolunteerArrived(by, now, Way.LOCATION, by)]
        case CheckInFor(by=by, person=person):
            _may_arrive(activity, person, now, facts)
            return [VolunteerArrived(person, now, Way.ORGANISER, by)]
        case CheckOut(by=by, code=code):
            _may_leave(activity, by, now)
            _must_be_right(activity, code, facts)
            return [VolunteerLeft(by, now, Way.CODE, by)]
        case CheckOutHere(by=by):
            _may_leave(activity, by, now)
            _must_be_near(activity, command)
            return [VolunteerLeft(by, now, Way.LOCATION, by)]
        case CheckOutFor(by=by, person=person):
            _may_leave(activity, person, now)
            return [VolunteerLeft(person, now, Way.ORGANISER, by)]
        case RecordPresence(by=by, person=person, came=came, left=left):
            _may_be_put_right(activity, person)
            must_lie_within(activity, came, left, now)
            return [PresenceRecorded(person, came, left, by)]
        case DenyPresence(by=by, person=person):
            _may_be_put_right(activity, person)
            if person not in activity.presence.people:
                raise Rejected("not-checked-in", "they are not checked in")
            return [PresenceDenied(person, by)]
    raise AssertionError(command)


def _may_arrive(activity: Activity, person: str, now: datetime, facts: Surroundings) -> None:
    role = must_take_part(activity, person)
    if now < activity.begin - EARLY:
        minutes = EARLY // timedelta(minutes=1)
        raise Rejected(
            "too-early-to-check-in",
            f"one checks in from {minutes} minutes before it begins",
            minutes=minutes,
        )
    if activity.status not in SIGNING_UP | {Status.RUNNING} or activity.end <= now:
        raise Rejected("activity-over", "it is over; an organiser records who was there")
    if activity.presence.is_there(person):
        raise Rejected("already-checked-in", "they are checked in")
    if activity.presence.people.count(person) >= MOST_STINTS:
        raise Rejected(
            "too-many-check-ins",
            f"one checks in {MOST_STINTS} times at most; an organiser records the rest",
            most=MOST_STINTS,
        )
    must_be_fit(activity, role, facts.person)


def _may_leave(activity: Activity, person: str, now: datetime) -> None:
    must_take_part(activity, person)
    if not activity.presence.is_there(person):
        raise Rejected("not-checked-in", "they are not checked in")
    if activity.status is Status.DONE or activity.end + LATE <= now:
        raise Rejected("activity-over", "it is over; an organiser records who was there")


def _must_be_right(activity: Activity, code: str, facts: Surroundings) -> None:
    if not activity.by_code:
        raise Rejected("no-check-in-by-code", "one does not check in by a code here")
    if facts.locked_for is not None:
        raise Rejected(
            "codes-locked",
            f"too many wrong codes: go to an organiser, or wait {facts.locked_for} minutes",
            minutes=facts.locked_for,
        )
    if code not in facts.codes:
        raise Rejected("wrong-code", "this is not the code of this minute")


def _must_be_near(activity: Activity, command: CheckInHere | CheckOutHere) -> None:
    if activity.meeting is None:
        raise Rejected("no-check-in-by-location", "one does not check in by location here")
    if command.accuracy > VAGUEST:
        raise Rejected(
            "position-too-vague", "the position is too vague: take the code, or see an organiser"
        )
    if distance(activity.meeting, command.latitude, command.longitude) > activity.meeting.radius:
        raise Rejected(
            "too-far-away",
            f"come within {activity.meeting.radius} metres of the meeting point",
            radius=activity.meeting.radius,
        )


def distance(meeting: Meeting, latitude: float, longitude: float) -> float:
    """Metres between the meeting point and a position, along a great circle (haversine)."""
    north, there = radians(meeting.latitude), radians(latitude)
    across = radians(longitude - meeting.longitude)
    part = sin((there - north) / 2) ** 2 + cos(north) * cos(there) * sin(across / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, part)))


def _may_be_put_right(activity: Activity, person: str) -> None:
    must_take_part(activity, person)
    if activity.status in SIGNING_UP:
        raise Rejected("not-begun", "it has not begun")
    if any(one.person == person for one in activity.served):
        raise Rejected("hours-confirmed", "their hours are confirmed: only a dispute changes them")


def must_lie_within(activity: Activity, came: datetime, left: datetime, now: datetime) -> None:
    """Raises `Rejected` for times that nobody can have been there."""
    if not activity.begin - EARLY <= came < left <= min(now, activity.end + LATE):
        raise Rejected(
            "impossible-presence", "one comes before one goes, in the time of the activity, by now"
        )


# --- its end -------------------------------------------------------------------------------------


def due(activity: Activity) -> datetime | None:
    """When it is over and nobody checks out any more."""
    return activity.end + LATE if activity.status is Status.RUNNING else None


def time_passed(activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """It is over. Who had a place and never came was missing."""
    at = due(activity)
    if at is None or now < at:
        return []
    there = set(activity.presence.people)
    done = ActivityDone(
        activity.activity,
        activity.place,
        activity.theme,
        activity.begin,
        activity.end,
        len(there),
        tuple(person for person in activity.places.people if person not in there),
        activity.organisers,
        activity.team,
    )
    return [done, *contact_forgotten(activity)]


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    there = activity.presence
    match event:
        case VolunteerArrived(volunteer=person, at=at):
            return changed(activity, presence=there.arrived(person, at))
        case VolunteerLeft(volunteer=person, at=at):
            return changed(activity, presence=there.departed(person, at))
        case PresenceRecorded(volunteer=person, came=came, left=left):
            after = changed(activity, presence=replaced(there, person, came, left))
            return after if person in there.people else _unsettled(after, 1)
        case PresenceDenied(volunteer=person):
            return _unsettled(changed(activity, presence=there.without(person)), -1)
        case ActivityDone(present=present):
            return changed(
                activity,
                status=Status.DONE,
                unsettled=present,
                ask_at=activity.end + REMIND_AFTER,
                dispute_until=activity.end + LATE + DISPUTE_WITHIN,
            )
    return activity


def _unsettled(activity: Activity, step: int) -> Activity:
    """Once it is over, it is counted for how many nobody has confirmed the hours."""
    if activity.status is not Status.DONE:
        return activity
    return changed(activity, unsettled=activity.unsettled + step)


def replaced(there: Presence, person: str, came: datetime, left: datetime) -> Presence:
    """With somebody having been there once, from when to when."""
    return there.without(person).arrived(person, came).departed(person, left)
