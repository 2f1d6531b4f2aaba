"""How often somebody is visited: on which days of the city, and within which time.

A public holiday stops no care, and the city's clock is never moved: a day of the rhythm is a day
like any other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from shared.contracts.types import DaySpan, Weekday, at_most, between
from shared.runtime.aggregate import Rejected
from shared.worktime.hours import CHINA

DAY = timedelta(days=1)
SHORTEST_MINUTES = 15
"""Of a day's time for a visit."""
LONGEST_DAYS = 28
"""Of a monthly visit's time: two months' never overlap."""
DAY_MINUTES = 24 * 60


class Every(StrEnum):
    """What a rhythm goes by."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Rhythm:
    """Every day; or on these weekdays (0 is Monday); or every month from its day `month_day` on
    (its last in a shorter month), with `days` in all to make the visit.

    `window` is the time of the day: a visit may be made from its begin, on the last of its days
    until its end.
    """

    every: Every = Every.DAY
    weekdays: Annotated[tuple[Weekday, ...], at_most(7)] = ()
    month_day: Annotated[int, between(1, 31)] = 1
    days: Annotated[int, between(1, LONGEST_DAYS)] = 1
    window: DaySpan = "09:00-17:00"


@dataclass(frozen=True)
class Slot:
    """A visit of the rhythm: it is to be made from `begin` to `end`."""

    begin: datetime
    end: datetime

    @property
    def day(self) -> date:
        """The day of the rhythm that it stands for."""
        return self.begin.astimezone(CHINA).date()


def refuse_unusable(rhythm: Rhythm) -> None:
    """Raises `Rejected` for a rhythm that says too little, or nothing that can be kept."""
    begin, end = minutes_of(rhythm.window)
    if not (begin + SHORTEST_MINUTES <= end <= DAY_MINUTES):
        raise Rejected(
            "care-window-unusable",
            f"the time of a visit is {SHORTEST_MINUTES} minutes or more, within one day",
            least=SHORTEST_MINUTES,
        )
    weekly, monthly = rhythm.every is Every.WEEK, rhythm.every is Every.MONTH
    days = set(rhythm.weekdays)
    usable = (
        bool(days) == weekly
        and len(days) == len(rhythm.weekdays)
        and days <= set(range(7))
        and 1 <= rhythm.month_day <= (31 if monthly else 1)
        and 1 <= rhythm.days <= (LONGEST_DAYS if monthly else 1)
    )
    if not usable:
        raise Rejected(
            "rhythm-unusable",
            "name the weekdays (0 to 6, each once) of a weekly rhythm; of a monthly one the day "
            f"(1 to 31) and for how many days it is open (1 to {LONGEST_DAYS})",
            most=LONGEST_DAYS,
        )


def minutes_of(window: str) -> tuple[int, int]:
    """Begin and end of a part of the day, in minutes from midnight."""
    begin, end = (part.split(":") for part in window.split("-"))
    return int(begin[0]) * 60 + int(begin[1]), int(end[0]) * 60 + int(end[1])


def slot_on(rhythm: Rhythm, day: date) -> Slot:
    """The visit that a day of the rhythm stands for."""
    begin, end = minutes_of(rhythm.window)
    midnight = datetime.combine(day, time(), CHINA)
    last = midnight + (rhythm.days - 1) * DAY
    return Slot(
        (midnight + timedelta(minutes=begin)).astimezone(UTC),
        (last + timedelta(minutes=end)).astimezone(UTC),
    )


def slots_after(rhythm: Rhythm, day: date) -> Iterator[Slot]:
    """The visits of the days that come later than this one, in order, without end."""
    if rhythm.every is Every.MONTH:
        year, month = day.year, day.month
        while True:
            due = date(year, month, min(rhythm.month_day, _length(year, month)))
            if due > day:
                yield slot_on(rhythm, due)
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    while True:
        day += DAY
        if rhythm.every is Every.DAY or day.weekday() in rhythm.weekdays:
            yield slot_on(rhythm, day)


def still_fair(slot: Slot, moment: datetime) -> bool:
    """Whether somebody who hears of a visit at this moment can be asked to make it: it lies ahead,
    or has been open for a part of its days and is so for a day or more.
    """
    return moment <= slot.begin or slot.end - moment >= DAY


def first_from(rhythm: Rhythm, after: date, moment: datetime) -> Slot:
    """The first visit of the days after this one that is fair to ask for at this moment."""
    return next(slot for slot in slots_after(rhythm, after) if still_fair(slot, moment))


def _length(year: int, month: int) -> int:
    """Days of a month."""
    first = date(year, month, 1)
    return ((first + timedelta(days=31)).replace(day=1) - first).days
