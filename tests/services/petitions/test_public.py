"""The public view: where a petition stands without a word of it, and released answers, masked."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from services.petitions.domain.commands import Rate
from services.petitions.domain.publication import ConfirmRelease, WithdrawRelease
from services.petitions.domain.succession import Forget
from shared.contracts.types import PetitionKind
from tests.services.petitions.city import BANYAN, LAKE, NORTH, UNIT, City, city

BARE = {"id", "category", "place", "state", "filed_at", "changed_at", "days", "released"}


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def listed(town: City, asked: str = "") -> list[dict[str, Any]]:
    answer = await town.get(f"/public/petitions?{asked}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_without_a_release_no_word_of_it_is_told(town: City) -> None:
    id = await town.file(UNIT)
    (shown,) = await listed(town)
    assert shown.pop("filed_at") == shown.pop("changed_at")
    assert shown == {
        "id": id,
        "category": "property",
        "place": BANYAN,
        "state": "at-work",
        "days": 1,
        "released": False,
    }


async def test_a_released_answer_is_there_for_everybody(town: City) -> None:
    id = await town.file()
    await town.answer(id)
    assert (await listed(town))[0]["state"] == "answered"
    await town.release(id, "王先生（13812345678）家门口已更换灯泡")
    shown = (await town.get(f"/public/petitions/{id}")).json()
    assert shown["released"] is True
    assert shown["answer"] == "某先生（〔电话〕）家门口已更换灯泡"
    assert (shown["title"], shown["level"]) == ("路灯", "neighbourhood")
    assert await listed(town) == await listed(town, "released=true") == [shown]
    await town.do(id, WithdrawRelease(by="clerk", reason="有误"))
    assert (await town.get(f"/public/petitions/{id}")).json().keys() == BARE
    assert await listed(town, "released=true") == []


async def test_what_waits_for_a_second_look_is_not_shown(town: City) -> None:
    id = await town.file()
    await town.answer(id)
    await town.release(id, "见编号7654321")
    assert (await listed(town))[0].keys() == BARE
    await town.do(id, ConfirmRelease(by="another"))
    assert (await listed(town))[0]["answer"] == "见编号7654321"


async def test_forgotten_words_are_shown_no_more(town: City) -> None:
    id = await town.file()
    await town.answer(id)
    await town.release(id)
    await town.do(id, Forget(person="lin"))
    assert (await listed(town))[0].keys() == BARE


async def test_reports_are_never_shown(town: City) -> None:
    id = await town.file(kind=PetitionKind.REPORT)
    assert await listed(town) == []
    assert (await town.get(f"/public/petitions/{id}")).status_code == 404
    assert (await town.get("/public/petitions/nothing")).status_code == 404


async def test_days_run_until_the_answer(town: City) -> None:
    id = await town.file()
    town.clock.ahead += timedelta(days=2, hours=1)
    assert (await listed(town))[0]["days"] == 3
    await town.answer(id)
    town.clock.ahead += timedelta(days=5)
    assert (await listed(town))[0]["days"] == 3


async def test_the_list_is_narrowed_and_paged(town: City) -> None:
    first, second = await town.file(BANYAN), await town.file(UNIT, "property-lifts")
    third = await town.file(LAKE, "sanitation")
    await town.answer(third)

    async def ids(asked: str) -> list[str]:
        return [item["id"] for item in await listed(town, asked)]

    assert await ids("") == [third, second, first]
    assert await ids(f"place={NORTH}") == [second, first]
    assert await ids("category=property") == [second, first]
    assert await ids("category=property-lifts") == [second]
    assert await ids("state=answered") == [third]
    page = (await town.get("/public/petitions?limit=2")).json()
    assert len(page["items"]) == 2
    assert await ids(f"limit=2&cursor={page['next']}") == [first]
    # Nobody learns which unit a petition is about by asking for one after the other.
    assert (await town.get(f"/public/petitions?place={UNIT}")).status_code == 404


async def test_what_has_not_changed_is_not_sent_again(town: City) -> None:
    id = await town.file()
    first = await town.get(f"/public/petitions/{id}")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    known = {"If-None-Match": first.headers["ETag"]}
    again = await town.get(f"/public/petitions/{id}", headers=known)
    assert (again.status_code, again.content) == (304, b"")
    await town.answer(id)
    changed = await town.get(f"/public/petitions/{id}", headers=known)
    assert changed.status_code == 200


async def test_the_list_is_of_a_time_and_of_several_categories_and_states(town: City) -> None:
    first = await town.file(BANYAN, "property-lifts")
    town.clock.ahead += timedelta(days=3)
    between = town.clock.now().isoformat().replace("+00:00", "Z")
    town.clock.ahead += timedelta(days=3)
    second, third = await town.file(LAKE, "sanitation"), await town.file(LAKE, "labour")
    await town.answer(second)

    async def ids(asked: str) -> list[str]:
        return [item["id"] for item in await listed(town, asked)]

    assert await ids(f"from={between}") == [third, second]
    assert await ids(f"to={between}") == [first]
    assert await ids("category=property&category=labour") == [third, first]
    assert await ids("state=answered&state=closed") == [second]
    assert await ids(f"ids={first},{third},nothing") == [third, first]
    assert await ids(f"ids={first},{third}&to={between}") == [first]
    assert (await town.get("/public/petitions?from=2025-03-01T08:00:00")).status_code == 422
    many = ",".join(map(str, range(101)))
    assert (await town.get(f"/public/petitions?ids={many}")).status_code == 422


async def test_how_it_came_to_stand_so_is_told_step_by_step(town: City) -> None:
    id, report = await town.file(), await town.file(kind=PetitionKind.REPORT)
    began = await town.get(f"/public/petitions/{id}")
    town.clock.ahead += timedelta(days=1)
    await town.answer(id)
    answered = await town.get(f"/public/petitions/{id}")
    town.clock.ahead += timedelta(days=1)
    await town.do(id, Rate(by="lin", stars=1))
    answer = await town.get(f"/public/petitions/steps?ids={id},{report},nothing")
    (only,) = answer.json()["items"]
    assert only["id"] == id
    assert [step["state"] for step in only["steps"]] == ["at-work", "answered", "at-work"]
    assert only["steps"][0]["at"] == began.json()["changed_at"] == began.json()["filed_at"]
    assert only["steps"][1]["at"] == answered.json()["changed_at"]
    assert only["steps"][0]["step"] == 1
    assert only.keys() == {"id", "steps"}
    assert only["steps"][0].keys() == {"step", "at", "state"}
    assert (await town.get("/public/petitions/steps?ids=")).status_code == 422
