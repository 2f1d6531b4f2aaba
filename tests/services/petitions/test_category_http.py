"""Categories over HTTP: everybody sees the tree, an administrator changes it from a date on."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from services.petitions.main import service
from tests.services.community.served import Served, served, until

ADMIN = ("admin-1", "administrator")
LATER = datetime.now(UTC) + timedelta(days=30)


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        yield made


async def test_the_tree_is_told_in_the_callers_language(at: Served) -> None:
    zh = await at.ask("GET", "/categories", "r1", headers={"Accept-Language": "zh-CN"})
    en = await at.ask("GET", "/categories", "r1")
    assert zh.status_code == en.status_code == 200
    roots = {item["code"]: item for item in zh.json()["items"]}
    assert len(roots) == 23
    assert roots["drainage"]["name"] == "排水与管网"
    assert {item["name"] for item in en.json()["items"]} >= {"Sewers and drains"}
    blocked = roots["drainage"]["parts"][0]
    assert blocked["path"] == ["drainage", "drainage-blocked"]
    assert blocked["parts"]


async def test_a_shipped_category_is_revised_from_a_date_on(at: Served) -> None:
    asked = {"pace": "lengthy", "since": LATER.isoformat()}
    assert (
        await at.ask("POST", "/categories/drainage-sewer/revise", "r1", json=asked)
    ).status_code == 403
    made = await at.ask("POST", "/categories/drainage-sewer/revise", *ADMIN, json=asked)
    assert made.status_code == 200, made.text
    await until(lambda: "drainage-sewer" in at.running.copies["category"])
    now = (await at.ask("GET", "/categories/drainage-sewer", *ADMIN)).json()
    assert (now["pace"], now["deadlines"]["normal"]["neighbourhood"]) == ("everyday", "P2D")
    assert [one["number"] for one in now["revisions"]] == [1]
    assert now["can"] == ["call-off", "retire", "revise"]
    moment = {"at": (LATER + timedelta(days=1)).isoformat()}
    then = (await at.ask("GET", "/categories/drainage-sewer", *ADMIN, params=moment)).json()
    assert (then["pace"], then["deadlines"]["normal"]["neighbourhood"]) == ("lengthy", "P3D")
    told = await at.ask("GET", "/categories/drainage-sewer/timeline", *ADMIN)
    assert [item["verb"] for item in told.json()["items"]] == ["revise"]


async def test_what_is_not_there_is_not_shown_and_not_revised(at: Served) -> None:
    assert (await at.ask("GET", "/categories/nothing", "r1")).status_code == 404
    asked = await at.ask("POST", "/categories/nothing/revise", *ADMIN, json={"pace": "lengthy"})
    assert asked.status_code == 409
    assert asked.json()["type"].endswith("unknown-category")
    bad = await at.ask("POST", "/categories/drainage/revise", *ADMIN, json={"since": "soon"})
    assert bad.status_code == 422


async def test_a_category_is_added_and_ends(at: Served) -> None:
    grease = {"code": "grease", "parent": "drainage-blocked", "zh": "油污堵塞", "en": "Grease"}
    assert (await at.ask("POST", "/categories", *ADMIN, json=grease)).status_code == 201
    await until(lambda: "grease" in at.running.copies["category"])
    shown = (await at.ask("GET", "/categories/grease", "r1")).json()
    assert (shown["name"], shown["duty"], shown["open"]) == ("Grease", "utilities", True)
    end = {"successor": "drainage-sewer"}
    assert (await at.ask("POST", "/categories/grease/retire", *ADMIN, json=end)).status_code == 200
    await until(lambda: at.running.copies["category"]["grease"].retirement is not None)
    shown = (await at.ask("GET", "/categories/grease", "r1")).json()
    assert (shown["open"], shown["successor"]) == (False, "drainage-sewer")


async def test_a_category_is_suggested(at: Served) -> None:
    asked = {"title": "下水道堵了", "text": "污水流到路上"}
    found = await at.ask("POST", "/categories/suggest", "r1", json=asked)
    assert found.status_code == 200, found.text
    best = found.json()["items"][0]
    assert best["code"] == "drainage-sewer"
    assert "下水道" in best["why"]
