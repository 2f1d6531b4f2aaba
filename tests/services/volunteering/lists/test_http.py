"""The three lists over HTTP: a need is met from a unit and by a neighbour, a project carries it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from services.volunteering.domain.lists.checked_in import LearnCheckIn, checked_in
from services.volunteering.domain.lists.resource import resource
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    told,
    volunteering,
)

NOW = datetime.now(UTC)
BEGIN, UNTIL = (NOW + timedelta(days=1)).isoformat(), (NOW + timedelta(days=20)).isoformat()
UNIT = "school"


async def staff(at: Served, method: str, path: str, sub: str = "desk", **rest: Any) -> Any:
    places = (COMMUNITY,)
    return await at.ask(method, path, sub, "community-staff", places=places, **rest)


async def resident(at: Served, method: str, path: str, sub: str, **rest: Any) -> Any:
    return await at.ask(method, path, sub, "resident", **rest)


async def unit(at: Served, method: str, path: str, **rest: Any) -> Any:
    token = at.issuer.token("clerk", (), (), org=UNIT)
    asked = {"Authorization": f"Bearer {token}"}
    return await at.client.request(method, path, headers=asked, **rest)


async def offered(at: Served, quantity: int = 1) -> str:
    body = {
        "kind": "elders",
        "place": COMMUNITY,
        "title": "陪诊车",
        "text": "工作日可用",
        "quantity": quantity,
        "measure": "piece",
        "begin": NOW.isoformat(),
        "until": UNTIL,
    }
    answer = await unit(at, "POST", "/resources", json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def stated(at: Served, quantity: int = 1) -> str:
    body = {
        "kind": "elders",
        "place": NEIGHBOURHOOD,
        "title": "陪诊",
        "text": "每周一次",
        "quantity": quantity,
        "measure": "person",
        "begin": BEGIN,
        "until": UNTIL,
    }
    answer = await staff(at, "POST", "/needs", json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    return id


async def shown(at: Served, path: str) -> dict[str, Any]:
    answer = await staff(at, "GET", path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def becomes(
    look: Callable[[], Awaitable[dict[str, Any]]], reached: Callable[[dict[str, Any]], bool]
) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while not reached(found := await look()):  # noqa: ASYNC110 - it has no event to wait for
            await asyncio.sleep(0.01)
    return found


async def test_the_last_unit_of_a_resource_and_many_needs() -> None:
    async with volunteering() as at:
        only = await offered(at, 2)
        needs = [await stated(at) for _ in range(6)]

        async def ask(need: str) -> None:
            body = {"resource": only, "quantity": 1}
            answer = await staff(at, "POST", f"/needs/{need}/ask-resource", json=body)
            assert answer.status_code == 200, answer.text

        await asyncio.gather(*map(ask, needs))

        async def answers() -> dict[str, Any]:
            return {one: await shown(at, f"/needs/{one}") for one in needs}

        heard = await becomes(
            answers,
            lambda all: (
                all.keys()
                == {one for one, now in all.items() if now["met"] or not now["resources"]}
            ),
        )
        served = {one for one, now in heard.items() if now["met"]}
        assert len(served) == 2
        state = await at.running.store.get(resource, only)
        assert state is not None
        assert set(state.state.needs) == served


async def test_matches_say_why_and_are_for_staff() -> None:
    async with volunteering() as at:
        only, need = await offered(at), await stated(at)
        (found,) = (await shown(at, f"/needs/{need}/matches"))["items"]
        assert (found["resource"], found["steps"], found["left"], found["unfit"]) == (
            only,
            2,
            1,
            None,
        )
        assert found["reasons"].keys() == {"distance", "time", "quantity"}
        far = await at.ask(
            "GET", f"/needs/{need}/matches", "far", "grid-worker", places=(OTHER_COMMUNITY,)
        )
        assert far.status_code == 404
        assert (await resident(at, "GET", f"/needs/{need}/matches", "lin")).status_code == 403


async def test_who_has_checked_in_is_offered_what_fits() -> None:
    async with volunteering() as at:
        near = LearnCheckIn("k1", COMMUNITY, "lin", None, ("elders",))
        others = LearnCheckIn("k2", COMMUNITY, "chen", None, ("parking",))
        far = LearnCheckIn("k3", OTHER_COMMUNITY, "wu", None, ("elders",))
        for one in (near, others, far):
            await told(at, checked_in, one.checkin, one)
        need = await stated(at)
        offers = (
            await becomes(lambda: shown(at, f"/needs/{need}"), lambda now: bool(now["offers"]))
        )["offers"]
        assert [one["person"] for one in offers] == ["lin"]
        seen = (await resident(at, "GET", f"/needs/{need}", "chen")).json()
        assert (seen["offers"], "lin" in str(seen)) == ([], False)
        mine = (await resident(at, "GET", "/needs/offered", "lin")).json()["items"]
        assert [(one["id"], one["title"]) for one in mine] == [(need, "陪诊")]
        accept = {"checkin": "k1"}
        refused = await resident(at, "POST", f"/needs/{need}/accept", "chen", json=accept)
        assert refused.status_code == 403
        done = await resident(at, "POST", f"/needs/{need}/accept", "lin", json=accept)
        assert done.status_code == 200, done.text
        assert (await shown(at, f"/needs/{need}"))["met"]


async def test_a_project_from_its_plan_to_its_judgement() -> None:
    async with volunteering() as at:
        need = await stated(at)
        plan = {
            "place": COMMUNITY,
            "needs": [need],
            "lead": "lead",
            "title": "陪诊计划",
            "text": "每周陪诊",
            "until": UNTIL,
        }
        made = await staff(at, "POST", "/projects", json=plan)
        assert made.status_code == 201, made.text
        at_project = f"/projects/{made.json()['id']}"
        await becomes(lambda: shown(at, f"/needs/{need}"), lambda now: bool(now["project"]))
        again = await staff(at, "POST", "/projects", json=plan)
        assert again.json()["type"].endswith("need-carried")
        task = {"text": "接送", "until": UNTIL, "person": "lin"}
        given = await resident(at, "POST", f"{at_project}/give-task", "lead", json=task)
        assert given.status_code == 200, given.text
        assert (
            await resident(at, "POST", f"{at_project}/do-task", "chen", json={"task": 1})
        ).status_code == 403
        for who, verb, body in (
            ("lin", "do-task", {"task": 1}),
            ("lead", "confirm-task", {"task": 1}),
            ("lead", "report", {"results": [{"what": "visits", "count": 4}], "text": "好了"}),
        ):
            answer = await resident(at, "POST", f"{at_project}/{verb}", who, json=body)
            assert answer.status_code == 200, answer.text
        seen = (await resident(at, "GET", at_project, "chen")).json()
        assert (seen["tasks"][0]["person"], "dossier" in seen) == (None, False)
        judged = await staff(at, "POST", f"{at_project}/judge", json={"met": True, "stars": 5})
        assert judged.status_code == 200, judged.text
        over = await becomes(lambda: shown(at, f"/needs/{need}"), lambda now: bool(now["outcome"]))
        assert over["outcome"] == "fulfilled"
        counted = (await at.client.get("/public/lists", params={"place": COMMUNITY})).json()
        assert (counted["needs"]["open"], counted["projects"]["met"]) == (0, 1)
        listed = (await at.client.get("/public/projects", params=asked_of(COMMUNITY))).json()
        (told,) = listed["items"]
        assert (await at.client.get(f"/public{at_project}")).json() == told
        assert told == {
            "id": at_project.removeprefix("/projects/"),
            "status": "met",
            "place": COMMUNITY,
            "title": "陪诊计划",
            "until": told["until"],
            "needs": 1,
            "tasks": 1,
            "confirmed_tasks": 1,
            "results": {"visits": 4},
            "stars": 5,
        }
        nowhere = await at.client.get("/public/projects", params=asked_of("nowhere"))
        assert nowhere.status_code == 404


def asked_of(place: str) -> dict[str, str]:
    return {"place": place}


async def test_the_lists_of_a_place() -> None:
    async with volunteering() as at:
        only, need = await offered(at), await stated(at)
        asked = {"place": COMMUNITY}
        for path, id, title in (("/resources", only, "陪诊车"), ("/needs", need, "陪诊")):
            found = (await resident(at, "GET", path, "lin", params=asked)).json()["items"]
            assert [(one["id"], one["title"]) for one in found] == [(id, title)]
        mine = (await unit(at, "GET", "/resources/mine")).json()["items"]
        assert [one["id"] for one in mine] == [only]
        nowhere = {"place": "nowhere"}
        assert (await resident(at, "GET", "/needs", "lin", params=nowhere)).status_code == 404
        withdrawn = await unit(at, "POST", f"/resources/{only}/withdraw", json={})
        assert withdrawn.status_code == 200, withdrawn.text
