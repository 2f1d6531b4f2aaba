"""A case page: the verbs that are open, what was said with markup in it, and what stands against a
command.
"""

from typing import Any

import httpx
import pytest

from services.gateway.identity import Session
from services.gateway.identity.forgery import FIELD
from tests.services.gateway.pages.household import (
    FORGERY,
    HOME,
    Services,
    browser,
    problem,
    services,
)

ID = "petition-1"
MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
STAFF = Session(
    sub="worker-n1",
    name="小林",
    roles=frozenset({"neighbourhood-staff"}),
    places=frozenset({HOME}),
    org=None,
    access_token="token-of-worker-n1",
    csrf=FORGERY.token("session-of-worker-n1"),
)


def a_case(**changes: Any) -> dict[str, Any]:
    """A petition as the service shows it to the one who has it."""
    return {
        "id": ID,
        "version": 3,
        "status": "taken",
        "kind": "complaint",
        "category": "property-repairs",
        "urgency": "normal",
        "channel": "web",
        "place": HOME,
        "path": ["D1", "D1-S1", "D1-S1-C1", "D1-S1-C1-A1", HOME],
        "filed_at": "2026-11-26T02:00:00Z",
        "level": "neighbourhood",
        "at": HOME,
        "assignee": "worker-n1",
        "duty": "petitions",
        "petitioner": "r-1",
        "answer_by": "2026-11-28T02:00:00Z",
        "suspended": None,
        "mediation": None,
        "consultation": None,
        "overdue_days": 0,
        "follow_up_until": None,
        "calls": 0,
        "reopened": 0,
        "outcome": None,
        "closed_at": None,
        "danger": [],
        "attachments": 0,
        "joint": False,
        "households": 0,
        "supporters": 0,
        "merged_into": None,
        "members": [],
        "links": [],
        "promises": [],
        "receipt": "1234 5678",
        "can": ["answer", "comment", "hand-up", "return"],
        "dossier": [
            {
                "version": 1,
                "name": "PetitionDescribed",
                "at": "2026-11-26T02:00:00Z",
                "data": {
                    "title": f"标题{MARKUP}",
                    "text": f"正文{MARKUP}",
                    "contact": {"name": MARKUP, "phone": MARKUP, "address": MARKUP},
                },
            },
            {
                "version": 4,
                "name": "CommentWritten",
                "at": "2026-11-26T05:00:00Z",
                "data": {"by": "resident-1", "text": f"留言{MARKUP}"},
            },
        ],
        **changes,
    }


TIMELINE = {
    "items": [
        {
            "version": 1,
            "at": "2026-11-26T02:00:00Z",
            "verb": "file",
            "actor": "resident-1",
            "events": [{"name": "PetitionFiled", "data": {"place": HOME}}],
        },
        {
            "version": 4,
            "at": "2026-11-26T05:00:00Z",
            "verb": "comment",
            "actor": "resident-1",
            "events": [{"name": "PetitionCommented", "data": {}}],
        },
    ],
    "next": None,
}


@pytest.fixture
def said() -> Services:
    """Services that know the petition."""
    found = services()
    found.says("petitions", f"/petitions/{ID}", a_case())
    found.says("petitions", f"/petitions/{ID}/timeline", TIMELINE)
    return found


async def shown(said: Services) -> httpx.Response:
    """The case."""
    async with browser(said, STAFF) as client:
        return await client.get(f"/work/petitions/{ID}")


async def does(said: Services, verb: str, form: dict[str, str]) -> httpx.Response:
    """What comes of a form."""
    async with browser(said, STAFF) as client:
        return await client.post(f"/work/petitions/{ID}/{verb}", data=form)


def sent(**fields: str) -> dict[str, str]:
    """A form as it stood on the page."""
    return {FIELD: STAFF.csrf, "once": "0123456789abcdef", "version": "3", **fields}


async def test_a_case_has_a_form_for_each_open_verb_and_for_no_other(said: Services) -> None:
    page = await shown(said)
    assert page.status_code == 200
    for verb in ("answer", "comment", "hand-up", "return"):
        assert f'action="/work/petitions/{ID}/{verb}"' in page.text
    assert f'action="/work/petitions/{ID}/assign"' not in page.text


async def test_what_was_written_with_markup_is_text(said: Services) -> None:
    page = (await shown(said)).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


async def test_an_answer_is_sent_on_what_was_seen_and_once(said: Services) -> None:
    said.says("petitions", f"/petitions/{ID}/answer", {"id": ID, "version": 5}, method="POST")
    form = sent(done="换了水管", done_by="物业张师傅", finished="yes")
    answer = await does(said, "answer", form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/work/petitions/{ID}")
    asked = said.was_asked("POST", f"/petitions/{ID}/answer")
    assert asked.json == {"done": "换了水管", "done_by": "物业张师傅", "finished": True}
    assert asked.headers["If-Match"] == '"3"'
    assert asked.headers["Idempotency-Key"] == "0123456789abcdef"


async def test_a_comment_needs_no_version(said: Services) -> None:
    said.says("petitions", f"/petitions/{ID}/comment", {"id": ID, "version": 5}, method="POST")
    await does(said, "comment", sent(text="已联系物业"))
    assert "If-Match" not in said.was_asked("POST", f"/petitions/{ID}/comment").headers


async def test_what_changed_meanwhile_is_told_and_nothing_typed_is_lost(said: Services) -> None:
    refusal = problem(412, "version-mismatch", "If-Match 与当前版本不符。")
    said.says("petitions", f"/petitions/{ID}/answer", refusal, method="POST")
    form = sent(done="换了水管", done_by="物业张师傅", finished="yes")
    answer = await does(said, "answer", form)
    assert answer.status_code == 412
    told = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert "有了变化" in told
    assert "留言" in told
    assert "登记诉求" not in told, "that stood on the page already"
    assert "换了水管" in answer.text
    assert 'value="物业张师傅"' in answer.text


async def test_a_rule_is_told_in_its_words(said: Services) -> None:
    refusal = problem(409, "hollow-answer", "请写明已经做了什么。")
    said.says("petitions", f"/petitions/{ID}/answer", refusal, method="POST")
    answer = await does(said, "answer", sent(done="已转", done_by="我"))
    assert answer.status_code == 409
    assert "请写明已经做了什么。" in answer.text


async def test_a_field_that_is_missing_is_named_before_anybody_is_asked(said: Services) -> None:
    answer = await does(said, "hand-up", sent(reason=" "))
    assert answer.status_code == 422
    assert 'id="hand-up-reason-wrong"' in answer.text
    assert not [one for one in said.asked if one.method == "POST"]


async def test_what_the_service_finds_wrong_stands_beside_its_field(said: Services) -> None:
    refusal = problem(422, "invalid", "有字段填写错误。", done_by="不能超过200个字符")
    said.says("petitions", f"/petitions/{ID}/answer", refusal, method="POST")
    answer = await does(said, "answer", sent(done="换了", done_by="张"))
    assert answer.status_code == 422
    assert '<p class="wrong" id="answer-done_by-wrong">不能超过200个字符</p>' in answer.text


async def test_what_one_may_not_do_is_said_on_the_case(said: Services) -> None:
    refusal = problem(403, "forbidden", "您无权在此进行该操作。")
    said.says("petitions", f"/petitions/{ID}/assign", refusal, method="POST")
    answer = await does(said, "assign", sent(assignee="worker-n2"))
    assert answer.status_code == 403
    assert "您现在不能这样做。" in answer.text


async def test_a_verb_that_no_table_knows_has_a_form_of_the_service(said: Services) -> None:
    said.says("petitions", f"/petitions/{ID}", a_case(can=["postpone"]))
    body = {"schema": {"properties": {"text": {"type": "string"}}, "required": ["text"]}}
    operation = {"requestBody": {"content": {"application/json": body}}}
    document = {"paths": {"/petitions/{id}/postpone": {"post": operation}}}
    said.says("petitions", "/openapi.json", document)
    page = (await shown(said)).text
    assert f'action="/work/petitions/{ID}/postpone"' in page
    assert 'id="postpone-text"' in page


async def test_every_form_carries_the_token_of_the_session(said: Services) -> None:
    page = (await shown(said)).text
    forms = page.split('<form method="post" action="/work/')[1:]
    assert len(forms) == 4
    assert all(STAFF.csrf in form.partition("</form>")[0] for form in forms)


async def test_a_service_that_is_away_is_said_in_words(said: Services) -> None:
    said.away.add("petitions")
    page = await shown(said)
    assert page.status_code == 503
    assert "诉求服务暂时没有回应" in page.text


async def test_without_community_places_go_by_their_codes(said: Services) -> None:
    said.away.add("community")
    page = await shown(said)
    assert page.status_code == 200
    assert HOME in page.text
