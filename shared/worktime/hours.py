"""Working time (工作时间): how much lies between two moments, and when an amount of it is over.

Limits are promised in working time, so nights, weekends and public holidays do not count, and
make-up working days (调休上班日) do. Moments are aware datetimes; results are in UTC.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Asia/Shanghai: UTC+8 all year since 1992, so no zone database is asked."""

NONE = timedelta(0)
DAY = timedelta(days=1)

Span = tuple[timedelta, timedelta]
"""From and to, both counted from local midnight; `to` may be 24 hours."""


@dataclass(frozen=True)
class WorkingHours:
    """When work is done on a day that is worked. With `every_day`, all days are.

    Raises ValueError for spans that are empty, overlap, are out of order or leave the day.
    """

    spans: tuple[Span, ...]
    every_day: bool = False

    def __post_init__(self) -> None:
        if not self.spans:
            raise ValueError("working hours need at least one span")
        ended = NONE
        for begin, end in self.spans:
            if not ended <= begin < end <= DAY:
                raise ValueError(
                    "spans of working hours lie within a day, in order, without overlap"
                )
            ended = end

    @cached_property
    def a_day(self) -> timedelta:
        """The working time of one worked day."""
        return sum((end - begin for begin, end in self.spans), NONE)

    @property
    def round_the_clock(self) -> bool:
        """Whether every moment is working time."""
        return self.every_day and self.a_day == DAY


ROUND_THE_CLOCK = WorkingHours(spans=((NONE, DAY),), every_day=True)


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working time of a place: on dates that are a `working_day` (local), at its `hours`."""

    working_day: Callable[[date], bool]
    hours: WorkingHours

    def after(self, start: datetime, amount: timedelta) -> datetime:
        """The first moment at which `amount` of working time has passed since `start`.

        What ends with the day ends at closing time, not when work begins again. Raises ValueError
        for a negative amount and OverflowError when no end is reached before the year 9999.
        """
        if amount < NONE:
            raise ValueError(f"working time runs forward only, not by {amount}")
        if amount == NONE or self.hours.round_the_clock:
            return start.astimezone(UTC) + amount
        left = amount
        for day, spans in self._worked_from(start):
            for begin, end in spans:
                if left <= end - begin:
                    return _moment(day, begin + left)
                left -= end - begin
        raise OverflowError(f"{amount} of working time after {start} never ends")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The working time from `start` to `end`; none when `end` is not later."""
        if end <= start:
            return NONE
        if self.hours.round_the_clock:
            return end - start
        last, until = _local(end)
        total = NONE
        for day, spans in self._worked_from(start):
            if day > last:
                break
            for begin, stop in spans:
                stop = min(stop, until) if day == last else stop
                total += max(stop - begin, NONE)
        return total

    def _worked_from(self, start: datetime) -> Iterator[tuple[date, tuple[Span, ...]]]:
        """The worked days from `start` on with what is left of their spans."""
        day, passed = _local(start)
        if self._works(day):
            yield day, tuple((max(b, passed), e) for b, e in self.hours.spans if e > passed)
        while day < date.max:
            day += DAY
            if self._works(day):
                yield day, self.hours.spans

    def _works(self, day: date) -> bool:
        return self.hours.every_day or self.working_day(day)


ON_THE_WALL = WorkCalendar(lambda _day: True, ROUND_THE_CLOCK)
"""Every hour counts."""


def _local(moment: datetime) -> tuple[date, timedelta]:
    local = moment.astimezone(CHINA)
    return local.date(), local - datetime.combine(local, time(), CHINA)


def _moment(day: date, passed: timedelta) -> datetime:
    return (datetime.combine(day, time(), CHINA) + passed).astimezone(UTC)
