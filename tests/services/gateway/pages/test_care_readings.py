"""What care visits found: for whom, after saying why, as a table and as lines."""

from datetime import timedelta

import pytest

from services.gateway.pages.words import CAME_OF_IT, READING_TREND, WHY_READ
from services.volunteering.api.care.findings import WhyRead
from services.volunteering.care_forms import trend
from services.volunteering.domain.care.plan_commands import CameOfIt
from tests.services.gateway.pages.care_samples import OWN_PLAN, PLAN, plan, readings
from tests.services.gateway.pages.household import NOW, RESIDENT, browser
from tests.services.gateway.pages.samples import everything

ASKED = f"/care-plans/{PLAN}/readings"
OTHERS, OWN = f"/care/{PLAN}/readings", f"/care/{OWN_PLAN}/readings"


def test_every_code_has_words() -> None:
    assert set(WHY_READ) == {str(one) for one in WhyRead}
    assert set(CAME_OF_IT) == {str(one) for one in CameOfIt}
    told = {trend(values, 5) for values in ([1], [1, 9, 20], [20, 9, 1], [5, 5, 5])}
    assert set(READING_TREND) == told


async def test_who_cares_is_asked_why_before_anything_is_read() -> None:
    said = everything("x")
    async with browser(said) as person:
        page = (await person.get(OTHERS)).text
    assert "您为什么要看？" in page
    assert page.count('<option value="') == 1 + len(WhyRead)
    assert not [one for one in said.asked if one.path == ASKED]


async def test_what_they_say_goes_to_who_records_it() -> None:
    said = everything("x")
    async with browser(said) as person:
        page = (await person.get(f"{OTHERS}?purpose=alarm&span=quarter")).text
    asked = said.was_asked("GET", ASKED).params
    since = (NOW - timedelta(days=92)).isoformat()
    assert asked == {"limit": "200", "purpose": "alarm", "since": since}
    assert "查阅人、时间和用途已经记录" in page


async def test_of_oneself_nobody_says_why() -> None:
    said = everything("x")
    async with browser(said) as person:
        page = (await person.get(f"{OWN}?span=all")).text
    assert "查阅人、时间和用途已经记录" not in page
    assert said.was_asked("GET", f"/care-plans/{OWN_PLAN}/readings").params == {"limit": "200"}


async def test_the_table_says_all_that_the_line_shows() -> None:
    async with browser(everything("脉搏")) as person:
        page = (await person.get(OWN)).text
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    later, earlier = table.split("</tr>")[:2]
    assert "140" in later, "the latest visit first"
    assert "异常" in later.partition("</td>")[0]
    assert "异常" not in earlier
    line = page.partition('<svg class="chart"')[2].partition("</svg>")[0]
    assert line.count("<circle") == 2
    assert line.count("limit-line") == 2
    assert "131 及以上为异常" in page
    assert "折线图，数据见上面的表格" in line


async def test_one_value_makes_no_line() -> None:
    said = everything("x")
    found = readings("x")
    path = f"/care-plans/{OWN_PLAN}/readings"
    said.says("volunteering", path, {**found, "items": found["items"][:1], "next": None})
    async with browser(said) as person:
        page = (await person.get(OWN)).text
    assert '<svg class="chart"' not in page
    assert "72" in page.partition("<tbody>")[2]


async def test_it_is_said_who_read_it_and_why() -> None:
    async with browser(everything("x")) as person:
        page = (await person.get(OWN)).text
    told = page.partition("谁看过这些记录")[2]
    assert "走访的人 · 准备下次走访" in told
    assert "您 · 查看走访计划" in told


@pytest.mark.parametrize("query", ["?span=for-ever", "?purpose=curiosity"])
async def test_what_there_is_not_is_not_found(query: str) -> None:
    async with browser(everything("x")) as person:
        assert (await person.get(OTHERS + query)).status_code == 404


async def test_to_whom_it_is_none_of_their_business_nothing_is_shown() -> None:
    said = everything("x")
    del said.answers["GET", "volunteering", ASKED]
    async with browser(said) as person:
        answer = await person.get(f"{OTHERS}?purpose=supervision")
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("changes", "leads"),
    [({}, True), ({"alarms": [{"called": [RESIDENT.sub]}]}, True), ({"alarms": []}, False)],
)
async def test_the_plan_leads_there_for_whom_it_is(changes: dict[str, object], leads: bool) -> None:
    said = everything("x")
    shown = plan("x", **changes)
    if changes:
        del shown["limits"]
    said.says("volunteering", f"/care-plans/{PLAN}", shown)
    async with browser(said) as person:
        page = (await person.get(f"/care/{PLAN}")).text
    assert (f'href="/care/{PLAN}/readings"' in page) is leads
