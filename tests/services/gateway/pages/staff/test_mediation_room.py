"""The mediation room: what stands in it for whom, what can be done there, what a refusal says."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from services.gateway.identity.forgery import FIELD
from services.gateway.pages.staff.mediation import wording
from services.gateway.pages.staff.mediation.forms import CONVENING, FORMS
from services.mediation.api.agreements.table import agreements_api
from services.mediation.api.disputes.table import disputes_api
from services.mediation.api.evidence.table import evidence_api
from services.mediation.api.panels.panels import panels_api
from services.mediation.api.sessions.table import sessions_api
from services.mediation.domain.agreements.agreement_state import Done
from services.mediation.domain.agreements.agreement_state import Status as AgreementStatus
from services.mediation.domain.disputes.dispute_state import Consent
from services.mediation.domain.disputes.dispute_state import Status as DisputeStatus
from services.mediation.domain.panels.panel_state import FIXED_SEATS
from services.mediation.domain.sessions.session_commands import ConveneSession
from services.mediation.domain.sessions.session_state import Given
from services.mediation.domain.sessions.session_state import Status as SessionStatus
from shared.contracts.mediation.agreements import BreachPath
from shared.contracts.mediation.disputes import (
    DisputeAwaits,
    DisputeKind,
    EndedBecause,
    Outcome,
    PassedTo,
    RiskKind,
)
from shared.contracts.mediation.evidence import Disclosed, WithdrawnBecause
from shared.contracts.mediation.panels import Conflict
from shared.runtime.api import AggregateApi
from shared.runtime.bodies import CommandBody
from tests.services.gateway.pages.household import HOME, RESIDENT, Services, browser, problem
from tests.services.gateway.pages.staff import quarrel as q
from tests.services.gateway.pages.staff.quarrel import MEDIATOR, ROOM
from tests.services.gateway.pages.test_pages import HOSTILE, Marks

APIS: Mapping[str, AggregateApi] = {
    api.collection: api
    for api in (disputes_api, panels_api, sessions_api, agreements_api, evidence_api)
}
SIGNED_ELSEWHERE = {"sign"}
"""Parties sign on a page of their own, with a code."""
VERBS = [(collection, verb) for collection, forms in FORMS.items() for verb in forms]
LIST = "/work/disputes"


@pytest.fixture
def said() -> Services:
    """Services that know the dispute."""
    return q.at_odds("平常的话")


async def seen(said: Services, path: str = ROOM, session: Any = MEDIATOR) -> str:
    """The page."""
    async with browser(said, session) as person:
        answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def sent(said: Services, path: str, **fields: Any) -> Any:
    """The answer to a form."""
    async with browser(said, MEDIATOR) as person:
        return await person.post(ROOM + path, data={FIELD: MEDIATOR.csrf, **fields})


# --- the tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("collection", sorted(APIS))
def test_every_verb_has_a_form(collection: str) -> None:
    assert set(FORMS[collection]) == set(APIS[collection].verbs) - SIGNED_ELSEWHERE


@pytest.mark.parametrize(("collection", "verb"), VERBS)
def test_a_form_has_the_fields_of_its_command(collection: str, verb: str) -> None:
    schema, _ = CommandBody(APIS[collection].verbs[verb].command).schema()
    fields = {field.name.partition(".")[0] for field in FORMS[collection][verb].fields}
    assert fields == set(schema.get("properties", {}))


def test_convening_asks_for_all_that_the_room_does_not_know() -> None:
    schema, _ = CommandBody(ConveneSession).schema()
    fields = {field.name for field in CONVENING.fields}
    assert fields == set(schema["properties"]) - {"dispute", "place"}


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        ("disputes", set(DisputeStatus) - {DisputeStatus.NONE}),
        ("kinds", DisputeKind),
        ("consents", Consent),
        ("risks", RiskKind),
        ("late", DisputeAwaits),
        ("endings", Outcome),
        ("because", EndedBecause),
        ("passed to", PassedTo),
        ("seats", FIXED_SEATS),
        ("ties", Conflict),
        ("sessions", set(SessionStatus) - {SessionStatus.NONE}),
        ("disclosed", Disclosed),
        ("withdrawn", WithdrawnBecause),
        ("agreements", set(AgreementStatus) - {AgreementStatus.NONE}),
        ("clauses", Done),
        ("paths", BreachPath),
        ("given", Given),
    ],
)
def test_every_code_has_words(table: str, codes: Any) -> None:
    assert set(wording.TABLES[table]) == {str(one) for one in codes}


# --- the pages -----------------------------------------------------------------------------------

PAGES = (LIST, f"{LIST}?part=mediated", f"{LIST}?part=asked", ROOM)


@pytest.mark.parametrize("path", PAGES)
async def test_words_with_markup_are_shown_as_words(path: str) -> None:
    found = Marks(await seen(q.at_odds(HOSTILE), path)).found
    usual = Marks(await seen(q.at_odds("平常的话"), path)).found
    assert [tag for tag, _ in found] == [tag for tag, _ in usual], "the words made elements"
    for tag, attributes in found:
        assert not any(name.startswith("on") or name == "style" for name in attributes), tag


@pytest.mark.parametrize("path", PAGES)
async def test_it_speaks_english(path: str) -> None:
    said = q.at_odds("words")
    async with browser(said, MEDIATOR) as person:
        person.cookies.set("jinlin-language", "en")
        answer = await person.get(path)
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    for name in ("东街街道", "军门社区", "军门第一片区", "朱紫坊小区", "鼓楼区"):
        main = main.replace(name, "")
    assert re.findall(r">[^<]*[\u4e00-\u9fff][^<]*", main) == []


async def test_ids_are_there_once(said: Services) -> None:
    ids = [
        attributes["id"] for _, attributes in Marks(await seen(said)).found if "id" in attributes
    ]
    assert len(ids) == len(set(ids)), [one for one in ids if ids.count(one) > 1]


async def test_exactly_what_can_be_done_is_offered(said: Services) -> None:
    said.says("mediation", f"/disputes/{q.DISPUTE}", q.dispute("话", can=["tell"]))
    said.says("mediation", f"/panels/{q.DISPUTE}", q.panel(can=["accept"]))
    said.says("mediation", f"/sessions/{q.SESSION}", q.meeting("话", can=["vote"]))
    said.says("mediation", f"/sessions/{q.TALK}", q.meeting("话", id=q.TALK, can=[]))
    said.says("mediation", f"/agreements/{q.AGREEMENT}", q.agreement("话", can=["draft"]))
    said.says("mediation", f"/evidence/{q.EVIDENCE}", {**q.piece("话"), "can": []})
    actions = {
        str(attributes["action"]).removeprefix(ROOM)
        for tag, attributes in Marks(await seen(said)).found
        if tag == "form" and str(attributes.get("action", "")).startswith(ROOM)
    }
    assert actions == {
        f"/disputes/{q.DISPUTE}/tell",
        f"/panels/{q.DISPUTE}/accept",
        f"/sessions/{q.SESSION}/vote",
        f"/agreements/{q.AGREEMENT}/draft",
        "/sessions",
    }


async def test_suggestions_say_why_and_why_not(said: Services) -> None:
    page = await seen(said)
    assert "手上的余量 80%" in page
    assert "手上 1 / 5 件；调解过 10 件，解决 9 件" in page
    assert "需要回避" in page
    assert "与当事人是亲属" in page


async def test_a_private_talk_is_marked(said: Services) -> None:
    page = await seen(said)
    assert "只有调解员和这一方知道" in page


async def test_what_changed_is_marked(said: Services) -> None:
    page = await seen(said)
    assert "<del>平常的话</del><ins>平常的话</ins>" in page
    assert "1,200.50" in page


async def test_who_is_only_asked_sees_the_panel_and_can_answer(said: Services) -> None:
    del said.answers["GET", "mediation", f"/disputes/{q.DISPUTE}"]
    said.says("mediation", f"/panels/{q.DISPUTE}", q.panel(can=["accept", "decline"]))
    page = await seen(said, session=RESIDENT)
    assert "接受，由我调解" in page
    assert "还没有证据" not in page


async def test_to_whom_it_is_none_of_their_business_it_does_not_exist(said: Services) -> None:
    del said.answers["GET", "mediation", f"/disputes/{q.DISPUTE}"]
    del said.answers["GET", "mediation", f"/panels/{q.DISPUTE}"]
    async with browser(said, RESIDENT) as person:
        assert (await person.get(ROOM)).status_code == 404


async def test_who_organises_reads_no_words(said: Services) -> None:
    seen_by_staff = [
        q.entry("DisputeTold", {"party": "p1", "title": "楼道堆物"}),
        q.entry("SettlementWritten", {}),
    ]
    said.says("mediation", f"/disputes/{q.DISPUTE}", q.dispute("话", dossier=seen_by_staff))
    del said.answers["GET", "mediation", f"/disputes/{q.DISPUTE}/evidence?limit=200"]
    del said.answers["GET", "mediation", f"/disputes/{q.DISPUTE}/agreements"]
    page = await seen(said)
    assert "经过只给调解的人和当事人看。" in page
    assert "<h1>楼道堆物</h1>" in page
    assert 'id="evidence"' not in page


async def test_mediation_away_is_said_in_words(said: Services) -> None:
    said.away.add("mediation")
    async with browser(said, MEDIATOR) as person:
        answer = await person.get(ROOM)
    assert answer.status_code == 503
    assert "调解服务" in answer.text


# --- what is done --------------------------------------------------------------------------------


async def test_somebody_is_appointed_with_a_line_behind(said: Services) -> None:
    path = f"/panels/{q.DISPUTE}/appoint"
    said.says("mediation", path, {"id": q.DISPUTE, "version": 4}, "POST")
    fields = {"person": "m1", "then": ["m1", "m2"], "version": "3", "once": "0123456789ab"}
    answer = await sent(said, path, **fields)
    assert answer.status_code == 303
    asked = said.was_asked("POST", path)
    assert asked.json == {"person": "m1", "then": ["m2"]}
    assert asked.headers["If-Match"] == '"3"'
    assert asked.headers["Idempotency-Key"] == "0123456789ab"


async def test_a_session_is_convened_by_who_mediates(said: Services) -> None:
    said.says("mediation", "/sessions", (201, {"id": "session-3", "version": 1}), "POST")
    answer = await sent(
        said,
        "/sessions",
        **{"slots.0.begin": "2026-12-05T10:00", "slots.0.end": "2026-12-05T11:00"},
        answer_by="2026-12-04T18:00",
        where="居委会",
        side="a",
    )
    assert answer.status_code == 303
    assert said.was_asked("POST", "/sessions").json == {
        "dispute": q.DISPUTE,
        "slots": [{"begin": "2026-12-05T10:00:00+08:00", "end": "2026-12-05T11:00:00+08:00"}],
        "answer_by": "2026-12-04T18:00:00+08:00",
        "where": "居委会",
        "side": "a",
    }


async def test_a_convenor_names_the_place_while_nobody_mediates(said: Services) -> None:
    said.says("mediation", f"/disputes/{q.DISPUTE}", q.dispute("话", mediator=None))
    said.says("mediation", "/sessions", (201, {"id": "session-3", "version": 1}), "POST")
    page = await seen(said)
    assert 'name="side"' not in page.partition('id="verb-sessions"')[2].partition("</details>")[0]
    await sent(
        said,
        "/sessions",
        **{"slots.0.begin": "2026-12-05T10:00", "slots.0.end": "2026-12-05T11:00"},
        answer_by="2026-12-04T18:00",
    )
    assert said.was_asked("POST", "/sessions").json["place"] == "D1-S1-C1"


async def test_who_does_not_convene_cannot(said: Services) -> None:
    said.says("mediation", f"/disputes/{q.DISPUTE}", q.dispute("话", mediator="mediator-9"))
    assert 'id="verb-sessions"' not in await seen(said)
    answer = await sent(
        said,
        "/sessions",
        **{"slots.0.begin": "2026-12-05T10:00", "slots.0.end": "2026-12-05T11:00"},
        answer_by="2026-12-04T18:00",
    )
    assert answer.status_code == 404


async def test_clauses_are_rows_with_a_day_and_an_amount(said: Services) -> None:
    path = f"/disputes/{q.DISPUTE}/agreements"
    said.says("mediation", path, (201, {"id": q.AGREEMENT, "version": 1}), "POST")
    row = {"party": "p2", "what": "赔偿", "until": "2026-12-31", "cents": "1200.50"}
    fields = {f"clauses.0.{name}": value for name, value in row.items()}
    answer = await sent(said, "/agreements", **fields, open_points="停车\n噪声")
    assert answer.status_code == 303
    clause = {**row, "until": "2026-12-31T23:59:59+08:00", "cents": 120_050}
    assert said.was_asked("POST", path).json == {
        "clauses": [clause],
        "open_points": ["停车", "噪声"],
    }


async def test_the_next_draft_begins_with_the_present_one(said: Services) -> None:
    page = await seen(said)
    form = page.partition(f"/agreements/{q.AGREEMENT}/draft")[2].partition("</form>")[0]
    assert 'value="2026-12-20"' in form
    assert 'value="1200.50"' in form
    assert '<option value="p2" selected>' in form


async def test_votes_are_numbers_and_none_is_an_answer(said: Services) -> None:
    path = f"/sessions/{q.SESSION}/vote"
    said.says("mediation", path, {"id": q.SESSION, "version": 6}, "POST")
    await sent(said, path, can=["1", "2"])
    assert said.was_asked("POST", path).json == {"can": [1, 2]}
    await sent(said, path)
    assert said.was_asked("POST", path).json == {"can": []}


async def test_what_a_party_told_staff_is_recorded(said: Services) -> None:
    path = f"/disputes/{q.DISPUTE}/record-answer"
    said.says("mediation", path, {"id": q.DISPUTE, "version": 8}, "POST")
    fields = {"party": "p2", "agrees": "no"}
    consent = {"consent.how": "spoken", "consent.given": "2026-11-26T09:00"}
    await sent(said, path, **fields, **consent)
    assert said.was_asked("POST", path).json == {
        "party": "p2",
        "agrees": False,
        "consent": {"how": "spoken", "given": "2026-11-26T09:00:00+08:00"},
    }


async def test_a_file_goes_on_as_it_is(said: Services) -> None:
    path = f"/disputes/{q.DISPUTE}/evidence?disclosed=panel"
    said.says("mediation", path, (201, {"id": "evidence-2", "version": 1}), "POST")
    async with browser(said, MEDIATOR) as person:
        answer = await person.post(
            f"{ROOM}/evidence",
            data={FIELD: MEDIATOR.csrf, "disclosed": "panel", "once": "0123456789ab"},
            files={"file": ("通知.txt", "原文\r\n".encode(), "text/plain")},
        )
    assert answer.status_code == 303
    asked = said.was_asked("POST", path)
    assert asked.content == "原文\r\n".encode()
    assert asked.headers["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E9%80%9A%E7%9F%A5.txt"
    )


async def test_what_is_refused_stays_typed_where_it_was(said: Services) -> None:
    path = f"/sessions/{q.SESSION}/draft"
    said.says("mediation", path, problem(409, "not-held", "会议还没有举行"), "POST")
    answer = await sent(said, path, text="记录的内容")
    assert answer.status_code == 409
    assert "会议还没有举行" in answer.text
    assert answer.text.count("记录的内容</textarea>") == 1


async def test_the_filter_is_asked_of_mediation(said: Services) -> None:
    order = "/disputes?limit=30&status=invited&kind=noise&late=true"
    said.says("mediation", order, {"items": [], "next": None})
    page = await seen(said, f"{LIST}?status=invited&kind=noise&late=yes")
    assert "现在没有这样的纠纷。" in page


async def test_who_organises_nothing_sees_what_they_mediate(said: Services) -> None:
    page = await seen(said, LIST, RESIDENT)
    assert "我的地方" not in page
    assert f"/work/disputes/{q.DISPUTE}" in page
    assert HOME not in page
