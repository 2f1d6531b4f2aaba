"""Volunteers over HTTP: who may do and see what, guardians, and one's own data."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.domain.preferences.state import Tongue
from services.notifications.wording import wording
from services.volunteering.domain.teams.volunteer import volunteer
from services.volunteering.trainings import TRAININGS
from shared.contracts import community
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    OTHER_NEIGHBOURHOOD,
    PATH,
    as_convenor,
    enrol,
    found,
    settled,
    tells,
    volunteering,
)

NOW = datetime.now(UTC).replace(microsecond=0)
MINOR = NOW.year - 14


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        yield made


async def do(at: Served, sub: str, path: str, body: Any, status: int = 200) -> Any:
    answer = await at.ask("POST", path, sub, "resident", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def staff(at: Served, path: str, body: Any, status: int = 200) -> Any:
    answer = await as_convenor(at, "POST", path, json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def see(at: Served, sub: str, path: str, status: int = 200) -> Any:
    answer = await at.ask("GET", path, sub, "resident")
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_people_register_themselves_and_staff_register_others(at: Served) -> None:
    asked = {"volunteer": "li", "place": NEIGHBOURHOOD, "birth_year": 1950, "name": "李奶奶"}
    await do(at, "wang", "/volunteers", asked, 403)
    await staff(at, "/volunteers", asked, 201)
    there = {**asked, "volunteer": "sun", "place": OTHER_NEIGHBOURHOOD}
    await staff(at, "/volunteers", there, 403)
    twice = await do(at, "li", "/volunteers", asked, 409)
    assert twice["type"].endswith("volunteer-exists")
    await do(at, "li", "/volunteers", {**asked, "free": [{"weekday": 7, "span": "x"}]}, 422)


async def test_a_record_is_its_persons_and_the_staffs(at: Served) -> None:
    await enrol(at, "li", phone="138")
    mine = await see(at, "li", "/volunteers/li")
    assert mine["dossier"][0]["data"] == {"name": "某人", "phone": "138"}
    await see(at, "wang", "/volunteers/li", 404)
    await see(at, "wang", "/volunteers/li/timeline", 404)
    free = [{"weekday": 2, "span": "18:00-20:00"}]
    await do(at, "li", "/volunteers/li/change", {"skills": ["repairs"], "free": free})
    await do(at, "li", "/volunteers/li/describe", {"name": "李四"})
    await do(at, "li", "/volunteers/li/agree-to-be-named", {})
    until = (NOW + timedelta(days=365)).isoformat()
    await do(at, "li", "/volunteers/li/insure", {"until": until}, 403)
    await staff(at, "/volunteers/li/insure", {"until": until})
    await staff(at, "/volunteers/li/record-training", {"training": "first-aid"})
    seen = await see(at, "li", "/volunteers/li")
    assert seen["named"] is True
    assert seen["skills"] == ["repairs"]
    assert [one["code"] for one in seen["trainings"]] == ["first-aid"]
    read = await see(at, "li", "/volunteers/li/readings")
    assert read["items"] == []


async def test_staff_list_volunteers_of_their_places(at: Served) -> None:
    await enrol(at, "li", skills=["repairs"])
    await enrol(at, "wang")

    async def ids(query: str) -> list[str]:
        answer = await as_convenor(at, "GET", f"/volunteers?{query}")
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    assert await ids(f"place={COMMUNITY}") == ["li", "wang"]
    assert await ids(f"place={NEIGHBOURHOOD}&skill=repairs") == ["li"]
    away = await as_convenor(at, "GET", f"/volunteers?place={OTHER_COMMUNITY}")
    assert away.status_code == 404
    await at.ask("GET", f"/volunteers?place={COMMUNITY}", "li", "resident")
    await do(at, "wang", "/volunteers/wang/stop", {})
    assert await ids(f"place={COMMUNITY}") == ["li"]


async def test_who_is_under_age_serves_with_a_guardians_consent(at: Served) -> None:
    await enrol(at, "chen")
    id = await found(at, "chen")
    await enrol(at, "xiao", birth_year=MINOR, guardian="mum")
    refused = await do(at, "xiao", f"/teams/{id}/apply", {}, 409)
    assert refused["type"].endswith("guardian-must-consent")
    waiting = await as_convenor(at, "GET", f"/volunteers/guardians?place={COMMUNITY}")
    assert [one["id"] for one in waiting.json()["items"]] == ["xiao"]
    await see(at, "mum", "/volunteers/xiao", 404)
    until = (NOW + timedelta(days=200)).isoformat()
    consent = {"works": ["activity"], "latest": "19:00", "until": until}
    await do(at, "mum", "/volunteers/xiao/consent", consent, 404)
    await staff(at, "/volunteers/xiao/confirm-guardian", {})
    assert [one["id"] for one in (await see(at, "mum", "/volunteers/wards"))["items"]] == ["xiao"]
    await do(at, "dad", "/volunteers/xiao/consent", consent, 404)
    await do(at, "xiao", "/volunteers/xiao/consent", consent, 403)
    patrol = await do(at, "mum", "/volunteers/xiao/consent", {**consent, "works": ["patrol"]}, 409)
    assert patrol["type"].endswith("not-for-minors-at-all")
    await do(at, "mum", "/volunteers/xiao/consent", consent)
    await do(at, "xiao", f"/teams/{id}/apply", {})
    await do(at, "chen", f"/teams/{id}/accept", {"volunteer": "xiao"})
    listed = await see(at, "chen", f"/teams/{id}/applicants")
    assert listed["items"] == []


async def test_an_erased_guardian_answers_for_nobody(at: Served) -> None:
    await enrol(at, "xiao", birth_year=MINOR, guardian="mum")
    await staff(at, "/volunteers/xiao/confirm-guardian", {})
    await tells(at, community.ResidentErased("mum"), "resident-mum")
    await settled(at, volunteer, "xiao", lambda state: state.guardian is None)


async def test_volunteers_follow_their_place(at: Served) -> None:
    await enrol(at, "li")
    elsewhere = ("d1", "s1", OTHER_COMMUNITY, NEIGHBOURHOOD)
    moved = community.PlaceMoved(NEIGHBOURHOOD, OTHER_COMMUNITY, elsewhere)
    await tells(at, moved, f"place-{NEIGHBOURHOOD}")
    await settled(at, volunteer, "li", lambda state: state.path == elsewhere)
    closed = community.PlaceClosed(NEIGHBOURHOOD, (OTHER_NEIGHBOURHOOD,), NOW)
    await tells(at, closed, f"place-{NEIGHBOURHOOD}", 2)
    await settled(at, volunteer, "li", lambda state: state.place == OTHER_NEIGHBOURHOOD)


async def test_staff_cannot_move_somebody_away_alone(at: Served) -> None:
    await enrol(at, "li")
    there = {"place": OTHER_NEIGHBOURHOOD}
    await staff(at, "/volunteers/li/move", there, 403)
    await do(at, "li", "/volunteers/li/move", there)
    assert (await see(at, "li", "/volunteers/li"))["path"][-1] == OTHER_NEIGHBOURHOOD
    assert PATH[-1] == NEIGHBOURHOOD


async def test_one_sees_all_that_is_held_about_oneself(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen", ["li"])
    held = await see(at, "li", "/my-data")
    things = {(one["kind"], one["id"]): one for one in held["things"]}
    assert things["volunteer", "li"]["dossier"][0]["data"]["name"] == "某人"
    assert things["team", id]["state"]["member"]["person"] == "li"
    assert held["complete"] is True
    assert "dossier" not in things["team", id]


async def test_trainings_are_listed_and_named_in_messages(at: Served) -> None:
    listed = (await see(at, "li", "/trainings"))["items"]
    assert {one["training"] for one in listed} == TRAININGS.keys()
    for code, one in TRAININGS.items():
        assert wording(Tongue.HANS).names("trainings")[code] == one.zh
        assert wording(Tongue.ENGLISH).names("trainings")[code] == one.en
