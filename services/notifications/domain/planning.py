"""Planning: by which ways a message goes to a person, and when (发送安排).

Pure reckoning over a kind's rule and a person's preferences. The inbox has every message at once;
this is about what comes besides.
"""

from datetime import UTC, datetime, time, timedelta

from services.notifications.domain.kinds import KindRule, Urgency
from services.notifications.domain.preferences.state import (
    Digest,
    Every,
    Preferences,
    QuietHours,
)
from services.notifications.domain.ways import Lane, Plan, Way
from shared.worktime.hours import CHINA

NOTHING = Plan()
"""The inbox is enough."""
A_DAY = timedelta(days=1)

LANES = {
    Urgency.URGENT: Lane.URGENT,
    Urgency.NORMAL: Lane.SINGLE,
    Urgency.LOW: Lane.BULK,
}


def plan(rule: KindRule, known: Preferences | None, now: datetime, about: str = "") -> Plan:
    """The plan for one message of this kind to a person who prefers this; `about` is the stream
    that it tells of.

    What is urgent is never put off. Else nothing is sent in the person's quiet hours, nothing of a
    case that they muted or a topic that they turned off, and what may wait is left to their digest;
    only what the rule says must be told is told all the same, when the quiet hours are over.
    """
    if known is None or not rule.ways:
        return NOTHING
    ways = tuple(way for way in rule.ways if known.reached_by(way))
    if not ways:
        return NOTHING
    wanted = known.wanted(rule.topic, ways)
    if not rule.must:
        if not wanted or about in known.muted:
            return NOTHING
        if waits_for_digest(rule, known.digest, now):
            return Plan(digest=True)
    expires = None if rule.lasts is None else now + rule.lasts
    not_before = None
    if rule.urgency is not Urgency.URGENT:
        not_before = quiet_until(known.quiet, now)
        if not_before is not None and expires is not None and not_before >= expires:
            return NOTHING  # by the morning it is too late to tell
    return Plan(
        ways=wanted or ways,
        lane=LANES[rule.urgency],
        not_before=not_before,
        expires=expires,
        gather_for=rule.gathers,
        heard_within=rule.heard_within,
    )


def plan_for_group(rule: KindRule, now: datetime) -> Plan:
    """The plan for a message to a group that has a robot: there are no quiet hours in a group."""
    if Way.ROBOT not in rule.ways:
        return NOTHING
    expires = None if rule.lasts is None else now + rule.lasts
    return Plan((Way.ROBOT,), LANES[rule.urgency], None, expires, rule.gathers)


def plan_for_code(way: Way, until: datetime) -> Plan:
    """The plan for a code that confirms an address: to that address, at once, while it is good."""
    return Plan((way,), Lane.URGENT, None, until)


def quiet_until(quiet: QuietHours, now: datetime) -> datetime | None:
    """When the quiet hours end that it is within now; None outside of them."""
    if quiet.begin == quiet.end:
        return None
    local = now.astimezone(CHINA)
    passed = (local - datetime.combine(local.date(), time(), CHINA)) // timedelta(minutes=1)
    if quiet.begin < quiet.end:
        within, ends_tomorrow = quiet.begin <= passed < quiet.end, False
    else:
        within = passed >= quiet.begin or passed < quiet.end
        ends_tomorrow = passed >= quiet.begin
    if not within:
        return None
    return _moment(local.date().toordinal() + ends_tomorrow, quiet.end)


def waits_for_digest(rule: KindRule, digest: Digest, now: datetime) -> bool:
    """Whether it is left to the person's next digest: never what is urgent, nor what would come too
    late by it.
    """
    if not rule.collected or rule.urgency is Urgency.URGENT:
        return False
    then = next_digest(digest, now)
    return then is not None and (rule.lasts is None or then < now + rule.lasts)


def next_digest(digest: Digest, after: datetime) -> datetime | None:
    """When the next digest is due after a moment; None where there is none."""
    if digest.every is Every.NONE:
        return None
    today = after.astimezone(CHINA).date().toordinal()
    for day in range(today, today + 9):
        moment = _moment(day, digest.minute)
        right_day = digest.every is Every.DAILY or (day - 1) % 7 == digest.weekday
        if right_day and moment > after:
            return moment
    raise AssertionError("a week has every weekday")


def _moment(day: int, minute: int) -> datetime:
    """A minute of a local day, given by its ordinal."""
    midnight = datetime.combine(datetime.fromordinal(day), time(), CHINA)
    return (midnight + timedelta(minutes=minute)).astimezone(UTC)
