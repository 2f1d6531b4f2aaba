"""The rhythm of a series: on which days it has an occasion, and what a public holiday does to it.

Days are local dates of the city. A day of the rhythm names the occasion for ever; the day on which
it is held may be another one.
"""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count
from typing import Annotated

from shared.contracts.types import Interval, MonthDay, NthInMonth, Weekday, at_most

DAY = timedelta(days=1)
LAST = -1
"""The last such weekday of a month; as a date, its last day."""


class Every(StrEnum):
    """What a rhythm goes by: 每周三, 每月第一个周六, 每月十五日."""

    WEEK = "week"
    MONTH_BY_WEEKDAY = "month-by-weekday"
    MONTH_BY_DATE = "month-by-date"


class OnHoliday(StrEnum):
    """What becomes of an occasion that falls on a public holiday."""

    HOLD = "hold"
    SKIP = "skip"
    MOVE = "move"
    """To the next working day."""


@dataclass(frozen=True)
class Rhythm:
    """`weekdays` (0 is Monday) are those of a week, or the one that `nth` counts within a month: 1
    to 4, or -1 for the last. `month_day` is a date in the month, or -1 for its last day, as in a
    month too short for it. Every `step` weeks or months, counted from the first day.
    """

    every: Every
    weekdays: Annotated[tuple[Weekday, ...], at_most(7)] = ()
    nth: NthInMonth = 0
    month_day: MonthDay = 0
    step: Interval = 1


def is_whole(rhythm: Rhythm) -> bool:
    """Whether it says all that its kind needs, and nothing else."""
    match rhythm.every:
        case Every.WEEK:
            return bool(rhythm.weekdays) and not rhythm.nth and not rhythm.month_day
        case Every.MONTH_BY_WEEKDAY:
            return len(rhythm.weekdays) == 1 and bool(rhythm.nth) and not rhythm.month_day
        case Every.MONTH_BY_DATE:
            return not rhythm.weekdays and not rhythm.nth and bool(rhythm.month_day)


def days(rhythm: Rhythm, first: date, start: date) -> Iterator[date]:
    """The days of a rhythm that began with `first`, from `start` on, in order, without end."""
    if rhythm.every is Every.WEEK:
        yield from _of_weeks(rhythm, first, max(first, start))
        return
    begin = max(first, start)
    months = _months_between(first, begin)
    for ahead in count(months - months % rhythm.step, rhythm.step):
        day = day_of_month(rhythm, *_month_after(first, ahead))
        if day >= begin:
            yield day


def day_of_month(rhythm: Rhythm, year: int, month: int) -> date:
    """The one day that a monthly rhythm has in a month: there always is one."""
    length = calendar.monthrange(year, month)[1]
    if rhythm.every is Every.MONTH_BY_DATE:
        return date(
            year, month, length if rhythm.month_day == LAST else min(rhythm.month_day, length)
        )
    (weekday,) = rhythm.weekdays
    if rhythm.nth == LAST:
        last = date(year, month, length)
        return last - (last.weekday() - weekday) % 7 * DAY
    begin = date(year, month, 1)
    return begin + ((weekday - begin.weekday()) % 7 + 7 * (rhythm.nth - 1)) * DAY


def held_on(
    day: date,
    following: date,
    on_holiday: OnHoliday,
    is_holiday: Callable[[date], bool],
    is_working_day: Callable[[date], bool],
) -> date | None:
    """The day on which the occasion of a rhythm's day is held; None where it is left out. Moved, it
    comes before the `following` day of the rhythm, or not at all.
    """
    if on_holiday is OnHoliday.HOLD or not is_holiday(day):
        return day
    if on_holiday is OnHoliday.MOVE:
        moved = day + DAY
        while moved < following:
            if is_working_day(moved):
                return moved
            moved += DAY
    return None


def _of_weeks(rhythm: Rhythm, first: date, begin: date) -> Iterator[date]:
    monday = first - first.weekday() * DAY
    weeks = (begin - monday).days // 7
    week = monday + (weeks - weeks % rhythm.step) * 7 * DAY
    weekdays = sorted(set(rhythm.weekdays))
    while True:
        for weekday in weekdays:
            day = week + weekday * DAY
            if day >= begin:
                yield day
        week += 7 * rhythm.step * DAY


def _months_between(first: date, later: date) -> int:
    return 12 * (later.year - first.year) + later.month - first.month


def _month_after(first: date, months: int) -> tuple[int, int]:
    years, month = divmod(first.month - 1 + months, 12)
    return first.year + years, month + 1
