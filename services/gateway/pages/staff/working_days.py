"""The calendar that deadlines are reckoned by: which days of a year are worked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from services.gateway.pages import times
from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.ways import ADMINISTRATOR, ANSWERING, OPERATOR
from shared.worktime.days import is_announced, is_public_holiday, is_working_day

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Free:
    """Public holidays on end, both days included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1


@at_desk(ADMINISTRATOR, OPERATOR, *ANSWERING)
async def calendar(desk: Desk) -> Response:
    """``GET /work/calendar?year=2026``"""
    this = times.read(desk.now).year
    asked = desk.request.query_params.get("year", "")
    year = int(asked) if asked in {str(this - 1), str(this), str(this + 1)} else this
    return await desk.page(
        "staff/calendar.html",
        year=year,
        years=(this - 1, this, this + 1),
        announced=is_announced(year),
        holidays=holidays(year),
        made_up=[day for day in days_of(year) if day.weekday() >= SATURDAY and is_working_day(day)],
        worked=sum(is_working_day(day) for day in days_of(year)),
        weekdays=times.WEEKDAYS,
    )


def days_of(year: int) -> Iterator[date]:
    """From New Year to New Year's Eve."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def holidays(year: int) -> list[Free]:
    """The public holidays of a year, those on end as one."""
    found: list[Free] = []
    for day in days_of(year):
        if not is_public_holiday(day):
            continue
        if found and day - found[-1].last == timedelta(days=1):
            found[-1] = Free(found[-1].first, day)
        else:
            found.append(Free(day, day))
    return found
