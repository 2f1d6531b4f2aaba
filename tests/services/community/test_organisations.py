"""Organisations and alliances over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.community.main import service
from tests.services.community.served import Served, served, until
from tests.services.community.test_http import plant


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        await plant(made)
        yield made


async def do(at: Served, path: str, body: Any, status: int = 200, sub: str = "c1") -> Any:
    answer = await at.ask("POST", path, sub, "street-staff", places=("dj",), json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def act(at: Served, org: str | None, path: str, body: Any, status: int = 200) -> Any:
    token = at.issuer.token(f"p-{org}", ("resident",), (), org=org)
    headers = {"Authorization": f"Bearer {token}"}
    answer = await at.client.post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


async def see(at: Served, path: str, sub: str = "wang") -> Any:
    answer = await at.ask("GET", path, sub, "resident")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def register(at: Served, *ids: str, kind: str = "partner-unit") -> None:
    for id in ids:
        body = {"organisation": id, "kind": kind, "name": f"单位{id}", "home": "dj"}
        await do(at, "/organisations", {**body, "serves": ["jm"]}, 201)
    await until(lambda: all(id in at.running.copies["organisation"] for id in ids))


async def test_an_organisation_is_registered_by_staff_of_its_seat(at: Served) -> None:
    await register(at, "o1")
    body = {"organisation": "o2", "kind": "other", "name": "x", "home": "nj"}
    await do(at, "/organisations", body, 403)
    await do(at, "/organisations", {**body, "home": "dj", "serves": ["none"]}, 409)
    await do(at, "/organisations", {**body, "home": "dj", "serves": ["jm"] * 51}, 422)
    assert [one["id"] for one in (await see(at, "/organisations?serves=jm"))["items"]] == ["o1"]
    assert (await see(at, "/organisations?kind=department"))["items"] == []
    await do(at, "/organisations/o1/close", {})
    assert (await see(at, "/organisations"))["items"] == []


async def test_who_belongs_to_it_is_seen_by_those_who_do(at: Served) -> None:
    await register(at, "o1")
    await do(at, "/organisations/o1/admit", {"person": "chen", "role": "head"})
    assert (await see(at, "/organisations/o1"))["size"] == 1
    assert "members" not in await see(at, "/organisations/o1")
    assert (await see(at, "/organisations/o1", "chen"))["members"][0]["person"] == "chen"
    admit = {"person": "li"}
    mine = await at.ask("POST", "/organisations/o1/admit", "chen", "resident", json=admit)
    assert mine.status_code == 200
    other = await at.ask("POST", "/organisations/o1/admit", "li", "resident", json=admit)
    assert other.status_code == 403
    left = await at.ask("POST", "/organisations/o1/leave", "li", "resident", json={})
    assert left.status_code == 200


async def test_which_department_answers_for_a_category(at: Served) -> None:
    await register(at, "d1", kind="department")
    answers = {"duty": "sanitation", "categories": ["sanitation", "greenery"]}
    await do(at, "/organisations/d1/answer-for", answers)
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    await do(at, "/organisations/d1/answer-for", {**answers, "duty": "parks", "from_": later})
    await until(lambda: len(at.running.copies["organisation"]["d1"].answers) == 2)
    found = (await see(at, "/answering?category=greenery"))["items"]
    assert [(one["organisation"], one["duty"]) for one in found] == [("d1", "sanitation")]
    assert (await see(at, "/answering?category=parking"))["items"] == []


async def test_an_alliance_promises_reports_and_is_judged(at: Served) -> None:
    await register(at, "o1", "o2", "o3")
    body = {"place": "jm", "name": "军门联盟", "chair": "o1", "members": ["o2"]}
    await act(at, "o1", "/alliances", body, 403)
    alliance = (await do(at, "/alliances", body, 201))["id"]
    await until(lambda: alliance in at.running.copies["alliance"])
    await act(at, "o2", f"/alliances/{alliance}/admit", {"organisation": "o3"}, 403)
    await act(at, "o1", f"/alliances/{alliance}/admit", {"organisation": "o3"})
    due = datetime.now(UTC) + timedelta(minutes=5)
    year = (due + timedelta(hours=8)).year
    made = {"alliance": alliance, "year": year, "text": "装灯", "due": due.isoformat()}
    await act(at, None, "/promises", made, 403)
    await act(at, "o9", "/promises", made, 409)
    promise = (await act(at, "o2", "/promises", made, 201))["id"]
    await act(at, "o3", f"/promises/{promise}/report", {"kept": True}, 403)
    await act(at, "o2", f"/promises/{promise}/report", {"kept": True, "account": "装好了"})
    await act(at, "o3", f"/promises/{promise}/judge", {"kept": True}, 409)
    await act(at, "o1", f"/promises/{promise}/judge", {"kept": True})
    listed = (await see(at, f"/alliances/{alliance}/promises?year={year}"))["items"]
    assert [(one["text"], one["status"], one["account"]) for one in listed] == [
        ("装灯", "kept", "装好了")
    ]
    assert (await see(at, f"/alliances/{alliance}/promises?year={year + 1}"))["items"] == []
    assert (await see(at, "/alliances?organisation=o2"))["items"][0]["id"] == alliance


async def test_a_unit_checks_in_where_it_is_not_seated(at: Served) -> None:
    await register(at, "o1")
    unit = {"place": "jm", "offers": ["venue"], "as_unit": True}
    await act(at, "o1", "/check-ins", {**unit, "place": "gl"}, 409)
    await act(at, None, "/check-ins", unit, 409)
    id = (await act(at, "o1", "/check-ins", unit, 201))["id"]
    counts = await see(at, "/check-ins/counts?place=gl")
    assert (counts["persons"], counts["units"], counts["offers"]) == (0, 1, {"venue": 1})
    await act(at, "o2", f"/check-ins/{id}/check-out", {}, 404)
    await act(at, "o1", f"/check-ins/{id}/check-out", {})
