"""Working time: what counts, and the arithmetic that must always hold."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.worktime.days import is_working_day
from shared.worktime.hours import (
    CHINA,
    DAY,
    ROUND_THE_CLOCK,
    WorkCalendar,
    WorkingHours,
)
from tests.services.petitions.town import CALENDAR, HOUR, OFFICE_HOURS, local

CHINESE = WorkCalendar(is_working_day, OFFICE_HOURS)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "amount", "end"),
    [
        (local(3, 3, 9), 2 * HOUR, local(3, 3, 11)),
        (local(3, 3, 11), 2 * HOUR, local(3, 3, 15, 30)),  # over the midday break
        (local(3, 3, 17), 2 * HOUR, local(3, 4, 9, 30)),  # overnight
        (local(3, 7, 17), 2 * HOUR, local(3, 10, 9, 30)),  # over the weekend
        (local(3, 8, 12), 2 * HOUR, local(3, 10, 10, 30)),  # begun on a Saturday
        (local(3, 3, 13), HOUR, local(3, 3, 15, 30)),  # begun in the break
        (local(3, 3, 6), HOUR, local(3, 3, 9, 30)),  # begun before work
        (local(3, 3, 8, 30), 7 * HOUR, local(3, 3, 18)),  # ends with the day, not next morning
        (local(3, 3, 18), MINUTE, local(3, 4, 8, 31)),
    ],
)
def test_only_working_hours_count(start: datetime, amount: timedelta, end: datetime) -> None:
    assert CALENDAR.after(start, amount) == end
    assert CALENDAR.between(start, end) == amount


def test_public_holidays_do_not_count_and_make_up_days_do() -> None:
    # National Day 2025: free 1-8 October; Sunday 28 September and Saturday 11 October worked.
    assert CHINESE.after(local(9, 27, 9), 7 * HOUR) == local(9, 28, 18)
    assert CHINESE.after(local(9, 30, 14, 30), 7 * HOUR) == local(10, 9, 12)
    assert CHINESE.between(local(10, 1, 0), local(10, 9, 0)) == timedelta(0)
    assert CHINESE.between(local(10, 11, 0), local(10, 12, 0)) == 7 * HOUR


def test_no_time_is_no_time() -> None:
    night = local(3, 8, 23)
    assert CALENDAR.after(night, timedelta(0)) == night
    assert CALENDAR.between(night, night - HOUR) == timedelta(0)
    with pytest.raises(ValueError, match="forward"):
        CALENDAR.after(night, -HOUR)


def test_round_the_clock_is_the_clock() -> None:
    calendar = WorkCalendar(lambda _day: False, ROUND_THE_CLOCK)
    assert calendar.after(local(3, 8, 23), 50 * HOUR) == local(3, 11, 1)
    assert calendar.between(local(3, 8, 23), local(3, 11, 1)) == 50 * HOUR


def test_a_span_may_end_at_midnight() -> None:
    calendar = WorkCalendar(lambda _day: True, WorkingHours(((22 * HOUR, DAY),)))
    assert calendar.after(local(3, 3, 23), HOUR) == local(3, 4, 0)
    assert calendar.after(local(3, 3, 23), 90 * MINUTE) == local(3, 4, 22, 30)


@pytest.mark.parametrize(
    "spans",
    [
        (),
        ((12 * HOUR, 8 * HOUR),),
        ((8 * HOUR, 8 * HOUR),),
        ((8 * HOUR, 12 * HOUR), (11 * HOUR, 13 * HOUR)),
        ((22 * HOUR, 25 * HOUR),),
    ],
)
def test_hours_that_make_no_sense_are_refused(
    spans: tuple[tuple[timedelta, timedelta], ...],
) -> None:
    with pytest.raises(ValueError, match="span"):
        WorkingHours(spans)


def test_work_that_never_comes_is_an_error_and_not_an_endless_search() -> None:
    never = WorkCalendar(lambda _day: False, OFFICE_HOURS)
    with pytest.raises(OverflowError):
        never.after(datetime(9990, 1, 1, tzinfo=UTC), HOUR)


# --- what holds for every calendar ----------------------------------------------------------------

moments = st.datetimes(
    min_value=datetime(2019, 1, 1),
    max_value=datetime(2030, 1, 1),
).map(lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC))
amounts = st.integers(0, 40 * 7 * 3_600_000).map(lambda ms: timedelta(milliseconds=ms))


@st.composite
def hours(draw: st.DrawFn) -> WorkingHours:
    edges = sorted(draw(st.sets(st.integers(0, 24 * 60), min_size=2, max_size=8)))
    pairs = zip(edges[0::2], edges[1::2], strict=False)
    return WorkingHours(
        tuple((a * MINUTE, b * MINUTE) for a, b in pairs), every_day=draw(st.booleans())
    )


@st.composite
def calendars(draw: st.DrawFn) -> WorkCalendar:
    """Every week has a worked day; which others are free is anybody's guess."""
    free = draw(st.integers(0, 2**17 - 1))

    def working_day(day: date) -> bool:
        return day.weekday() == 2 or not free >> (day.toordinal() % 17) & 1

    return WorkCalendar(working_day, draw(hours()))


@settings(max_examples=150)
@given(calendars(), moments, amounts, amounts)
def test_amounts_add_up(calendar: WorkCalendar, t: datetime, a: timedelta, b: timedelta) -> None:
    assert calendar.after(calendar.after(t, a), b) == calendar.after(t, a + b)


@settings(max_examples=150)
@given(calendars(), moments, amounts)
def test_between_undoes_after(calendar: WorkCalendar, t: datetime, a: timedelta) -> None:
    assert calendar.between(t, calendar.after(t, a)) == a


@settings(max_examples=150)
@given(calendars(), moments, moments)
def test_after_undoes_between_up_to_idle_time(
    calendar: WorkCalendar, t: datetime, u: datetime
) -> None:
    t, u = sorted((t, u))
    u = min(u, t + timedelta(days=90))
    worked = calendar.between(t, u)
    end = calendar.after(t, worked)
    assert t <= end <= u
    assert calendar.between(end, u) == timedelta(0)


@settings(max_examples=150)
@given(calendars(), moments, amounts, amounts)
def test_later_never_ends_earlier(
    calendar: WorkCalendar, t: datetime, a: timedelta, b: timedelta
) -> None:
    assert calendar.after(t, min(a, b)) <= calendar.after(t, max(a, b))
    assert calendar.after(t, a) <= calendar.after(t + b, a)
    assert calendar.after(t, a) >= t


@settings(max_examples=100)
@given(calendars(), moments, amounts)
def test_a_moment_that_ends_work_is_working_time(
    calendar: WorkCalendar, t: datetime, a: timedelta
) -> None:
    end = calendar.after(t, a + MINUTE).astimezone(CHINA)
    passed = timedelta(hours=end.hour, minutes=end.minute, seconds=end.second)
    passed += timedelta(microseconds=end.microsecond)
    of_yesterday = passed == timedelta(0)
    day, passed = (end.date() - DAY, DAY) if of_yesterday else (end.date(), passed)
    assert calendar.hours.every_day or calendar.working_day(day)
    assert any(begin < passed <= stop for begin, stop in calendar.hours.spans)
