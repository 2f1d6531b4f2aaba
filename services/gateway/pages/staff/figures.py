"""A place in figures, for who answers for it: how many, where, how late, how satisfied. Each number
leads to its cases.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from services.gateway.pages import times
from services.gateway.pages.charts import Trend, shade, tiles, trend
from services.gateway.pages.staff.desk import Asked, Desk, at_desk, query
from services.gateway.pages.staff.ways import ANSWERING

PATH = "/work/statistics"
MONTHS = 12
"""What the trend shows where nothing else is asked."""
MOST_CATEGORIES = 12
ADDED = (
    *("filed", "answered", "answered_in_time", "rated", "satisfied"),
    *("reopened", "open", "overdue", "suspended"),
)
"""Counts that a group's own add up to."""

MONTH = re.compile(r"2\d\d\d-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Span:
    """Months of filing, both included."""

    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures by several things at once. Each question is a pass over all petitions that are
    counted, so two things are asked for together and told apart here.
    """

    total: Mapping[str, Any]
    as_of: str
    items: Sequence[Mapping[str, Any]]

    def by(self, name: str) -> list[dict[str, Any]]:
        """A row for each value of one of them, added up over the others."""
        summed: dict[str, dict[str, int]] = {}
        for row in self.items:
            counts = summed.setdefault(row[name], dict.fromkeys(ADDED, 0))
            for one in ADDED:
                counts[one] += row[one]
        return [{name: value, **counts} for value, counts in sorted(summed.items())]


@at_desk(*ANSWERING)
async def figures(desk: Desk) -> Response:
    """``GET /work/statistics``: a place of one's own, or one below it."""
    asked = desk.request.query_params
    own = sorted(desk.session.places)
    place = asked.get("place", "") or next(iter(own), "")
    span = _span(desk, asked.get("from", ""), asked.get("to", ""))
    about = {"place": place, "from": span.since, "to": span.until}
    where, when, hot, places = await asyncio.gather(
        counted(desk, about, "place", "category"),
        counted(desk, about, "month", "level"),
        desk.get("petitions", "/hot-topics", {"place": place}),
        desk.places(),
    )
    months = _every_month(when.by("month"), span)
    below = sorted(where.by("place"), key=lambda row: -row["filed"])
    most = max((row["open"] for row in below), default=0)
    return await desk.page(
        "staff/figures.html",
        own=own,
        place=place,
        inside=places.children(place),
        within={one.code for one in places.line(place) if not set(own).isdisjoint(one.path)},
        span=span,
        whole=where.total,
        as_of=min(where.as_of, when.as_of),
        below=[(row, shade(row["open"], most)) for row in below],
        tiles=tiles([(row["place"], row["filed"]) for row in below]),
        by_category=sorted(where.by("category"), key=lambda row: -row["filed"])[:MOST_CATEGORIES],
        by_level=when.by("level"),
        months=months,
        filed=trend([(row["month"], row["filed"]) for row in months]),
        in_time=_shares(months),
        hot=hot["items"],
        share=share,
        cases=_leading_to_cases(place),
        report=f"{PATH}/report" + query({"place": place, "month": span.until}),
        table="/api/petitions/statistics" + query({**about, "by": "place,month", "format": "csv"}),
    )


def share(part: int | None, whole: int | None) -> str:
    """``87%``; a dash where there is nothing to reckon with."""
    return "—" if not whole or part is None else f"{round(100 * part / whole)}%"


def _leading_to_cases(place: str) -> Mapping[str, str]:
    """Where the cases behind each figure are, for the place itself."""
    return {
        "open": "/work" + query({"place": place}),
        "overdue": "/work" + query({"place": place, "overdue": "yes"}),
        "answered": "/work" + query({"place": place, "which": "answered"}),
        "suspended": "/work" + query({"place": place, "which": "suspended"}),
        "all": "/work" + query({"place": place, "which": "all"}),
    }


async def counted(desk: Desk, about: Asked, *by: str) -> Counted:
    """A place's figures of some months, by up to three of place, category, month and level."""
    found = await desk.get("petitions", "/statistics", {**about, "by": ",".join(by)})
    return Counted(found["total"], found["as_of"], found["items"])


def _span(desk: Desk, since: str, until: str) -> Span:
    """The months asked for, else the latest."""
    now = times.read(desk.now)
    last = now.year * 12 + now.month - 1
    first = last - MONTHS + 1
    begin = since if MONTH.fullmatch(since) else _month(first)
    end = until if MONTH.fullmatch(until) else _month(last)
    return Span(min(begin, end), max(begin, end))


def _month(number: int) -> str:
    """A month by how many have been since the year 0."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _every_month(rows: Sequence[Mapping[str, Any]], span: Span) -> list[Mapping[str, Any]]:
    """A row for each month, those without petitions too."""
    by_month = {row["month"]: row for row in rows}
    first, last = (int(one[:4]) * 12 + int(one[5:]) - 1 for one in (span.since, span.until))
    nothing = {"filed": 0, "answered": 0, "answered_in_time": 0, "rated": 0, "satisfied": 0}
    return [
        by_month.get(_month(number), {"month": _month(number), **nothing})
        for number in range(first, last + 1)
    ]


def _shares(months: Sequence[Mapping[str, Any]]) -> Trend:
    """How many in a hundred were answered in time, of the months in which any was."""
    return trend(
        [
            (row["month"], round(100 * row["answered_in_time"] / row["answered"]))
            for row in months
            if row["answered"]
        ],
        most=100,
    )
