"""Rules over HTTP: what is in force and changed, a preview on what happened; robots of groups."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from services.notifications.domain.message import Post, message, message_id
from services.notifications.domain.ways import Way
from services.notifications.kinds import kinds_in_use
from services.notifications.main import service
from shared.contracts import community, petitions
from shared.contracts.types import PlaceKind
from shared.neighbourhood.place import LearnPlace, place
from tests.architecture.modules import ROOT
from tests.services.community.served import Served, served, until
from tests.services.mediation.served import tells

ADMIN, WANG = "admin", "wang"
KIND = "petition-taken"
SAMPLE = ROOT / "shared/contracts/samples/petitions/PetitionTaken.v1.json"


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        yield made


async def admin(at: Served, method: str, path: str, **rest: Any) -> Any:
    return await at.ask(method, path, ADMIN, "administrator", **rest)


async def change(at: Served, verb: str, body: dict[str, Any], kind: str = KIND) -> Any:
    answer = await admin(at, "POST", f"/rules/{kind}/{verb}", json=body)
    if answer.status_code == 200:
        version = answer.json()["version"]
        await until(
            lambda: (
                kind in at.running.copies["kind-rule"]
                and at.running.copies["kind-rule"]._versions[kind] >= version
            )
        )
    return answer


async def told(at: Served, event: str) -> dict[str, Any] | None:
    """What the person's inbox says of a message of the kind, if it was posted."""
    params = {"petition": "0195f00000000000000000000000abcd", "level": "area"}
    post = Post(WANG, KIND, params, "petition-p1", event)
    id = message_id(event, WANG, KIND)
    await at.running.store.do(message, id, post, actor="service:notifications")
    answer = await at.ask("GET", "/inbox", WANG, headers={"Accept-Language": "zh-CN"})
    return next((one for one in answer.json()["items"] if one["id"] == id), None)


async def test_every_rule_is_listed_and_those_of_a_topic(at: Served) -> None:
    items = (await admin(at, "GET", "/rules")).json()["items"]
    assert [one["kind"] for one in items] == sorted(kinds_in_use().rules)
    assert not any(one["changed"] or one["off"] for one in items)
    alarms = (await admin(at, "GET", "/rules?topic=alarms")).json()["items"]
    assert "danger" in {one["kind"] for one in alarms}
    assert all(one["topic"] == "alarms" for one in alarms)
    for path in ("/rules", f"/rules/{KIND}"):
        assert (await at.ask("GET", path, WANG, "resident")).status_code == 200
    preview = await at.ask("POST", f"/rules/{KIND}/preview", WANG, "resident", json={})
    assert preview.status_code == 403
    assert (await admin(at, "GET", "/rules/no-such-kind")).status_code == 404


async def test_a_rule_says_what_its_words_may_be_filled_with(at: Served) -> None:
    rule = (await admin(at, "GET", f"/rules/{KIND}")).json()
    assert (rule["version"], rule["params"]) == (0, ["petition", "level"])
    assert rule["words"]["zh-Hant"]["shipped"]["title"] == "您的訴求正在辦理"
    assert set(rule["can"]) == {"change", "change-words", "turn-off", "turn-on", "reset"}


async def test_changed_words_are_said_at_once_and_taken_back(at: Served) -> None:
    words = {"zh-Hans": {"title": "办理中", "body": "{{ petition }}：{{ level }}"}}
    assert (await change(at, "change-words", {"words": words})).status_code == 200
    said = await told(at, "e1")
    assert said is not None
    assert (said["title"], said["body"]) == ("办理中", "0000abcd：片区")
    rule = (await admin(at, "GET", f"/rules/{KIND}")).json()
    assert rule["changed"]
    assert rule["words"]["zh-Hans"]["own"]["title"] == "办理中"
    history = (await admin(at, "GET", f"/rules/{KIND}/timeline")).json()["items"]
    assert [(one["actor"], one["verb"]) for one in history] == [(ADMIN, "change-words")]
    await change(at, "reset", {})
    said = await told(at, "e1")
    assert said is not None
    assert said["title"] == "您的诉求正在办理"


@pytest.mark.parametrize(
    "body",
    [
        "{{ colour }}",
        "{{ petition.__class__ }}",
        "{% for x in petition %}{{ x }}{% endfor %}",
        "{{ petition",
        "{% if false %}x{% endif %}",
    ],
)
async def test_words_that_cannot_be_said_are_refused_with_the_reason(at: Served, body: str) -> None:
    words = {"en": {"title": "Title", "body": body}}
    answer = await change(at, "change-words", {"words": words})
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:jinlin:problem:unusable-words",
    )
    assert "en: " in answer.json()["detail"]
    answer = await admin(at, "POST", f"/rules/{KIND}/preview", json={"words": words})
    assert answer.status_code == 422


async def test_a_kind_that_is_turned_off_is_not_told_and_one_that_must_be_is(at: Served) -> None:
    assert (await change(at, "turn-off", {})).status_code == 200
    assert await told(at, "e1") is None
    await change(at, "turn-on", {})
    assert await told(at, "e2") is not None
    refused = await change(at, "turn-off", {}, "petition-answered")
    assert refused.json()["type"] == "urn:jinlin:problem:must-be-told"
    other = await at.ask("POST", f"/rules/{KIND}/turn-off", WANG, json={})
    assert other.status_code == 403


async def test_a_preview_shows_every_language_and_what_is_left_by_each_way(at: Served) -> None:
    answer = await admin(at, "POST", f"/rules/{KIND}/preview", json={})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert set(found["languages"]) == {"zh-Hans", "zh-Hant", "en"}
    assert set(found["languages"]["en"]["by"]) == {"push", "robot", "email"}
    long = {"en": {"title": "T" * 200, "body": "{{ petition }} " + "word " * 300}}
    found = (await admin(at, "POST", f"/rules/{KIND}/preview", json={"words": long})).json()
    push = found["languages"]["en"]["by"]["push"]
    assert push["cut"]
    assert push["length"] <= 120
    assert len(push["title"]) == 50
    assert not found["languages"]["zh-Hans"]["by"]["push"]["cut"]
    found = (await admin(at, "POST", "/rules/danger/preview", json={})).json()
    assert found["languages"]["zh-Hans"]["by"]["sms"]["parts"] in (1, 2)


async def test_a_preview_says_a_past_event_as_it_was_told(at: Served) -> None:
    event = json.loads(SAMPLE.read_text(encoding="utf-8"))
    answer = await admin(at, "POST", f"/rules/{KIND}/preview", json={"event": event})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert (found["told"], found["params"]["petition"]) == (1, event["data"]["petition"])
    assert event["data"]["petition"][-8:] in found["languages"]["zh-Hans"]["body"]
    for kind, body, field in (
        ("danger", {"event": event}, "event"),
        (KIND, {"event": {"type": "cn.jinlin.petitions.Nothing.v1", "data": {}}}, "event.type"),
        (KIND, {"event": {**event, "data": {"petition": 1}}}, "event.data"),
        (KIND, {"params": {"no-name": "x"}}, "params.no-name.[key]"),
    ):
        answer = await admin(at, "POST", f"/rules/{kind}/preview", json=body)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["field"] == field


async def test_a_preview_takes_any_parameters_and_says_the_kind_where_it_cannot(
    at: Served,
) -> None:
    body = {"params": {"answer_by": "no time", "petition": "p", "level": "x"}}
    answer = await admin(at, "POST", "/rules/deadline-near/preview", json=body)
    assert answer.status_code == 200
    assert answer.json()["languages"]["en"]["title"] == "deadline-near"


# --- robots ---------------------------------------------------------------------------------------


async def test_a_robot_is_set_up_by_who_administers_the_place_and_hears_of_its_group(
    at: Served,
) -> None:
    learnt = LearnPlace(PlaceKind.COMMUNITY, "c1", ("d1", "c1"))
    await at.running.store.do(place, "c1", learnt, actor="test")
    await until(lambda: "c1" in at.running.copies["place"])
    body = {
        "organisation": "o1",
        "place": "c1",
        "kind": "wecom",
        "url": "https://robot.example/send?key=hidden",
    }
    refused = await at.ask("POST", "/robots", ADMIN, "administrator", places=("c2",), json=body)
    assert refused.status_code == 403
    made = await at.ask("POST", "/robots", ADMIN, "administrator", places=("d1",), json=body)
    assert made.status_code == 201, made.text
    id = made.json()["id"]
    shown = await at.ask("GET", f"/robots/{id}", ADMIN, "administrator", places=("c1",))
    assert shown.status_code == 200
    assert "hidden" not in shown.text
    await until(lambda: id in at.running.copies["group-robot"])
    path = "/robots?place=d1"
    listed = await at.ask("GET", path, ADMIN, "administrator", places=("d1",))
    assert [one["organisation"] for one in listed.json()["items"]] == ["o1"]
    await tells(at, petitions.DepartmentRuledOut("p1", "o1", "chen"), "petition-p1")
    documents = at.running.journal.disk._of("message").documents  # type: ignore[attr-defined]
    await until(lambda: any(one["s"]["recipient"] == id for one in documents.values()))
    down = await at.ask(
        "POST", f"/robots/{id}/take-down", ADMIN, "administrator", places=("c1",), json={}
    )
    assert down.status_code == 200
    assert await at.running.journal.dossier(f"group-robot-{id}") == []
    await tells(at, petitions.DepartmentRuledOut("p2", "o1", "chen"), "petition-p2")
    await tells(at, community.ResidentMoved("lin", "u2", "u1"), "resident-lin")
    await until(lambda: any(one["s"]["recipient"] == "lin" for one in documents.values()))
    assert sum(one["s"]["recipient"] == id for one in documents.values()) == 1
    assert Way.ROBOT in kinds_in_use().rules["department-ruled-out"].ways
