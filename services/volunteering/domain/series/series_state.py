"""A series (每周三, 每月一主题 ...): activities that come again in a rhythm."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from services.volunteering.domain.activities.outline import Outline
from services.volunteering.domain.series.rhythm import DAY, OnHoliday, Rhythm, days
from shared.contracts.types import ClockTime, DaysAhead, HoursAhead, MinutesLong, Month, Title
from shared.contracts.volunteering.activities import Theme
from shared.worktime.hours import CHINA


class SeriesStatus(StrEnum):
    """How a series stands."""

    NONE = "none"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True)
class MonthTheme:
    """What the occasions of a month are about: 三月学雷锋, 十月敬老."""

    month: Month
    title: Title
    theme: Theme


@dataclass(frozen=True)
class Timing:
    """An occasion begins at the local time `begin` and lasts `minutes`. It is made, and people can
    sign up, `days_ahead` days before; until `sign_up_hours` before it begins they can, until
    `withdraw_hours` before it they withdraw in time.
    """

    begin: ClockTime
    minutes: MinutesLong
    days_ahead: DaysAhead = 28
    sign_up_hours: HoursAhead = 0
    withdraw_hours: HoursAhead = 24


@dataclass(frozen=True)
class Decided:
    """What was decided about one `day` of the rhythm: it is held on `to`, or where that is None not
    at all.
    """

    day: date
    to: date | None


@dataclass(frozen=True)
class Course:
    """On which days there are occasions: from `first` to `last`, or without end."""

    rhythm: Rhythm
    first: date
    last: date | None
    on_holiday: OnHoliday


@dataclass(frozen=True)
class Series:
    """`through` is the last day of the rhythm that was dealt with; of those behind it nothing has
    been made yet. `organisers` answer for it and for what it makes.
    """

    series: str = ""
    status: SeriesStatus = SeriesStatus.NONE
    place: str = ""
    path: tuple[str, ...] = ()
    team: str | None = None
    organisers: tuple[str, ...] = ()
    course: Course | None = None
    timing: Timing | None = None
    outline: Outline | None = None
    themes: tuple[MonthTheme, ...] = ()
    decided: tuple[Decided, ...] = ()
    through: date | None = None
    made: int = 0


@dataclass(frozen=True)
class Coming:
    """A day of the rhythm that lies ahead, and its neighbours in it: what is moved stays between
    them.
    """

    day: date
    before: date | None
    following: date


def coming(series: Series, most: int) -> list[Coming]:
    """The next days of the rhythm that were not dealt with yet, in order, `most` of them at
    most.
    """
    course = series.course
    if course is None or series.status is not SeriesStatus.RUNNING:
        return []
    before = series.through
    start = course.first if before is None else before + DAY
    found: list[Coming] = []
    for day, following in pairwise(days(course.rhythm, course.first, start)):
        if len(found) == most or (course.last is not None and day > course.last):
            break
        found.append(Coming(day, before, following))
        before = day
    return found


def course_of(series: Series) -> Course:
    """The days of a series that was begun."""
    assert series.course is not None, "it was drawn up"
    return series.course


def timing_of(series: Series) -> Timing:
    """The times of a series that was begun."""
    assert series.timing is not None, "it was drawn up"
    return series.timing


def decided_of(series: Series, day: date) -> Decided | None:
    """What was decided about a day of the rhythm."""
    return next((one for one in series.decided if one.day == day), None)


def theme_of(series: Series, day: date) -> MonthTheme | None:
    """What the month of a day is about."""
    month = f"{day:%Y-%m}"
    return next((one for one in series.themes if one.month == month), None)


def span(timing: Timing, day: date) -> tuple[datetime, datetime]:
    """From when to when an occasion on a local day lasts."""
    begin = datetime.combine(day, time.fromisoformat(timing.begin), CHINA).astimezone(UTC)
    return begin, begin + timedelta(minutes=timing.minutes)


def made_at(timing: Timing, day: date) -> datetime:
    """When the occasion on a local day is made."""
    return span(timing, day)[0] - timedelta(days=timing.days_ahead)


def activity_id(series: str, day: date) -> str:
    """The id of the activity that is the occasion of a day of the rhythm."""
    return f"{series}.{day:%Y%m%d}"
