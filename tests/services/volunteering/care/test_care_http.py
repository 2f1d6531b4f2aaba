"""Care plans over HTTP: from consent to an alarm; who sees what; and what other events do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from services.volunteering.domain.care.plan import care_plan
from services.volunteering.domain.care.plan_state import CarePlan
from shared.contracts import community
from shared.contracts.volunteering.care import CareAlarm
from shared.neighbourhood.post import LearnHolder, post
from tests.services.community.served import Served, until
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OFFICERS,
    OTHER_COMMUNITY,
    as_convenor,
    enrol,
    found,
    settled,
    tells,
    told,
    volunteering,
)

ELDER, CAPTAIN, VISITOR, DEPUTY = "elder", "chen", "wang", "lin"
GRID, NURSE, STRANGER = "grid", "nurse", "stranger"
RHYTHM = {"every": "day", "window": "00:00-24:00"}
FINE = [{"field": "systolic", "value": 135}, {"field": "diastolic", "value": 85}]
HIGH = [{"field": "systolic", "value": 188}, {"field": "diastolic", "value": 85}]
WELL = [
    {"field": "medicine", "answer": "taken"},
    {"field": "discomfort", "answer": "none"},
]


def ago(minutes: int) -> str:
    return (datetime.now(UTC) - timedelta(minutes=minutes)).isoformat()


@asynccontextmanager
async def cared_for(*, agreed: bool = True, **changes: Any) -> AsyncIterator[tuple[Served, str]]:
    """A plan of a team, to which the person has agreed."""
    async with volunteering() as at:
        await told(at, post, f"{NEIGHBOURHOOD}:grid", LearnHolder(NEIGHBOURHOOD, "grid", GRID))
        await until(lambda: f"{NEIGHBOURHOOD}:grid" in at.running.copies["post"])
        await enrol(at, CAPTAIN, VISITOR, DEPUTY)
        team = await found(at, CAPTAIN, (VISITOR, DEPUTY))
        asked = await make(at, team=team, deputy=DEPUTY, health_contact=NURSE, **changes)
        assert asked.status_code == 201, asked.text
        plan: str = asked.json()["id"]
        if agreed:
            await does(at, plan, "consent", ELDER)
        yield at, plan


async def make(at: Served, **changes: Any) -> httpx.Response:
    body = {
        "person": ELDER,
        "place": NEIGHBOURHOOD,
        "purpose": "hypertension",
        "rhythm": RHYTHM,
        "visitor": VISITOR,
        "minutes": 30,
        "words": "三号楼的阿婆，听力不好。",
        **changes,
    }
    return await by_grid(at, "POST", "/care-plans", json=body)


async def by_grid(at: Served, method: str, path: str, **rest: Any) -> httpx.Response:
    return await at.ask(method, path, GRID, "grid-worker", places=(NEIGHBOURHOOD,), **rest)


async def does(at: Served, plan: str, verb: str, who: str, **body: Any) -> dict[str, Any]:
    answer = await at.ask("POST", f"/care-plans/{plan}/{verb}", who, "resident", json=body)
    assert answer.status_code == 200, answer.text
    told_back: dict[str, Any] = answer.json()
    return told_back


async def sees(at: Served, plan: str, who: str, *roles: str, **rest: Any) -> dict[str, Any]:
    answer = await at.ask("GET", f"/care-plans/{plan}", who, *roles, **rest)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def of(at: Served, plan: str) -> CarePlan:
    snapshot = await at.running.store.get(care_plan, plan)
    assert snapshot is not None
    return snapshot.state


async def test_from_consent_to_an_alarm_that_is_settled() -> None:
    async with cared_for() as (at, plan):
        visit = {"begun": ago(20), "readings": HIGH, "checks": WELL, "note": "头晕"}
        answer = await does(at, plan, "record-visit", VISITOR, **visit)
        assert answer["alarms"] == [{"alarm": 1, "because": "care-reading"}]
        called = (await at.ask("GET", "/care-plans/alarms", NURSE)).json()["items"]
        assert [one["id"] for one in called] == [plan]
        assert "systolic" not in str(called)
        await does(at, plan, "acknowledge", NURSE, alarm=1)
        body = {"alarm": 1, "came_of_it": "doctor", "note": "已转诊"}
        await does(at, plan, "settle-alarm", NURSE, **body)
        assert (await at.ask("GET", "/care-plans/alarms", NURSE)).json()["items"] == []
        read = await at.ask("GET", f"/care-plans/{plan}/readings", ELDER, "resident")
        names = [one["name"] for one in read.json()["items"]]
        assert names == ["CareVisitWritten", "CareAlarmNoted"]
        assert read.json()["items"][0]["readings"] == [
            {"field": "systolic", "value": 188.0},
            {"field": "diastolic", "value": 85.0},
        ]
        assert read.json()["limits"]["systolic"] == {
            "unit": "mmHg",
            "own": False,
            "low": 90.0,
            "high": 180.0,
        }


async def test_no_event_for_others_has_a_reading_or_the_purpose() -> None:
    async with cared_for() as (at, plan):
        visit = {"begun": ago(20), "readings": HIGH, "checks": WELL, "note": "头晕"}
        await does(at, plan, "record-visit", VISITOR, **visit)
        commits = await at.running.store.journal.history(care_plan.stream(plan))
        recorded = [event for commit in commits for event in commit.events]
        assert [event.data for event in recorded if event.name == "CareVisitWritten"] == [None]
        assert "systolic" not in str(recorded)
        assert "头晕" not in str(recorded)
        public = [event for event in recorded if event.name in PUBLIC]
        assert public
        assert "hypertension" not in str(public)


PUBLIC = ("CarePlanProposed", "CarePlanStarted", "CareVisitDue", "CareVisitMade", "CareAlarmRaised")


@pytest.mark.parametrize(
    ("readings", "code", "field"),
    [
        ([{"field": "systolic", "value": 400}, FINE[1]], "reading-implausible", "systolic"),
        ([FINE[0], {"field": "diastolic", "value": 140}], "reading-not-below", "diastolic"),
        (FINE[:1], "field-missing", "diastolic"),
    ],
)
async def test_an_implausible_reading_is_refused_with_its_field(
    readings: Any, code: str, field: str
) -> None:
    async with cared_for() as (at, plan):
        body = {"begun": ago(20), "readings": readings, "checks": WELL}
        path = f"/care-plans/{plan}/record-visit"
        refused = await at.ask("POST", path, VISITOR, "resident", json=body)
        assert refused.status_code == 409
        assert refused.json()["type"].endswith(code)
        assert field in refused.json()["detail"]


async def test_a_reading_is_a_number() -> None:
    async with cared_for() as (at, plan):
        path = f"/care-plans/{plan}/record-visit"
        for value in ("120", None, 1e9):
            body = {"begun": ago(20), "readings": [{"field": "systolic", "value": value}]}
            refused = await at.ask("POST", path, VISITOR, "resident", json=body)
            assert refused.status_code == 422


async def test_readings_are_for_those_who_care_and_who_read_is_recorded() -> None:
    async with cared_for() as (at, plan):
        await does(at, plan, "record-visit", VISITOR, begun=ago(20), readings=FINE, checks=WELL)
        path = f"/care-plans/{plan}/readings"
        for who in (VISITOR, DEPUTY, NURSE):
            assert (await at.ask("GET", path, who)).status_code == 422  # why?
            read = await at.ask("GET", path, who, params={"purpose": "next-visit"})
            assert len(read.json()["items"]) == 1
        why = {"purpose": "supervision"}
        desk = await at.ask("GET", path, "desk", "community-staff", places=(COMMUNITY,), params=why)
        assert desk.status_code == 200
        for who, roles, places in (
            (STRANGER, (), ()),
            (CAPTAIN, (), ()),
            (STRANGER, ("administrator",), ()),
            (STRANGER, ("community-staff",), (OTHER_COMMUNITY,)),
        ):
            unseen = await at.ask("GET", path, who, *roles, places=places, params=why)
            assert unseen.status_code == 404
        readers = (await at.ask("GET", f"/care-plans/{plan}/readers", ELDER)).json()["items"]
        assert [(one["reader"], one["purpose"]) for one in readers] == [
            (VISITOR, "next-visit"),
            (DEPUTY, "next-visit"),
            (NURSE, "next-visit"),
            ("desk", "supervision"),
        ]


async def test_whoever_an_alarm_calls_may_read_while_it_is_open() -> None:
    async with cared_for() as (at, plan):
        path, why = f"/care-plans/{plan}/readings", {"purpose": "alarm"}
        assert (await at.ask("GET", path, CAPTAIN, params=why)).status_code == 404
        await does(at, plan, "record-visit", VISITOR, begun=ago(20), readings=HIGH, checks=WELL)
        assert (await at.ask("GET", path, CAPTAIN, params=why)).status_code == 200
        await does(at, plan, "settle-alarm", CAPTAIN, alarm=1, came_of_it="measured-again")
        assert (await at.ask("GET", path, CAPTAIN, params=why)).status_code == 404


async def test_what_of_a_plan_is_shown_to_whom() -> None:
    async with cared_for() as (at, plan):
        limits = [{"field": "systolic", "low": 95, "high": 160}]
        await does(at, plan, "set-limits", NURSE, limits=limits)
        visitors = await sees(at, plan, VISITOR)
        assert visitors["limits"] == [{"field": "systolic", "low": 95.0, "high": 160.0}]
        assert [one["name"] for one in visitors["dossier"]] == ["CareDescribed"]
        assert "record-visit" in visitors["can"]
        assert "end" not in visitors["can"]
        captains = await sees(at, plan, CAPTAIN)
        assert "limits" not in captains
        assert "dossier" not in captains
        assert {"set-visitors", "pause", "end"} <= set(captains["can"])
        timeline = f"/care-plans/{plan}/timeline"
        assert (await at.ask("GET", timeline, CAPTAIN)).status_code == 403
        assert (await at.ask("GET", timeline, VISITOR)).status_code == 200
        assert (await at.ask("GET", f"/care-plans/{plan}", STRANGER)).status_code == 404
        admin = await at.ask("GET", f"/care-plans/{plan}", STRANGER, "administrator")
        assert admin.status_code == 404


async def test_a_chart_is_paged_and_has_trends() -> None:
    async with cared_for() as (at, plan):
        for n, systolic in enumerate((120, 130, 145)):
            readings = [{"field": "systolic", "value": systolic}, FINE[1]]
            times = {"begun": ago(60 - 10 * n), "end": ago(55 - 10 * n)}
            await does(at, plan, "record-visit", VISITOR, **times, readings=readings, checks=WELL)
        path = f"/care-plans/{plan}/readings"
        first = (await at.ask("GET", path, ELDER, params={"limit": 2})).json()
        assert first["trends"] == {"systolic": "rising", "diastolic": "steady"}
        asked = {"limit": 2, "cursor": first["next"]}
        second = (await at.ask("GET", path, ELDER, params=asked)).json()
        found_values = [
            reading["value"]
            for one in (*first["items"], *second["items"])
            for reading in one["readings"]
            if reading["field"] == "systolic"
        ]
        assert found_values == [120, 130, 145]
        assert second["next"] is None
        assert (await at.ask("GET", path, ELDER, params={"until": ago(5)})).json()["items"] == []
        wrong = await at.ask("GET", path, ELDER, params={"cursor": "nonsense"})
        assert wrong.status_code == 422


async def test_one_plan_for_a_person_and_purpose() -> None:
    async with cared_for(agreed=False) as (at, plan):
        await until(lambda: plan in at.running.copies["open-care-plans"].taken)
        again = await make(at)
        assert again.status_code == 409
        assert again.json()["type"].endswith("plan-of-purpose")
        assert (await make(at, purpose="diabetes")).status_code == 201
        await does(at, plan, "withdraw-consent", ELDER)
        await until(lambda: plan not in at.running.copies["open-care-plans"].taken)
        assert (await make(at)).status_code == 201


async def test_two_requests_at_once_make_one_plan() -> None:
    async with cared_for(agreed=False) as (at, _):
        answers = await asyncio.gather(*(make(at, purpose="recovery") for _ in range(5)))
        assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


async def test_lists_of_staff_of_the_person_and_of_who_visits() -> None:
    async with cared_for() as (at, plan):
        asked = {"place": COMMUNITY, "status": "active", "purpose": "hypertension"}
        staff = ("desk", "community-staff")
        there = await at.ask("GET", "/care-plans", *staff, places=(COMMUNITY,), params=asked)
        assert [one["id"] for one in there.json()["items"]] == [plan]
        away = await at.ask("GET", "/care-plans", *staff, places=(OTHER_COMMUNITY,), params=asked)
        assert away.status_code == 404
        mine = await at.ask("GET", "/care-plans/mine", ELDER)
        assert [one["id"] for one in mine.json()["items"]] == [plan]
        for who, part in (
            (VISITOR, "visitor"),
            (DEPUTY, "deputy"),
            (CAPTAIN, "organisers"),
            (NURSE, "health_contact"),
        ):
            agenda = await at.ask("GET", "/care-plans/agenda", who, params={"as": part})
            assert [one["id"] for one in agenda.json()["items"]] == [plan]
        nobody = await at.ask("GET", "/care-plans/agenda", STRANGER)
        assert nobody.json()["items"] == []
        within = {"place": COMMUNITY}
        counts = "/care-plans/counts"
        counted = await at.ask("GET", counts, *staff, places=(COMMUNITY,), params=within)
        assert counted.json()["items"] == [
            {"purpose": "hypertension", "status": "active", "count": 1}
        ]
        forms = (await at.ask("GET", "/care-forms", STRANGER)).json()
        assert forms["readings"]["systolic"]["high"] == 180


async def test_alarms_stand_in_the_list_of_the_place() -> None:
    async with cared_for() as (at, plan):
        await does(at, plan, "record-visit", VISITOR, begun=ago(20), readings=HIGH, checks=WELL)
        asked, staff = {"place": COMMUNITY}, ("desk", "community-staff")
        path = "/care-plans/alarms"
        listed = await at.ask("GET", path, *staff, places=(COMMUNITY,), params=asked)
        assert [one["id"] for one in listed.json()["items"]] == [plan]
        unseen = await at.ask("GET", path, *staff, places=(OTHER_COMMUNITY,), params=asked)
        assert unseen.status_code == 404


async def test_leave_from_all_visits_at_once() -> None:
    async with cared_for() as (at, plan):
        other = (await make(at, person="other", purpose="lone-elder")).json()["id"]
        await does(at, other, "consent", "other")
        later = (datetime.now(UTC) + timedelta(days=3)).isoformat()
        gone = await at.ask("POST", "/care-plans/leave", VISITOR, json={"until": later})
        assert gone.status_code == 200, gone.text
        assert set(gone.json()["done"]) == {plan, other}
        assert gone.json()["without_deputy"] == [other]
        assert (await of(at, plan)).on_duty == DEPUTY
        again = await at.ask("POST", "/care-plans/leave", VISITOR, json={"until": later})
        assert set(again.json()["left_out"]) == {plan, other}
        back = await at.ask("POST", "/care-plans/return", VISITOR)
        assert set(back.json()["done"]) == {plan, other}
        assert (await of(at, plan)).on_duty == VISITOR


# --- what other events do ------------------------------------------------------------------------


async def until_plan(at: Served, plan: str, reached: Callable[[CarePlan], bool]) -> None:
    """Waits for what follows from an event."""
    async with asyncio.timeout(10):
        while not reached(await of(at, plan)):  # noqa: ASYNC110 - nobody tells of a state
            await asyncio.sleep(0.005)


async def test_the_duty_goes_to_the_teams_leaders() -> None:
    async with cared_for() as (at, plan):
        team = (await of(at, plan)).team
        path, body = f"/teams/{team}/name-deputies", {"deputies": [DEPUTY]}
        named = await at.ask("POST", path, CAPTAIN, "resident", json=body)
        assert named.status_code == 200, named.text
        await until_plan(at, plan, lambda state: state.organisers == (CAPTAIN, DEPUTY, GRID))


async def test_who_leaves_the_team_visits_no_more() -> None:
    async with cared_for() as (at, plan):
        team = (await of(at, plan)).team
        left = await at.ask("POST", f"/teams/{team}/leave", VISITOR, "resident", json={})
        assert left.status_code == 200, left.text
        await until_plan(at, plan, lambda state: state.visitor == DEPUTY)


async def test_a_plan_follows_its_place() -> None:
    async with cared_for() as (at, plan):
        path = ("d1", "s1", OTHER_COMMUNITY, NEIGHBOURHOOD)
        await tells(at, community.PlaceMoved(NEIGHBOURHOOD, OTHER_COMMUNITY, path), "place-n1")
        await until_plan(at, plan, lambda state: state.path == path)


async def test_a_plan_goes_over_to_the_places_successor() -> None:
    async with cared_for() as (at, plan):
        closed = community.PlaceClosed(NEIGHBOURHOOD, ("n2",), datetime.now(UTC))
        await tells(at, closed, "place-n1")
        await until_plan(at, plan, lambda state: state.place == "n2")


async def test_a_grid_worker_on_leave_is_stood_in_for() -> None:
    async with cared_for() as (at, _):
        made = await make(at, person="other", visitor=GRID, deputy=DEPUTY)
        plan: str = made.json()["id"]
        await does(at, plan, "consent", "other")
        now = datetime.now(UTC)
        about = (f"{NEIGHBOURHOOD}:grid", NEIGHBOURHOOD, "grid", GRID)
        away = community.HolderAway(*about, now, now + timedelta(days=3))
        await tells(at, away, "post-n1:grid")
        await until_plan(at, plan, lambda state: state.on_duty == DEPUTY)
        await tells(at, community.HolderReturned(*about), "post-n1:grid", 2)
        await until_plan(at, plan, lambda state: state.on_duty == GRID)


async def test_of_an_erased_person_nothing_is_left() -> None:
    async with cared_for() as (at, plan):
        await does(at, plan, "record-visit", VISITOR, begun=ago(20), readings=HIGH, checks=WELL)
        await tells(at, community.ResidentErased(ELDER), "resident-elder")
        await until_plan(at, plan, lambda state: not state.open)
        assert await at.running.store.journal.dossier(care_plan.stream(plan)) == []
        assert (await of(at, plan)).person is None


async def test_an_erased_visitor_visits_no_more() -> None:
    async with cared_for() as (at, plan):
        await tells(at, community.ResidentErased(VISITOR), "resident-wang")
        await until_plan(at, plan, lambda state: (state.visitor, state.deputy) == (DEPUTY, None))


async def test_what_is_held_about_people() -> None:
    async with cared_for() as (at, plan):
        await does(at, plan, "record-visit", VISITOR, begun=ago(20), readings=FINE, checks=WELL)
        about_elder = (await at.ask("GET", "/my-data", ELDER, "resident")).json()["things"]
        (own,) = [thing for thing in about_elder if thing["kind"] == "care-plan"]
        assert own["id"] == plan
        assert {entry["name"] for entry in own["dossier"]} == {"CareDescribed", "CareVisitWritten"}
        things = (await at.ask("GET", "/my-data", VISITOR, "resident")).json()["things"]
        (part,) = [thing for thing in things if thing["kind"] == "care-plan"]
        assert part["state"]["parts"] == ["visitor"]
        assert "dossier" not in part
        assert ELDER not in str(part)


async def test_while_a_team_does_nothing_the_office_answers_for_its_visits() -> None:
    async with cared_for() as (at, plan):
        team = (await of(at, plan)).team
        until = (datetime.now(UTC) + timedelta(days=5)).isoformat()
        suspended = {"until": until, "because": "unsafe"}
        answer = await as_convenor(at, "POST", f"/teams/{team}/suspend", json=suspended)
        assert answer.status_code == 200, answer.text
        await settled(at, care_plan, plan, lambda state: state.leaders == ())
        assert (await of(at, plan)).visitor == VISITOR, "the visits go on"
        # Whoever else leads it meanwhile does not answer for it either.
        named = {"deputies": [DEPUTY]}
        await at.ask("POST", f"/teams/{team}/name-deputies", CAPTAIN, "resident", json=named)
        answer = await as_convenor(at, "POST", f"/teams/{team}/resume", json={})
        assert answer.status_code == 200, answer.text
        await settled(at, care_plan, plan, lambda state: state.leaders == (CAPTAIN, DEPUTY))


async def test_of_a_team_that_is_dissolved_the_office_is_called_for_the_visits() -> None:
    async with cared_for() as (at, plan):
        team = (await of(at, plan)).team
        answer = await as_convenor(at, "POST", f"/teams/{team}/dissolve", json={})
        assert answer.status_code == 200, answer.text
        await settled(at, care_plan, plan, lambda state: bool(state.alarms))
        state = await of(at, plan)
        assert (state.visitor, state.deputy, state.organisers) == (None, None, (GRID,))
        (alarm,) = state.alarms
        assert alarm.because is CareAlarm.NOBODY
        assert alarm.called == (GRID, OFFICERS[COMMUNITY])


async def test_who_turns_out_to_be_under_age_visits_nobody_any_more() -> None:
    async with cared_for() as (at, plan):
        right = {"birth_year": datetime.now(UTC).year - 15}
        path = f"/volunteers/{VISITOR}/correct-birth-year"
        answer = await as_convenor(at, "POST", path, json=right)
        assert answer.status_code == 200, answer.text
        await settled(at, care_plan, plan, lambda state: state.visitor == DEPUTY)
        assert (await of(at, plan)).deputy is None
