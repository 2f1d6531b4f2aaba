"""The register over HTTP: asking, vouching, moving, one's own data, erasure; visits; check-ins."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.community.main import service
from tests.services.community.served import Served, served, until
from tests.services.community.test_http import plant

GRID = ("jm",)
SOON = (datetime.now(UTC) + timedelta(days=30)).isoformat()


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        await plant(made)
        for code, parent, kind in (("b2", "jm", "building"), ("u2", "b2", "unit")):
            body = {"code": code, "kind": kind, "name": code, "parent": parent}
            answer = await made.ask("POST", "/places", "admin", "administrator", json=body)
            assert answer.status_code == 201, answer.text
            await until(lambda code=code: code in made.running.copies["place"])  # type: ignore[misc]
        yield made


async def staff(
    at: Served, method: str, path: str, body: Any = None, status: int = 200, **more: Any
) -> Any:
    answer = await at.ask(method, path, "grid-1", "grid-worker", places=GRID, json=body, **more)
    assert answer.status_code == status, answer.text
    return answer.json()


async def person(
    at: Served, sub: str, method: str, path: str, body: Any = None, status: int = 200
) -> Any:
    answer = await at.ask(method, path, sub, "resident", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def enter(at: Served, sub: str, household: str = "u1") -> None:
    body = {"resident": sub, "household": household, "name": f"名字{sub}", "phone": "13800000000"}
    await staff(at, "POST", "/residents", body, 201)


async def ask_in(at: Served, sub: str, household: str = "u1") -> None:
    body = {"resident": sub, "household": household, "name": f"名字{sub}"}
    await person(at, sub, "POST", "/residents", body, 201)


async def lives_in(at: Served, sub: str) -> str:
    shown = (await at.ask("GET", f"/residents/{sub}", sub, "resident")).json()
    return str(shown["household"])


async def until_lives_in(at: Served, sub: str, household: str) -> None:
    for _ in range(1000):
        if await lives_in(at, sub) == household:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{sub} does not live in {household}")


async def test_the_grid_worker_confirms_who_asks_to_live_in_an_empty_household(at: Served) -> None:
    await ask_in(at, "wang")
    other = {"resident": "chen", "household": "u1", "name": "x"}
    assert (await at.ask("POST", "/residents", "wang", "resident", json=other)).status_code == 403
    asking = await staff(at, "GET", "/residents/asking?place=jm")
    assert [one["id"] for one in asking["items"]] == ["wang"]
    assert (await staff(at, "GET", "/households/u1"))["asking"][0]["described"]["name"]
    await person(at, "wang", "POST", "/residents/wang/confirm", {}, 403)
    away = await at.ask(
        "POST", "/residents/wang/confirm", "g2", "grid-worker", places=("nj",), json={}
    )
    assert away.status_code == 404
    assert (await staff(at, "GET", "/residents/wang"))["can"] == ["confirm", "refuse"]
    await staff(at, "POST", "/residents/wang/confirm", {})
    assert await lives_in(at, "wang") == "u1"
    assert (await staff(at, "GET", "/residents/asking?place=jm"))["items"] == []


async def test_who_lives_within_a_place_is_listed_by_subject_alone(at: Served) -> None:
    for sub, household in (("zhao", "u1"), ("wang", "u2"), ("chen", "u1")):
        await enter(at, sub, household)
    seen: list[tuple[str, str]] = []
    cursor = ""
    while True:
        page = await staff(at, "GET", f"/residents?place=jm&limit=2{cursor}")
        seen += [(one["id"], one["household"]) for one in page["items"]]
        assert "名字" not in str(page)
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == [("chen", "u1"), ("zhao", "u1"), ("wang", "u2")]
    within = await staff(at, "GET", "/residents?place=u2")
    assert [one["id"] for one in within["items"]] == ["wang"]
    assert await at.running.journal.readings("resident-wang") == []
    elsewhere = await at.ask("GET", "/residents?place=jm", "grid-2", "grid-worker", places=("nj",))
    assert elsewhere.status_code == 404
    await person(at, "wang", "GET", "/residents?place=jm", status=403)


async def test_a_list_of_more_than_a_neighbourhood_is_asked_for_further_down(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.community.api.residents.MOST_UNITS", 1)
    refused = await staff(at, "GET", "/residents?place=jm", status=409)
    assert refused["type"] == "urn:jinlin:problem:too-wide"
    assert (await staff(at, "GET", "/residents?place=u1"))["items"] == []


async def test_one_of_the_household_sees_who_asks_and_vouches(at: Served) -> None:
    await enter(at, "wang")
    await enter(at, "far", "u2")
    await ask_in(at, "li")
    await person(at, "far", "GET", "/households/u1", status=404)
    seen = await person(at, "wang", "GET", "/households/u1")
    assert seen["asking"][0]["described"]["name"] == "名字li"
    assert seen["items"] == [{"id": "wang", "version": 1, "described": None}]
    read = (await person(at, "li", "GET", "/residents/li/readings"))["items"]
    assert [(one["reader"], one["purpose"]) for one in read] == [("wang", "vouching")]
    # From another household it says nothing.
    await person(at, "far", "POST", "/residents/far/vouch", {"resident": "li"})
    await person(at, "wang", "POST", "/residents/wang/vouch", {"resident": "li"})
    await until_lives_in(at, "li", "u1")
    history = await at.running.journal.history("resident-li")
    assert [commit.verb for commit in history] == ["register-resident", "hear-the-household"]


async def test_a_move_by_oneself_waits_and_one_by_staff_needs_both_places(at: Served) -> None:
    await enter(at, "wang")
    await person(at, "wang", "POST", "/residents/wang/ask-to-move", {"household": "u2"})
    assert await lives_in(at, "wang") == "u1"
    await staff(at, "POST", "/residents/wang/refuse", {"because": "not-known"})
    to = {"household": "u2"}
    one_side = await at.ask(
        "POST", "/residents/wang/move", "g", "grid-worker", places=("b1",), json=to
    )
    assert one_side.status_code == 403
    await staff(at, "POST", "/residents/wang/move", to)
    assert await lives_in(at, "wang") == "u2"
    await person(at, "wang", "POST", "/residents/wang/move-out", {})
    assert await lives_in(at, "wang") == ""


async def plan(at: Served, resident: str | None = "wang") -> str:
    body = {
        "household": "u1",
        "purpose": "lone-elder",
        "keeper": "grid-1",
        "due": SOON,
        "resident": resident,
    }
    made = await staff(at, "POST", "/visits", body, 201)
    return str(made["id"])


async def test_a_note_is_read_for_a_purpose_and_the_person_sees_by_whom(at: Served) -> None:
    await enter(at, "wang")
    visit = await plan(at)
    body = {"found": ["all-well"], "note": "一切都好"}
    await staff(at, "POST", f"/visits/{visit}/record", body)
    assert "一切都好" not in str(await staff(at, "GET", f"/visits/{visit}"))
    path = f"/visits/{visit}/notes"
    assert (await person(at, "wang", "GET", path))["items"][0]["note"] == "一切都好"
    await staff(at, "GET", path, status=422)
    await staff(at, "GET", path + "?purpose=because", status=422)
    assert (await staff(at, "GET", path + "?purpose=handover"))["items"]
    read = (await person(at, "wang", "GET", f"/visits/{visit}/readings"))["items"]
    assert [(one["reader"], one["purpose"]) for one in read] == [("grid-1", "handover")]
    for sub, roles, places in (
        ("li", ("resident",), ("jm",)),
        ("g2", ("grid-worker",), ("nj",)),
        ("admin", ("administrator",), ("jm",)),
    ):
        for end in ("", "/notes?purpose=handover", "/readings", "/timeline"):
            refused = await at.ask("GET", f"/visits/{visit}{end}", sub, *roles, places=places)
            assert refused.status_code == 404, (sub, end)
    listed = await staff(at, "GET", "/visits?place=jm&status=made")
    assert [one["id"] for one in listed["items"]] == [visit]
    assert (await staff(at, "GET", "/visits?place=u1"))["items"]
    assert (await person(at, "wang", "GET", "/visits/mine"))["items"][0]["id"] == visit
    await person(at, "wang", "GET", "/visits?place=jm", status=403)
    elsewhere = {"household": "u1", "purpose": "dispute", "keeper": "g", "due": SOON}
    refused = await at.ask("POST", "/visits", "g2", "grid-worker", places=("nj",), json=elsewhere)
    assert refused.status_code == 403


async def test_everything_about_oneself_comes_in_one_document(at: Served) -> None:
    await enter(at, "wang")
    await plan(at)
    await person(at, "wang", "POST", "/check-ins", {"place": "jm", "text": "会修电器"}, 201)
    await staff(at, "GET", "/residents/wang")
    mine = await person(at, "wang", "GET", "/residents/wang/export")
    things = {thing["kind"]: thing for thing in mine["things"]}
    assert (mine["service"], mine["subject"], mine["complete"]) == ("community", "wang", True)
    assert set(things) == {"resident", "check-in", "visit"}
    assert things["resident"]["dossier"][0]["data"]["name"] == "名字wang"
    assert things["resident"]["read"][0]["reader"] == "grid-1"
    assert things["resident"]["timeline"][0]["by_you"] is False
    assert things["check-in"]["dossier"][0]["data"]["text"] == "会修电器"
    same = await person(at, "wang", "GET", "/my-data")
    assert same["things"] == mine["things"]
    await person(at, "li", "GET", "/residents/wang/export", status=404)
    assert (await person(at, "li", "GET", "/my-data"))["things"] == []


async def test_an_erased_person_is_forgotten_everywhere_here(at: Served) -> None:
    await enter(at, "wang")
    visit = await plan(at)
    await staff(at, "POST", f"/visits/{visit}/record", {"found": ["all-well"], "note": "一切都好"})
    await person(at, "wang", "POST", "/check-ins", {"place": "jm", "text": "会修电器"}, 201)
    body = {"organisation": "o1", "kind": "other", "name": "协会", "home": "dj"}
    admin = ("admin", "administrator")
    await at.ask("POST", "/organisations", *admin, json=body)
    await at.ask("POST", "/organisations/o1/admit", *admin, json={"person": "wang"})
    post = {"place": "nj", "duty": "property", "holder": "wang"}
    await at.ask("POST", "/posts", *admin, json=post)
    await until(lambda: "nj:property" in at.running.copies["post"])
    refused = await at.ask("POST", "/residents/wang/erase", "wang", "resident", json={})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:jinlin:problem:holds-a-post")
    await at.ask("POST", "/posts/nj:property/resign", "wang", json={})
    await until(lambda: at.running.copies["post"]["nj:property"].term is None)
    others = await at.ask("POST", "/residents/wang/erase", *admin, json={})
    assert others.status_code == 409
    await person(at, "wang", "POST", "/residents/wang/erase", {})
    journal = at.running.journal
    assert await journal.dossier("resident-wang") == []
    left = {"resident-wang"}
    for _ in range(1000):
        mine = await person(at, "wang", "GET", "/my-data")
        left = {f"{thing['kind']}-{thing['id']}" for thing in mine["things"]}
        if left == {"resident-wang"}:
            break
        await asyncio.sleep(0.01)
    assert left == {"resident-wang"}
    assert mine["things"][0]["state"]["status"] == "erased"
    assert await journal.dossier(f"visit-{visit}") == []
    again = {"resident": "wang", "household": "u1", "name": "王"}
    await person(at, "wang", "POST", "/residents", again, 409)
    anew = {"household": "u1", "name": "王"}
    back = await at.ask("POST", "/residents/wang/register-anew", *admin, json=anew)
    assert back.status_code == 200
    assert await lives_in(at, "wang") == "u1"


async def test_check_ins_are_counted_for_all_and_listed_for_staff(at: Served) -> None:
    offers = {"place": "jm", "offers": ["law", "elders"]}
    id = (await person(at, "wang", "POST", "/check-ins", offers, 201))["id"]
    await person(at, "li", "GET", f"/check-ins/{id}", status=404)
    counts = "/check-ins/counts?place=dj"
    assert (await person(at, "li", "GET", counts))["persons"] == 0
    await person(at, "wang", "POST", f"/check-ins/{id}/confirm", {}, 403)
    await staff(at, "POST", f"/check-ins/{id}/confirm", {})
    assert await person(at, "li", "GET", counts) == {
        "place": "dj",
        "persons": 1,
        "units": 0,
        "offers": {"elders": 1, "law": 1},
    }
    listed = await staff(at, "GET", "/check-ins?place=jm&offer=law")
    assert [one["person"] for one in listed["items"]] == ["wang"]
    await person(at, "li", "GET", "/check-ins?place=jm", status=403)
    assert (await person(at, "wang", "GET", "/check-ins/mine"))["items"][0]["id"] == id
    await person(at, "wang", "POST", f"/check-ins/{id}/check-out", {})
    assert (await person(at, "li", "GET", counts))["persons"] == 0
