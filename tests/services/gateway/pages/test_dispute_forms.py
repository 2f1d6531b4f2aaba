"""Forms of disputes: what they say becomes a command, and nobody is offered what is not theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.gateway.pages.dispute_samples import (
    AGREEMENT,
    DIGEST,
    DISPUTE,
    OTHER,
    PIECE,
    SESSION,
    agreement,
    dispute,
    party,
    piece,
    session,
)
from tests.services.gateway.pages.household import HOME, NOW, RESIDENT, browser, problem
from tests.services.gateway.pages.samples import everything

SIGNED = {"csrf": RESIDENT.csrf}
AT = f"/disputes/{DISPUTE}"


async def test_a_dispute_is_filed_with_oneself_on_one_side_and_the_other_on_the_other() -> None:
    said = everything("x")
    said.says("mediation", "/disputes", (201, {"id": DISPUTE, "version": 1}), "POST")
    form = {"place": HOME, "kind": "noise", "title": "夜里装修", "text": "每晚都吵", "name": "林"}
    form |= {"side-1": "b", "person-1": OTHER, "side-2": "a", "organisation-2": "committee-1"}
    async with browser(said) as person:
        answer = await person.post("/disputes/new", data={**form, **SIGNED, "once": "once-filed"})
    assert answer.headers["location"] == AT
    asked = said.was_asked("POST", "/disputes")
    assert asked.headers["Idempotency-Key"] == "once-filed"
    assert asked.json == {
        "place": HOME,
        "kind": "noise",
        "title": "夜里装修",
        "text": "每晚都吵",
        "risk": None,
        "parties": [
            {"side": "a", "person": RESIDENT.sub, "name": "林"},
            {"side": "b", "person": OTHER},
            {"side": "a", "organisation": "committee-1"},
        ],
    }


async def test_what_is_wrong_with_a_party_stands_beside_its_field() -> None:
    said = everything("x")
    wrong = problem(422, "invalid", "有误", parties__1__person="不是编号")
    said.says("mediation", "/disputes", wrong, "POST")
    form = {"place": HOME, "kind": "noise", "title": "吵", "text": "吵", "person-1": "他!"}
    async with browser(said) as person:
        answer = await person.post("/disputes/new", data={**form, **SIGNED})
    assert answer.status_code == 422
    assert '<p class="wrong" id="e-person-1">不是编号</p>' in answer.text
    assert 'value="他!"' in answer.text


@pytest.mark.parametrize(
    ("path", "form", "asked", "body"),
    [
        (f"{AT}/agree", {}, f"{AT}/agree", {}),
        (f"{AT}/decline", {"reason": "不必"}, f"{AT}/decline", {"reason": "不必"}),
        (f"{AT}/tell", {"text": "又吵"}, f"{AT}/tell", {"text": "又吵"}),
        (
            f"{AT}/confirm-settlement",
            {"number": "1"},
            f"{AT}/confirm-settlement",
            {"number": 1},
        ),
        (
            f"{AT}/answer-follow-up",
            {"holds": "no", "note": "还在吵"},
            f"{AT}/answer-follow-up",
            {"holds": False, "note": "还在吵"},
        ),
        (
            f"{AT}/refuse-mediator",
            {"reason": ""},
            f"/panels/{DISPUTE}/refuse-mediator",
            {"reason": ""},
        ),
        (
            f"{AT}/evidence/{PIECE}/widen",
            {},
            f"/evidence/{PIECE}/widen",
            {"disclosed": "all"},
        ),
        (
            f"{AT}/evidence/{PIECE}/withdraw",
            {"because": "private"},
            f"/evidence/{PIECE}/withdraw",
            {"because": "private"},
        ),
        (
            f"/sessions/{SESSION}/vote",
            {"can": ["1", "2"]},
            f"/sessions/{SESSION}/vote",
            {"can": [1, 2]},
        ),
        (f"/sessions/{SESSION}/vote", {}, f"/sessions/{SESSION}/vote", {"can": []}),
        (
            f"/sessions/{SESSION}/object",
            {"version": "2", "text": "我没有这样说"},
            f"/sessions/{SESSION}/object",
            {"version": 2, "text": "我没有这样说"},
        ),
        (
            f"/sessions/{SESSION}/consent",
            {"release": "1"},
            f"/sessions/{SESSION}/consent",
            {"release": 1},
        ),
        (
            f"/agreements/{AGREEMENT}/report-done",
            {"clause": "1", "note": "搬走了"},
            f"/agreements/{AGREEMENT}/report-done",
            {"clause": 1, "note": "搬走了"},
        ),
        (
            f"/agreements/{AGREEMENT}/dispute-done",
            {"clause": "2", "reason": "还在"},
            f"/agreements/{AGREEMENT}/dispute-done",
            {"clause": 2, "reason": "还在"},
        ),
        (
            f"/agreements/{AGREEMENT}/report-breach",
            {"clause": "3", "path": "court"},
            f"/agreements/{AGREEMENT}/report-breach",
            {"clause": 3, "path": "court", "reason": ""},
        ),
        (
            f"/agreements/{AGREEMENT}/show-name",
            {"name": ""},
            f"/agreements/{AGREEMENT}/show-name",
            {"name": None},
        ),
    ],
)
async def test_a_verb_is_carried_out(
    path: str, form: dict[str, str], asked: str, body: dict[str, object]
) -> None:
    said = everything("x")
    said.says("mediation", asked, {"id": DISPUTE, "version": 10}, "POST")
    async with browser(said) as person:
        answer = await person.post(path, data={**form, **SIGNED})
        forged = await person.post(path, data=form)
    assert (answer.status_code, forged.status_code) == (303, 403)
    found = said.was_asked("POST", asked)
    assert found.json == body
    assert found.token == RESIDENT.access_token
    assert len([one for one in said.asked if one.method == "POST"]) == 1


@pytest.mark.parametrize(
    "path", [f"{AT}/fail", f"/sessions/{SESSION}/record", f"/agreements/{AGREEMENT}/annul"]
)
async def test_no_other_verb_is_passed_on(path: str) -> None:
    said = everything("x")
    async with browser(said) as person:
        answer = await person.post(path, data=SIGNED)
    assert answer.status_code == 404
    assert said.asked == []


async def test_who_is_asked_is_offered_to_agree_and_who_has_agreed_is_not() -> None:
    said = everything("x")
    parties = [party("p1", "a", OTHER), party("p2", "b", RESIDENT.sub, "open")]
    shown = dispute("x", status="invited", parties=parties, own_party="p2", filed_by=OTHER)
    shown["can"] = ["agree", "decline", "tell", "withdraw", "name-representative", "raise-risk"]
    said.says("mediation", AT, shown)
    async with browser(said) as person:
        asked = await person.get(AT)
        parties[1] = party("p2", "b", RESIDENT.sub)
        agreed = await person.get(AT)
    assert f'action="{AT}/agree"' in asked.text
    assert f'action="{AT}/decline"' in asked.text
    assert f'action="{AT}/withdraw"' not in asked.text, "it is not theirs"
    assert f'action="{AT}/agree"' not in agreed.text


async def test_nothing_is_offered_that_is_not_open() -> None:
    said = everything("x")
    said.says("mediation", AT, dispute("x", can=[]))
    said.says("mediation", f"/panels/{DISPUTE}", {"complete": False, "can": []})
    said.says("mediation", f"/sessions/{SESSION}", session("x", can=[]))
    said.says("mediation", f"/agreements/{AGREEMENT}", agreement("x", can=[]))
    async with browser(said) as person:
        pages = [
            await person.get(path)
            for path in (AT, f"/sessions/{SESSION}", f"/agreements/{AGREEMENT}")
        ]
        evidence = await person.get(f"{AT}/evidence")
    for answer in pages:
        main = answer.text.partition("<main")[2].partition("</main>")[0]
        assert answer.status_code == 200
        assert "<form" not in main, answer.request.url
    assert f'action="{AT}/evidence"' not in evidence.text


async def test_names_stand_for_parties_and_no_page_shows_who_they_are_by_number() -> None:
    said = everything("x")
    async with browser(said) as person:
        for path in (AT, f"{AT}/evidence", f"/sessions/{SESSION}", f"/agreements/{AGREEMENT}"):
            answer = await person.get(path)
            assert OTHER not in answer.text, path


# --- evidence ------------------------------------------------------------------------------------


async def test_a_file_goes_on_as_it_came_and_is_described() -> None:
    said = everything("x")
    filed = f"{AT}/evidence"
    said.says("mediation", filed, (201, {"id": PIECE, "version": 1, "digest": DIGEST}), "POST")
    said.says("mediation", f"/evidence/{PIECE}/describe", {"id": PIECE, "version": 2}, "POST")
    content = bytes(range(256)) * 2_000 + b"\r\n--nearly-a-boundary\r\n"
    form = {**SIGNED, "once": "once-shown", "disclosed": "sides", "text": "夜里的声音"}
    async with browser(said) as person:
        answer = await person.post(filed, data=form, files={"file": ("录音 1.m4a", content)})
        shown = await person.get(answer.headers["location"])
    asked = said.was_asked("POST", filed)
    assert asked.content == content
    assert asked.params == {"disclosed": "sides"}
    assert asked.headers["Idempotency-Key"] == "once-shown"
    assert asked.headers["Content-Disposition"].endswith("%E5%BD%95%E9%9F%B3%201.m4a")
    described = said.was_asked("POST", f"/evidence/{PIECE}/describe")
    assert described.json == {"text": "夜里的声音"}
    assert "证据已存下" in shown.text


async def test_a_file_that_is_not_taken_is_told_with_what_was_written() -> None:
    said = everything("x")
    refused = problem(415, "evidence-unknown-type", "这种文件打不开")
    said.says("mediation", f"{AT}/evidence", refused, "POST")
    form = {**SIGNED, "disclosed": "panel", "text": "说明文字"}
    async with browser(said) as person:
        answer = await person.post(
            f"{AT}/evidence", data=form, files={"file": ("a.exe", b"MZ" * 99)}
        )
    assert answer.status_code == 415
    assert "这种文件打不开" in answer.text
    assert ">说明文字</textarea>" in answer.text
    assert 'value="panel" required checked' in answer.text


async def test_without_a_file_nothing_is_sent_and_without_a_token_neither() -> None:
    said = everything("x")
    async with browser(said) as person:
        none = await person.post(
            f"{AT}/evidence", data={**SIGNED, "disclosed": "all"}, files={"file": ("", b"")}
        )
        forged = await person.post(
            f"{AT}/evidence", data={"disclosed": "all"}, files={"file": ("a.txt", b"text")}
        )
        no_form = await person.post(f"{AT}/evidence", content=b"text")
    assert (none.status_code, forged.status_code, no_form.status_code) == (422, 403, 403)
    assert "请选择一个文件。" in none.text
    assert not any(one.method == "POST" for one in said.asked)


async def test_of_what_was_taken_back_only_the_digest_is_left() -> None:
    said = everything("x")
    gone = piece("x", filed_by=OTHER, status="withdrawn", because="private", open=False)
    gone |= {"name": None, "text": None}
    said.says("mediation", f"{AT}/evidence", {"items": [gone], "next": None})
    async with browser(said) as person:
        answer = await person.get(f"{AT}/evidence")
    assert DIGEST in answer.text
    assert f"/api/mediation/evidence/{PIECE}/content" not in answer.text


async def test_evidence_that_was_altered_is_told() -> None:
    said = everything("x")
    said.says("mediation", f"/evidence/{PIECE}/check", {"id": PIECE, "unaltered": False})
    async with browser(said) as person:
        answer = await person.get(f"{AT}/evidence?check={PIECE}")
    assert "核对不符" in answer.text


# --- agreements ----------------------------------------------------------------------------------


async def test_a_draft_is_sent_clause_by_clause_without_the_empty_ones() -> None:
    said = everything("x")
    path = f"{AT}/agreements"
    said.says("mediation", path, (201, {"id": AGREEMENT, "version": 1}), "POST")
    form = {"rows": "3", "party-1": "p1", "what-1": "搬走", "until-1": "2026-12-10"}
    form |= {"party-3": "p2", "what-3": "赔偿", "until-3": "2026-12-20", "yuan-3": "1200.5"}
    async with browser(said) as person:
        more = await person.post(f"{path}/new", data={**form, **SIGNED, "step": "more"})
        answer = await person.post(
            f"{path}/new", data={**form, **SIGNED, "open": "噪音\n\n停车\n", "step": "send"}
        )
    assert 'name="what-4"' in more.text
    assert ">赔偿</textarea>" in more.text
    assert answer.headers["location"] == f"/agreements/{AGREEMENT}"
    assert said.was_asked("POST", path).json == {
        "clauses": [
            {"party": "p1", "what": "搬走", "until": "2026-12-10T23:59:00+08:00"},
            {
                "party": "p2",
                "what": "赔偿",
                "until": "2026-12-20T23:59:00+08:00",
                "cents": 120_050,
            },
        ],
        "open_points": ["噪音", "停车"],
    }


async def test_what_is_wrong_with_a_clause_stands_beside_it() -> None:
    said = everything("x")
    wrong = problem(422, "invalid", "有误", clauses__1__cents="不是金额")
    said.says("mediation", f"/agreements/{AGREEMENT}/draft", wrong, "POST")
    form = {"rows": "3", "what-1": "搬走", "until-1": "2026-12-10", "what-3": "赔", "yuan-3": "1e9"}
    async with browser(said) as person:
        answer = await person.post(f"/agreements/{AGREEMENT}/draft", data={**form, **SIGNED})
    assert answer.status_code == 422
    assert '<p class="wrong" id="e-yuan-3">不是金额</p>' in answer.text
    assert said.was_asked("POST", f"/agreements/{AGREEMENT}/draft").json["clauses"][1]["cents"] == (
        "1e9"
    )


async def test_another_version_begins_with_the_present_one() -> None:
    async with browser(everything("原来的条款")) as person:
        answer = await person.get(f"/agreements/{AGREEMENT}/draft")
    assert answer.text.count(">原来的条款</textarea>") == 4  # three clauses, and what is open
    assert 'value="1200.50"' in answer.text
    assert 'value="2026-12-10"' in answer.text


async def test_it_is_signed_with_the_code_of_the_version_that_was_shown() -> None:
    said = everything("x")
    path = f"/agreements/{AGREEMENT}/sign"
    said.says("mediation", path, {"id": AGREEMENT, "version": 5}, "POST")
    form = {"number": "2", "digest": DIGEST, "code": "0425 1736"}
    async with browser(said) as person:
        shown = await person.get(path)
        answer = await person.post(path, data={**form, **SIGNED})
    assert "0425 1736" in shown.text
    assert answer.headers["location"] == f"/agreements/{AGREEMENT}"
    assert said.was_asked("POST", path).json == {
        "number": 2,
        "digest": DIGEST,
        "code": "04251736",
    }


async def test_a_wrong_code_is_told_and_another_one_shown() -> None:
    said = everything("x")
    path = f"/agreements/{AGREEMENT}/sign"
    said.says("mediation", path, problem(409, "wrong-sign-code", "签字码不对"), "POST")
    async with browser(said) as person:
        form = {"number": "2", "digest": DIGEST, "code": "00000000"}
        answer = await person.post(path, data={**form, **SIGNED})
    assert answer.status_code == 409
    assert "签字码不对" in answer.text
    assert 'id="sign-code"' in answer.text


async def test_only_who_has_just_signed_in_sees_a_code_and_signs() -> None:
    said = everything("x")
    path = f"/agreements/{AGREEMENT}/sign"
    a_while_ago = replace(RESIDENT, authenticated=NOW - timedelta(minutes=6))
    long_ago = replace(RESIDENT, authenticated=NOW - timedelta(hours=1))
    form = {"number": "2", "digest": DIGEST, "code": "04251736", **SIGNED}
    async with browser(said, session=a_while_ago) as person:
        shown = await person.get(path)
    async with browser(said, session=long_ago) as person:
        sent = await person.post(path, data=form)
    assert shown.status_code == 303
    assert shown.headers["location"].startswith("/login?")
    assert "fresh=300" in shown.headers["location"]
    assert sent.status_code == 401
    assert said.asked == []


async def test_who_has_signed_is_led_back() -> None:
    said = everything("x")
    said.says("mediation", f"/agreements/{AGREEMENT}", agreement("x", can=["draft"]))
    async with browser(said) as person:
        answer = await person.get(f"/agreements/{AGREEMENT}/sign")
    assert answer.headers["location"] == f"/agreements/{AGREEMENT}"
    assert not any(one.path.endswith("/sign-code") for one in said.asked)


async def test_while_mediation_is_away_that_is_said() -> None:
    said = everything("x")
    said.away.add("mediation")
    async with browser(said) as person:
        answer = await person.get(AT)
    assert answer.status_code == 503
    assert "调解服务暂时没有回应" in answer.text
