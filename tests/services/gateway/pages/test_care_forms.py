"""Care visits: what the form of a visit says, and to whom it is offered."""

import pytest

from services.gateway.pages.resident.inbox import subject_of
from tests.services.gateway.pages.care_samples import OWN_PLAN, PLAN, plan
from tests.services.gateway.pages.household import RESIDENT, browser, problem
from tests.services.gateway.pages.samples import everything

SIGNED = {"csrf": RESIDENT.csrf}
AT = f"/care/{PLAN}"
ASKED = f"/care-plans/{PLAN}"
VISIT = {
    "begun": "2026-11-27T09:00",
    "end": "",
    "note": "精神不错",
    "check-food": "enough",
    "reading-pulse": "72",
    "reading-weight": "",
}


async def test_a_visit_tells_what_was_measured_and_seen() -> None:
    said = everything("x")
    outcome = {"id": PLAN, "version": 4, "alarms": [], "next": None}
    said.says("volunteering", f"{ASKED}/record-visit", outcome, "POST")
    async with browser(said) as person:
        answer = await person.post(f"{AT}/record-visit", data={**VISIT, **SIGNED})
        shown = await person.get(answer.headers["location"])
    assert said.was_asked("POST", f"{ASKED}/record-visit").json == {
        "begun": "2026-11-27T09:00:00+08:00",
        "end": None,
        "readings": [{"field": "pulse", "value": 72}],
        "checks": [{"field": "food", "answer": "enough"}],
        "note": "精神不错",
    }
    assert "已记下，谢谢您去看望。" in shown.text


async def test_what_is_alarming_is_said_at_once() -> None:
    said = everything("x")
    alarms = [{"alarm": 1, "because": "care-finding"}]
    outcome = {"id": PLAN, "version": 4, "alarms": alarms, "next": None}
    said.says("volunteering", f"{ASKED}/record-visit", outcome, "POST")
    async with browser(said) as person:
        answer = await person.post(f"{AT}/record-visit", data={**VISIT, **SIGNED})
        shown = await person.get(answer.headers["location"])
    assert "有异常，已通知负责的人" in shown.text


async def test_what_cannot_be_true_comes_back_with_all_that_was_typed() -> None:
    said = everything("x")
    refused = problem(409, "reading-untrue", "脉搏不可能是这个数")
    said.says("volunteering", f"{ASKED}/record-visit", refused, "POST")
    typed = {**VISIT, "reading-pulse": "7200", **SIGNED}
    async with browser(said) as person:
        answer = await person.post(f"{AT}/record-visit", data=typed)
    assert answer.status_code == 409
    assert "脉搏不可能是这个数" in answer.text
    assert 'value="7200"' in answer.text
    assert 'value="enough" selected' in answer.text


async def test_to_each_what_is_theirs() -> None:
    said = everything("x")
    everybodys = [*plan("x")["can"], "consent", "withdraw-consent", "settle-alarm"]
    said.says("volunteering", ASKED, plan("x", can=everybodys))
    async with browser(said) as person:
        visiting = await person.get(AT)
        visited = await person.get(f"/care/{OWN_PLAN}")
        no_verb = await person.post(f"{AT}/settle-alarm", data=SIGNED)
    assert f'action="{AT}/record-visit"' in visiting.text
    assert f'action="{AT}/consent"' not in visiting.text
    assert f'action="/care/{OWN_PLAN}/consent"' in visited.text
    assert "record-visit" not in visited.text
    assert no_verb.status_code == 404


@pytest.mark.parametrize(
    ("verb", "form", "body"),
    [
        (
            "record-unmet",
            {"outcome": "not-home", "note": ""},
            {"outcome": "not-home", "note": ""},
        ),
        (
            "take-leave",
            {"until": "2026-12-05T08:00", "since": ""},
            {"until": "2026-12-05T08:00:00+08:00", "since": None},
        ),
        ("return", {}, {}),
        ("consent", {}, {}),
    ],
)
async def test_a_verb_is_carried_out(
    verb: str, form: dict[str, str], body: dict[str, object]
) -> None:
    said = everything("x")
    said.says("volunteering", f"{ASKED}/{verb}", {"id": PLAN, "version": 4}, "POST")
    async with browser(said) as person:
        answer = await person.post(f"{AT}/{verb}", data={**form, **SIGNED})
    assert answer.status_code == 303
    assert said.was_asked("POST", f"{ASKED}/{verb}").json == body


@pytest.mark.parametrize(
    ("about", "page"),
    [
        ("care-plan-7", "/care/7"),
        ("agreement-d.1", "/agreements/d.1"),
        ("petition-", None),
        ("elsewhere-1", None),
        (None, None),
    ],
)
def test_a_message_leads_to_what_it_is_about(about: str | None, page: str | None) -> None:
    assert subject_of(about) == page
