"""Forms of orders, points and certificates: what they say becomes a command."""

import pytest

from services.gateway.upstream import Answer
from tests.services.gateway.pages.household import HOME, RESIDENT, browser, problem
from tests.services.gateway.pages.order_samples import (
    ACCOUNT,
    CERTIFICATE,
    CREDENTIAL,
    OFFER,
    ORDER,
    REWARD,
    SEALED,
    TAKER,
    account,
    credential,
    offer,
    order,
    reward,
)
from tests.services.gateway.pages.samples import everything

SIGNED = {"csrf": RESIDENT.csrf}
AT = f"/orders/{ORDER}"
BOOK = f"/me/passbook/{ACCOUNT}"
QUOTED = ACCOUNT.replace(":", "%3A")


async def test_a_service_is_ordered_for_the_times_that_were_named() -> None:
    said = everything("x")
    said.says("volunteering", "/orders", (201, {"id": ORDER, "version": 1}), "POST")
    form = {"service": "repair", "need": "灯不亮", "name": "林", "phone": "13800000000"}
    form |= {"day-1": "2026-11-29", "from-1": "09:00", "to-1": "12:00"}
    form |= {"day-3": "2026-11-30", "from-3": "14:00", "to-3": "16:00"}
    async with browser(said) as person:
        answer = await person.post("/orders/new", data={**form, **SIGNED})
    assert answer.headers["location"] == AT
    assert said.was_asked("POST", "/orders").json == {
        "service": "repair",
        "place": HOME,
        "need": "灯不亮",
        "times": [
            {"begin": "2026-11-29T09:00:00+08:00", "end": "2026-11-29T12:00:00+08:00"},
            {"begin": "2026-11-30T14:00:00+08:00", "end": "2026-11-30T16:00:00+08:00"},
        ],
        "contact": {"name": "林", "phone": "13800000000"},
    }


@pytest.mark.parametrize(("path", "asked"), [("/orders/new", "/orders"), (f"{AT}/name-times",) * 2])
async def test_what_is_wrong_with_a_time_stands_beside_its_row(path: str, asked: str) -> None:
    said = everything("x")
    wrong = problem(422, "invalid", "有误", times__1__begin="不是时间")
    said.says("volunteering", asked, wrong, "POST")
    form = {"service": "repair", "day-1": "2026-11-29", "from-1": "09:00", "to-1": "12:00"}
    form |= {"day-3": "2026-11-30"}
    async with browser(said) as person:
        answer = await person.post(path, data={**form, **SIGNED})
    assert answer.status_code == 422
    prefix = "name-times-" if path == asked else ""
    assert f'<p class="wrong" id="e-{prefix}from-3">不是时间</p>' in answer.text
    assert 'value="2026-11-30"' in answer.text


@pytest.mark.parametrize(
    ("verb", "form", "body"),
    [
        ("accept", {}, {}),
        ("decline", {}, {}),
        ("propose-time", {"begin": "2026-11-29T09:30"}, {"begin": "2026-11-29T09:30:00+08:00"}),
        ("agree", {}, {}),
        ("begin", {}, {}),
        ("finish", {}, {}),
        ("confirm", {}, {}),
        ("dispute", {"words": "没有来"}, {"words": "没有来"}),
        ("give-back", {"because": "ill"}, {"because": "ill"}),
        (
            "rate",
            {"stars": "5", "flag-kind": "yes", "words": "谢谢"},
            {"stars": 5, "flags": ["kind"], "words": "谢谢"},
        ),
        ("cancel", {}, {}),
    ],
)
async def test_a_verb_is_carried_out(
    verb: str, form: dict[str, str], body: dict[str, object]
) -> None:
    said = everything("x")
    said.says("volunteering", f"{AT}/{verb}", {"id": ORDER, "version": 5}, "POST")
    async with browser(said) as person:
        answer = await person.post(f"{AT}/{verb}", data={**form, **SIGNED})
        forged = await person.post(f"{AT}/{verb}", data=form)
        staff = await person.post(f"{AT}/dispatch", data=SIGNED)
    assert (answer.status_code, forged.status_code, staff.status_code) == (303, 403, 404)
    assert said.was_asked("POST", f"{AT}/{verb}").json == body
    assert len([one for one in said.asked if one.method == "POST"]) == 1


async def test_whoever_is_asked_sees_what_it_is_and_not_who_it_is_for() -> None:
    said = everything("x")
    said.says("volunteering", f"/orders/{OFFER}", offer("修灯"))
    async with browser(said) as person:
        answer = await person.get(f"/orders/{OFFER}")
    assert f'action="/orders/{OFFER}/accept"' in answer.text
    assert f'action="/orders/{OFFER}/decline"' in answer.text
    assert "联系方式</dt>" not in answer.text
    assert "cancel" not in answer.text


@pytest.mark.parametrize(("by", "offered"), [(TAKER, True), (RESIDENT.sub, False)])
async def test_only_what_the_other_side_proposed_is_agreed_to(by: str, offered: bool) -> None:
    said = everything("x")
    proposal = {"by": by, "begin": "2026-11-28T01:00:00Z"}
    said.says("volunteering", AT, order("x", status="accepted", proposal=proposal))
    async with browser(said) as person:
        answer = await person.get(AT)
    assert (f'action="{AT}/agree"' in answer.text) is offered


async def test_who_has_rated_is_not_asked_again() -> None:
    said = everything("x")
    own = {"by": RESIDENT.sub, "stars": 4, "flags": []}
    said.says("volunteering", AT, order("x", status="done", ratings=[own]))
    async with browser(said) as person:
        answer = await person.get(AT)
    assert f'action="{AT}/rate"' not in answer.text
    assert "4 星" in answer.text


async def test_nothing_is_offered_that_is_not_open() -> None:
    said = everything("x")
    said.says("volunteering", AT, order("x", can=[]))
    said.says("volunteering", "/accounts/mine", {"items": [account(can=[])], "next": None})
    said.says("volunteering", f"/rewards/{REWARD}", reward("x", can=[], open=False))
    said.says("ledger", f"/credentials/{CREDENTIAL}", credential(can=[], can_reissue=False))
    async with browser(said) as person:
        for path in (AT, "/me/passbook", f"/rewards/{REWARD}", f"/me/certificates/{CREDENTIAL}"):
            answer = await person.get(path)
            main = answer.text.partition("<main")[2].partition("</main>")[0]
            assert answer.status_code == 200
            assert "<form" not in main, path


# --- points --------------------------------------------------------------------------------------


async def test_points_are_given_from_the_account_that_is_open() -> None:
    said = everything("x")
    said.says("volunteering", f"/accounts/{QUOTED}/give", {"id": ACCOUNT, "version": 8}, "POST")
    form = {"to": "resident-9", "points": "12", "word": "加油"}
    async with browser(said) as person:
        answer = await person.post(f"{BOOK}/give", data={**form, **SIGNED})
        page = await person.get(answer.headers["location"])
    assert said.was_asked("POST", f"/accounts/{QUOTED}/give").json == {
        "to": "resident-9",
        "points": 12,
        "word": "加油",
    }
    assert "积分已赠出。" in page.text


async def test_too_many_points_are_refused_with_what_was_typed() -> None:
    said = everything("x")
    refused = problem(409, "not-enough-points", "积分不够")
    said.says("volunteering", f"/accounts/{QUOTED}/give", refused, "POST")
    async with browser(said) as person:
        form = {"to": "resident-9", "points": "9999"}
        answer = await person.post(f"{BOOK}/give", data={**form, **SIGNED})
    assert answer.status_code == 409
    assert "积分不够" in answer.text
    assert 'value="resident-9"' in answer.text


async def test_an_account_that_is_not_ones_own_is_not_there() -> None:
    said = everything("x")
    async with browser(said) as person:
        answer = await person.get("/me/passbook?account=person:somebody-else")
    assert answer.status_code == 404
    assert not any("passbook" in one.path for one in said.asked)


async def test_who_has_no_account_opens_one_at_home() -> None:
    said = everything("x")
    said.says("volunteering", "/accounts/mine", {"items": [], "next": None})
    said.says("volunteering", "/accounts", (201, {"id": ACCOUNT, "version": 1}), "POST")
    async with browser(said) as person:
        page = await person.get("/me/passbook")
        await person.post("/me/passbook", data=SIGNED)
    assert "开存折" in page.text
    assert said.was_asked("POST", "/accounts").json == {"place": HOME}


async def test_a_reward_is_had_at_the_price_that_was_seen_and_given_up() -> None:
    said = everything("x")
    path = f"/accounts/{QUOTED}/buy"
    said.says("volunteering", path, {"id": ACCOUNT, "version": 8}, "POST")
    said.says("volunteering", f"/rewards/{REWARD}/cancel", {"id": REWARD, "version": 3}, "POST")
    async with browser(said) as person:
        form = {"account": ACCOUNT, "price": "50", **SIGNED}
        await person.post(f"/rewards/{REWARD}/buy", data=form)
        await person.post(f"/rewards/{REWARD}/cancel", data={"purchase": "b-1", **SIGNED})
    assert said.was_asked("POST", path).json == {"reward": REWARD, "price": 50}
    assert said.was_asked("POST", f"/rewards/{REWARD}/cancel").json == {"purchase": "b-1"}


# --- certificates --------------------------------------------------------------------------------


async def test_hours_are_certified_for_some_days() -> None:
    said = everything("x")
    said.says("volunteering", "/certificates", (201, {"id": CERTIFICATE, "version": 1}), "POST")
    form = {"from": "2026-01-01", "to": "2026-11-26"}
    async with browser(said) as person:
        answer = await person.post("/me/certificates", data={**form, **SIGNED})
    assert answer.headers["location"] == "/me/certificates"
    assert said.was_asked("POST", "/certificates").json == form


async def test_a_credential_is_made_of_the_very_bytes_of_the_document() -> None:
    said = everything("x")
    words = '{"type": "cn.jinlin.mediation.settlement.v1",  "clauses": ["清走"]}'.encode()
    document = Answer(200, {"content-type": "application/json"}, words)
    said.says("mediation", "/agreements/dispute-1.1/document", (200, document))
    said.says("ledger", "/credentials", (201, {"id": "credential-2", "version": 1}), "POST")
    async with browser(said) as person:
        page = await person.get("/me/certificates")
        made = await person.post("/me/certificates/issue", data={"document": SEALED, **SIGNED})
        strange = await person.post("/me/certificates/issue", data={"document": "x", **SIGNED})
    assert page.text.count('action="/me/certificates/issue"') == 1, "of the other there is one"
    assert made.headers["location"] == "/me/certificates/credential-2"
    assert said.was_asked("POST", "/credentials").content == words
    assert strange.status_code == 404


async def test_a_credential_is_shown_with_its_qr_code_and_the_way_to_verify_it() -> None:
    async with browser(everything("x")) as person:
        answer = await person.get(f"/me/certificates/{CREDENTIAL}")
    assert f'<img src="/api/ledger/credentials/{CREDENTIAL}/qr"' in answer.text
    assert "ABCD 2345 678" in answer.text
    assert 'href="/verify"' in answer.text


async def test_while_the_ledger_is_away_the_certificates_of_hours_are_there() -> None:
    said = everything("x")
    said.away.add("ledger")
    async with browser(said) as person:
        answer = await person.get("/me/certificates")
    assert answer.status_code == 200
    assert "存证服务暂时没有回应" in answer.text
    assert "JL-2026-000017" in answer.text
