"""A place in figures: the heat map leads to cases, the monthly report says the same in print."""

import io
from typing import Any

import pypdf
import pytest

from services.gateway.pages.staff.figures import Counted
from services.gateway.pages.staff.report import before
from tests.services.gateway.pages.household import HOME, Services, browser, services
from tests.services.gateway.pages.staff.test_case import STAFF

AREA = "D1-S1-C1-A1"


def row(**changes: Any) -> dict[str, Any]:
    """A row of figures."""
    return {
        "filed": 9,
        "open": 3,
        "suspended": 1,
        "overdue": 1,
        "answered": 6,
        "answered_in_time": 5,
        "rated": 4,
        "satisfied": 3,
        "reopened": 0,
        **changes,
    }


def counted(*rows: dict[str, Any], total: dict[str, Any] | None = None) -> dict[str, Any]:
    """Figures by something."""
    return {"as_of": "2026-11-27T01:59:00Z", "total": total or row(), "items": list(rows)}


@pytest.fixture
def said() -> Services:
    """Petitions with figures of an area: of the last year, of November, of the month before."""
    found = services()
    for since, until in (("2025-12", "2026-11"), ("2026-11", "2026-11")):
        at = f"/statistics?place={AREA}&from={since}&to={until}&by="
        where = row(place=HOME, category="property-repairs")
        when = row(month="2026-11", level="neighbourhood")
        found.says("petitions", f"{at}place%2Ccategory", counted(where))
        found.says("petitions", f"{at}month%2Clevel", counted(when))
        found.says("petitions", f"{at}place%2Ccategory%2Clevel", counted({**where, **when}))
    earlier = counted(total=row(filed=4, open=0))
    at = f"/statistics?place={AREA}&from=2026-10&to=2026-10&by=month"
    found.says("petitions", at, earlier)
    hot = {"place": HOME, "category": "property-repairs", "count": 7, "supporters": 2}
    topics = {"items": [{**hot, "since": "2026-11-20T01:00:00Z"}]}
    found.says("petitions", f"/hot-topics?place={AREA}", topics)
    return found


async def test_each_tile_leads_to_its_cases(said: Services) -> None:
    async with browser(said, STAFF) as person:
        answer = await person.get(f"/work/statistics?place={AREA}")
    assert answer.status_code == 200
    svg = answer.text.partition('class="chart heat-map"')[2].partition("</svg>")[0]
    assert f'<a href="/work?place={HOME}" aria-label="朱紫坊小区：登记 9 件，未办结 3 件">' in svg
    assert f"/work/statistics/report?place={AREA}&amp;month=2026-11" in answer.text


async def test_the_report_says_the_month_in_print(said: Services) -> None:
    async with browser(said, STAFF) as person:
        answer = await person.get(f"/work/statistics/report?place={AREA}&month=2026-11")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    words = "".join(page.extract_text() for page in pages).replace("\n", "")
    for part in (
        "军门第一片区 2026-11 月报",
        "2026-10",
        "朱紫坊小区",
        "房屋设施维修",
        "83%",
        "75%",
        "7 件诉求",
    ):
        assert part in words, part


@pytest.mark.parametrize("month", ["2026-13", "november", "2026-1"])
async def test_there_is_no_report_of_such_a_month(said: Services, month: str) -> None:
    async with browser(said, STAFF) as person:
        answer = await person.get(f"/work/statistics/report?place={AREA}&month={month}")
    assert answer.status_code == 404


async def test_a_report_while_petitions_is_away_is_refused_in_words(said: Services) -> None:
    said.away.add("petitions")
    async with browser(said, STAFF) as person:
        answer = await person.get(f"/work/statistics/report?place={AREA}&month=2026-11")
    assert answer.status_code == 503
    assert "诉求服务" in answer.text


def test_what_was_counted_together_is_told_apart() -> None:
    rows = [
        row(place="b", category="lifts", filed=2, open=1),
        row(place="a", category="lifts", filed=3, open=0),
        row(place="b", category="parking", filed=4, open=4),
    ]
    found = Counted(row(filed=9), "2026-11-27T01:59:00Z", rows)
    by_place = {one["place"]: (one["filed"], one["open"]) for one in found.by("place")}
    by_category = {one["category"]: (one["filed"], one["open"]) for one in found.by("category")}
    assert by_place == {"a": (3, 0), "b": (6, 5)}
    assert list(by_place) == ["a", "b"]
    assert by_category == {"lifts": (5, 1), "parking": (4, 4)}


def test_january_follows_december() -> None:
    assert (before("2026-01"), before("2026-11")) == ("2025-12", "2026-10")
