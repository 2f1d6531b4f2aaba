"""The table's HTTP interface, seen from outside: every answer it may give."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from shared.runtime.api import CurrentCaller, CurrentStore, Dossier
from shared.runtime.cursors import decode, encode
from shared.runtime.identity import Caller
from shared.runtime.journal import Query
from shared.runtime.policies import administrator, anyone
from shared.runtime.queries import Queries
from shared.runtime.service import access_matrix
from shared.runtime.veil import veiled
from tests.runtime.lamp import Lamp, lamps, lamps_api
from tests.runtime.lamp_service import World, world

queries = Queries(tags=["Lamps"])


@queries.get("/lamps/lit", may=anyone, note="those that are lit")
async def lit(
    caller: CurrentCaller, store: CurrentStore, limit: int = 2, cursor: str | None = None
) -> dict[str, object]:
    """The lit lamps, page by page."""
    page = await store.journal.find(
        "lamp", Query({"status": "lit"}, limit=limit, after=decode(cursor))
    )
    return {"items": [one.id for one in page.items], "next": encode(page.next), "by": caller.sub}


@pytest.fixture
async def at(tmp_path: Path) -> AsyncIterator[World]:
    texts = tmp_path / "problems.zh.yaml"
    texts.write_text("wrong-moment: 路灯现在是{status}，不能{verb}。\n", encoding="utf-8")
    async with world(texts, [queries]) as made:
        yield made


async def broken(at: World) -> str:
    """A broken lamp that k1 keeps and u1 reported."""
    id: str = (await at.install()).json()["id"]
    answer = await at.ask("POST", f"/lamps/{id}/break", json={"words": "dark, says Wang"})
    assert answer.status_code == 200
    return id


async def test_creating_answers_201_with_where_it_is_and_its_version(at: World) -> None:
    answer = await at.install()
    assert answer.status_code == 201
    id = answer.json()["id"]
    assert answer.json() == {"id": id, "version": 1}
    assert answer.headers["location"] == f"/lamps/{id}"
    assert answer.headers["etag"] == '"1"'


async def test_the_caller_is_the_token_s_and_never_the_body_s(at: World) -> None:
    id = (await at.install()).json()["id"]
    forged = await at.ask("POST", f"/lamps/{id}/break", json={"words": "x", "by": "somebody"})
    assert forged.status_code == 422
    assert [error["field"] for error in forged.json()["errors"]] == ["by"]
    await at.ask("POST", f"/lamps/{id}/break", sub="u7", json={"words": "x"})
    shown = (await at.ask("GET", f"/lamps/{id}")).json()
    assert shown["reporter"] == "u7"


async def test_a_thing_shows_its_state_its_version_and_the_verbs_open_to_the_caller(
    at: World,
) -> None:
    id = await broken(at)
    for caller, can in (("k1", ["repair"]), ("u1", [])):
        answer = await at.ask("GET", f"/lamps/{id}", sub=caller)
        assert answer.status_code == 200
        assert answer.headers["etag"] == '"2"'
        assert answer.json()["status"] == "broken"
        assert answer.json()["can"] == can


async def test_the_dossier_is_shown_to_whom_the_policy_names_and_readings_are_recorded(
    at: World,
) -> None:
    id = await broken(at)
    journal = at.running.journal
    assert "dossier" not in (await at.ask("GET", f"/lamps/{id}", sub="stranger")).json()
    own = (await at.ask("GET", f"/lamps/{id}", sub="u1")).json()
    assert own["dossier"][0]["data"] == {"words": "dark, says Wang"}
    assert await journal.readings(f"lamp-{id}") == []
    assert (await at.ask("GET", f"/lamps/{id}", sub="k1")).json()["dossier"]
    assert [one["reader"] for one in await journal.readings(f"lamp-{id}")] == ["k1"]


async def test_the_timeline_tells_what_happened_without_what_is_personal(at: World) -> None:
    id = await broken(at)
    answer = await at.ask("GET", f"/lamps/{id}/timeline")
    items = answer.json()["items"]
    assert [(one["version"], one["verb"], one["actor"]) for one in items] == [
        (1, "install", "a1"),
        (2, "break", "u1"),
    ]
    assert [event["name"] for event in items[1]["events"]] == ["LampBroken", "LampDescribed"]
    assert "Wang" not in answer.text


def reporter_from_strangers(state: Lamp, caller: Caller) -> Collection[str]:
    """Who reported is known to that person alone."""
    return () if caller.sub == state.reporter else {state.reporter or ""}


def without_names(
    name: str, data: Mapping[str, Any], state: Lamp, caller: Caller
) -> Mapping[str, Any]:
    """A name in the words is not for the keeper."""
    assert name == "LampDescribed"
    if caller.sub != state.keeper:
        return data
    return {**data, "words": data["words"].replace("Wang", "W***"), "told by": state.reporter}


@pytest.fixture
async def discreet() -> AsyncIterator[World]:
    dossier = replace(lamps_api.dossier or Dossier(anyone), shown=without_names)
    api = replace(lamps_api, veil=reporter_from_strangers, dossier=dossier)
    async with world(api=api) as made:
        yield made


async def test_who_is_veiled_stands_nowhere_in_what_a_caller_is_shown(discreet: World) -> None:
    id = await broken(discreet)
    thing = await discreet.ask("GET", f"/lamps/{id}", sub="k1")
    assert (thing.json()["reporter"], thing.json()["keeper"]) == (None, "k1")
    assert thing.json()["dossier"][0]["data"]["told by"] is None
    timeline = await discreet.ask("GET", f"/lamps/{id}/timeline", sub="k1")
    install, report = timeline.json()["items"]
    assert (install["actor"], report["actor"]) == ("a1", None)
    assert report["events"][0]["data"]["reporter"] is None
    assert report["events"][0]["data"]["repair_by"] is not None
    assert "u1" not in thing.text + timeline.text

    own = (await discreet.ask("GET", f"/lamps/{id}", sub="u1")).json()
    assert own["reporter"] == "u1"
    own = (await discreet.ask("GET", f"/lamps/{id}/timeline", sub="u1")).json()
    assert [item["actor"] for item in own["items"]] == ["a1", "u1"]


async def test_a_dossier_may_show_one_caller_less_of_an_entry_than_another(
    discreet: World,
) -> None:
    id = await broken(discreet)
    words = {}
    for caller in ("u1", "k1"):
        shown = (await discreet.ask("GET", f"/lamps/{id}", sub=caller)).json()
        words[caller] = shown["dossier"][0]["data"]["words"]
    assert words == {"u1": "dark, says Wang", "k1": "dark, says W***"}
    (kept,) = await discreet.running.journal.dossier(f"lamp-{id}")
    assert kept.data == {"words": "dark, says Wang"}


def test_a_veil_lies_over_whatever_holds_the_subject() -> None:
    state = {
        "plain": "x",
        "list": ["x", "y", ["x"]],
        "tuple": ({"deep": "x", "other": 1},),
        "set": frozenset({"x", "y"}),
        "x": "kept under the subject",
        "lamp": Lamp(reporter="x", keeper="y"),
        "text": "x said so",
        "none": None,
    }
    covered = veiled(state, ["x"])
    lamp = covered.pop("lamp")
    assert (lamp["reporter"], lamp["keeper"], lamp["switched"]) == (None, "y", 0)
    assert covered == {
        "plain": None,
        "list": [None, "y", [None]],
        "tuple": [{"deep": None, "other": 1}],
        "set": [None, "y"],
        "text": "x said so",
        "none": None,
    }
    assert veiled(state, ()) is state


async def test_every_wrong_field_is_named_in_the_caller_s_language(at: World) -> None:
    wrong = {"place": "!", "watts": 1000, "colour": "red"}
    for speaks, text in (("zh-CN,en;q=0.5", "必填"), ("en", "Field required")):
        answer = await at.ask(
            "POST",
            "/lamps",
            roles=("administrator",),
            json=wrong,
            headers={"Accept-Language": speaks},
        )
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        errors = {error["field"]: error["detail"] for error in answer.json()["errors"]}
        assert set(errors) == {"place", "keeper", "watts", "colour"}
        assert errors["keeper"] == text


async def test_a_broken_rule_is_409_with_a_reason_in_the_caller_s_language(at: World) -> None:
    id = await broken(at)
    for speaks, detail in (
        ("zh", "路灯现在是broken，不能break。"),
        ("de", "cannot break a lamp that is broken"),
    ):
        answer = await at.ask(
            "POST", f"/lamps/{id}/break", json={"words": "x"}, headers={"Accept-Language": speaks}
        )
        assert answer.status_code == 409
        assert answer.json()["type"] == "urn:jinlin:problem:wrong-moment"
        assert answer.json()["detail"] == detail


async def test_who_may_know_but_not_do_gets_403_and_who_may_not_know_404(at: World) -> None:
    id = await broken(at)
    path = f"/lamps/{id}/repair"
    assert (await at.ask("POST", path, sub="u1")).status_code == 403
    refused = [
        await at.ask("POST", path, roles=("intake",)),
        await at.ask("GET", f"/lamps/{id}", roles=("intake",)),
        await at.ask("GET", f"/lamps/{id}/timeline", roles=("intake",)),
        await at.ask("GET", f"/lamps/{id}", roles=("grid-worker",), places=("elsewhere",)),
        await at.ask("POST", "/lamps/unknown/repair", sub="k1"),
    ]
    # What is not there and what one may not know of look the same.
    assert {(one.status_code, one.json()["detail"]) for one in refused} == {
        (404, "There is nothing here that you may see.")
    }
    assert (
        await at.ask("GET", f"/lamps/{id}", roles=("grid-worker",), places=("p1",))
    ).status_code == 200
    assert (
        await at.ask("POST", "/lamps", json={"place": "p", "keeper": "k", "watts": 1})
    ).status_code == 403


async def test_a_repeated_key_gives_the_first_outcome_and_does_nothing(at: World) -> None:
    key = {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(*(at.install(headers=key) for _ in range(20)))
    assert {one.status_code for one in answers} == {201}
    assert len({one.json()["id"] for one in answers}) == 1
    assert len({one.headers["location"] for one in answers}) == 1
    assert await at.running.journal.count("lamp", {}) == 1


async def test_a_key_with_another_request_is_422_and_another_caller_s_key_is_his_own(
    at: World,
) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = await at.install(headers=key)
    other = await at.install(place="p2", headers=key)
    assert other.status_code == 422
    assert other.json()["type"] == "urn:jinlin:problem:idempotency-key-reused"
    his = await at.ask(
        "POST",
        "/lamps",
        sub="a2",
        roles=("administrator",),
        json={"place": "p1", "keeper": "k1", "watts": 60},
        headers=key,
    )
    assert his.status_code == 201
    assert his.json()["id"] != first.json()["id"]
    unusable = await at.install(headers={"Idempotency-Key": "a b"})
    assert unusable.status_code == 400


async def test_if_match_lets_only_the_version_through_that_was_looked_at(at: World) -> None:
    id = await broken(at)
    path = f"/lamps/{id}/repair"
    for tag in ('"1"', 'W/"2"', "nonsense"):
        answer = await at.ask("POST", path, sub="k1", headers={"If-Match": tag})
        assert answer.status_code == 412, tag
    done = await at.ask("POST", path, sub="k1", headers={"If-Match": '"1", "2"'})
    assert done.status_code == 200
    assert done.headers["etag"] == '"3"'


async def test_bodies_that_are_no_json_are_refused_each_in_its_way(at: World) -> None:
    async def post(content: bytes, kind: str = "application/json") -> int:
        answer = await at.ask(
            "POST",
            "/lamps",
            roles=("administrator",),
            content=content,
            headers={"Content-Type": kind},
        )
        assert answer.headers["content-type"] == "application/problem+json"
        return answer.status_code

    assert await post(b"{") == 400
    assert await post(b"\xff") == 400
    assert await post(b"[" * 5000) == 400
    assert await post(b"[]") == 422
    assert await post(b"") == 422
    assert await post(b"{}", "text/plain") == 415
    assert await post(b" " * (1024 * 1024 + 1)) == 413


async def test_a_body_without_an_announced_length_is_bounded_too(at: World) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 64:
            sent += 1
            yield b" " * 65536

    answer = await at.ask(
        "POST", "/lamps", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


async def test_a_time_without_an_offset_is_refused_and_one_with_it_kept_in_utc(at: World) -> None:
    id = (await at.install()).json()["id"]
    path = f"/lamps/{id}/break"
    naive = await at.ask("POST", path, json={"words": "x", "since": "2026-01-01T08:00:00"})
    assert naive.status_code == 422
    assert [error["field"] for error in naive.json()["errors"]] == ["since"]
    aware = await at.ask("POST", path, json={"words": "x", "since": "2026-01-01T08:00:00+08:00"})
    assert aware.status_code == 200


async def test_unknown_paths_methods_and_representations_are_problems(at: World) -> None:
    id = await broken(at)
    assert (await at.ask("GET", "/nothing")).json()["type"] == "urn:jinlin:problem:not-found"
    wrong = await at.ask("DELETE", f"/lamps/{id}")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    assert wrong.headers["content-type"] == "application/problem+json"
    of_no_lamp = await at.ask("POST", "/lamps/break", json={"words": "dark"})
    assert (of_no_lamp.status_code, of_no_lamp.headers["allow"]) == (405, "GET")
    picky = await at.ask("GET", f"/lamps/{id}", headers={"Accept": "text/html"})
    assert picky.status_code == 406


async def test_a_store_that_is_away_is_503_with_the_time_to_try_again(at: World) -> None:
    id = await broken(at)
    at.outage.away = True
    for answer in (
        await at.ask("GET", f"/lamps/{id}"),
        await at.ask("POST", f"/lamps/{id}/repair", sub="k1"),
        await at.install(),
        await at.ask("GET", "/lamps/lit"),
    ):
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


async def test_a_defect_is_500_without_details_and_names_its_trace(at: World) -> None:
    id = (await at.install()).json()["id"]
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await at.ask(
        "POST",
        f"/lamps/{id}/explode",
        roles=("administrator",),
        headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"},
    )
    assert answer.status_code == 500
    assert answer.json()["instance"] == f"urn:jinlin:trace:{trace}"
    assert "secret" not in answer.text


async def test_the_caller_s_trace_goes_into_the_commit(at: World) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    answer = await at.install(headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"})
    (commit,) = await at.running.journal.history(f"lamp-{answer.json()['id']}")
    assert commit.trace is not None
    assert commit.trace.split("-")[1] == trace


async def test_lists_are_paged_by_a_cursor_that_is_ours(at: World) -> None:
    ids = sorted([(await at.install()).json()["id"] for _ in range(5)])
    seen: list[str] = []
    cursor = None
    while True:
        asked: dict[str, str] = {"cursor": cursor} if cursor else {}
        page = (await at.ask("GET", "/lamps/lit", params=asked)).json()
        seen += page["items"]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ids
    forged = await at.ask("GET", "/lamps/lit", params={"cursor": "bm9uc2Vuc2U"})
    assert forged.status_code == 422
    assert forged.json()["errors"][0]["field"] == "cursor"
    assert (await at.ask("GET", "/lamps/lit", params={"limit": "x"})).status_code == 422


def told_when(state: Lamp, caller: Caller) -> Mapping[str, Any]:
    """Until when the lamp that a caller found broken is repaired."""
    return {"for": caller.sub, "repair_by": state.repair_by}


async def test_an_answer_tells_what_became_of_it_also_when_it_is_repeated() -> None:
    verbs = {**lamps_api.verbs, "break": replace(lamps_api.verbs["break"], tells=told_when)}
    async with world(api=replace(lamps_api, verbs=verbs)) as at:
        id = (await at.install()).json()["id"]
        asked = {"json": {"words": "dark"}, "headers": {"Idempotency-Key": "k-1"}}
        first = (await at.ask("POST", f"/lamps/{id}/break", **asked)).json()
        assert first["id"] == id
        assert (first["version"], first["for"]) == (2, "u1")
        assert first["repair_by"] is not None
        assert (await at.ask("POST", f"/lamps/{id}/break", **asked)).json() == first


async def test_a_timeline_may_be_for_fewer_than_the_thing() -> None:
    async with world(api=replace(lamps_api, history=administrator)) as at:
        id = await broken(at)
        asked = [
            (await at.ask("GET", f"/lamps/{id}/timeline", roles=(role,))).status_code
            for role in ("resident", "administrator", "intake")
        ]
        assert asked == [403, 200, 404]


def test_the_access_matrix_has_a_row_for_everything_the_table_allows() -> None:
    rows = {(row.method, row.path, row.verb): row.may for row in access_matrix([lamps()])}
    assert rows[("POST", "/lamps", "install")] == "administrator"
    assert rows[("POST", "/lamps/{id}/repair", "repair")] == "the keeper"
    assert rows[("POST", "/lamps/{id}/break", "break")] == "resident or grid-worker"
    assert rows[("GET", "/lamps/{id}/timeline", "see timeline")] == lamps_api.see.name
    assert len(rows) == 7
