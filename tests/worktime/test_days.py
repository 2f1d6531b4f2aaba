"""China's working days."""

from datetime import date, timedelta

import pytest

from shared.worktime.days import (
    FIXED_HOLIDAYS,
    UNANNOUNCED_YEAR,
    is_public_holiday,
    is_working_day,
)
from tests.worktime.announced import OFF, days_off, is_worked, worked_instead

FAR = 2090
"""A year nobody has announced."""


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2025, 3, 3), True),
        (date(2025, 3, 8), False),  # a Saturday
        (date(2025, 1, 28), False),  # New Year's Eve of the lunar year, a Tuesday
        (date(2025, 1, 26), True),  # a Sunday worked instead
        (date(2025, 5, 5), False),  # Labour Day's bridge
        (date(2025, 10, 8), False),
        (date(2025, 10, 11), True),  # a Saturday worked instead
    ],
)
def test_announced_years_are_as_announced(day: date, worked: bool) -> None:
    assert is_working_day(day) is worked


def test_of_an_unannounced_year_weekends_and_fixed_holidays_are_known_and_a_metric_warns() -> None:
    is_working_day.cache_clear()
    days = [date(FAR, 1, 1) + timedelta(days=n) for n in range(365)]
    for day in days:
        free = day.weekday() >= 5 or (day.month, day.day) in FIXED_HOLIDAYS
        assert is_working_day(day) is not free
    assert UNANNOUNCED_YEAR.labels(str(FAR))._value.get() == 1


def test_an_announced_year_does_not_warn() -> None:
    is_working_day.cache_clear()
    assert is_working_day(date(2024, 3, 4))
    samples = [sample for metric in UNANNOUNCED_YEAR.collect() for sample in metric.samples]
    assert "2024" not in {sample.labels["year"] for sample in samples}


@pytest.mark.parametrize("year", sorted(OFF))
def test_every_day_of_a_year_is_as_the_state_council_announced_it(year: int) -> None:
    day, differ = date(year, 1, 1), []
    while day.year == year:
        if is_working_day(day) is not is_worked(day):
            differ.append(day)
        day += timedelta(days=1)
    assert differ == []


@pytest.mark.parametrize("year", sorted(OFF))
def test_the_notices_are_copied_without_slips(year: int) -> None:
    instead, off = worked_instead(year), days_off(year)
    assert all(day.weekday() >= 5 for day in instead)
    assert not instead & off
    # Each day worked instead pays for a weekday off; the law itself gave 11 days, 13 since 2025.
    given = sum(day.weekday() < 5 for day in off) - len(instead)
    assert given in range(6, 14)


@pytest.mark.parametrize("year", sorted(OFF))
def test_public_holidays_are_the_days_off_that_were_announced(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    off = days_off(year)
    assert [day for day in days if is_public_holiday(day) is not (day in off)] == []


def test_of_an_unannounced_year_the_holidays_with_a_fixed_date_are_known() -> None:
    assert is_public_holiday(date(FAR, 10, 1))
    assert not is_public_holiday(date(FAR, 10, 4))
