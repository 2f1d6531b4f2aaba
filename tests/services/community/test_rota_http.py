"""Rotas over HTTP: drawn up for the holidays, published, swapped, and asked who is on duty."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.community.main import service
from shared.worktime.hours import CHINA
from tests.services.community.served import Served, served, until
from tests.services.community.test_http import plant

KEEPER = ("keeper", "community-staff")


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        await plant(made)
        yield made


async def drawn_up(at: Served, name: str = "spring") -> None:
    first = (datetime.now(CHINA) + timedelta(days=1)).date()
    body = {
        "place": "jm",
        "name": name,
        "first": first.isoformat(),
        "last": (first + timedelta(days=5)).isoformat(),
        "members": ["an", "bo", "chen"],
        "shifts": ["09:00-17:00"],
        "away": [{"person": "bo", "day": first.isoformat()}],
    }
    answer = await at.ask("POST", "/rotas", *KEEPER, places=("jm",), json=body)
    assert answer.status_code == 201, answer.text
    published = await at.ask("POST", f"/rotas/jm:{name}/publish", "keeper", json={})
    assert published.status_code == 200, published.text
    await until(lambda: at.running.copies["rota"].get(f"jm:{name}") is not None)


async def shown(at: Served) -> Any:
    return (await at.ask("GET", "/rotas/jm:spring", "an", "resident")).json()


async def test_a_rota_is_drawn_up_published_and_swapped(at: Served) -> None:
    await drawn_up(at)
    before = (await shown(at))["shifts"]
    people = [shift["person"] for shift in before]
    assert sorted(people.count(one) for one in ("an", "bo", "chen")) == [2, 2, 2]
    assert people[0] != "bo"
    mine, theirs = people.index("an"), people.index("bo")
    offer = {"mine": mine, "theirs": theirs}
    path = "/rotas/jm:spring"
    assert (await at.ask("POST", f"{path}/propose-swap", "an", json=offer)).status_code == 200
    other = await at.ask("POST", f"{path}/confirm-swap", "chen", json={"shift": theirs})
    assert other.status_code == 409
    done = await at.ask("POST", f"{path}/confirm-swap", "bo", json={"shift": theirs})
    assert done.status_code == 200
    after = [shift["person"] for shift in (await shown(at))["shifts"]]
    assert (after[mine], after[theirs]) == ("bo", "an")


async def test_who_is_on_duty_at_a_time_here_or_above(at: Served) -> None:
    await drawn_up(at)
    shift = (await shown(at))["shifts"][2]
    during = datetime.fromisoformat(shift["start"]).astimezone(UTC) + timedelta(hours=1)
    await until(lambda: at.running.copies["rota"]["jm:spring"].status == "published")

    async def on_duty(query: str) -> list[str]:
        moment = during.isoformat().replace("+00:00", "Z")
        answer = (await at.ask("GET", f"/on-duty?at={moment}&{query}", "an")).json()
        return [item["person"] for item in answer["items"]]

    assert await on_duty("place=jm") == [shift["person"]]
    assert await on_duty("place=u1") == []
    assert await on_duty("place=u1&climb=true") == [shift["person"]]
    now = (await at.ask("GET", "/on-duty?place=jm", "an")).json()
    assert now["items"] == []


async def test_the_next_rota_makes_good_what_the_last_left_uneven(at: Served) -> None:
    await drawn_up(at)
    for number, shift in enumerate((await shown(at))["shifts"]):
        if shift["person"] != "an":
            body = {"shift": number, "person": "an"}
            await at.ask("POST", "/rotas/jm:spring/stand-in", "keeper", json=body)
    rotas = at.running.copies["rota"]
    await until(lambda: {shift.person for shift in rotas["jm:spring"].shifts} == {"an"})
    await drawn_up(at, "summer")
    second = (await at.ask("GET", "/rotas/jm:summer", "an")).json()["shifts"]
    people = [shift["person"] for shift in second]
    assert sorted(people.count(one) for one in ("bo", "chen")) == [3, 3]


async def test_rotas_are_drawn_up_by_staff_of_the_place_and_listed(at: Served) -> None:
    await drawn_up(at)
    body = {
        "place": "jm",
        "name": "other",
        "first": "2090-01-01",
        "last": "2090-01-02",
        "members": ["an"],
        "shifts": ["09:00-17:00"],
    }
    elsewhere = await at.ask("POST", "/rotas", *KEEPER, places=("nj",), json=body)
    assert elsewhere.status_code == 403
    mine = (await at.ask("GET", "/rotas?person=bo", "bo")).json()["items"]
    assert [(one["id"], one["shifts"]) for one in mine] == [("jm:spring", 6)]
    assert (await at.ask("GET", "/rotas?place=nj", "bo")).json()["items"] == []
