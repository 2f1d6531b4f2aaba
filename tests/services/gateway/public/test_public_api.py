"""The public read API: what was released, without a token; tags, keeping, pages of other sites."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from tests.services.gateway.city import COMMUNITY, DISTRICT, HOME, NEXT_DOOR, Door
from tests.services.gateway.open311.test_requests import SECRET, answered, filed, released


async def out(at: Door, place: str = HOME, category: str = "sanitation") -> str:
    """A petition whose words were released; its id."""
    id = await filed(at, place, category)
    await answered(at, id)
    await released(at, id)
    return id


async def listed(at: Door, **asked: Any) -> list[str]:
    answer = await at.get("/public/petitions", params=asked)
    assert answer.status_code == 200, answer.text
    assert SECRET not in answer.text
    return [one["id"] for one in answer.json()["items"]]


async def test_only_what_was_released_is_there(at: Door) -> None:
    first, hidden = await out(at), await filed(at)
    second = await out(at, NEXT_DOOR, "property-lifts")
    assert await listed(at) == [second, first]
    assert await listed(at, place=COMMUNITY, category="property") == [second]
    assert await listed(at, state="closed") == []
    assert await listed(at, state=["closed", "answered"], place=HOME) == [first]
    one = (await at.get(f"/public/petitions/{first}")).json()
    assert (one["title"], one["answer"]) == ("污水井", "已经疏通")
    assert (await at.get(f"/public/petitions/{hidden}")).status_code == 404
    assert (await at.get("/public/petitions/nothing")).status_code == 404
    assert (await at.get("/public/petitions/..%2Fx")).status_code == 404


async def test_pages_follow_one_another(at: Door) -> None:
    first, second = await out(at), await out(at)
    page = (await at.get("/public/petitions?limit=1")).json()
    assert [one["id"] for one in page["items"]] == [second]
    assert await listed(at, limit=1, cursor=page["next"]) == [first]


async def test_projects_and_statistics_are_there_too(at: Door) -> None:
    await out(at)
    counted = await at.get("/public/statistics", params={"place": DISTRICT, "by": "category"})
    assert counted.json()["total"]["filed"] == 1
    table = await at.get("/public/statistics", params={"format": "csv"})
    assert table.headers["Content-Type"].startswith("text/csv")
    asked = {"place": DISTRICT}
    assert (await at.get("/public/projects", params=asked)).json()["items"] == []
    staff = at.as_("community-staff", COMMUNITY)
    soon = {"until": (at.clock.now() + timedelta(days=9)).isoformat()}
    need = {
        "kind": "elders",
        "place": HOME,
        "title": "楼道照明",
        "text": SECRET,
        "quantity": 1,
        "measure": "person",
        "begin": (at.clock.now() + timedelta(days=1)).isoformat(),
        **soon,
    }
    plan = {"place": COMMUNITY, "lead": "lead-of-it", "title": "楼道照明", "text": SECRET, **soon}
    token = staff["Authorization"].partition(" ")[2]

    async def made(path: str, body: dict[str, Any]) -> str:
        answer = await at.upstreams.ask("volunteering", "POST", path, token=token, json=body)
        assert answer.status == 201, answer.content
        return str(answer.json()["id"])

    id = await made("/projects", {**plan, "needs": [await made("/needs", need)]})
    one = await at.get(f"/public/projects/{id}")
    assert (one.json()["title"], one.json()["status"]) == ("楼道照明", "running")
    assert SECRET not in one.text
    assert "lead-of-it" not in one.text
    assert (await at.get("/public/projects/nothing")).status_code == 404


async def test_what_somebody_has_is_not_sent_again(at: Door) -> None:
    id = await out(at)
    first = await at.get(f"/public/petitions/{id}")
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    assert first.headers["Cache-Control"] == "public, max-age=60"
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = await at.get(f"/public/petitions/{id}", headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b""), known
        assert again.headers["ETag"] == tag
    other = await at.get(f"/public/petitions/{id}", headers={"If-None-Match": '"other"'})
    assert other.status_code == 200
    head = await at.client.head(f"/public/petitions/{id}")
    assert (head.status_code, head.headers["ETag"], head.content) == (200, tag, b"")


async def test_a_thousand_readers_cost_one_question(at: Door) -> None:
    await out(at)
    before = len(at.upstreams.asked)
    answers = await asyncio.gather(*(at.get("/public/petitions") for _ in range(1_000)))
    assert {answer.status_code for answer in answers} == {200}
    assert at.upstreams.asked[before:] == ["GET petitions /public/petitions"]
    at.clock.ahead += timedelta(seconds=61)
    await at.get("/public/petitions")
    assert len(at.upstreams.asked) == before + 2


async def test_pages_of_other_sites_may_read_it(at: Door) -> None:
    origin = {"Origin": "https://elsewhere.example"}
    read = await at.get("/public/petitions", headers=origin)
    assert read.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in read.headers["Access-Control-Expose-Headers"]
    asked = await at.client.options(
        "/public/petitions", headers={**origin, "Access-Control-Request-Method": "GET"}
    )
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "Access-Control-Allow-Credentials" not in read.headers
    assert (await at.client.post("/public/petitions", headers=origin)).status_code == 405


@pytest.mark.parametrize("asked", ["nonsense=1", "released=false", "_=1", "limit=0", "place=../x"])
async def test_a_parameter_that_means_nothing_is_refused(at: Door, asked: str) -> None:
    refused = await at.get(f"/public/petitions?{asked}")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == asked.partition("=")[0]


async def test_what_failed_is_asked_again(at: Door) -> None:
    missing = await at.get("/public/petitions?place=atlantis")
    assert missing.status_code == 404
    assert missing.headers["Cache-Control"] == "no-store"
    before = len(at.upstreams.asked)
    await at.get("/public/petitions?place=atlantis")
    assert len(at.upstreams.asked) == before + 1


async def test_while_a_service_is_away_that_is_said_and_what_is_known_stays(at: Door) -> None:
    id = await out(at)
    known = await at.get(f"/public/petitions/{id}")
    await at.stop("petitions")
    assert (await at.get(f"/public/petitions/{id}")).content == known.content
    away = await at.get("/public/petitions")
    assert away.status_code == 503
    assert away.json()["type"].endswith("service-away")
