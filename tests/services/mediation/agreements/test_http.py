"""Agreements over HTTP: drafted, compared, signed with codes, printed, kept, broken, forgotten."""

import io
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import pypdf

from services.mediation.domain.agreements.agreement import agreement
from services.mediation.domain.agreements.agreement_state import Status
from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from shared.contracts import community
from shared.runtime.tries import WRONG_TRIES
from tests.services.community.served import Served, until
from tests.services.mediation.quarrel import (
    CHEN,
    LIN,
    MEDIATOR,
    POLICE,
    STRANGER,
    code_of,
    does,
    quarrel,
    reads,
)
from tests.services.mediation.served import by_convenor, mediation, settled, tells

WHAT = "把楼道里的旧家具搬走"


def later(at: Served, days: float) -> str:
    return (at.running.clock.now() + timedelta(days=days)).isoformat()


def clauses(at: Served) -> list[dict[str, Any]]:
    return [
        {"party": "p2", "what": WHAT, "until": later(at, 10)},
        {"party": "p1", "what": "付一半的搬运费", "until": later(at, 20), "cents": 15_000},
    ]


async def drafted(at: Served, id: str, who: str = MEDIATOR, **rest: Any) -> str:
    said = {"clauses": clauses(at), **rest}
    answer = await does(at, who, f"/disputes/{id}/agreements", **said)
    assert answer.status_code == 201, answer.text
    new: str = answer.json()["id"]
    return new


async def signs(at: Served, who: str, id: str, **instead: Any) -> tuple[int, str]:
    """Somebody asks for their code and signs with it."""
    code = (await reads(at, who, f"/agreements/{id}/sign-code")).json()
    said = {name: code[name] for name in ("number", "digest", "code")}
    answer = await does(at, who, f"/agreements/{id}/sign", **{**said, **instead})
    return answer.status_code, "" if answer.status_code == 200 else code_of(answer)


async def in_force(at: Served, id: str, **rest: Any) -> str:
    new = await drafted(at, id, **rest)
    for who in (LIN, CHEN):
        assert await signs(at, who, new) == (200, "")
    return new


async def seen(at: Served, who: str, id: str) -> dict[str, Any]:
    answer = await reads(at, who, f"/agreements/{id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_from_a_draft_to_what_is_kept() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        assert new == f"{id}.1"
        found = await seen(at, CHEN, new)
        assert (found["status"], found["number"], found["unsigned"]) == ("drafted", 1, ["p1", "p2"])
        assert await signs(at, LIN, new) == (200, "")
        assert await signs(at, LIN, new) == (409, "signed-already")
        assert await signs(at, CHEN, new) == (200, "")
        assert (await seen(at, LIN, new))["status"] == "in-force"
        over = await settled(at, dispute, id, lambda one: one.status is DisputeStatus.ENDED)
        assert (over.outcome, over.agreement) == ("settled", new)
        path = f"/agreements/{new}"
        assert (await does(at, CHEN, f"{path}/report-done", clause=1)).status_code == 200
        own = await does(at, CHEN, f"{path}/confirm-done", clause=1)
        assert code_of(own) == "own-clause"
        assert (await does(at, LIN, f"{path}/confirm-done", clause=1)).status_code == 200
        assert (await does(at, LIN, f"{path}/report-done", clause=2)).status_code == 200
        assert (await does(at, CHEN, f"{path}/confirm-done", clause=2)).status_code == 200
        assert (await seen(at, LIN, new))["status"] == "kept"


async def test_nobody_else_knows_of_it() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        for who in (LIN, CHEN, MEDIATOR, POLICE):
            items = (await reads(at, who, f"/disputes/{id}/agreements")).json()["items"]
            assert [one["id"] for one in items] == [new]
        for path in ("", "/timeline", "/document", "/settlement", "/differences?from=1&to=1"):
            assert (await reads(at, POLICE, f"/agreements/{new}{path}")).status_code == 200, path
            assert (await reads(at, STRANGER, f"/agreements/{new}{path}")).status_code == 404, path
            hidden = await by_convenor(at, "GET", f"/agreements/{new}{path}")
            assert hidden.status_code == 404
        assert (await reads(at, STRANGER, f"/disputes/{id}/agreements")).status_code == 404
        said = {"clauses": clauses(at)}
        for path in (f"/disputes/{id}/agreements", f"/agreements/{new}/draft"):
            assert (await does(at, STRANGER, path, **said)).status_code == 404
            assert (await does(at, POLICE, path, **said)).status_code == 403
        assert (await reads(at, STRANGER, f"/agreements/{new}/sign-code")).status_code == 404
        assert (await reads(at, POLICE, f"/agreements/{new}/sign-code")).status_code == 403
        assert (await does(at, MEDIATOR, f"/agreements/{new}/revoke")).status_code == 403
        name = {"name": "胡大妈"}
        assert (await does(at, MEDIATOR, f"/agreements/{new}/show-name", **name)).status_code == 403
        assert (await does(at, STRANGER, f"/agreements/{new}/show-name", **name)).status_code == 404


async def test_one_is_in_the_making_at_a_time() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        again = await does(at, LIN, f"/disputes/{id}/agreements", clauses=clauses(at))
        assert code_of(again) == "agreement-drafted"
        assert (await does(at, LIN, f"/agreements/{new}/draft", clauses=clauses(at))).is_success
        for who in (LIN, CHEN):
            assert await signs(at, who, new) == (200, "")
        await settled(at, dispute, id, lambda one: one.status is DisputeStatus.ENDED)
        late = await does(at, LIN, f"/disputes/{id}/agreements", clauses=clauses(at))
        assert code_of(late) == "dispute-not-mediating"


async def test_what_is_wrong_with_a_draft_is_named() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        one = clauses(at)[0]
        for wrong, field in (
            ({"clauses": [{**one, "cents": 0}]}, "clauses.0.cents"),
            ({"clauses": [{**one, "cents": 10**11}]}, "clauses.0.cents"),
            ({"clauses": [{**one, "until": "2026-03-02T09:00:00"}]}, "clauses.0.until"),
            ({"clauses": [{**one, "what": ""}]}, "clauses.0.what"),
            ({"clauses": [one] * 51}, "clauses"),
            ({"clauses": [one], "open_points": ["x"] * 21}, "open_points"),
            ({"clauses": [one], "more": 1}, "more"),
            ({}, "clauses"),
        ):
            refused = await does(at, LIN, f"/disputes/{id}/agreements", **wrong)
            assert refused.status_code == 422, wrong
            assert [error["field"] for error in refused.json()["errors"]] == [field]


async def test_a_version_voids_what_was_signed_and_shows_what_changed() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        old = (await reads(at, LIN, f"/agreements/{new}/sign-code")).json()
        assert await signs(at, LIN, new) == (200, "")
        changed = clauses(at)
        changed[0]["what"] = "把楼道里的旧家具和纸箱搬走"
        changed[1]["cents"] = 20_000
        answer = await does(at, CHEN, f"/agreements/{new}/draft", clauses=changed[:1])
        assert answer.status_code == 200
        assert (await seen(at, LIN, new))["unsigned"] == ["p1", "p2"]
        said = {name: old[name] for name in ("number", "digest", "code")}
        assert code_of(await does(at, LIN, f"/agreements/{new}/sign", **said)) == "another-version"
        path = f"/agreements/{new}/differences"
        found = (await reads(at, LIN, path, params={"from": 1, "to": 2})).json()
        first, second = found["clauses"]
        assert (first["change"], second["change"]) == ("changed", "dropped")
        assert {"new": "和纸箱"} in first["what"]
        assert second["cents"] == {"before": 15_000, "after": None}
        none = await reads(at, LIN, path, params={"from": 1, "to": 3})
        assert none.json()["errors"][0]["field"] == "to"


async def test_a_party_shows_its_name_in_a_version_of_its_own() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        path = f"/agreements/{new}"
        assert (await does(at, LIN, f"{path}/show-name", name="林女士")).status_code == 200
        assert (await does(at, CHEN, f"{path}/show-name", name="陈先生")).status_code == 200
        assert (await does(at, CHEN, f"{path}/draft", clauses=clauses(at))).status_code == 200
        assert await names(at, new) == {"p1": "林女士", "p2": "陈先生"}
        assert (await does(at, LIN, f"{path}/show-name", name=None)).status_code == 200
        assert await names(at, new) == {"p1": None, "p2": "陈先生"}
        assert (await seen(at, LIN, new))["number"] == 5
        for who in (LIN, CHEN):
            assert await signs(at, who, new) == (200, "")
        late = await does(at, LIN, f"{path}/show-name", name="林女士")
        assert code_of(late) == "agreement-wrong-moment"
        assert "林女士" not in json.dumps(
            (await reads(at, CHEN, f"{path}/timeline")).json(), ensure_ascii=False
        )


async def names(at: Served, id: str) -> Mapping[str, str | None]:
    told = (await reads(at, CHEN, f"/agreements/{id}/document")).json()
    return {one["party"]: one["name"] for one in told["parties"]}


async def test_the_document_has_the_digest_that_was_signed_and_is_printed() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await in_force(at, id, open_points=["门口的鞋柜"])
        found = await seen(at, LIN, new)
        got = await reads(at, CHEN, f"/agreements/{new}/document")
        assert sha256(got.content).hexdigest() == found["digest"]
        assert got.json()["type"] == "cn.jinlin.mediation.settlement.v1"
        assert (got.json()["whole"], got.json()["open_points"]) == (False, ["门口的鞋柜"])
        first = await reads(at, CHEN, f"/agreements/{new}/settlement")
        assert first.headers["content-type"] == "application/pdf"
        assert (await reads(at, LIN, f"/agreements/{new}/settlement")).content == first.content
        text = "".join(
            page.extract_text() for page in pypdf.PdfReader(io.BytesIO(first.content)).pages
        )
        assert WHAT in text
        assert found["digest"] in text.replace("\n", "")
        over = await settled(at, dispute, id, lambda one: one.status is DisputeStatus.ENDED)
        assert over.outcome == "partly"
        checked = await at.client.get(
            f"/public/agreements/{new}", params={"digest": found["digest"]}
        )
        assert checked.json()["verdict"] == "in-force"
        for other in (f"{new}0", new):
            wrong = await at.client.get(f"/public/agreements/{other}", params={"digest": "0" * 64})
            assert wrong.json() == {"agreement": other, "verdict": "unknown"}


async def test_readings_are_recorded() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        for path in ("", "/document", "/settlement", "/differences?from=1&to=1"):
            await reads(at, CHEN, f"/agreements/{new}{path}")
        found = await at.running.journal.readings(agreement.stream(new))
        assert [(one["reader"], one["purpose"]) for one in found] == [
            (CHEN, "GET /agreements"),
            (CHEN, "document of an agreement"),
            (CHEN, "settlement to be printed"),
            (CHEN, "versions of an agreement"),
        ]


async def test_codes_are_of_one_person_one_version_and_some_minutes() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        theirs = (await reads(at, CHEN, f"/agreements/{new}/sign-code")).json()["code"]
        assert await signs(at, LIN, new, code=theirs) == (409, "wrong-sign-code")
        old = (await reads(at, LIN, f"/agreements/{new}/sign-code")).json()
        assert datetime.fromisoformat(old["until"]) > at.running.clock.now()
        passes(at, timedelta(minutes=5))
        assert await signs(at, LIN, new, code=old["code"]) == (409, "wrong-sign-code")
        assert await signs(at, LIN, new) == (200, "")
        assert await signs(at, CHEN, new, code="12345") == (422, "invalid")


async def test_after_five_wrong_codes_none_is_looked_at() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        code = (await reads(at, LIN, f"/agreements/{new}/sign-code")).json()["code"]
        wrong = f"{(int(code) + 1) % 10**8:08d}"
        for _ in range(WRONG_TRIES):
            assert await signs(at, LIN, new, code=wrong) == (409, "wrong-sign-code")
        assert await signs(at, LIN, new) == (429, "sign-code-locked")
        assert await signs(at, CHEN, new) == (200, "")
        passes(at, timedelta(minutes=16))
        assert await signs(at, LIN, new) == (200, "")


def passes(at: Served, time: timedelta) -> None:
    """Time passes."""
    clock = at.running.clock
    before = clock.now
    setattr(clock, "now", lambda: before() + time)  # noqa: B010 - a clock that runs ahead


async def test_a_signature_that_comes_twice_counts_once() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        code = (await reads(at, LIN, f"/agreements/{new}/sign-code")).json()
        said = {name: code[name] for name in ("number", "digest", "code")}
        token = at.issuer.token(LIN, ["resident"], [])
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
        path = f"/agreements/{new}/sign"
        first = await at.client.post(path, json=said, headers=headers)
        passes(at, timedelta(minutes=10))
        second = await at.client.post(path, json=said, headers=headers)
        assert (first.status_code, second.status_code) == (200, 200)
        assert first.json() == second.json()


async def test_a_draft_that_comes_twice_is_one_version() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        said = {"clauses": clauses(at)}
        token = at.issuer.token(LIN, ["resident"], [])
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}
        path = f"/disputes/{id}/agreements"
        first = await at.client.post(path, json=said, headers=headers)
        second = await at.client.post(path, json=said, headers=headers)
        assert (first.status_code, second.status_code) == (201, 201), second.text
        assert first.json() == second.json()
        path = f"/agreements/{first.json()['id']}/draft"
        headers["Idempotency-Key"] = "k2"
        for _ in range(2):
            assert (await at.client.post(path, json=said, headers=headers)).status_code == 200
        assert (await seen(at, LIN, first.json()["id"]))["number"] == 2


async def test_it_is_revoked_in_time_and_mediation_goes_on() -> None:
    async with mediation() as at:
        id = await quarrel(at, kind="consumer")
        new = await in_force(at, id)
        found = await seen(at, LIN, new)
        assert found["status"] == "signed"
        await settled(at, dispute, id, lambda one: one.status is DisputeStatus.AGREED)
        assert (await does(at, CHEN, f"/agreements/{new}/revoke")).status_code == 200
        await settled(at, dispute, id, lambda one: one.status is DisputeStatus.MEDIATING)
        assert await drafted(at, id, who=LIN) == f"{id}.2"


async def test_time_brings_it_into_force_and_tells_what_is_due() -> None:
    async with mediation() as at:
        id = await quarrel(at, kind="consumer")
        new = await in_force(at, id)
        passes(at, timedelta(days=11))
        state = await settled(at, agreement, new, lambda one: one.clauses[0].late)
        assert state.status is Status.IN_FORCE
        broken = await does(at, LIN, f"/agreements/{new}/report-breach", clause=1, path="reopen")
        assert broken.status_code == 200
        await settled(at, dispute, id, lambda one: one.status is DisputeStatus.MEDIATING)
        assert (await seen(at, CHEN, new))["status"] == "broken"


async def test_with_the_dispute_a_draft_ends() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        assert (await does(at, LIN, f"/disputes/{id}/withdraw")).status_code == 200
        await settled(at, agreement, new, lambda one: one.status is Status.DROPPED)
        assert await signs(at, CHEN, new) in ((409, "agreement-wrong-moment"),)


async def test_the_other_side_keeps_what_it_signed_without_who_was_erased() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        said = clauses(at)
        said[0]["what"] = "陈大明把楼道里的旧家具搬走"
        new = await drafted(at, id, clauses=said)
        path = f"/agreements/{new}"
        for who, name in ((CHEN, "陈大明"), (CHEN, "陈某"), (LIN, "林女士")):
            assert (await does(at, who, f"{path}/show-name", name=name)).status_code == 200
        for who in (LIN, CHEN):
            assert await signs(at, who, new) == (200, "")
        await does(at, CHEN, f"{path}/report-done", clause=1, note="昨天搬了")
        digest = sha256((await reads(at, LIN, f"{path}/document")).content).hexdigest()
        await tells(at, community.ResidentErased(CHEN), f"resident-{CHEN}")
        state = await settled(at, agreement, new, lambda one: bool(one.masked))
        assert (state.status, state.digest) == (Status.IN_FORCE, digest)
        kept = (await reads(at, LIN, f"{path}/document")).json()
        assert kept["masked"] == ["p2"]
        assert [one["what"] for one in kept["clauses"]] == [
            "某某把楼道里的旧家具搬走",
            "付一半的搬运费",
        ]
        assert [(one["subject"], one["name"]) for one in kept["parties"]] == [
            (LIN, "林女士"),
            (None, None),
        ]
        printed = pypdf.PdfReader(io.BytesIO((await reads(at, LIN, f"{path}/settlement")).content))
        text = "".join(page.extract_text() for page in printed.pages)
        assert "某某" in text
        assert "与本文本不再一致" in text.replace("\n", "")
        everything = repr(await at.running.journal.dossier(agreement.stream(new)))
        assert "某某" in everything
        for gone in ("陈大明", "陈某", "昨天搬了"):
            assert gone not in everything
            assert gone not in text
        there = await seen(at, LIN, new)
        assert (there["forgotten"], there["masked"]) == (False, ["p2"])
        told = await at.client.get(f"/public/agreements/{new}", params={"digest": digest})
        assert told.json()["verdict"] == "in-force"
        assert (await reads(at, CHEN, f"{path}/document")).status_code == 404
        await tells(at, community.ResidentErased(LIN), f"resident-{LIN}")
        await settled(at, agreement, new, lambda one: one.forgotten)
        assert await at.running.journal.dossier(agreement.stream(new)) == []
        assert (await reads(at, MEDIATOR, f"{path}/document")).status_code == 404


async def test_ones_own_data_names_the_agreements_one_has_to_do_with() -> None:
    async with mediation() as at:
        id = await quarrel(at)
        new = await drafted(at, id)
        for who, expected in ((LIN, [new]), (CHEN, [new]), (MEDIATOR, [new]), (STRANGER, [])):
            things = (await reads(at, who, "/my-data")).json()["things"]
            assert [one["id"] for one in things if one["kind"] == "agreement"] == expected


async def test_nothing_that_was_agreed_is_published() -> None:
    # Of more digits than a random id may happen to hold.
    cents = 987_654_321
    async with mediation() as at:
        id = await quarrel(at)
        new = await in_force(at, id, clauses=[{**one, "cents": cents} for one in clauses(at)])
        await does(at, CHEN, f"/agreements/{new}/report-done", clause=1, note="昨天搬了")
        await until(lambda: b"ClauseReported" in repr(vars(at.topics)).encode())
        published = repr(vars(at.topics)).encode()
        for said in (WHAT, "付一半的搬运费", "昨天搬了", str(cents)):
            assert said.encode() not in published
        assert (await seen(at, LIN, new))["digest"].encode() in published
