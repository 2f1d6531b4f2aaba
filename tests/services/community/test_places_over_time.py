"""community over HTTP: the tree at a time, closing, splitting, hours, vacancies, leave."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.community.domain.post import post
from services.community.facts import facts
from services.community.main import service
from shared.contracts.community import PostVacancyOverdue
from shared.runtime.aggregate import Tick
from shared.runtime.deciding import Looking
from tests.services.community.served import Served, served, until
from tests.services.community.test_http import plant

ADMIN = ("admin", "administrator")


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        await plant(made)
        yield made


async def do(at: Served, path: str, **body: Any) -> None:
    answer = await at.ask("POST", path, *ADMIN, json=body)
    assert answer.status_code in (200, 201), answer.text


async def get(at: Served, path: str, sub: str = "wang") -> Any:
    answer = await at.ask("GET", path, sub, "resident")
    assert answer.status_code == 200, answer.text
    return answer.json()


def later(milliseconds: int) -> str:
    return (datetime.now(UTC) + timedelta(milliseconds=milliseconds)).isoformat()


async def test_the_tree_is_shown_as_it_was(at: Served) -> None:
    before = later(0).replace("+00:00", "Z")
    await asyncio.sleep(0.01)
    await do(at, "/places/jm/move", parent="nj")
    places = at.running.copies["place"]
    await until(lambda: places["jm"].parent == "nj")
    assert (await get(at, f"/places/u1?at={before}"))["path"] == ["gl", "dj", "jm", "b1", "u1"]
    assert (await get(at, "/places/u1"))["path"] == ["gl", "nj", "jm", "b1", "u1"]

    async def under(street: str, query: str = "") -> list[str]:
        tree = await get(at, f"/places/tree?root={street}&depth=1{query}")
        return [place["code"] for place in tree["tree"]["places"]]

    assert (await under("dj", f"&at={before}"), await under("dj")) == (["jm"], [])
    assert (await under("nj", f"&at={before}"), await under("nj")) == ([], ["jm"])
    history = (await get(at, "/places/jm/history"))["items"]
    assert [one["path"] for one in history] == [["gl", "dj", "jm"], ["gl", "nj", "jm"]]
    long_ago = await at.ask("GET", "/places/jm?at=2001-01-01T00:00:00Z", "wang")
    assert long_ago.status_code == 404


async def test_a_move_ahead_is_done_by_the_clock(at: Served) -> None:
    await do(at, "/places/jm/move", parent="nj", since=later(300))
    shown = await get(at, "/places/jm")
    assert (shown["parent"], shown["plan"]["to"]) == ("dj", "nj")
    places = at.running.copies["place"]
    await until(lambda: places["jm"].parent == "nj")
    assert (await get(at, "/places/jm"))["plan"] is None


async def test_a_closed_place_takes_nothing_new_and_names_who_does(at: Served) -> None:
    await do(at, "/posts", place="nj", duty="property", holder="lin")
    refused = await at.ask("POST", "/places/gl/close", *ADMIN, json={})
    assert refused.json()["type"].endswith("places-below")
    await do(at, "/places/nj/close", successor="dj")
    places, posts = at.running.copies["place"], at.running.copies["post"]
    await until(lambda: places["nj"].closed is not None)
    body = {"code": "x1", "kind": "community", "name": "新社区", "parent": "nj"}
    assert (await at.ask("POST", "/places", *ADMIN, json=body)).status_code == 409
    body = {"place": "nj", "duty": "patrol", "holder": "lin"}
    assert (await at.ask("POST", "/posts", *ADMIN, json=body)).status_code == 409
    moved = await at.ask("POST", "/places/nj/move", *ADMIN, json={"parent": "gl"})
    assert (moved.status_code, "dj" in moved.json()["detail"]) == (409, True)
    # Its posts end with it.
    await until(lambda: posts["nj:property"].term is None)


async def test_a_split_founds_hangs_and_ends(at: Served) -> None:
    into = [{"code": "b1-e", "name": "东"}, {"code": "b1-w", "name": "西"}]
    await do(at, "/places/b1/split", into=into, children=[{"child": "u1", "to": "b1-w"}])
    places = at.running.copies["place"]
    await until(lambda: "b1" in places and places["b1"].parting is None and places["b1"].closed)
    assert places["b1"].successors == ("b1-e", "b1-w")
    await until(lambda: places["u1"].parent == "b1-w")
    assert (await get(at, "/places/u1"))["path"] == ["gl", "dj", "jm", "b1-w", "u1"]
    assert (await get(at, "/places/b1-e"))["path"] == ["gl", "dj", "jm", "b1-e"]


async def test_hours_are_inherited_and_contacts_shown(at: Served) -> None:
    await do(
        at,
        "/places/dj/describe",
        hours={"spans": ["08:30-12:00"], "every_day": True},
        languages=["zh-Hans", "en"],
        contacts=[{"kind": "phone", "value": "0591-12345"}],
    )
    places = at.running.copies["place"]
    await until(lambda: places["dj"].hours is not None)
    shown = await get(at, "/places/u1")
    assert shown["hours"] == {"place": "dj", "every_day": True, "spans": ["08:30-12:00"]}
    office = await get(at, "/places/dj")
    assert office["contacts"] == [{"kind": "phone", "value": "0591-12345"}]
    bad = {"hours": {"spans": ["8-12"]}}
    assert (await at.ask("POST", "/places/dj/describe", *ADMIN, json=bad)).status_code == 422


async def test_a_pattern_makes_vacancies_that_are_filled(at: Served) -> None:
    await do(at, "/places", code="g1", kind="grid", name="一网格", parent="jm")
    patterns = (await get(at, "/places/patterns"))["patterns"]
    assert {"one-head-five-members", "three-plus-x"} <= {one["code"] for one in patterns}
    await do(at, "/places/g1/adopt-pattern", pattern="one-head-five-members")
    posts = at.running.copies["post"]
    await until(lambda: sum(held.vacancy is not None for held in posts.values()) == 6)
    first = await get(at, "/vacancies?place=jm&limit=4")
    rest = await get(at, f"/vacancies?place=jm&cursor={first['next']}")
    named = [item["duty"] for item in first["items"] + rest["items"]]
    assert len(set(named)) == len(named) == 6
    assert (await get(at, "/vacancies?place=nj"))["items"] == []
    climbed = await get(at, "/duty?place=g1&duty=grid-head&climb=true")
    assert climbed["responsible"] is None
    assert climbed["climbed_over"][0]["because"] == "vacant"
    assert climbed["climbed_over"][0]["due"] is not None
    await do(at, "/posts/g1:grid-head/assign", holder="lin", organisation="org-1")
    await until(lambda: posts["g1:grid-head"].vacancy is None)
    assert len((await get(at, "/vacancies?place=g1"))["items"]) == 5
    forged = await at.ask("GET", "/vacancies?cursor=WzFd", "wang")
    assert forged.status_code == 422


async def test_somebody_answers_while_the_holder_is_away(at: Served) -> None:
    posts = at.running.copies["post"]
    until_then = later(3_600_000)
    gone = await at.ask(
        "POST", "/posts/jm:property/take-leave", "sub-jm", json={"until": until_then}
    )
    assert gone.status_code == 200, gone.text
    await until(lambda: posts["jm:property"].leave is not None)
    alone = await get(at, "/duty?place=jm&duty=property&climb=true")
    assert (alone["responsible"], alone["climbed_over"][0]["because"]) == (None, "on-leave")
    named = await at.ask(
        "POST", "/posts/jm:property/name-deputy", "sub-jm", json={"deputy": "chen"}
    )
    assert named.status_code == 200
    await until(lambda: posts["jm:property"].deputy == "chen")
    duty = await get(at, "/duty?place=u1&duty=property&climb=true")
    assert (duty["place"], duty["holder"], duty["responsible"]) == ("jm", "sub-jm", "chen")
    mine = await get(at, "/responsibilities", "chen")
    assert [(item["place"], item["duty"]) for item in mine["items"]] == [("jm", "property")]
    assert (await get(at, "/responsibilities?person=sub-jm"))["items"] == []
    other = await at.ask("POST", "/posts/jm:property/return-early", "lin", json={})
    assert other.status_code == 403


async def test_a_vacancy_that_is_not_filled_is_told_to_who_sees_to_it_above(at: Served) -> None:
    await do(at, "/places", code="g1", kind="grid", name="一网格", parent="jm")
    await do(at, "/posts", place="jm", duty="party-secretary", holder="secretary")
    await do(at, "/posts", place="jm", duty="petitions", holder="clerk")
    await do(at, "/posts", place="gl", duty="grid-head", holder="head-of-all")
    await do(at, "/places/g1/adopt-pattern", pattern="one-head-five-members")
    posts = at.running.copies["post"]
    await until(lambda: sum(held.vacancy is not None for held in posts.values()) == 6)
    vacant = posts["g1:grid-head"]
    known = facts(at.running.copies)["post"]
    assert not isinstance(known, Looking)
    site = known("g1:grid-head", Tick(), vacant, vacant.vacancy.due)
    assert site.above == (("jm", "secretary"), ("dj", None), ("gl", "head-of-all"))
    (step,) = post.decide(Tick(), vacant, vacant.vacancy.due, site)
    assert isinstance(step, PostVacancyOverdue)
    assert (step.to, step.told) == ("jm", "secretary")
    (listed,) = [
        one for one in (await get(at, "/vacancies"))["items"] if one["duty"] == "grid-head"
    ]
    assert (listed["overdue"], listed["to"], listed["climbs_at"]) == (False, None, None)
