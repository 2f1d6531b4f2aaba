"""Patrols over HTTP: from the route to the hours, who sees what, and what becomes of findings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.volunteering.domain.patrols.finding import patrol_finding
from services.volunteering.domain.patrols.shift import patrol_shift
from services.volunteering.domain.patrols.shift_commands import PlanShift
from services.volunteering.domain.patrols.shift_state import PatrolShift, Status
from services.volunteering.domain.teams.team_state import TeamStatus
from shared.contracts import community, petitions
from shared.contracts.types import Level, PetitionKind, Urgency
from shared.contracts.volunteering.patrols import (
    PatrolKind,
)
from shared.worktime.hours import CHINA
from tests.services.community.served import Served, until
from tests.services.volunteering.served import (
    COMMUNITY,
    NEIGHBOURHOOD,
    OTHER_COMMUNITY,
    PATH,
    as_convenor,
    enrol,
    found,
    settled,
    tells,
    told,
    volunteering,
)

AN, BO, CHEN, DENG = "an", "bo", "chen", "deng"
SPOT = {"latitude": 24.48, "longitude": 118.11, "radius": 60}
STOPS = [
    {"name": "正门", "place": NEIGHBOURHOOD, "minutes": 15},
    {"name": "车库", "place": NEIGHBOURHOOD, "minutes": 30, "spot": SPOT},
    {"name": "楼顶", "place": NEIGHBOURHOOD, "minutes": 45},
]
FOUND = {
    "place": NEIGHBOURHOOD,
    "category": "fire-exits",
    "title": "消防通道被堵",
    "text": "电动车堵住2号楼消防通道。",
}


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with volunteering() as made:
        yield made


async def ask(at: Served, method: str, path: str, sub: str, **rest: Any) -> Any:
    return await at.ask(method, path, sub, "resident", **rest)


async def staff(at: Served, method: str, path: str, place: str = COMMUNITY, **rest: Any) -> Any:
    return await at.ask(method, path, "wu", "grid-worker", places=(place,), **rest)


async def does(at: Served, path: str, sub: str, **body: Any) -> dict[str, Any]:
    answer = await ask(at, "POST", path, sub, json=body)
    assert answer.status_code in (200, 201), answer.text
    done: dict[str, Any] = answer.json()
    return done


async def comes(ask: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await ask():  # noqa: ASYNC110 - what is asked has no event to wait for
            await asyncio.sleep(0.01)


async def patrol_team(at: Served) -> str:
    await enrol(at, AN, BO, CHEN, DENG)
    return await found(at, AN, (BO, CHEN, DENG), kind="patrol")


async def laid_out(at: Served, **rest: Any) -> str:
    body = {"place": NEIGHBOURHOOD, "name": "夜巡一线", "checkpoints": STOPS, **rest}
    answer = await staff(at, "POST", "/patrol-routes", json=body)
    assert answer.status_code == 201, answer.text
    id: str = answer.json()["id"]
    await until(lambda: id in at.running.copies["patrol-route"])
    return id


async def on_shift(at: Served, team: str, route: str, n: int = 0, *, days: int = 0) -> str:
    """A shift that begins about now or in so many days, as its rota would plan it."""
    begin = at.running.clock.now() - timedelta(minutes=1) + timedelta(days=days)
    plan = PlanShift(
        f"rota-{route}",
        n,
        route,
        NEIGHBOURHOOD,
        PatrolKind.SAFETY,
        team,
        begin,
        begin + timedelta(hours=2),
        2,
        (CHEN, DENG),
        "wu",
        None,
        None,
    )
    id = f"rota-{route}.{n}"
    await told(at, patrol_shift, id, plan)
    return id


def tomorrow(at: Served) -> str:
    day: datetime = at.running.clock.now().astimezone(CHINA) + timedelta(days=1)
    return day.date().isoformat()


async def test_a_rota_is_shared_out_published_and_becomes_shifts(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    day = tomorrow(at)
    line = {"kind": "safety", "team": team, "members": [AN, BO, CHEN, DENG]}
    body = {
        "place": NEIGHBOURHOOD,
        "route": route,
        "name": "明天",
        "first": day,
        "last": day,
        "lines": [{**line, "shifts": ["20:00-22:00", "22:00-00:00"]}],
    }
    stranger = await ask(at, "POST", "/patrol-rotas", "stranger", json=body)
    assert stranger.status_code == 403
    elsewhere = await staff(at, "POST", "/patrol-rotas", OTHER_COMMUNITY, json=body)
    assert elsewhere.status_code == 403
    led = await ask(at, "POST", "/patrol-rotas", CHEN, json={**body, "team": team})
    assert (led.status_code, led.json()["type"].rsplit(":")[-1]) == (409, "not-a-leader")
    made = await ask(at, "POST", "/patrol-rotas", AN, json={**body, "team": team})
    assert made.status_code == 201, made.text
    rota = made.json()["id"]
    assert (await ask(at, "GET", f"/patrol-rotas/{rota}", "stranger")).status_code == 404
    seen = (await ask(at, "GET", f"/patrol-rotas/{rota}", CHEN)).json()
    assert sorted(p for shift in seen["shifts"] for p in shift["crew"]) == [AN, BO, CHEN, DENG]
    assert seen["can"] == []
    await does(at, f"/patrol-rotas/{rota}/publish", AN)

    async def planned() -> bool:
        listed = (await staff(at, "GET", f"/patrol-shifts?place={COMMUNITY}")).json()
        return len(listed["items"]) == 2

    await comes(planned)
    first = (await staff(at, "GET", f"/patrol-shifts/{rota}.0")).json()
    second = (await staff(at, "GET", f"/patrol-shifts/{rota}.1")).json()
    assert (first["successor"], second["successor"]) == (f"{rota}.1", None)
    assert first["organisers"] == [AN]
    mine = (await ask(at, "GET", "/patrol-shifts/mine", first["crew"][0])).json()
    assert [one["id"] for one in mine["items"]] == [f"{rota}.0"]
    way = (await ask(at, "GET", f"/patrol-shifts/{rota}.0/way", first["crew"][0])).json()
    assert [leg["name"] for leg in way["items"]] == ["正门", "车库", "楼顶"]

    # One of the first swaps with one of the second; then the crews of the shifts change, too.
    one, other = first["crew"][0], second["crew"][0]
    await does(at, f"/patrol-rotas/{rota}/propose-swap", one, to=other, mine=0, theirs=1)
    await does(at, f"/patrol-rotas/{rota}/confirm-swap", other, of=one, theirs=1)

    async def swapped() -> bool:
        shown = (await staff(at, "GET", f"/patrol-shifts/{rota}.1")).json()
        return one in shown["crew"] and other not in shown["crew"]

    await comes(swapped)

    # Who leaves the team leaves a gap; who stands in fills it.
    await does(at, f"/teams/{team}/leave", CHEN)

    async def short() -> bool:
        crews = [
            (await staff(at, "GET", f"/patrol-shifts/{rota}.{n}")).json()["crew"] for n in (0, 1)
        ]
        return sum(map(len, crews)) == 3

    await comes(short)
    for lists in ("/patrol-rotas/mine", "/patrol-rotas/kept"):
        listed = (await ask(at, "GET", lists, AN)).json()["items"]
        assert [(one["id"], one["kinds"], one["shifts"]) for one in listed] == [
            (rota, ["safety"], 2)
        ]
    of_place = (await staff(at, "GET", f"/patrol-rotas?place={NEIGHBOURHOOD}")).json()
    assert [one["id"] for one in of_place["items"]] == [rota]


async def test_a_patrol_from_beginning_to_hours(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    shift = await on_shift(at, team, route)
    signs = (await staff(at, "GET", f"/patrol-routes/{route}/signs")).json()["items"]
    assert (await ask(at, "GET", f"/patrol-routes/{route}/signs", CHEN)).status_code == 404
    assert (await ask(at, "POST", f"/patrol-shifts/{shift}/begin", "stranger")).status_code == 404
    await does(at, f"/patrol-shifts/{shift}/begin", CHEN)
    await does(at, f"/patrol-shifts/{shift}/join", DENG)
    path = f"/patrol-shifts/{shift}"
    wrong = await ask(at, "POST", f"{path}/check", CHEN, json={"number": 0, "code": "22222222"})
    assert wrong.status_code == 409
    await does(at, f"{path}/check", CHEN, number=0, code=signs[0]["code"])
    here = {"latitude": 24.4801, "longitude": 118.1101, "accuracy": 15.0}
    await does(at, f"{path}/check-here", DENG, number=1, **here)
    await does(at, f"{path}/check-by-hand", DENG, number=2, because="blocked", text="门锁着")
    shown = await ask(at, "GET", path, CHEN)
    assert "24.48" not in shown.text.replace(str(SPOT["latitude"]), "", 1)
    assert [leg["way"] for leg in shown.json()["legs"]] == ["sign", "position", "hand"]
    await does(at, f"{path}/hand-over", CHEN, matters=["3号楼门禁坏"])
    read = (await staff(at, "GET", path)).json()
    assert {one["name"] for one in read["dossier"]} == {"CheckExplained", "MatterLeft"}
    assert read["handover"]["matters"] == 1
    own = await ask(at, "POST", f"{path}/take-over", CHEN, json={})
    assert own.status_code == 409
    taken = await staff(at, "POST", f"{path}/take-over", json={})
    assert taken.status_code == 200, taken.text
    nothing = (await staff(at, "GET", path)).json()
    assert "take-over" not in nothing["can"]
    # Who led the patrol does not confirm their own hours; a minute has passed for nobody yet.
    confirmed = await ask(at, "POST", f"{path}/confirm-hours", AN, json={})
    assert confirmed.status_code == 200, confirmed.text
    credits = (await staff(at, "GET", path)).json()["credits"]
    assert [one["person"] for one in credits] == [CHEN, DENG]
    data = (await ask(at, "GET", "/my-data", CHEN)).json()
    assert "patrol-shift" in {one["kind"] for one in data["things"]}


async def test_a_finding_becomes_a_petition_and_the_patrol_hears_of_it(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    shift = await on_shift(at, team, route)
    await does(at, f"/patrol-shifts/{shift}/begin", CHEN)
    outside = await ask(at, "POST", "/patrol-findings", DENG, json={"shift": shift, **FOUND})
    assert (outside.status_code, outside.json()["type"].rsplit(":")[-1]) == (409, "not-on-patrol")
    finding = (await does(at, "/patrol-findings", CHEN, shift=shift, **FOUND))["id"]
    assert (await ask(at, "GET", f"/patrol-findings/{finding}", "stranger")).status_code == 404
    draft = (await ask(at, "GET", f"/patrol-findings/{finding}/petition", CHEN)).json()
    assert draft["origin"] == f"patrol-finding:{finding}"
    assert (draft["channel"], draft["text"]) == ("patrol", FOUND["text"])
    for query in (
        await staff(at, "GET", f"/patrol-findings?place={COMMUNITY}"),
        await ask(at, "GET", f"/patrol-shifts/{shift}/findings", CHEN),
        await ask(at, "GET", "/patrol-findings/mine", CHEN),
    ):
        assert [one["id"] for one in query.json()["items"]] == [finding]
        assert FOUND["text"] not in query.text

    def filed(petition: str, petitioner: str | None) -> petitions.PetitionFiled:
        return petitions.PetitionFiled(
            petition=petition,
            kind=PetitionKind.COMPLAINT,
            category=FOUND["category"],
            urgency=Urgency.NORMAL,
            channel="patrol",
            place=NEIGHBOURHOOD,
            path=PATH,
            petitioner=petitioner,
            raised_at=at.running.clock.now(),
            origin=f"patrol-finding:{finding}",
        )

    await tells(at, filed("p0", "stranger"), "petition-p0")
    await tells(at, filed("p1", CHEN), "petition-p1")
    now = at.running.clock.now()
    answered = petitions.PetitionAnswered(
        "p1", "wu", Level.NEIGHBOURHOOD, NEIGHBOURHOOD, "fire-exits", True, now, CHEN
    )
    await tells(at, answered, "petition-p1", 2)
    closed = petitions.PetitionClosed(
        "p1", "solved", Level.NEIGHBOURHOOD, NEIGHBOURHOOD, "fire-exits", CHEN
    )
    await tells(at, closed, "petition-p1", 3)

    async def over() -> bool:
        shown = (await ask(at, "GET", f"/patrol-findings/{finding}", CHEN)).json()
        told_of: bool = shown["status"] == "closed"
        return told_of

    await comes(over)
    shown = (await ask(at, "GET", f"/patrol-findings/{finding}", CHEN)).json()
    assert (shown["petition"], shown["outcome"]) == ("p1", "solved")
    steps = (await ask(at, "GET", f"/patrol-findings/{finding}/timeline", CHEN)).json()["items"]
    named = [event["name"] for step in steps for event in step["events"]]
    assert named[3:] == ["FindingBecamePetition", "FindingHeard", "FindingHeard"]


async def test_what_is_put_right_is_settled_with_a_word(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    shift = await on_shift(at, team, route)
    await does(at, f"/patrol-shifts/{shift}/begin", CHEN)
    finding = (await does(at, "/patrol-findings", CHEN, shift=shift, **FOUND))["id"]
    await does(at, f"/patrol-findings/{finding}/settle", CHEN, because="put-right", text="已挪走")
    seen = (await ask(at, "GET", f"/patrol-findings/{finding}", CHEN)).json()
    assert (seen["status"], seen["can"]) == ("settled", [])


async def test_a_route_is_its_keepers_and_staffs(at: Served) -> None:
    team = await patrol_team(at)
    body = {"place": NEIGHBOURHOOD, "name": "夜巡", "checkpoints": STOPS, "team": team}
    made = await ask(at, "POST", "/patrol-routes", AN, json=body)
    assert made.status_code == 201, made.text
    route = made.json()["id"]
    await until(lambda: route in at.running.copies["patrol-route"])
    assert (await ask(at, "GET", f"/patrol-routes/{route}", CHEN)).status_code == 404
    before = (await ask(at, "GET", f"/patrol-routes/{route}/signs", AN)).json()["items"]
    await does(at, f"/patrol-routes/{route}/renew-sign", AN, key=0)
    await until(lambda: at.running.copies["patrol-route"][route].checkpoints[0].turn == 1)
    after = (await ask(at, "GET", f"/patrol-routes/{route}/signs", AN)).json()["items"]
    changed = [one["code"] != two["code"] for one, two in zip(before, after, strict=True)]
    assert changed == [True, False, False]
    assert len({one["code"] for one in (*before, *after)}) == 4
    for listed in (
        await ask(at, "GET", "/patrol-routes/mine", AN),
        await staff(at, "GET", f"/patrol-routes?place={COMMUNITY}"),
    ):
        assert [one["id"] for one in listed.json()["items"]] == [route]
    elsewhere = await staff(at, "GET", f"/patrol-routes?place={COMMUNITY}", OTHER_COMMUNITY)
    assert elsewhere.status_code == 404
    # The team is led by another: with it the duty passes on.
    named = {"captain": BO}
    changed_hands = await ask(at, "POST", f"/teams/{team}/name-captain", AN, json=named)
    assert changed_hands.status_code == 200, changed_hands.text

    async def passed() -> bool:
        kept = (await staff(at, "GET", f"/patrol-routes/{route}")).json()
        return bool(kept["organisers"][0] == BO)

    await comes(passed)


async def test_of_who_is_erased_nothing_is_left(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    shift = await on_shift(at, team, route)
    await does(at, f"/patrol-shifts/{shift}/begin", CHEN)
    finding = (await does(at, "/patrol-findings", CHEN, shift=shift, **FOUND))["id"]
    await tells(at, community.ResidentErased(CHEN), f"resident-{CHEN}")
    store = at.running.store

    async def gone() -> bool:
        kept = await store.get(patrol_shift, shift)
        left = await store.get(patrol_finding, finding)
        words = await store.journal.dossier(patrol_finding.stream(finding))
        assert kept is not None
        assert left is not None
        return not words and repr(CHEN) not in f"{kept.state}{left.state}"

    await comes(gone)
    kept = await store.get(patrol_shift, shift)
    assert kept is not None
    assert kept.state.status is Status.RUNNING


async def shift_of(at: Served, id: str) -> PatrolShift:
    snapshot = await at.running.store.get(patrol_shift, id)
    assert snapshot is not None
    return snapshot.state


async def test_a_team_that_is_suspended_patrols_when_it_serves_again(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    soon, begun = await on_shift(at, team, route), await on_shift(at, team, route, 1)
    later = await on_shift(at, team, route, 2, days=9)
    await does(at, f"/patrol-shifts/{begun}/begin", CHEN)
    until = (at.running.clock.now() + timedelta(days=5)).isoformat()
    body = {"until": until, "because": "unsafe"}
    answer = await as_convenor(at, "POST", f"/teams/{team}/suspend", json=body)
    assert answer.status_code == 200, answer.text
    await settled(at, patrol_shift, soon, lambda shift: shift.status is Status.CALLED_OFF)
    statuses = [(await shift_of(at, id)).status for id in (begun, later)]
    assert statuses == [Status.RUNNING, Status.PLANNED]
    assert (await shift_of(at, begun)).organisers == (AN, "wu")
    # A rota that is published meanwhile leads to no patrols of it.
    await until_known_as(at, team, TeamStatus.SUSPENDED)
    fresh = await on_shift(at, team, route, 3)
    assert (await shift_of(at, fresh)).status is Status.CALLED_OFF


async def test_nobody_patrols_for_a_team_that_is_dissolved(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    ahead, begun = await on_shift(at, team, route, days=9), await on_shift(at, team, route, 1)
    await does(at, f"/patrol-shifts/{begun}/begin", CHEN)
    answer = await as_convenor(at, "POST", f"/teams/{team}/dissolve", json={})
    assert answer.status_code == 200, answer.text
    await settled(at, patrol_shift, ahead, lambda shift: shift.status is Status.CALLED_OFF)
    # Who led it answers for nothing any more; who drew the rota up does.
    await settled(at, patrol_shift, begun, lambda shift: shift.organisers == ("wu",))


async def test_who_turns_out_to_be_under_age_patrols_no_more(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    day = tomorrow(at)
    line = {"kind": "safety", "team": team, "members": [CHEN, DENG], "shifts": ["20:00-22:00"]}
    body = {"place": NEIGHBOURHOOD, "route": route, "name": "明天", "first": day, "last": day}
    drawn = await staff(at, "POST", "/patrol-rotas", json={**body, "lines": [line]})
    assert drawn.status_code == 201, drawn.text
    rota = drawn.json()["id"]
    published = await staff(at, "POST", f"/patrol-rotas/{rota}/publish", json={})
    assert published.status_code == 200, published.text
    shift = f"{rota}.0"
    await settled(at, patrol_shift, shift, lambda state: set(state.crew) == {CHEN, DENG})
    right = {"birth_year": at.running.clock.now().year - 15}
    corrected = await as_convenor(at, "POST", f"/volunteers/{CHEN}/correct-birth-year", json=right)
    assert corrected.status_code == 200, corrected.text
    await settled(at, patrol_shift, shift, lambda state: state.crew == (DENG,))


async def until_known_as(at: Served, team: str, status: TeamStatus) -> None:
    await until(lambda: at.running.copies["team"][team].status is status)


async def test_alarms_are_listed_for_staff_of_the_place(at: Served) -> None:
    team, route = await patrol_team(at), await laid_out(at)
    begin = at.running.clock.now() - timedelta(minutes=50)
    plan = PlanShift(
        "w", 0, route, NEIGHBOURHOOD, PatrolKind.OWNERS, team, begin,
        begin + timedelta(hours=2), 1, (CHEN,), "wu", None, None,
    )  # fmt: skip
    await told(at, patrol_shift, "w.0", plan)

    async def alarmed() -> bool:
        listed = (await staff(at, "GET", f"/patrol-alarms?place={COMMUNITY}")).json()["items"]
        return [one["alarms"][0]["kind"] for one in listed] == ["not-begun"]

    await comes(alarmed)
    elsewhere = await staff(at, "GET", f"/patrol-alarms?place={COMMUNITY}", OTHER_COMMUNITY)
    assert elsewhere.status_code == 404
