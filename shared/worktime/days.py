"""Which days are worked in China: weekends, public holidays and make-up working days (调休).

The State Council announces a year's holidays in the autumn before; `chinesecalendar` knows the
announced years. For a year it does not know, weekends and the holidays that have a fixed date by
law are free, and a metric warns.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from prometheus_client import Gauge

FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""(month, day) of New Year, Labour Day and National Day.

Source: 全国年节及纪念日放假办法, Article 2, as revised by State Council Order No. 795, in force
since 1 January 2025. The other public holidays follow the lunar calendar or a solar term.
"""

UNANNOUNCED_YEAR = Gauge(
    "jinlin_calendar_unannounced_year",
    "1 for a year in whose working days deadlines were reckoned though its holidays are not known; "
    "update chinesecalendar.",
    ["year"],
)

SATURDAY = 5


def is_announced(year: int) -> bool:
    """Whether the holidays of a year are known."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_public_holiday(day: date) -> bool:
    """Whether a local date is free because of a public holiday: its own days, those off in lieu,
    and a weekend that joins them. An ordinary weekend is none.
    """
    try:
        return not chinese_calendar.is_workday(day) and any(map(_has_a_name, _free_around(day)))
    except NotImplementedError:
        UNANNOUNCED_YEAR.labels(str(day.year)).set(1)
        return (day.month, day.day) in FIXED_HOLIDAYS


def _has_a_name(day: date) -> bool:
    free, name = chinese_calendar.get_holiday_detail(day)
    return bool(free and name)


def _free_around(day: date) -> Iterator[date]:
    """A free day, and those right before and behind it, until one is worked (or not known)."""
    yield day
    for step in (timedelta(days=-1), timedelta(days=1)):
        other = day + step
        while not is_working_day(other):
            yield other
            other += step


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Whether offices work on this local date."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # how the package says that it does not know the year
        UNANNOUNCED_YEAR.labels(str(day.year)).set(1)
        return day.weekday() < SATURDAY and (day.month, day.day) not in FIXED_HOLIDAYS
