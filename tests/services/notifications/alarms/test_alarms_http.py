"""Alarms over HTTP: raised by an event, by hand and by Alertmanager; they climb until answered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.contracts import community, petitions, subscriptions, volunteering
from shared.contracts.notifications import BroadcastSubmitted
from shared.contracts.notifications.broadcasts import Group
from shared.contracts.types import Level
from shared.contracts.volunteering.care import CareAlarm, CareRung
from tests.services.notifications.neighbours import (
    CHIEF,
    COMMUNITY,
    OTHER,
    STREET,
    Neighbours,
    neighbours,
)

NOON = datetime(2025, 3, 3, 4, 0, tzinfo=UTC)
WANG, LIN, CHEN = "wang", "lin", "chen"
DANGER = petitions.PetitionAlarmed("p1", "gas", "gas", Level.COMMUNITY, COMMUNITY, (), NOON)
TAKEN = petitions.PetitionTaken("p1", LIN, Level.COMMUNITY, None)
CLOSED = petitions.PetitionClosed("p1", "solved", Level.COMMUNITY, COMMUNITY, "gas", None)


@pytest.fixture
async def at() -> AsyncIterator[Neighbours]:
    async with neighbours() as made:
        yield made


async def listed(at: Neighbours, duty: str, place: str, *rungs: dict[str, Any]) -> None:
    """An on-call list, once the rules know it."""
    body = {"place": place, "duty": duty, "rungs": list(rungs)}
    answer = await at.post("/on-call", body, CHIEF, "street-staff", STREET)
    assert answer.status_code == 201, answer.text
    await at.until(lambda: f"{place}:{duty}" in at.running.copies["on-call"])


async def for_danger(at: Neighbours) -> None:
    """Wang, whoever has the property duty, and above them Chen."""
    first = {"person": WANG, "minutes": 5}
    await listed(at, "danger", COMMUNITY, first, {"post": "property", "minutes": 5})
    await listed(at, "danger", STREET, {"person": CHEN, "minutes": 10})


async def open_alarms(at: Neighbours, person: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await at.get("/alarms/mine", person, "resident"))["items"]
    return found


async def test_a_danger_climbs_until_somebody_acknowledges_it(at: Neighbours) -> None:
    await for_danger(at)
    await at.hears(community.PostAssigned("c1:property", "property", COMMUNITY, LIN, NOON))
    await at.until(lambda: "c1:property" in at.running.copies["post"])
    await at.hears(DANGER, stream="petition-p1")
    message = await at.told_of(WANG, "alarm")
    assert "c1的名字：有危险的诉求" in message["body"]
    at.clock.put_forward(timedelta(minutes=5, seconds=1))
    assert await at.told_of(LIN, "alarm-climbed")
    at.clock.put_forward(timedelta(minutes=5, seconds=1))
    assert await at.told_of(CHEN, "alarm-climbed")

    (mine,) = await open_alarms(at, CHEN)
    assert (mine["status"], mine["about"], mine["place"]) == ("raised", "petition-p1", COMMUNITY)
    path = f"/alarms/{mine['id']}"
    stranger = await at.post(f"{path}/acknowledge", {}, "x", "resident")
    assert stranger.status_code == 404
    done = await at.post(f"{path}/acknowledge", {}, CHEN, "resident")
    assert done.status_code == 200, done.text
    assert await at.told_of(WANG, "alarm-acknowledged")
    again = await at.post(f"{path}/acknowledge", {}, WANG, "resident")
    assert again.status_code == 409
    resolved = await at.post(f"{path}/resolve", {}, CHEN, "resident")
    assert resolved.status_code == 200
    assert await at.told_of(LIN, "alarm-resolved")
    assert await open_alarms(at, CHEN) == []

    timeline = await at.get(f"{path}/timeline", CHIEF, "street-staff", STREET)
    names = [event["name"] for entry in timeline["items"] for event in entry["events"]]
    assert names == [
        "AlarmRaised",
        "AlarmPlaced",
        "AlarmClimbed",
        "AlarmClimbed",
        "AlarmAcknowledged",
        "AlarmResolved",
    ]
    moments = [entry["at"] for entry in timeline["items"]]
    assert moments == sorted(moments)


async def test_a_vacant_rung_is_passed_over_and_told_of(at: Neighbours) -> None:
    await listed(at, "danger", COMMUNITY, {"post": "property"})
    await listed(at, "danger", STREET, {"person": CHEN})
    await at.hears(DANGER, stream="petition-p1")
    await at.told_of(CHEN, "alarm")
    (mine,) = await open_alarms(at, CHEN)
    timeline = await at.get(f"/alarms/{mine['id']}/timeline", CHIEF, "street-staff", STREET)
    raised = timeline["items"][0]["events"][0]["data"]
    assert raised["holes"] == [f"{COMMUNITY}:1"]


async def test_the_petition_itself_answers_and_ends_its_alarm(at: Neighbours) -> None:
    await for_danger(at)
    await at.hears(DANGER, stream="petition-p1")
    await at.told_of(WANG, "alarm")
    await at.hears(TAKEN, stream="petition-p1")
    await at.told_of(WANG, "alarm-acknowledged")
    (mine,) = await open_alarms(at, WANG)
    assert mine["acknowledged_by"] == LIN
    await at.hears(CLOSED, stream="petition-p1")
    await at.told_of(WANG, "alarm-resolved")


async def test_without_a_list_nothing_is_raised(at: Neighbours) -> None:
    await listed(at, "danger", OTHER, {"person": CHEN})
    marker = {"duty": "flood", "place": OTHER}
    await at.hears(DANGER, stream="petition-p1")
    await at.hears(CLOSED, stream="petition-p1")
    await at.hears(community.ResidentRegistered("marker", "u1"), stream="petition-p1")
    await at.knows("marker", lambda entry: entry.household == "u1")
    assert (await at.get("/alarms", CHIEF, "street-staff", STREET))["items"] == []
    answer = await at.post("/alarms", marker, CHIEF, "street-staff", STREET)
    assert answer.status_code == 201
    (one,) = (await at.get("/alarms", CHIEF, "street-staff", STREET))["items"]
    assert (one["duty"], one["called"]) == ("flood", [])


@pytest.mark.parametrize(
    ("duty", "event", "over"),
    [
        (
            "care",
            volunteering.CareAlarmRaised(
                "k1", 1, COMMUNITY, CareAlarm.READING, CareRung.TEAM, (), NOON
            ),
            volunteering.CareAlarmSettled("k1", 1, COMMUNITY, LIN, ()),
        ),
        (
            "care",
            community.VisitMissed("v1", COMMUNITY, "elder", LIN, NOON),
            community.VisitMade("v1", COMMUNITY, "elder", LIN, False),
        ),
        (
            "broadcast",
            BroadcastSubmitted("b1", COMMUNITY, Group.RESIDENTS, True, LIN),
            None,
        ),
    ],
    ids=["care", "visit", "broadcast"],
)
async def test_other_events_are_alarms_too(
    at: Neighbours, duty: str, event: Any, over: Any
) -> None:
    await listed(at, duty, STREET, {"person": WANG})
    await at.hears(event, stream="one-1")
    assert await at.told_of(WANG, "alarm")
    if over is not None:
        await at.hears(over, stream="one-1")
        assert await at.told_of(WANG, "alarm-resolved")


async def test_a_webhook_that_fails_calls_whoever_runs_the_platform(at: Neighbours) -> None:
    body = {"duty": "platform", "rungs": [{"person": WANG}]}
    assert (await at.post("/on-call", body, CHIEF, "street-staff", STREET)).status_code == 403
    assert (await at.post("/on-call", body, "op", "operator")).status_code == 201
    await at.until(lambda: "platform:platform" in at.running.copies["on-call"])
    await at.hears(subscriptions.WebhookDisabled("w1", LIN, "unreachable", NOON))
    message = await at.told_of(WANG, "alarm-platform")
    assert "外部系统推送中断" in message["body"]


async def test_who_writes_a_list_and_who_sees_it(at: Neighbours) -> None:
    body = {"place": COMMUNITY, "duty": "danger", "rungs": [{"person": WANG}]}
    for sub, role, place in (
        ("x", "grid-worker", COMMUNITY),
        ("x", "street-staff", OTHER),
        ("x", "resident", COMMUNITY),
        ("x", "operator", COMMUNITY),
    ):
        answer = await at.post("/on-call", body, sub, role, place)
        assert answer.status_code == 403, role
    await for_danger(at)
    found = await at.get(f"/on-call?place={COMMUNITY}", CHIEF, "community-staff", STREET)
    assert [one["id"] for one in found["items"]] == ["c1:danger", "s1:danger"]
    shown = await at.get("/on-call/c1:danger", CHIEF, "street-staff", STREET)
    assert shown["can"] == ["clear"]
    cleared = await at.post("/on-call/c1:danger/clear", {}, CHIEF, "street-staff", STREET)
    assert cleared.status_code == 200
    nobody = {**body, "rungs": []}
    refused = await at.post("/on-call", nobody, CHIEF, "street-staff", STREET)
    assert refused.json()["type"].endswith("rungs-missing")
    odd = {**body, "rungs": [{"person": WANG, "minutes": 0}]}
    assert (await at.post("/on-call", odd, CHIEF, "street-staff", STREET)).status_code == 422


async def test_who_was_erased_is_on_call_no_more(at: Neighbours) -> None:
    await for_danger(at)
    await at.hears(community.ResidentErased(WANG))
    lists = at.running.copies["on-call"]
    await at.until(lambda: len(lists["c1:danger"].rungs) == 1)


async def test_what_was_written_of_it_is_read_by_those_who_are_called(at: Neighbours) -> None:
    await listed(at, "flood", STREET, {"person": WANG})
    body = {"duty": "flood", "place": COMMUNITY, "words": "三号泵停了，水已到膝盖。"}
    made = await at.post("/alarms", body, CHIEF, "street-staff", STREET)
    path = f"/alarms/{made.json()['id']}"
    seen = await at.get(path, WANG, "resident")
    assert seen["dossier"][0]["data"] == {"words": "三号泵停了，水已到膝盖。"}
    assert (await at.ask("GET", path, "x", "resident")).status_code == 404
    timeline = await at.get(f"{path}/timeline", WANG, "resident")
    assert "水已到膝盖" not in str(timeline)
    platform = await at.ask("GET", "/alarms?of=platform", CHIEF, "street-staff", places=(STREET,))
    assert platform.status_code == 403
