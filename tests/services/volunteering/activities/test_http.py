"""Activities over HTTP: planned by a team, signed up for, checked in to, confirmed, disputed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from services.volunteering.check_in_codes import code_at, secret_in_use
from services.volunteering.domain.activities.activity import activity
from services.volunteering.domain.activities.commands import Plan
from services.volunteering.domain.activities.outline import Outline, Role
from shared.contracts.volunteering.activities import Theme
from shared.runtime.clock import SystemClock
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_NEIGHBOURHOOD,
    PATH,
    as_convenor,
    enrol,
    found,
    told,
    volunteering,
)

CAPTAIN = "captain"
HERE = {"latitude": 26.0802, "longitude": 119.3023, "accuracy": 10}
OUTLINE: dict[str, Any] = {
    "title": "清洁白马河",
    "theme": "environment",
    "text": "带上手套。",
    "meet_at": "桥头",
    "roles": [{"code": "helper", "number": 2}],
    "meeting": {"latitude": 26.0802, "longitude": 119.3023, "radius": 200},
}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        yield made


Ahead = Callable[..., None]


@pytest.fixture
def ahead(monkeypatch: pytest.MonkeyPatch) -> Ahead:
    """Puts the service's clock so much ahead of the real one."""
    now = SystemClock.now
    put = timedelta()

    def go(**by: float) -> None:
        nonlocal put
        put = timedelta(**by)

    monkeypatch.setattr(SystemClock, "now", lambda clock: now(clock) + put)
    return go


def soon(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


async def planned(at: Served, team: str | None = None, by: str = CAPTAIN, **changes: Any) -> str:
    """A draft; its id."""
    body = {
        "place": NEIGHBOURHOOD,
        "team": team,
        "outline": OUTLINE,
        "begin": soon(minutes=20),
        "end": soon(hours=3),
        **changes,
    }
    answer = await at.ask("POST", "/activities", by, "resident", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def opened(at: Served, *people: str, **changes: Any) -> str:
    """An activity of a team that these volunteers have signed up for; its id."""
    await enrol(at, CAPTAIN, *people)
    id = await planned(at, await found(at, CAPTAIN), **changes)
    assert (await does(at, id, "open", CAPTAIN)).status_code == 200
    for person in people:
        assert (await does(at, id, "sign-up", person)).status_code == 200
    return id


async def does(at: Served, id: str, verb: str, by: str, **body: Any) -> Any:
    return await at.ask("POST", f"/activities/{id}/{verb}", by, "resident", json=body)


async def sees(at: Served, path: str, by: str) -> Any:
    return (await at.ask("GET", path, by, "resident")).json()


async def test_a_sign_up_is_told_the_truth(at: Served) -> None:
    id = await opened(at, "an", "bo")
    await enrol(at, "chen", "deng")
    await does(at, id, "sign-up", "chen")
    answer = (await does(at, id, "sign-up", "deng")).json()
    assert answer["you"]["waiting"] == {"role": "helper", "number": 2}
    assert answer["you"]["place"] is None
    shown = await sees(at, f"/activities/{id}", "an")
    assert shown["you"]["place"] == "helper"
    assert shown["status"] == "full"
    role = shown["roles"][0]
    assert (role["number"], role["free"], role["waiting"]) == (2, 0, 2)
    assert "withdraw" in shown["can"]
    assert "sign-up" not in shown["can"]
    again = await does(at, id, "sign-up", "an")
    assert again.status_code == 409
    assert again.json()["type"].endswith("already-signed-up")
    unknown = await does(at, id, "sign-up", "stranger")
    assert unknown.json()["type"].endswith("not-a-volunteer")


async def test_who_takes_part_is_for_organisers_and_staff(at: Served) -> None:
    id = await opened(at, "an", "bo")
    shown = await at.ask("GET", f"/activities/{id}", "an", "resident")
    assert '"bo"' not in shown.text
    for path in ("people", "timeline", "check-in-code"):
        answer = await at.ask("GET", f"/activities/{id}/{path}", "an", "resident")
        assert answer.status_code == 403
    people = await sees(at, f"/activities/{id}/people", CAPTAIN)
    assert [one["person"] for one in people["places"]] == ["an", "bo"]
    assert (await as_convenor(at, "GET", f"/activities/{id}/people")).status_code == 200
    assert (await as_convenor(at, "GET", f"/activities/{id}/timeline")).status_code == 200
    code = await as_convenor(at, "GET", f"/activities/{id}/check-in-code")
    assert code.status_code == 403


async def test_a_draft_is_seen_by_who_organises_it_and_staff(at: Served) -> None:
    await enrol(at, CAPTAIN, "an")
    id = await planned(at, await found(at, CAPTAIN))
    assert (await at.ask("GET", f"/activities/{id}", "an", "resident")).status_code == 404
    assert (await does(at, id, "sign-up", "an")).status_code == 404
    assert (await sees(at, f"/activities/{id}", CAPTAIN))["status"] == "draft"
    assert (await as_convenor(at, "GET", f"/activities/{id}")).status_code == 200
    assert (await sees(at, f"/activities?place={COMMUNITY}", "an"))["items"] == []
    mine = await sees(at, "/activities/mine?part=organiser", CAPTAIN)
    assert [one["id"] for one in mine["items"]] == [id]


async def test_who_plans(at: Served) -> None:
    await enrol(at, CAPTAIN, "an")
    team = await found(at, CAPTAIN)
    body = {
        "place": NEIGHBOURHOOD,
        "outline": OUTLINE,
        "begin": soon(days=2),
        "end": soon(days=2, hours=1),
    }
    assert (await at.ask("POST", "/activities", "an", "resident", json=body)).status_code == 403
    theirs = await at.ask("POST", "/activities", "an", "resident", json={**body, "team": team})
    assert theirs.json()["type"].endswith("not-a-leader")
    assert (await as_convenor(at, "POST", "/activities", json=body)).status_code == 201
    elsewhere = {**body, "place": OTHER_NEIGHBOURHOOD}
    assert (await as_convenor(at, "POST", "/activities", json=elsewhere)).status_code == 403
    naive = await as_convenor(at, "POST", "/activities", json={**body, "begin": "2090-01-01T08:00"})
    assert naive.status_code == 422


async def test_a_place_given_up_is_offered_and_taken(at: Served) -> None:
    id = await opened(at, "an", "bo", begin=soon(days=5), end=soon(days=5, hours=2))
    await enrol(at, "chen")
    await does(at, id, "sign-up", "chen")
    given_up = (await does(at, id, "withdraw", "an")).json()
    assert given_up["you"]["place"] is None
    shown = await sees(at, f"/activities/{id}", "chen")
    assert shown["you"]["offer"]["role"] == "helper"
    assert {"accept-offer", "decline-offer", "withdraw"} <= set(shown["can"])
    assert [one["id"] for one in (await sees(at, "/activities/mine?part=offer", "chen"))["items"]]
    taken = (await does(at, id, "accept-offer", "chen")).json()
    assert taken["you"]["place"] == "helper"
    mine = await sees(at, "/activities/mine", "chen")
    assert [one["id"] for one in mine["items"]] == [id]


async def test_one_checks_in_by_the_code_on_the_organisers_telephone(at: Served) -> None:
    id = await opened(at, "an", "bo")
    shown = await sees(at, f"/activities/{id}/check-in-code", CAPTAIN)
    uri = urlsplit(shown["uri"])
    asked = parse_qs(uri.query)
    assert (uri.scheme, uri.netloc, asked["period"]) == ("otpauth", "totp", ["60"])
    assert secret_in_use() not in str(shown)
    now = datetime.now(UTC)
    for minutes, right in ((-3, False), (-1, True)):
        code = code_at(id, now + timedelta(minutes=minutes), secret_in_use())
        answer = await does(at, id, "check-in", "an", code=code)
        assert (answer.status_code == 200) is right
    assert len(answer.json()["you"]["presence"]) == 1
    out = await does(at, id, "check-out", "an", code=shown["code"])
    assert out.json()["you"]["presence"][0]["left"] is not None


async def test_codes_are_not_guessed(at: Served) -> None:
    id = await opened(at, "an", "bo")
    shown = await sees(at, f"/activities/{id}/check-in-code", CAPTAIN)
    wrong = f"{(int(shown['code']) + 500_000) % 1_000_000:06d}"
    said = [(await does(at, id, "check-in", "an", code=wrong)).json()["type"] for _ in range(6)]
    assert [one.rpartition(":")[2] for one in said] == [*["wrong-code"] * 5, "codes-locked"]
    right = await does(at, id, "check-in", "an", code=shown["code"])
    assert right.json()["type"].endswith("codes-locked")
    assert (await does(at, id, "check-in", "bo", code=shown["code"])).status_code == 200
    # Who has no place learns nothing, however often they try.
    said = [(await does(at, id, "check-in", "fu", code=wrong)).json()["type"] for _ in range(7)]
    assert {one.rpartition(":")[2] for one in said} == {"no-place"}
    assert (await does(at, id, "check-in-for", CAPTAIN, person="an")).status_code == 200


async def test_a_position_is_looked_at_and_kept_nowhere(at: Served) -> None:
    id = await opened(at, "an")
    far = await does(at, id, "check-in-here", "an", **{**HERE, "latitude": 26.1})
    assert far.json()["type"].endswith("too-far-away")
    near = {**HERE, "latitude": 26.080123456}
    assert (await does(at, id, "check-in-here", "an", **near)).status_code == 200
    kept = [str(commit) for commit in await at.running.journal.history(activity.stream(id))]
    kept.append(str(await at.running.journal.load("activity", [id])))
    assert not any("26.080123" in one for one in kept)


async def test_hours_are_confirmed_disputed_and_decided(at: Served, ahead: Ahead) -> None:
    id = await opened(at, "an", "bo")
    assert (await does(at, id, "confirm-hours", CAPTAIN)).json()["type"].endswith("not-over")
    ahead(minutes=30)
    await until_shown(at, id, CAPTAIN, status="running")
    assert (await does(at, id, "check-in-for", CAPTAIN, person="an")).status_code == 200
    ahead(hours=1, minutes=30)
    assert (await does(at, id, "check-out-for", CAPTAIN, person="an")).status_code == 200
    ahead(hours=4)
    await until_shown(at, id, CAPTAIN, status="done")
    assert (await does(at, id, "confirm-hours", CAPTAIN)).status_code == 200
    shown = await shows(at, id, "an")
    assert shown["you"]["minutes"] == 60
    came, left = shown["begin"], shown["end"]
    dispute = {"because": "wrong-time", "came": came, "left": left}
    assert (await does(at, id, "dispute-hours", "an", **dispute)).status_code == 200
    waiting = (await as_convenor(at, "GET", "/activities/unsettled")).json()["items"]
    assert [(one["id"], one["disputes"][0]["person"]) for one in waiting] == [(id, "an")]
    decision = {"person": "an", "came": came, "left": left}
    assert (await does(at, id, "decide-dispute", CAPTAIN, **decision)).status_code == 403
    path = f"/activities/{id}/decide-dispute"
    assert (await as_convenor(at, "POST", path, json=decision)).status_code == 200
    assert (await shows(at, id, "an"))["you"]["minutes"] == 150
    assert (await as_convenor(at, "GET", "/activities/unsettled")).json()["items"] == []


async def test_whom_to_call_is_told_to_those_who_take_part(at: Served) -> None:
    id = await opened(at, "an")
    await enrol(at, "bo")
    path = f"/activities/{id}/contact"
    assert (await at.ask("GET", path, "an", "resident")).status_code == 404
    named = await does(at, id, "name-contact", CAPTAIN, name="林队长", phone="13800000000")
    assert named.status_code == 200
    assert (await sees(at, path, "an")) == {"name": "林队长", "phone": "13800000000"}
    assert (await at.ask("GET", path, "bo", "resident")).status_code == 403
    read = await at.running.journal.readings(activity.stream(id))
    assert {one["reader"] for one in read} == {"an"}
    again = await does(at, id, "name-contact", CAPTAIN, name="陈队长", phone="13900000000")
    assert again.status_code == 200
    entries = await at.running.journal.dossier(activity.stream(id))
    assert [entry.data["name"] for entry in entries] == ["陈队长"]
    await does(at, id, "call-off", CAPTAIN, because="weather")
    assert await at.running.journal.dossier(activity.stream(id)) == []


async def test_what_takes_place_is_listed_by_place_team_and_time(at: Served) -> None:
    id = await opened(at)
    series = Plan(
        "series-1",
        ("keeper",),
        NEIGHBOURHOOD,
        None,
        Outline("周三课堂", Theme.LEARNING, (Role("helper", 3),)),
        datetime.now(UTC).replace(microsecond=0) + timedelta(days=3),
        datetime.now(UTC).replace(microsecond=0) + timedelta(days=3, hours=2),
    )
    await told(at, activity, "occasion-1", series)
    team = (await sees(at, f"/activities/{id}", "an"))["team"]

    async def found_by(query: str) -> list[str]:
        return [one["id"] for one in (await sees(at, f"/activities?{query}", "an"))["items"]]

    assert await found_by("") == await found_by(f"place={PATH[0]}") == [id, "occasion-1"]
    assert await found_by(f"team={team}") == await found_by("theme=environment") == [id]
    assert await found_by("series=series-1&place=c1") == ["occasion-1"]
    assert await found_by("place=c2") == []
    assert await found_by("status=done") == await found_by("status=draft&team=x") == []
    later = soon(days=1).replace("+00:00", "Z")
    assert await found_by(f"since={later}") == ["occasion-1"]
    assert await found_by(f"until={later}") == [id]
    page = await sees(at, "/activities?limit=1", "an")
    assert await found_by(f"limit=1&cursor={page['next']}") == ["occasion-1"]


# --- what other events lead to -------------------------------------------------------------------


async def shows(at: Served, id: str, by: str = CAPTAIN) -> Any:
    return await sees(at, f"/activities/{id}", by)


async def until_shown(at: Served, id: str, by: str, **wanted: Any) -> None:
    async with asyncio.timeout(10):
        while True:
            shown = await shows(at, id, by)
            if {name: shown[name] for name in wanted} == wanted:
                return
            await asyncio.sleep(0.01)


async def test_the_lead_of_the_team_takes_its_activities_along(at: Served) -> None:
    await enrol(at, CAPTAIN, "an")
    team = await found(at, CAPTAIN, ["an"])
    id = await planned(at, team)
    await does(at, id, "open", CAPTAIN)
    answer = await at.ask(
        "POST", f"/teams/{team}/name-deputies", CAPTAIN, "resident", json={"deputies": ["an"]}
    )
    assert answer.status_code == 200, answer.text
    await until_shown(at, id, "an", organisers=[CAPTAIN, "an"])


async def test_who_stops_gives_up_the_place(at: Served) -> None:
    id = await opened(at, "an", "bo", begin=soon(days=5), end=soon(days=5, hours=2))
    stopped = await at.ask("POST", "/volunteers/an/stop", "an", "resident", json={})
    assert stopped.status_code == 200, stopped.text
    async with asyncio.timeout(10):
        while True:
            people = await sees(at, f"/activities/{id}/people", CAPTAIN)
            if [one["person"] for one in people["places"]] == ["bo"]:
                return
            await asyncio.sleep(0.01)


async def test_one_sees_what_is_held_about_oneself(at: Served) -> None:
    id = await opened(at, "an", "bo")
    document = await sees(at, "/my-data", "an")
    mine = [one for one in document["things"] if one["kind"] == "activity"]
    assert [one["id"] for one in mine] == [id]
    assert '"bo"' not in str(mine)
    assert mine[0]["state"]["you"]["place"] == "helper"


async def test_a_convenor_names_who_answers_for_it(at: Served) -> None:
    id = await opened(at)
    path = f"/activities/{id}/name-organisers"
    named = await as_convenor(at, "POST", path, json={"organisers": ["bo"]})
    assert named.status_code == 200
    assert (await shows(at, id))["organisers"] == ["bo"]
    assert (await does(at, id, "name-organisers", CAPTAIN, organisers=["an"])).status_code == 403
