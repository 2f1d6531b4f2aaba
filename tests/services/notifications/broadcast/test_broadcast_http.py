"""A typhoon warning over HTTP: written, approved by somebody else, told to everybody, stopped."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notifications.domain.broadcast import broadcast
from services.notifications.domain.broadcast_state import Status
from shared.contracts import community, volunteering
from shared.contracts.types import OrganisationKind
from shared.contracts.volunteering.teams import TeamKind
from tests.services.notifications.neighbours import (
    CHIEF,
    COMMUNITY,
    DISTRICT,
    OTHER,
    STREET,
    UNITS,
    WRITER,
    Neighbours,
    neighbours,
)

STORM: dict[str, Any] = {
    "place": STREET,
    "urgent": True,
    "hours": 6,
    "words": [
        {"language": "zh-Hans", "title": "台风红色预警", "body": "今晚八点后请勿外出。"},
        {"language": "en", "title": "Typhoon red warning", "body": "Stay in after eight."},
    ],
}
NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)


@pytest.fixture
async def at() -> AsyncIterator[Neighbours]:
    async with neighbours() as made:
        yield made


async def drafted(at: Neighbours, **changes: Any) -> str:
    body = {**STORM, **changes}
    answer = await at.post("/broadcasts", body, WRITER, "street-staff", STREET)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def does(at: Neighbours, id: str, verb: str, body: Any, sub: str = CHIEF) -> Any:
    return await at.post(f"/broadcasts/{id}/{verb}", body, sub, "street-staff", STREET)


async def running(at: Neighbours, urgent: bool = True, **changes: Any) -> str:
    """One that was written, submitted and approved."""
    id = await drafted(at, **changes)
    assert (await does(at, id, "submit", {}, WRITER)).status_code == 200
    approved = await does(at, id, "approve", {"urgent": urgent})
    assert approved.status_code == 200, approved.text
    return id


async def reached(at: Neighbours, id: str, status: Status) -> None:
    async with asyncio.timeout(20):
        while True:
            found = await at.running.store.get(broadcast, id)
            if found is not None and found.state.status is status:
                return
            await asyncio.sleep(0.005)


async def progress(at: Neighbours, id: str) -> dict[str, Any]:
    found: dict[str, Any] = await at.get(
        f"/broadcasts/{id}/progress", CHIEF, "street-staff", STREET
    )
    return found


async def holders(at: Neighbours, *persons: str) -> set[str]:
    """Who of them has a broadcast's message."""
    return {
        one
        for one in persons
        if any(item["kind"].startswith("broadcast") for item in await at.inbox(one))
    }


async def test_everybody_there_is_told_in_its_own_words(at: Neighbours) -> None:
    await at.move_in(UNITS[0], "wang", "li")
    await at.move_in(UNITS[1], "zhao")
    id = await running(at)
    await reached(at, id, Status.DONE)
    message = await at.told_of("wang", "broadcast-urgent")
    assert message["title"] == "紧急通知：台风红色预警"
    assert message["body"] == "s1的名字紧急通知：今晚八点后请勿外出。"
    english = await at.told_of("zhao", "broadcast-urgent", "en")
    assert english["title"] == "Urgent: Typhoon red warning"
    assert english["body"].endswith("Stay in after eight.")
    read = await at.ask("POST", f"/messages/{message['id']}/read", "wang", "resident", json={})
    assert read.status_code == 200
    figures = await progress(at, id)
    assert (figures["status"], figures["total"], figures["told"], figures["read"]) == (
        "done",
        3,
        3,
        1,
    )
    done = await at.told_of(WRITER, "broadcast-done")
    assert "共发给 3 人" in done["body"]
    assert await at.told_of(CHIEF, "broadcast-done")


async def test_only_who_lives_there_is_told(at: Neighbours) -> None:
    await at.move_in(UNITS[0], "wang")
    await at.move_in(UNITS[1], "zhao")
    id = await running(at, place=COMMUNITY, urgent=True)
    await reached(at, id, Status.DONE)
    assert await holders(at, "wang", "zhao") == {"wang"}


async def test_an_ordinary_one_has_another_kind(at: Neighbours) -> None:
    await at.move_in(UNITS[0], "wang")
    id = await running(at, urgent=False)
    await reached(at, id, Status.DONE)
    message = await at.told_of("wang", "broadcast")
    assert message["title"] == "台风红色预警"


async def test_page_by_page_at_its_rate_each_person_once(at: Neighbours) -> None:
    people = [f"p{n:02d}" for n in range(23)]
    await at.move_in(UNITS[0], *people)
    id = await running(at, rate=5)
    await reached(at, id, Status.RUNNING)
    async with asyncio.timeout(20):
        for page in range(1, 6):
            # A second lies between two pages of five.
            while (await progress(at, id))["told"] < min(5 * page, 23):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            at.clock.put_forward(timedelta(seconds=1))
    await reached(at, id, Status.DONE)
    assert (await progress(at, id))["told"] == 23
    assert await holders(at, *people) == set(people)
    timeline = await at.get(f"/broadcasts/{id}/timeline", CHIEF, "street-staff", STREET)
    events = [event for entry in timeline["items"] for event in entry["events"]]
    counts = [event["data"]["count"] for event in events if event["name"] == "BroadcastPageTold"]
    assert counts == [5, 5, 5, 5, 3]


async def test_stopped_midway_nobody_else_is_told(at: Neighbours) -> None:
    people = [f"p{n:02d}" for n in range(40)]
    await at.move_in(UNITS[0], *people)
    id = await running(at, rate=10)
    async with asyncio.timeout(10):
        while (await progress(at, id))["told"] < 10:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    stopped = await does(at, id, "stop", {"because": "all-clear"})
    assert stopped.status_code == 200, stopped.text
    at.clock.put_forward(timedelta(minutes=10))
    assert await at.told_of(WRITER, "broadcast-stopped")
    figures = await progress(at, id)
    assert figures["status"] == "stopped"
    assert figures["told"] < 40
    assert len(await holders(at, *people)) == figures["told"]
    assert (await does(at, id, "stop", {"because": "mistake"})).status_code == 409


async def test_who_may_and_who_knows_of_it(at: Neighbours) -> None:
    body = STORM
    elsewhere = await at.post("/broadcasts", body, "x", "community-staff", OTHER)
    assert elsewhere.status_code == 403
    resident = await at.post("/broadcasts", body, "x", "resident", STREET)
    assert resident.status_code == 403
    id = await drafted(at)
    # Not submitted yet; and its writer does not approve it.
    assert (await does(at, id, "approve", {})).status_code == 409
    assert (await does(at, id, "revise", {"words": STORM["words"]})).status_code == 403
    assert (await does(at, id, "submit", {}, WRITER)).status_code == 200
    own = await does(at, id, "approve", {}, WRITER)
    assert own.status_code == 409
    assert own.json()["type"].endswith("own-broadcast")
    low = await at.post(f"/broadcasts/{id}/approve", {}, CHIEF, "grid-worker", STREET)
    assert low.status_code == 403
    for path in (f"/broadcasts/{id}", f"/broadcasts/{id}/progress"):
        hidden = await at.ask("GET", path, "x", "community-staff", places=(OTHER,))
        assert hidden.status_code == 404
    listed = await at.get("/broadcasts?status=submitted", CHIEF, "district-staff", DISTRICT)
    assert [one["id"] for one in listed["items"]] == [id]
    none = await at.get("/broadcasts", "x", "community-staff", OTHER)
    assert none["items"] == []


async def test_a_wrong_one_is_refused_with_what_is_wrong(at: Neighbours) -> None:
    words = [{"language": "zh-Hans", "title": "", "body": "x"}]
    answer = await at.post(
        "/broadcasts",
        {**STORM, "words": words, "rate": 0, "hours": 1_000},
        WRITER,
        "street-staff",
        STREET,
    )
    assert answer.status_code == 422
    fields = {error["field"] for error in answer.json()["errors"]}
    assert fields == {"words.0.title", "rate", "hours"}


async def test_a_team_an_organisation_and_those_with_a_duty(at: Neighbours) -> None:
    seat = community.OrganisationRegistered(
        "o1", OrganisationKind.PROPERTY_COMPANY, "物业", COMMUNITY, ()
    )
    founded = volunteering.TeamFounded(
        "t1", TeamKind.PATROL, "巡逻队", COMMUNITY, (DISTRICT, STREET, COMMUNITY), "captain"
    )
    await at.hears(
        seat,
        founded,
        volunteering.TeamMemberJoined("t1", COMMUNITY, "wang", NOON),
        community.OrganisationMemberJoined("o1", "li", "member"),
        community.PostAssigned("c1:property", "property", COMMUNITY, "zhao", NOON),
        community.PostAssigned("c2:property", "property", OTHER, "sun", NOON),
    )
    await at.knows("captain", lambda entry: "team:t1" in entry.groups)
    await at.knows("wang", lambda entry: "team:t1" in entry.groups)
    await at.knows("li", lambda entry: "organisation:o1" in entry.groups)
    await at.knows("zhao", lambda entry: f"{COMMUNITY}|property" in entry.works)
    await at.knows("sun", lambda entry: f"{OTHER}|property" in entry.works)
    everybody = ("captain", "wang", "li", "zhao", "sun")

    async def told(seen: set[str], **changes: Any) -> set[str]:
        id = await running(at, **changes)
        await reached(at, id, Status.DONE)
        whole = set()
        for one in everybody:
            if any(item["about"] == f"broadcast-{id}" for item in await at.inbox(one)):
                whole.add(one)
        return whole

    assert await told(set(), group="team", of="t1", place=COMMUNITY) == {"captain", "wang"}
    assert await told(set(), group="organisation", of="o1", place=STREET) == {"li"}
    assert await told(set(), group="duty", of="property", place=COMMUNITY) == {"zhao"}
    assert await told(set(), group="duty", place=STREET) == {"zhao", "sun"}
    foreign = await at.post(
        "/broadcasts",
        {**STORM, "place": OTHER, "group": "team", "of": "t1"},
        WRITER,
        "street-staff",
        STREET,
    )
    assert foreign.json()["type"].endswith("not-of-this-place")


async def test_who_moved_or_was_erased_is_not_told(at: Neighbours) -> None:
    await at.move_in(UNITS[0], "wang", "li", "gone")
    await at.hears(
        community.ResidentMoved("li", UNITS[1], UNITS[0]),
        community.ResidentErased("gone"),
    )
    await at.knows("li", lambda entry: OTHER in entry.home)
    await at.knows("gone", lambda entry: entry.home == ())
    id = await running(at, place=COMMUNITY)
    await reached(at, id, Status.DONE)
    assert await holders(at, "wang", "li", "gone") == {"wang"}
    # What was told and then erased counts no more.
    await at.hears(community.ResidentErased("wang"))
    async with asyncio.timeout(10):
        while (await progress(at, id))["told"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_deputy_is_told_while_they_stand_in(at: Neighbours) -> None:
    post = ("c1:property", COMMUNITY, "property", "zhao")
    await at.hears(
        community.PostAssigned("c1:property", "property", COMMUNITY, "zhao", NOON),
        community.DeputyStandsIn(*post, "sun", NOON, NOON),
        stream="post-c1:property",
    )
    await at.knows("sun", lambda entry: bool(entry.posts))
    await at.hears(community.HolderReturned(*post), stream="post-c1:property")
    await at.knows("sun", lambda entry: not entry.posts)
    await at.knows("zhao", lambda entry: bool(entry.posts))
    gone = community.PostVacated("c1:property", "property", COMMUNITY, "zhao", "resigned")
    await at.hears(gone, stream="post-c1:property")
    await at.knows("zhao", lambda entry: not entry.posts)


async def test_a_community_that_moves_takes_its_people_along(at: Neighbours) -> None:
    await at.move_in(UNITS[0], "wang")
    await at.hears(community.PlaceMoved(UNITS[0], OTHER, (DISTRICT, STREET, OTHER, UNITS[0])))
    await at.knows("wang", lambda entry: OTHER in entry.home and COMMUNITY not in entry.home)
