"""The monthly report of a place, to be printed: what came in, where, about what, how late it was
answered and how satisfied people are, beside the month before.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response

from services.gateway.pages import times
from services.gateway.pages.asking import Missing, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.languages import Texts, marked
from services.gateway.pages.places import Places
from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.figures import MONTH, MOST_CATEGORIES, counted, share
from services.gateway.pages.staff.ways import ANSWERING
from services.gateway.pages.words import LEVEL
from shared.runtime.paper import heading, printed, table, text

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

PRINTED_AT_ONCE = 1
"""Reports set at the same time in a process: the font is shared."""
PDF = "application/pdf"

_printers = ThreadPoolExecutor(PRINTED_AT_ONCE, "printing")


@dataclass(frozen=True, slots=True)
class Month:
    """All figures of a place's month; `before` is the month before it, in sum."""

    place: str
    month: str
    as_of: str
    total: Mapping[str, Any]
    before: Mapping[str, Any]
    by_place: Sequence[Mapping[str, Any]]
    by_category: Sequence[Mapping[str, Any]]
    by_level: Sequence[Mapping[str, Any]]
    hot: Sequence[Mapping[str, Any]]


@at_desk(*ANSWERING)
async def monthly_report(desk: Desk) -> Response:
    """``GET /work/statistics/report?place=&month=2026-11``"""
    asked = desk.request.query_params
    now = times.read(desk.now)
    month = asked.get("month", "") or f"{now:%Y-%m}"
    place = asked.get("place", "") or next(iter(sorted(desk.session.places)), "")
    if MONTH.fullmatch(month) is None or not place:
        raise Missing
    about = {"place": place, "from": month, "to": month}
    last = before(month)
    this, earlier, hot = await asyncio.gather(
        counted(desk, about, "place", "category", "level"),
        counted(desk, {**about, "from": last, "to": last}, "month"),
        desk.get("petitions", "/hot-topics", {"place": place}),
    )
    told = Month(
        place=place,
        month=month,
        as_of=min(this.as_of, earlier.as_of),
        total=this.total,
        before=earlier.total,
        by_place=sorted(this.by("place"), key=lambda row: -row["filed"]),
        by_category=sorted(this.by("category"), key=lambda row: -row["filed"])[:MOST_CATEGORIES],
        by_level=this.by("level"),
        hot=hot["items"],
    )
    places = await desk.places()
    categories = await unless_away(categories_of(desk.request)) or Categories()
    loop = asyncio.get_running_loop()
    content = await loop.run_in_executor(
        _printers, report_pdf, told, places, categories, desk.texts, desk.moment(told.as_of)
    )
    name = quote(f"{places.name(place)}-{month}.pdf", safe="")
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=PDF, headers=headers)


def before(month: str) -> str:
    """The month before: ``2026-01`` follows ``2025-12``."""
    number = int(month[:4]) * 12 + int(month[5:]) - 2
    return f"{number // 12:04}-{number % 12 + 1:02}"


def report_pdf(
    told: Month, places: Places, categories: Categories, texts: Texts, as_of: str
) -> bytes:
    """The report in print. Takes some tenths of a second: call it in a thread, one at a time."""
    title = texts.gettext(marked("%(place)s %(month)s 月报")) % {
        "place": places.name(told.place),
        "month": told.month,
    }
    foot = texts.gettext(marked("统计于 %(when)s")) % {"when": as_of}
    story = _story(told, title, places, categories, texts)
    return printed(story, title=title, subject=told.place, foot=foot)


def _story(
    told: Month, title: str, places: Places, categories: Categories, texts: Texts
) -> list[Flowable]:
    say = texts.gettext
    figures = (marked("登记数"), marked("未办结"), marked("超时"), marked("按时"), marked("满意"))
    head = [say(one) for one in figures]

    def rows(found: Sequence[Mapping[str, Any]], field: str, name: Any) -> list[list[str]]:
        return [[name(row[field]), *numbers(row)] for row in found]

    def level(code: str) -> str:
        return say(LEVEL.get(code, code))

    story = [
        text(title, 18, centred=True),
        text(places.full_name(told.place, 3), 10.5, centred=True),
        heading(say(marked("总的情况"))),
        table(
            ["", *head],
            [
                [told.month, *numbers(told.total)],
                [before(told.month), *numbers(told.before)],
            ],
            30,
        ),
    ]
    for words, field, found, name in (
        (marked("在哪里"), "place", told.by_place, places.name),
        (marked("反映什么"), "category", told.by_category, categories.name),
        (marked("由哪一级办理"), "level", told.by_level, level),
    ):
        story.append(heading(say(words)))
        if found:
            story.append(table(["", *head], rows(found, field, name), 50))
        else:
            story.append(text(say(marked("这段时间没有诉求。"))))
    story.append(heading(say(marked("现在的热点"))))
    hot = [
        f"{places.name(one['place'])} · {categories.name(one['category'])}："
        f"{texts.counted('%(num)s 件诉求', one['count'])}"
        for one in told.hot
    ]
    story += [text(one) for one in hot or [say(marked("现在没有热点。"))]]
    return story


def numbers(row: Mapping[str, Any]) -> list[str]:
    """Of a row of figures: filed, open, overdue, answered in time, satisfied."""
    return [
        *(str(row[name]) for name in ("filed", "open", "overdue")),
        share(row["answered_in_time"], row["answered"]),
        share(row["satisfied"], row["rated"]),
    ]
