"""Hours (服务时长): counted from presence, confirmed by somebody else, disputed, decided.

Whoever changes hours changes from when to when somebody was there, and the hours follow: so they
never exceed presence.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from services.volunteering.domain.activities.commands import (
    ConfirmHours,
    DecideDispute,
    DisputeHours,
    DropDispute,
)
from services.volunteering.domain.activities.presence import (
    DISPUTE_WITHIN,
    must_lie_within,
    replaced,
)
from services.volunteering.domain.activities.recorded import (
    DisputeDropped,
    DisputesTaken,
    HoursClaimed,
    NoHoursServed,
    PresenceRecorded,
    VolunteerLeft,
    Way,
)
from services.volunteering.domain.activities.state import (
    Activity,
    Dispute,
    Presence,
    Served,
    Status,
    Surroundings,
    must_take_part,
)
from shared.contracts.event import Event
from shared.contracts.volunteering.activities import (
    ActivityDisputeDecided,
    ActivityHoursDisputed,
    ActivityHoursDue,
    ActivityHoursUnsettled,
)
from shared.contracts.volunteering.hours import HoursConfirmed, HoursCorrected, Work
from shared.runtime.aggregate import Command, Rejected, changed

COUNTED_IN = 15
"""Minutes: hours are counted in whole quarters, each that was begun and not served left out."""
OFFICE_AFTER = timedelta(days=4)
"""After organisers were reminded, the community is asked."""
STREET_AFTER = timedelta(days=7)
"""After the community was asked, the street is."""
DECIDE_WITHIN = timedelta(days=7)
"""Then a dispute that nobody has decided climbs to the street."""
NOTHING = timedelta(0)
REMINDED, COMMUNITY_ASKED, STREET_ASKED = 1, 2, 3
"""What `asked` counts."""

COMMANDS: tuple[type[Command], ...] = (ConfirmHours, DisputeHours, DropDispute, DecideDispute)
EVENTS: tuple[type[Event], ...] = (
    DisputesTaken,
    NoHoursServed,
    HoursConfirmed,
    HoursCorrected,
    HoursClaimed,
    DisputeDropped,
    ActivityHoursDisputed,
    ActivityDisputeDecided,
    ActivityHoursDue,
    ActivityHoursUnsettled,
)


def decide(command: Command, activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """What follows from a command of this chapter."""
    if activity.status is not Status.DONE:
        raise Rejected("not-over", "hours are counted when it is over")
    match command:
        case ConfirmHours():
            return confirmed(activity, command, now, facts)
        case DisputeHours():
            return disputed(activity, command, now, facts)
        case DropDispute(by=by):
            dispute_of(activity, by)
            return [DisputeDropped(by)]
        case DecideDispute():
            return decided(activity, command, now)
    raise AssertionError(command)


# --- counting ------------------------------------------------------------------------------------


def counted(time: timedelta) -> int:
    """The minutes that a time counts."""
    return time // timedelta(minutes=COUNTED_IN) * COUNTED_IN


def times_there(presence: Presence, begin: datetime, end: datetime) -> dict[str, timedelta]:
    """How long each was there between the beginning and the end; without a check-out not at all."""
    there = dict.fromkeys(presence.people, NOTHING)
    for person, came, left in zip(presence.people, presence.came, presence.left, strict=True):
        if left is not None:
            there[person] += max(NOTHING, min(left, end) - max(came, begin))
    return there


# --- confirming ----------------------------------------------------------------------------------


def confirmed(
    activity: Activity, command: ConfirmHours, now: datetime, facts: Surroundings
) -> list[Event]:
    """The hours of all who were there but for the confirmer's own, and of those who did not check
    out only with their having stayed.
    """
    presence = activity.presence
    settled = {one.person for one in activity.served}
    waiting = [one for one in dict.fromkeys(presence.people) if one not in settled]
    others = [one for one in waiting if one != command.by]
    if not waiting:
        raise Rejected("nothing-to-confirm", "nobody's hours wait to be confirmed")
    if not others:
        raise Rejected("own-hours", "somebody else confirms your own hours")
    still_there = {
        who for who, left in zip(presence.people, presence.left, strict=True) if left is None
    }
    checked_out: list[Event] = []
    if command.stayed:
        for person in others:
            if person in still_there:
                checked_out.append(VolunteerLeft(person, activity.end, Way.ORGANISER, command.by))
                presence = presence.departed(person, activity.end)
    else:
        others = [one for one in others if one not in still_there]
        if not others:
            raise Rejected(
                "check-outs-missing",
                "those who are left did not check out: record when they went, or that they stayed",
            )
    there = times_there(presence, activity.begin, activity.end)
    hours = [_served(activity, one, counted(there[one]), command.by) for one in others]
    events = [*checked_out, DisputesTaken(now + DISPUTE_WITHIN), *hours]
    left_over = len(waiting) - len(others)
    if left_over and waiting_only_for(activity, command.by, waiting, others):
        # Only the sole organiser's own are left: nobody but staff can confirm them.
        events += unsettled(activity, left_over, now, facts)
    return events


def waiting_only_for(activity: Activity, by: str, waiting: list[str], others: list[str]) -> bool:
    """Whether nothing is left but the hours of the only organiser."""
    return set(activity.organisers) == {by} and set(waiting) - set(others) == {by}


def _served(activity: Activity, person: str, minutes: int, by: str) -> Event:
    if minutes == 0:
        return NoHoursServed(person, by)
    return HoursConfirmed(
        activity.activity,
        Work.ACTIVITY,
        person,
        activity.place,
        activity.begin,
        minutes,
        by,
        activity.team,
    )


# --- disputing -----------------------------------------------------------------------------------


def disputed(
    activity: Activity, command: DisputeHours, now: datetime, facts: Surroundings
) -> list[Event]:
    """The community's office looks at it."""
    by = command.by
    must_take_part(activity, by)
    settled = any(one.person == by for one in activity.served)
    if not settled and by in activity.presence.people:
        raise Rejected("not-confirmed-yet", "your hours are not confirmed yet")
    if any(one.person == by for one in activity.disputes):
        raise Rejected("disputed-already", "your hours are looked at")
    if by in activity.decided:
        raise Rejected("decided-already", "it was decided; that stands")
    if activity.dispute_until <= now:
        raise Rejected(
            "too-late-to-dispute",
            f"hours are disputed within {DISPUTE_WITHIN.days} days",
            days=DISPUTE_WITHIN.days,
        )
    must_lie_within(activity, command.came, command.left, now)
    place, called = facts.community
    return [
        HoursClaimed(by, command.because, command.came, command.left, now + DECIDE_WITHIN),
        ActivityHoursDisputed(activity.activity, place, by, called, 1),
    ]


def decided(activity: Activity, command: DecideDispute, now: datetime) -> list[Event]:
    """By somebody who neither serves these hours nor confirmed them."""
    person, by = command.person, command.by
    dispute_of(activity, person)
    served = next((one for one in activity.served if one.person == person), None)
    if by == person:
        raise Rejected("own-hours", "somebody else confirms your own hours")
    if served is not None and served.by == by:
        raise Rejected("own-confirmation", "who confirmed the hours does not decide about them")
    before = 0 if served is None else served.minutes
    if command.came is None or command.left is None:
        if command.came != command.left:
            raise Rejected("one-time-missing", "say from when to when, or neither")
        return [_decided(activity, person, before, False, by)]
    must_lie_within(activity, command.came, command.left, now)
    presence = replaced(activity.presence, person, command.came, command.left)
    minutes = counted(times_there(presence, activity.begin, activity.end)[person])
    events: list[Event] = [PresenceRecorded(person, command.came, command.left, by)]
    if served is None or (minutes and not served.told):
        events.append(_served(activity, person, minutes, by))
    elif minutes != before:
        events.append(
            HoursCorrected(
                activity.activity,
                Work.ACTIVITY,
                person,
                activity.place,
                activity.begin,
                before,
                minutes,
                by,
                activity.team,
            )
        )
    return [*events, _decided(activity, person, minutes, minutes != before, by)]


def _decided(
    activity: Activity, person: str, minutes: int, is_changed: bool, by: str
) -> ActivityDisputeDecided:
    return ActivityDisputeDecided(
        activity.activity, activity.place, person, minutes, is_changed, by
    )


def dispute_of(activity: Activity, person: str) -> Dispute:
    """What somebody says of their hours. Raises `Rejected`."""
    for one in activity.disputes:
        if one.person == person:
            return one
    raise Rejected("no-dispute", "their hours are not disputed")


# --- time ----------------------------------------------------------------------------------------


def due(activity: Activity) -> datetime | None:
    """When somebody is asked for hours that nobody has confirmed, or a dispute climbs."""
    moments = [one.climbs_at for one in activity.disputes if one.climbs_at is not None]
    if activity.unsettled and activity.ask_at is not None:
        moments.append(activity.ask_at)
    return min(moments, default=None)


def time_passed(activity: Activity, now: datetime, facts: Surroundings) -> list[Event]:
    """Organisers are reminded; then the community is asked to decide, then the street."""
    place, called = facts.street
    events: list[Event] = [
        ActivityHoursDisputed(activity.activity, place, one.person, called, 2)
        for one in activity.disputes
        if one.climbs_at is not None and one.climbs_at <= now
    ]
    if not activity.unsettled or activity.ask_at is None or now < activity.ask_at:
        return events
    if activity.asked == 0 and activity.organisers:
        return [
            *events,
            ActivityHoursDue(
                activity.activity,
                activity.place,
                activity.unsettled,
                activity.organisers,
                now + OFFICE_AFTER,
            ),
        ]
    return [*events, *unsettled(activity, activity.unsettled, now, facts)]


def unsettled(activity: Activity, count: int, now: datetime, facts: Surroundings) -> list[Event]:
    """The office that comes next decides."""
    at_street = activity.asked >= COMMUNITY_ASKED
    place, called = facts.street if at_street else facts.community
    until = None if at_street else now + STREET_AFTER
    return [ActivityHoursUnsettled(activity.activity, place, count, called, until)]


# --- what follows --------------------------------------------------------------------------------


def evolve(activity: Activity, event: Event) -> Activity:
    """The activity after an event of this chapter."""
    match event:
        case DisputesTaken(until=until):
            return changed(activity, dispute_until=max(activity.dispute_until, until))
        case HoursConfirmed(volunteer=person, minutes=minutes, confirmed_by=by):
            return _with_served(activity, Served(person, minutes, by or "", True))
        case NoHoursServed(volunteer=person, by=by):
            return _with_served(activity, Served(person, 0, by, False))
        case HoursCorrected(volunteer=person, minutes=minutes, corrected_by=by):
            return _with_served(activity, Served(person, minutes, by or "", True))
        case HoursClaimed(volunteer=person, because=because, came=came, left=left, climbs_at=at):
            dispute = Dispute(person, because.value, came, left, at)
            return changed(activity, disputes=(*activity.disputes, dispute), at_office=True)
        case ActivityHoursDisputed(volunteer=person, times=times) if times > 1:
            climbed = tuple(
                replace(one, climbs_at=None) if one.person == person else one
                for one in activity.disputes
            )
            return changed(activity, disputes=climbed)
        case DisputeDropped(volunteer=person):
            return _closed(activity, person)
        case ActivityDisputeDecided(volunteer=person):
            return _closed(changed(activity, decided=(*activity.decided, person)), person)
        case ActivityHoursDue(until=until):
            return changed(activity, asked=REMINDED, ask_at=until)
        case ActivityHoursUnsettled(until=until):
            asked = STREET_ASKED if activity.asked >= COMMUNITY_ASKED else COMMUNITY_ASKED
            return changed(activity, asked=asked, ask_at=until, at_office=True)
    return activity


def _with_served(activity: Activity, served: Served) -> Activity:
    if any(one.person == served.person for one in activity.served):
        kept = tuple(served if one.person == served.person else one for one in activity.served)
        return changed(activity, served=kept)
    left = activity.unsettled - 1
    after = changed(activity, served=(*activity.served, served), unsettled=left)
    return _with_office(after) if left == 0 else after


def _closed(activity: Activity, person: str) -> Activity:
    left = tuple(one for one in activity.disputes if one.person != person)
    return _with_office(changed(activity, disputes=left))


def _with_office(activity: Activity) -> Activity:
    """Whether anything waits for staff."""
    waits = activity.unsettled > 0 and activity.asked >= COMMUNITY_ASKED
    return changed(activity, at_office=waits or bool(activity.disputes))
