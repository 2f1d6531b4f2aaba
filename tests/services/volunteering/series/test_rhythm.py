"""The days of a series: every rhythm has its date, and a public holiday is respected."""

from datetime import date, timedelta
from itertools import islice, pairwise, takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.volunteering.domain.series.rhythm import (
    Every,
    OnHoliday,
    Rhythm,
    day_of_month,
    days,
    held_on,
    is_whole,
)
from shared.worktime.days import is_public_holiday, is_working_day

WEDNESDAYS = Rhythm(Every.WEEK, weekdays=(2,))
FIRST_SATURDAY = Rhythm(Every.MONTH_BY_WEEKDAY, weekdays=(5,), nth=1)
LAST_FRIDAY = Rhythm(Every.MONTH_BY_WEEKDAY, weekdays=(4,), nth=-1)
THE_31ST = Rhythm(Every.MONTH_BY_DATE, month_day=31)


def some(rhythm: Rhythm, first: date, count: int = 4, start: date | None = None) -> list[str]:
    found = islice(days(rhythm, first, start or first), count)
    return [f"{day:%m-%d}" for day in found]


def test_every_wednesday() -> None:
    assert some(WEDNESDAYS, date(2026, 5, 1)) == ["05-06", "05-13", "05-20", "05-27"]
    assert some(WEDNESDAYS, date(2026, 5, 6), 2) == ["05-06", "05-13"]


def test_two_days_of_every_second_week() -> None:
    rhythm = Rhythm(Every.WEEK, weekdays=(5, 1), step=2)
    first = date(2026, 5, 6)  # a Wednesday: its week counts
    assert some(rhythm, first, 5) == ["05-09", "05-19", "05-23", "06-02", "06-06"]
    assert some(rhythm, first, 2, date(2026, 5, 24)) == ["06-02", "06-06"]


def test_the_first_saturday_and_the_last_friday_of_a_month() -> None:
    assert some(FIRST_SATURDAY, date(2026, 1, 4)) == ["02-07", "03-07", "04-04", "05-02"]
    assert some(LAST_FRIDAY, date(2026, 1, 1)) == ["01-30", "02-27", "03-27", "04-24"]


def test_a_date_that_a_month_lacks_is_its_last_day() -> None:
    assert some(THE_31ST, date(2026, 1, 31)) == ["01-31", "02-28", "03-31", "04-30"]
    last = Rhythm(Every.MONTH_BY_DATE, month_day=-1)
    assert some(last, date(2028, 2, 1), 2) == ["02-29", "03-31"]


def test_every_third_month_counts_from_the_first_one() -> None:
    quarterly = Rhythm(Every.MONTH_BY_DATE, month_day=15, step=3)
    assert some(quarterly, date(2026, 1, 20)) == ["04-15", "07-15", "10-15", "01-15"]
    assert some(quarterly, date(2026, 1, 20), 1, date(2026, 4, 16)) == ["07-15"]


@pytest.mark.parametrize(
    ("rhythm", "whole"),
    [
        (WEDNESDAYS, True),
        (FIRST_SATURDAY, True),
        (THE_31ST, True),
        (Rhythm(Every.WEEK), False),
        (Rhythm(Every.WEEK, weekdays=(1,), nth=1), False),
        (Rhythm(Every.MONTH_BY_WEEKDAY, weekdays=(1, 2), nth=1), False),
        (Rhythm(Every.MONTH_BY_WEEKDAY, weekdays=(1,)), False),
        (Rhythm(Every.MONTH_BY_DATE), False),
        (Rhythm(Every.MONTH_BY_DATE, weekdays=(1,), month_day=3), False),
    ],
)
def test_a_rhythm_says_what_its_kind_needs(rhythm: Rhythm, whole: bool) -> None:
    assert is_whole(rhythm) is whole


# --- public holidays -----------------------------------------------------------------------------

BEFORE, GOLDEN_WEEK = date(2025, 9, 24), date(2025, 10, 1)
"""A Wednesday, and the one after it, on which the holidays of 2025 begin; until 8 October."""


def held(day: date, on_holiday: OnHoliday, following: date) -> date | None:
    return held_on(day, following, on_holiday, is_public_holiday, is_working_day)


def test_an_ordinary_weekend_is_no_public_holiday() -> None:
    saturday = date(2025, 11, 1)
    for what in OnHoliday:
        assert held(saturday, what, saturday + timedelta(days=7)) == saturday


def test_on_a_public_holiday_it_is_held_left_out_or_moved_to_the_next_working_day() -> None:
    following = date(2025, 11, 5)
    assert held(GOLDEN_WEEK, OnHoliday.HOLD, following) == GOLDEN_WEEK
    assert held(GOLDEN_WEEK, OnHoliday.SKIP, following) is None
    assert held(GOLDEN_WEEK, OnHoliday.MOVE, following) == date(2025, 10, 9)


def test_it_is_never_moved_to_the_following_day_of_the_rhythm_or_beyond() -> None:
    assert held(GOLDEN_WEEK, OnHoliday.MOVE, date(2025, 10, 8)) is None
    assert held(GOLDEN_WEEK, OnHoliday.MOVE, date(2025, 10, 9)) is None


def test_a_weekend_within_the_holidays_counts_as_one() -> None:
    assert held(date(2025, 10, 4), OnHoliday.SKIP, date(2025, 11, 1)) is None


# --- what always holds ---------------------------------------------------------------------------

dates = st.dates(date(2020, 1, 1), date(2090, 1, 1))
weekdays = st.integers(0, 6)
steps = st.integers(1, 6)
weekly = st.builds(
    Rhythm,
    st.just(Every.WEEK),
    weekdays=st.lists(weekdays, min_size=1, max_size=7).map(tuple),
    step=steps,
)
by_weekday = st.builds(
    Rhythm,
    st.just(Every.MONTH_BY_WEEKDAY),
    weekdays=st.tuples(weekdays),
    nth=st.sampled_from((1, 2, 3, 4, -1)),
    step=steps,
)
by_date = st.builds(
    Rhythm,
    st.just(Every.MONTH_BY_DATE),
    month_day=st.sampled_from((*range(1, 32), -1)),
    step=steps,
)
rhythms = weekly | by_weekday | by_date


@given(by_weekday | by_date, st.integers(2020, 2090), st.integers(1, 12))
def test_every_month_has_its_one_date(rhythm: Rhythm, year: int, month: int) -> None:
    day = day_of_month(rhythm, year, month)
    assert (day.year, day.month) == (year, month)
    if rhythm.every is Every.MONTH_BY_WEEKDAY:
        assert (day.weekday(),) == rhythm.weekdays
        if rhythm.nth == -1:
            assert (day + timedelta(days=7)).month != month
        else:
            assert (day.day - 1) // 7 + 1 == rhythm.nth


@given(rhythms, dates, dates)
def test_days_are_in_order_and_the_same_from_wherever_one_begins(
    rhythm: Rhythm, first: date, start: date
) -> None:
    found = list(islice(days(rhythm, first, start), 12))
    assert all(before < after for before, after in pairwise(found))
    assert found[0] >= max(first, start)
    if start < first + timedelta(days=400):
        whole = takewhile(lambda day: day <= found[-1], days(rhythm, first, first))
        assert [day for day in whole if day >= start] == found


@given(rhythms, dates, st.sampled_from(OnHoliday))
def test_what_is_held_stays_between_its_neighbours(
    rhythm: Rhythm, first: date, on_holiday: OnHoliday
) -> None:
    for day, following in pairwise(islice(days(rhythm, first, first), 8)):
        moved = held(day, on_holiday, following)
        assert moved is None or day <= moved < following
