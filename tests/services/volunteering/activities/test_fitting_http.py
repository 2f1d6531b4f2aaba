"""Who is not fit any more for what they signed up for, over HTTP and through the reactions."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from shared.runtime.clock import SystemClock
from shared.worktime.hours import CHINA
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    NEIGHBOURHOOD,
    as_convenor,
    enrol,
    found,
    volunteering,
)

CAPTAIN, CHILD, GUARDIAN, NEXT = "captain", "xiao", "mum", "an"
ROLE: dict[str, Any] = {"code": "helper", "number": 1}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        await enrol(made, CAPTAIN, NEXT)
        yield made


def local(clock: str) -> str:
    """That time of the city's day, in five days."""
    day = (datetime.now(CHINA) + timedelta(days=5)).date()
    return datetime.combine(day, time.fromisoformat(clock), CHINA).astimezone(UTC).isoformat()


def soon(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


async def child(at: Served) -> None:
    """Somebody under age whose guardian allows activities until 20:00."""
    await enrol(at, CHILD, birth_year=datetime.now(CHINA).year - 14, guardian=GUARDIAN)
    await staff(at, f"/volunteers/{CHILD}/confirm-guardian")
    await consents(at, "20:00")


async def consents(at: Served, latest: str, *works: str) -> None:
    until = soon(days=200)
    body = {"works": works or ("activity",), "latest": latest, "until": until}
    await does(at, f"/volunteers/{CHILD}/consent", GUARDIAN, **body)


async def opened(at: Served, begin: str, end: str, **role: Any) -> str:
    """An activity with one place; its id."""
    body = {
        "place": NEIGHBOURHOOD,
        "team": await found(at, CAPTAIN),
        "outline": {"title": "清洁白马河", "theme": "environment", "roles": [{**ROLE, **role}]},
        "begin": begin,
        "end": end,
    }
    answer = await at.ask("POST", "/activities", CAPTAIN, "resident", json=body)
    assert answer.status_code == 201, answer.text
    id = str(answer.json()["id"])
    await does(at, f"/activities/{id}/open", CAPTAIN)
    return id


async def does(at: Served, path: str, by: str, **body: Any) -> Any:
    answer = await at.ask("POST", path, by, "resident", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def staff(at: Served, path: str, **body: Any) -> None:
    answer = await as_convenor(at, "POST", path, json=body)
    assert answer.status_code == 200, answer.text


async def until_held_for(at: Served, id: str, person: str | None) -> Any:
    """Waits until nobody has the place and it is held for somebody, if for anybody."""
    async with asyncio.timeout(10):
        while True:
            shown = await at.ask("GET", f"/activities/{id}/people", CAPTAIN, "resident")
            people = shown.json()
            if not people["places"] and [one["person"] for one in people["offers"]] == (
                [] if person is None else [person]
            ):
                return people
            await asyncio.sleep(0.01)


async def test_an_activity_that_moves_into_the_night_is_not_for_a_child(at: Served) -> None:
    await child(at)
    id = await opened(at, local("17:00"), local("19:00"))
    await does(at, f"/activities/{id}/sign-up", CHILD)
    await does(at, f"/activities/{id}/sign-up", NEXT)
    moved = {"begin": local("20:00"), "end": local("22:00")}
    await does(at, f"/activities/{id}/move", CAPTAIN, **moved)
    await until_held_for(at, id, NEXT)


async def test_a_guardian_who_consents_to_less_is_heard(at: Served) -> None:
    await child(at)
    id = await opened(at, local("17:00"), local("19:00"))
    await does(at, f"/activities/{id}/sign-up", CHILD)
    await consents(at, "19:00")
    shown = await at.ask("GET", f"/activities/{id}", CHILD, "resident")
    assert shown.json()["you"]["place"] == "helper"
    await consents(at, "18:00")
    await until_held_for(at, id, None)


async def test_a_guardian_who_consents_to_other_work_is_heard(at: Served) -> None:
    await child(at)
    id = await opened(at, local("17:00"), local("19:00"))
    await does(at, f"/activities/{id}/sign-up", CHILD)
    await consents(at, "20:00", "wish")
    await until_held_for(at, id, None)


async def test_who_has_not_learned_it_after_all_gives_up_the_place(at: Served) -> None:
    await enrol(at, "bo")
    await staff(at, "/volunteers/bo/record-training", training="first-aid")
    id = await opened(at, local("17:00"), local("19:00"), trainings=["first-aid"])
    await does(at, f"/activities/{id}/sign-up", "bo")
    await staff(at, "/volunteers/bo/strike-training", training="first-aid")
    await until_held_for(at, id, None)


async def test_whose_year_of_birth_was_wrong_gives_up_the_place(at: Served) -> None:
    await enrol(at, "bo")
    id = await opened(at, local("17:00"), local("19:00"))
    await does(at, f"/activities/{id}/sign-up", "bo")
    await staff(at, "/volunteers/bo/correct-birth-year", birth_year=datetime.now(CHINA).year - 14)
    await until_held_for(at, id, None)


async def test_who_is_suspended_after_it_has_begun_does_not_check_in(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await opened(at, soon(minutes=20), soon(hours=3))
    await does(at, f"/activities/{id}/sign-up", NEXT)
    now = SystemClock.now
    monkeypatch.setattr(SystemClock, "now", lambda clock: now(clock) + timedelta(minutes=30))
    async with asyncio.timeout(10):
        while True:
            shown = await at.ask("GET", f"/activities/{id}", NEXT, "resident")
            if shown.json()["status"] == "running":
                break
            await asyncio.sleep(0.01)
    until = soon(days=9)
    await staff(at, f"/volunteers/{NEXT}/suspend", until=until, because="complaint")
    path = f"/activities/{id}/check-in-for"
    answer = await at.ask("POST", path, CAPTAIN, "resident", json={"person": NEXT})
    assert answer.status_code == 409
    assert answer.json()["type"].endswith("volunteer-suspended")
