"""Plans: by which ways, and when. What must always hold, and what each rule does."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.kinds import KindRule, Topic, Urgency
from services.notifications.domain.planning import (
    NOTHING,
    next_digest,
    plan,
    plan_for_code,
    plan_for_group,
    quiet_until,
)
from services.notifications.domain.preferences.state import (
    Address,
    Digest,
    Every,
    GivenBy,
    Preferences,
    QuietHours,
)
from services.notifications.domain.ways import Lane, Plan, Way
from services.notifications.kinds import kinds_in_use
from shared.worktime.hours import CHINA

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
"""A Monday, 12:00 in Shanghai."""
NIGHT = datetime(2025, 3, 3, 15, 30, tzinfo=UTC)
"""The same day, 23:30."""
MORNING = datetime(2025, 3, 3, 23, 0, tzinfo=UTC)
"""The next day, 07:00."""
GOOD = Address(GivenBy.PERSON, confirmed=True)
ALL = {Way.PUSH: GOOD, Way.EMAIL: GOOD, Way.SMS: GOOD}
WANG = Preferences("wang", addresses=ALL)
NEWS = KindRule(Topic.PETITIONS, ways=(Way.PUSH, Way.EMAIL), lasts=timedelta(days=7))
RIGHT = replace(NEWS, ways=(Way.PUSH, Way.SMS, Way.EMAIL), must=True)
ALARM = KindRule(
    Topic.ALARMS,
    Urgency.URGENT,
    (Way.PUSH, Way.SMS, Way.PHONE),
    must=True,
    heard_within=timedelta(minutes=10),
)
NOTHING_WANTED = replace(
    WANG, ways=dict.fromkeys(Topic, ()), stopped=tuple(Way), digest=Digest(Every.DAILY)
)
"""Somebody who turned everything off."""


def test_who_said_nothing_has_the_inbox() -> None:
    assert plan(NEWS, None, NOON) is NOTHING
    assert plan(NEWS, Preferences("wang"), NOON) is NOTHING
    assert plan(replace(NEWS, ways=()), WANG, NOON) is NOTHING


def test_by_day_it_goes_out_at_once_by_the_ways_of_the_kind() -> None:
    assert plan(NEWS, WANG, NOON) == Plan(
        (Way.PUSH, Way.EMAIL), Lane.SINGLE, None, NOON + timedelta(days=7)
    )


def test_only_good_addresses_are_used() -> None:
    for bad in (
        Address(GivenBy.PERSON),
        replace(GOOD, bad=True),
        replace(GOOD, removed=True),
    ):
        assert plan(NEWS, replace(WANG, addresses={**ALL, Way.PUSH: bad}), NOON).ways == (
            Way.EMAIL,
        )


def test_who_has_a_number_can_be_called() -> None:
    only_number = replace(WANG, addresses={Way.SMS: GOOD})
    assert plan(ALARM, only_number, NOON).ways == (Way.SMS, Way.PHONE)
    assert plan(ALARM, only_number, NOON).heard_within == timedelta(minutes=10)


def test_the_ways_chosen_for_a_topic_count_in_the_order_of_the_kind() -> None:
    chosen = replace(WANG, ways={Topic.PETITIONS: (Way.EMAIL, Way.SMS, Way.PUSH)})
    assert plan(RIGHT, chosen, NOON).ways == (Way.PUSH, Way.SMS, Way.EMAIL)
    assert plan(NEWS, replace(WANG, ways={Topic.PETITIONS: (Way.EMAIL,)}), NOON).ways == (
        Way.EMAIL,
    )
    other = replace(WANG, ways={Topic.POINTS: ()})
    assert plan(NEWS, other, NOON).ways == (Way.PUSH, Way.EMAIL)


def test_a_stopped_way_is_not_used_whatever_the_topic() -> None:
    assert plan(NEWS, replace(WANG, stopped=(Way.EMAIL,)), NOON).ways == (Way.PUSH,)


def test_what_must_be_told_goes_by_the_ways_wanted_or_else_by_any() -> None:
    assert plan(RIGHT, replace(WANG, stopped=(Way.SMS,)), NOON).ways == (Way.PUSH, Way.EMAIL)
    assert plan(RIGHT, NOTHING_WANTED, NOON).ways == (Way.PUSH, Way.SMS, Way.EMAIL)


def test_a_muted_case_lies_in_the_inbox_but_for_what_must_be_told() -> None:
    muted = replace(WANG, muted=("petition-p1",))
    assert plan(NEWS, muted, NOON, "petition-p1") is NOTHING
    assert plan(NEWS, muted, NOON, "petition-p2").ways
    assert plan(RIGHT, muted, NOON, "petition-p1").ways


def test_at_night_it_waits_for_the_morning_and_what_is_urgent_does_not() -> None:
    assert plan(NEWS, WANG, NIGHT).not_before == MORNING
    assert plan(RIGHT, WANG, NIGHT).not_before == MORNING
    assert plan(ALARM, WANG, NIGHT).not_before is None
    assert plan(ALARM, WANG, NIGHT).lane is Lane.URGENT


def test_what_is_too_late_in_the_morning_is_not_sent() -> None:
    soon = replace(NEWS, lasts=timedelta(hours=7))
    assert plan(soon, WANG, NIGHT) is NOTHING
    assert plan(soon, WANG, NOON).ways


def test_a_digest_takes_what_may_wait() -> None:
    daily = replace(WANG, digest=Digest(Every.DAILY))
    assert plan(NEWS, daily, NOON) == Plan(digest=True)
    assert not plan(RIGHT, daily, NOON).digest
    assert not plan(replace(NEWS, collected=False), daily, NOON).digest
    assert not plan(replace(NEWS, urgency=Urgency.URGENT), daily, NOON).digest
    # On Monday evening a weekly digest has just been made: it would come too late.
    weekly = replace(WANG, digest=Digest(Every.WEEKLY, weekday=0))
    assert not plan(replace(NEWS, lasts=timedelta(days=3)), weekly, NIGHT).digest


def test_what_nobody_waits_for_goes_last() -> None:
    assert plan(replace(NEWS, urgency=Urgency.LOW), WANG, NOON).lane is Lane.BULK


def test_a_group_is_told_by_its_robot_and_a_code_goes_to_its_address() -> None:
    rule = replace(NEWS, ways=(Way.PUSH, Way.ROBOT))
    assert plan_for_group(rule, NIGHT).ways == (Way.ROBOT,)
    assert plan_for_group(NEWS, NOON) is NOTHING
    until = NIGHT + timedelta(minutes=15)
    assert plan_for_code(Way.SMS, until) == Plan((Way.SMS,), Lane.URGENT, None, until)


def test_quiet_hours_within_a_day_and_over_midnight_and_none() -> None:
    siesta = QuietHours(12 * 60, 14 * 60)
    assert quiet_until(siesta, NOON) == NOON + timedelta(hours=2)
    assert quiet_until(siesta, NOON + timedelta(hours=2)) is None
    assert quiet_until(QuietHours(), NIGHT) == MORNING
    assert quiet_until(QuietHours(), MORNING - timedelta(minutes=1)) == MORNING
    assert quiet_until(QuietHours(), MORNING) is None
    assert quiet_until(QuietHours(300, 300), NIGHT) is None


def test_digests_come_at_their_hour_on_their_day() -> None:
    daily = Digest(Every.DAILY, minute=18 * 60)
    assert next_digest(daily, NOON) == NOON + timedelta(hours=6)
    assert next_digest(daily, NOON + timedelta(hours=6)) == NOON + timedelta(hours=30)
    weekly = Digest(Every.WEEKLY, minute=12 * 60, weekday=0)
    assert next_digest(weekly, NOON) == NOON + timedelta(days=7)
    assert next_digest(weekly, NOON - timedelta(minutes=1)) == NOON
    assert next_digest(Digest(), NOON) is None


# --- whatever anybody prefers ---------------------------------------------------------------------

moments = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)
some_ways = st.lists(st.sampled_from(Way), unique=True).map(tuple)
addresses = st.dictionaries(
    st.sampled_from([Way.PUSH, Way.EMAIL, Way.SMS]),
    st.builds(Address, st.sampled_from(GivenBy), st.booleans(), st.booleans(), st.booleans()),
)
minutes = st.integers(0, 24 * 60 - 1)
anybody = st.builds(
    Preferences,
    person=st.just("wang"),
    ways=st.dictionaries(st.sampled_from(Topic), some_ways),
    stopped=some_ways,
    quiet=st.builds(QuietHours, minutes, minutes),
    digest=st.builds(Digest, st.sampled_from(Every), minutes, st.integers(0, 6)),
    muted=st.just(("petition-p1",)),
    addresses=addresses,
)
shipped = st.sampled_from(sorted(kinds_in_use().rules)).map(lambda kind: kinds_in_use().rules[kind])
cases = st.sampled_from(["petition-p1", "petition-p2"])


@given(shipped, anybody, moments, cases)
def test_nothing_is_sent_in_quiet_hours_but_what_is_urgent(
    rule: KindRule, known: Preferences, now: datetime, about: str
) -> None:
    made = plan(rule, known, now, about)
    if made.ways and rule.urgency is not Urgency.URGENT:
        sent = made.not_before or now
        assert quiet_until(known.quiet, sent) is None
        if made.not_before is not None:
            local = made.not_before.astimezone(CHINA)
            assert local.hour * 60 + local.minute == known.quiet.end


@given(shipped, anybody, moments, cases)
def test_a_plan_is_never_for_before_now_nor_for_after_it_is_too_late(
    rule: KindRule, known: Preferences, now: datetime, about: str
) -> None:
    made = plan(rule, known, now, about)
    assert made.not_before is None or made.not_before > now
    if made.ways and made.expires is not None:
        assert (made.not_before or now) < made.expires
    assert set(made.ways) <= set(rule.ways)
    assert all(known.reached_by(way) for way in made.ways)


@given(shipped, moments)
def test_who_turned_everything_off_gets_only_what_must_be_told(
    rule: KindRule, now: datetime
) -> None:
    made = plan(rule, NOTHING_WANTED, now)
    assert bool(made.ways) == (rule.must and bool(set(rule.ways) & set(ALL)))
    assert not made.digest


@given(shipped, moments, st.integers(0, 24 * 60 - 1), st.integers(1, 12 * 60))
def test_no_night_swallows_what_must_be_told(
    rule: KindRule, now: datetime, begin: int, long: int
) -> None:
    known = replace(WANG, quiet=QuietHours(begin, (begin + long) % (24 * 60)))
    if rule.must:
        assert plan(rule, known, now).ways
