"""Teams over HTTP: who may do and see what, and what follows for the members' own records."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.volunteering.domain.teams.team import team
from services.volunteering.domain.teams.team_commands import HearStopped
from services.volunteering.domain.teams.volunteer import volunteer
from shared.contracts import community
from tests.services.community.served import Served
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    OTHER_NEIGHBOURHOOD,
    as_convenor,
    belongs,
    enrol,
    found,
    settled,
    tells,
    told,
    volunteering,
)

YEAR = (datetime.now(UTC) + timedelta(days=365)).replace(microsecond=0)


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        yield made


async def do(at: Served, sub: str, path: str, body: Any, status: int = 200) -> Any:
    answer = await at.ask("POST", path, sub, "resident", json=body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def see(at: Served, sub: str, path: str, status: int = 200) -> Any:
    answer = await at.ask("GET", path, sub, "resident")
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_only_convenors_of_the_place_found_teams(at: Served) -> None:
    await enrol(at, "chen")
    asked = {"kind": "youth", "name": "青年队", "charter": "好", "captain": "chen"}
    there = {**asked, "place": OTHER_NEIGHBOURHOOD}
    await do(at, "chen", "/teams", there, 403)
    assert (await as_convenor(at, "POST", "/teams", json=there)).status_code == 403
    nowhere = {**asked, "place": "n9"}
    assert (await as_convenor(at, "POST", "/teams", json=nowhere)).status_code == 403
    grid = await at.ask(
        "POST",
        "/teams",
        "g",
        "grid-worker",
        places=(NEIGHBOURHOOD,),
        json={**asked, "place": NEIGHBOURHOOD},
    )
    assert grid.status_code == 403
    id = await found(at, "chen")
    assert (await see(at, "wang", f"/teams/{id}"))["captain"] == "chen"


async def test_who_applies_is_accepted_by_who_leads(at: Served) -> None:
    await enrol(at, "chen", "li", "wang")
    id = await found(at, "chen")
    await do(at, "zhao", f"/teams/{id}/apply", {}, 409)
    await do(at, "li", f"/teams/{id}/apply", {})
    assert (await see(at, "li", f"/teams/{id}"))["applied"]
    waiting = (await see(at, "chen", f"/teams/{id}/applicants"))["items"]
    assert [one["id"] for one in waiting] == ["li"]
    assert waiting[0]["described"]["name"] == "某人"
    await see(at, "li", f"/teams/{id}/applicants", 404)
    await do(at, "wang", f"/teams/{id}/accept", {"volunteer": "li"}, 403)
    await do(at, "chen", f"/teams/{id}/accept", {"volunteer": "li"})
    await belongs(at, "li", id)
    mine = await see(at, "li", "/teams/mine")
    assert [(one["id"], one["belonging"]) for one in mine["items"]] == [(id, True)]
    await do(at, "wang", f"/teams/{id}/withdraw-application", {}, 409)


async def test_members_are_listed_for_who_leads_and_reading_is_recorded(at: Served) -> None:
    await enrol(at, "chen", "li", "wang")
    id = await found(at, "chen", ["li"])
    first = await see(at, "chen", f"/teams/{id}/members?limit=1")
    second = await see(at, "chen", f"/teams/{id}/members?limit=1&cursor={first['next']}")
    assert [one["id"] for one in first["items"] + second["items"]] == ["chen", "li"]
    assert second["items"][0]["under_age"] is False
    assert second["items"][0]["memberships"][0]["team"] == id
    await see(at, "wang", f"/teams/{id}/members", 404)
    await see(at, "li", f"/teams/{id}/members", 404)
    assert (await as_convenor(at, "GET", f"/teams/{id}/members")).status_code == 200
    read = (await see(at, "li", "/volunteers/li/readings"))["items"]
    assert {one["reader"] for one in read} == {"chen", "convenor"}
    await see(at, "chen", "/volunteers/li/readings", 404)


async def test_outsiders_see_the_charter_but_not_the_people(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen", ["li"])
    await do(at, "chen", f"/teams/{id}/give-contact", {"name": "陈队", "phone": "138"})
    seen = await see(at, "wang", f"/teams/{id}")
    assert seen["charter"] == "我们互相帮助"
    assert seen["size"] == 2
    assert "dossier" not in seen
    assert "applicants" not in seen
    assert seen["can"] == ["apply"]
    await see(at, "wang", f"/teams/{id}/timeline", 403)
    assert (await see(at, "chen", f"/teams/{id}/timeline"))["items"]
    inside = await see(at, "li", f"/teams/{id}")
    assert [one["data"]["phone"] for one in inside["dossier"]] == ["138"]
    assert "leave" in inside["can"]


async def test_teams_are_listed_by_place_and_kind(at: Served) -> None:
    await enrol(at, "chen")
    patrol = await found(at, "chen", kind="patrol")
    arts = await found(at, "chen", kind="arts")

    async def ids(query: str) -> list[str]:
        return [one["id"] for one in (await see(at, "wang", f"/teams?{query}"))["items"]]

    assert await ids(f"place={COMMUNITY}") == [patrol, arts]
    assert await ids(f"place={OTHER_COMMUNITY}") == []
    assert await ids("kind=arts") == [arts]
    assert (await as_convenor(at, "POST", f"/teams/{arts}/dissolve", json={})).status_code == 200
    assert await ids("") == [patrol]
    assert (await see(at, "wang", f"/teams/{arts}"))["can"] == []


async def test_a_captain_who_leaves_is_followed_by_who_agrees(at: Served) -> None:
    await enrol(at, "chen", "li", "wang")
    id = await found(at, "chen", ["li", "wang"])
    await do(at, "chen", f"/teams/{id}/leave", {})
    assert (await see(at, "li", f"/teams/{id}"))["asked_to_lead"]
    await do(at, "wang", f"/teams/{id}/agree-to-lead", {}, 409)
    await do(at, "zhao", f"/teams/{id}/agree-to-lead", {}, 403)
    await do(at, "li", f"/teams/{id}/decline-to-lead", {})
    await do(at, "wang", f"/teams/{id}/decline-to-lead", {})
    left = await as_convenor(at, "GET", f"/teams/leaderless?place={COMMUNITY}")
    assert [one["id"] for one in left.json()["items"]] == [id]
    assert left.json()["items"][0]["leaderless"]["called"] == "officer-c1"
    away = await as_convenor(at, "GET", f"/teams/leaderless?place={OTHER_COMMUNITY}")
    assert away.status_code == 404
    named = await as_convenor(at, "POST", f"/teams/{id}/name-captain", json={"captain": "wang"})
    assert named.status_code == 200
    left = await as_convenor(at, "GET", f"/teams/leaderless?place={COMMUNITY}")
    assert left.json()["items"] == []
    await settled(at, volunteer, "chen", lambda state: not state.memberships)


async def test_members_records_follow_what_the_team_does(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen", ["li"])
    until = YEAR.isoformat()
    both = ["chen", "li"]
    await do(
        at,
        "chen",
        f"/teams/{id}/train-together",
        {"training": "patrol", "volunteers": both, "until": until},
    )
    await do(at, "chen", f"/teams/{id}/insure-together", {"volunteers": both, "until": until})
    away = {"volunteer": "li", "until": until, "because": "absent"}
    await do(at, "chen", f"/teams/{id}/suspend-member", away)
    await settled(at, volunteer, "li", lambda state: state.insured_until == YEAR)
    await settled(at, volunteer, "li", lambda state: state.trainings[0].until == YEAR)
    await settled(at, volunteer, "li", lambda state: state.memberships[0].suspended_until == YEAR)
    await do(at, "chen", f"/teams/{id}/resume-member", {"volunteer": "li"})
    await settled(at, volunteer, "li", lambda state: state.memberships[0].suspended_until is None)


async def test_who_is_suspended_leads_no_team(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen", ["li"])
    await do(at, "chen", f"/teams/{id}/name-deputies", {"deputies": ["li"]})
    asked = {"until": YEAR.isoformat(), "because": "complaint"}
    suspended = await as_convenor(at, "POST", "/volunteers/chen/suspend", json=asked)
    assert suspended.status_code == 200
    await settled(at, team, id, lambda state: state.captain == "li")
    resumed = await as_convenor(at, "POST", "/volunteers/chen/resume", json={})
    assert resumed.status_code == 200
    await settled(at, team, id, lambda state: state.members[0].barred_until is None)


async def test_who_was_erased_is_gone_from_everywhere(at: Served) -> None:
    await enrol(at, "chen", "li", "wang")
    id = await found(at, "chen", ["li"])
    other = await found(at, "li")
    await do(at, "chen", f"/teams/{id}/give-contact", {"name": "陈队", "phone": "138"})
    await do(at, "chen", f"/teams/{other}/apply", {})
    await tells(at, community.ResidentErased("chen"), "resident-chen")
    await settled(at, team, id, lambda state: [one.person for one in state.members] == ["li"])
    await settled(at, team, other, lambda state: state.applicants == ())
    assert await at.running.store.journal.dossier("volunteer-chen") == []
    assert await at.running.store.journal.dossier(f"team-{id}") == []
    state = (await see(at, "li", f"/teams/{id}"))["captain"]
    assert state is None
    gone = await at.running.store.get(volunteer, "chen")
    assert gone is not None
    assert gone.state == volunteer.initial
    await enrol(at, "chen")


async def test_who_stopped_before_they_were_accepted_is_no_member(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen", ["li"])
    await do(at, "li", "/volunteers/li/stop", {})
    await settled(at, team, id, lambda state: len(state.members) == 1)
    await told(at, team, id, HearStopped("li"))
    assert (await see(at, "chen", f"/teams/{id}"))["size"] == 1


async def test_a_suspended_team_says_so(at: Served) -> None:
    await enrol(at, "chen", "li")
    id = await found(at, "chen")
    asked = {"until": YEAR.isoformat(), "because": "unsafe"}
    await do(at, "chen", f"/teams/{id}/suspend", asked, 403)
    assert (await as_convenor(at, "POST", f"/teams/{id}/suspend", json=asked)).status_code == 200
    refused = await do(at, "li", f"/teams/{id}/apply", {}, 409)
    assert refused["type"].endswith("team-suspended")
    assert (await as_convenor(at, "POST", f"/teams/{id}/resume", json={})).status_code == 200


async def test_a_team_is_moved_only_by_who_looks_after_both_places(at: Served) -> None:
    await enrol(at, "chen")
    id = await found(at, "chen")
    there = {"place": OTHER_NEIGHBOURHOOD}
    assert (await as_convenor(at, "POST", f"/teams/{id}/move", json=there)).status_code == 403
    street = await at.ask(
        "POST", f"/teams/{id}/move", "s", "street-staff", places=("s1",), json=there
    )
    assert street.status_code == 200
    assert (await see(at, "chen", f"/teams/{id}"))["place"] == OTHER_NEIGHBOURHOOD
