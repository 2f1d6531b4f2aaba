"""Who belongs where: the registers of residents, check-ins and alliances, place by place; and what
changed in a register.
"""

import re
from typing import Any

import pytest

from tests.services.gateway.pages.household import HOME, Services, browser, problem, services
from tests.services.gateway.pages.staff.test_registers import ADMINISTRATOR, seen
from tests.services.gateway.pages.test_pages import HOSTILE, Marks

RESIDENT = "/work/registers/residents/resident-7"
LISTS = tuple(
    f"/work/registers/{name}?place={HOME}" for name in ("residents", "check-ins", "alliances")
)
PAGES = (*LISTS, RESIDENT)


def there(text: str = "平常的话") -> Services:
    """Services that know one of each, with a history."""
    said = services()
    said.says("community", "/openapi.json", {"paths": {}})
    resident: dict[str, Any] = {
        "id": "resident-7",
        "version": 2,
        "resident": text,
        "household": HOME,
        "status": "registered",
        "asked": None,
        "can": [],
        "dossier": [
            {
                "version": 1,
                "name": "ResidentDescribed",
                "at": "2026-11-25T01:00:00Z",
                "data": {"name": text, "phone": text, "address": None},
            }
        ],
    }
    moved = {"resident": "resident-7", "household": HOME, "before": text, "secret_key": text}
    steps = [
        _step(1, "register-resident", ("ResidentDescribed", None)),
        _step(2, "move", ("ResidentMoved", moved)),
    ]
    checked_in = {
        "id": "check-in-1",
        "version": 1,
        "person": text,
        "organisation": None,
        "place": HOME,
        "status": "in",
        "offers": ["health"],
        "until": None,
    }
    alliance = {
        "id": "alliance-1",
        "version": 1,
        "name": text,
        "place": HOME,
        "chair": text,
        "members": [text],
        "dissolved": False,
    }
    for path, item in (
        ("/residents", resident),
        ("/check-ins", checked_in),
        ("/alliances", alliance),
    ):
        listed = {"items": [item], "next": "further"}
        said.says("community", f"{path}?limit=30&place={HOME}", listed)
    said.says("community", "/alliances?limit=30", {"items": [alliance], "next": None})
    said.says("community", "/residents/resident-7", resident)
    said.says("community", "/residents/resident-7/timeline", {"items": steps, "next": None})
    return said


def _step(version: int, verb: str, *events: tuple[str, dict[str, Any] | None]) -> dict[str, Any]:
    return {
        "version": version,
        "at": "2026-11-26T01:00:00Z",
        "verb": verb,
        "actor": "grid-1",
        "events": [{"name": name, "data": data} for name, data in events],
    }


@pytest.mark.parametrize("path", PAGES)
async def test_words_with_markup_are_shown_as_words(path: str) -> None:
    found = Marks(await seen(there(HOSTILE), path)).found
    usual = Marks(await seen(there(), path)).found
    assert [tag for tag, _ in found] == [tag for tag, _ in usual], "the words made elements"


@pytest.mark.parametrize("path", PAGES)
async def test_it_speaks_english(path: str) -> None:
    async with browser(there("words"), ADMINISTRATOR) as person:
        person.cookies.set("jinlin-language", "en")
        answer = await person.get(path)
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    for name in ("鼓楼区", "东街街道", "军门社区", "军门第一片区", "朱紫坊小区"):
        main = main.replace(name, "")
    assert re.findall(r">[^<]*[\u4e00-\u9fff][^<]*", main) == []


@pytest.mark.parametrize("name", ["residents", "check-ins"])
async def test_who_belongs_where_is_asked_for_a_place_and_not_for_the_city(name: str) -> None:
    said = there()
    page = await seen(said, f"/work/registers/{name}")
    assert "请先选择地点。" in page
    assert f'href="/work/registers/{name}?place=D1"' in page
    assert not [one for one in said.asked if one.path.startswith(f"/{name}")]
    below = await seen(said, f"/work/registers/alliances?place={HOME}")
    assert "请先选择地点。" not in below


async def test_residents_are_listed_by_id_with_the_way_to_more() -> None:
    said = there("resident-7")
    page = await seen(said, LISTS[0])
    assert f'href="{RESIDENT}"' in page
    assert f"place={HOME}&amp;cursor=further" in page
    assert not [one for one in said.asked if one.path.startswith("/residents/")], "no dossier"


async def test_a_place_that_is_too_wide_is_told_in_words() -> None:
    said = there()
    wide = problem(409, "too-wide", "该地点超过 5000 户，请选择其下级地点。")
    said.says("community", "/residents?limit=30&place=D1", wide)
    async with browser(said, ADMINISTRATOR) as person:
        answer = await person.get("/work/registers/residents?place=D1")
    assert answer.status_code == 409
    assert "请选择其下级地点" in answer.text


async def test_a_history_tells_what_changed_as_far_as_there_are_words() -> None:
    page = await seen(there("D1-old"), RESIDENT)
    story = page.partition('id="story"')[2].partition("</section>")[0]
    assert "迁移" in story
    assert "变动之前：D1-old" in story
    assert "secret" not in story
    assert story.index("迁移") < story.index("登记")
