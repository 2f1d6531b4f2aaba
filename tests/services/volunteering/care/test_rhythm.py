"""Which days a rhythm has, and which times."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.volunteering.domain.care.rhythm import (
    DAY,
    Every,
    Rhythm,
    first_from,
    refuse_unusable,
    slot_on,
    slots_after,
    still_fair,
)
from shared.runtime.aggregate import Rejected
from shared.worktime.days import is_working_day
from shared.worktime.hours import CHINA

windows = st.tuples(st.integers(0, 95), st.integers(1, 96)).filter(lambda w: w[0] < w[1])


def clock(quarter: int) -> str:
    return f"{quarter // 4:02}:{quarter % 4 * 15:02}"


rhythms = st.builds(
    lambda every, weekdays, month_day, days, window: Rhythm(
        every,
        tuple(sorted(weekdays)) if every is Every.WEEK else (),
        month_day if every is Every.MONTH else 1,
        days if every is Every.MONTH else 1,
        f"{clock(window[0])}-{clock(window[1])}",
    ),
    st.sampled_from(Every),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 31),
    st.integers(1, 28),
    windows,
)
"""Every usable rhythm, to the quarter of an hour."""


def counts(rhythm: Rhythm, day: date) -> bool:
    """Whether a day is one of the rhythm's, looked at by itself."""
    match rhythm.every:
        case Every.DAY:
            return True
        case Every.WEEK:
            return day.weekday() in rhythm.weekdays
        case Every.MONTH:
            is_last = (day + DAY).day == 1
            return day.day == rhythm.month_day or (is_last and day.day < rhythm.month_day)


@given(rhythms, st.dates(date(2023, 1, 1), date(2032, 12, 31)))
def test_no_day_is_left_out_and_none_comes_twice(rhythm: Rhythm, day: date) -> None:
    refuse_unusable(rhythm)
    found = [slot.day for slot in islice(slots_after(rhythm, day), 40)]
    days = [day + n * DAY for n in range(1, (found[-1] - day).days + 1)]
    assert found == [each for each in days if counts(rhythm, each)]


@given(rhythms, st.dates(date(2023, 1, 1), date(2032, 12, 31)))
def test_times_are_those_of_the_day_and_never_overlap(rhythm: Rhythm, day: date) -> None:
    slots = list(islice(slots_after(rhythm, day), 30))
    begin, _, end = rhythm.window.partition("-")
    for slot in slots:
        assert slot.begin.tzinfo is UTC
        assert f"{slot.begin.astimezone(CHINA):%H:%M}" == begin
        assert f"{slot.end.astimezone(CHINA):%H:%M}" == ("00:00" if end == "24:00" else end)
        assert slot.end > slot.begin
    for before, after in pairwise(slots):
        assert before.end <= after.begin


def test_a_public_holiday_is_a_day_like_any_other() -> None:
    spring_festival = date(2026, 2, 17)
    assert not is_working_day(spring_festival)
    assert next(slots_after(Rhythm(), spring_festival - DAY)).day == spring_festival


def test_a_short_month_has_its_last_day() -> None:
    rhythm = Rhythm(Every.MONTH, month_day=31, window="09:00-17:00")
    found = [slot.day for slot in islice(slots_after(rhythm, date(2028, 1, 30)), 3)]
    assert found == [date(2028, 1, 31), date(2028, 2, 29), date(2028, 3, 31)]


def test_one_that_has_been_open_for_days_can_still_be_asked_for() -> None:
    monthly = slot_on(Rhythm(Every.MONTH, month_day=1, days=10), date(2026, 3, 1))
    assert still_fair(monthly, monthly.begin)
    assert still_fair(monthly, monthly.end - DAY)
    assert not still_fair(monthly, monthly.end - DAY + timedelta(minutes=1))
    daily = slot_on(Rhythm(), date(2026, 3, 1))
    assert not still_fair(daily, daily.begin + timedelta(minutes=1))


def test_the_first_is_the_next_that_is_fair() -> None:
    at_ten = datetime(2026, 3, 2, 10, tzinfo=CHINA)
    assert first_from(Rhythm(), date(2026, 3, 1), at_ten).day == date(2026, 3, 3)


@pytest.mark.parametrize(
    "rhythm",
    [
        Rhythm(Every.WEEK),
        Rhythm(Every.WEEK, (1, 1)),
        Rhythm(Every.WEEK, (7,)),
        Rhythm(Every.DAY, (1,)),
        Rhythm(Every.DAY, days=2),
        Rhythm(Every.MONTH, month_day=0),
        Rhythm(Every.MONTH, month_day=32),
        Rhythm(Every.MONTH, days=29),
        Rhythm(Every.WEEK, (1,), month_day=4),
    ],
)
def test_a_rhythm_says_what_it_needs_and_nothing_else(rhythm: Rhythm) -> None:
    with pytest.raises(Rejected, match="rhythm-unusable"):
        refuse_unusable(rhythm)


@pytest.mark.parametrize("window", ["09:00-09:10", "12:00-09:00", "23:30-24:30"])
def test_a_visit_has_time_within_a_day(window: str) -> None:
    with pytest.raises(Rejected, match="care-window-unusable"):
        refuse_unusable(Rhythm(window=window))
