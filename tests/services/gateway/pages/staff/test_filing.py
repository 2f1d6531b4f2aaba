"""A dispute that staff bring forward: out of a petition or anew, and to whom that is offered."""

import re
from typing import Any

import httpx
import pytest

from services.gateway.identity import Session
from services.gateway.identity.forgery import FIELD
from services.gateway.pages.staff.mediation.forms import FILING
from services.mediation.domain.disputes.dispute_commands import FileDispute
from shared.runtime.bodies import CommandBody
from tests.services.gateway.pages.household import (
    HOME,
    RESIDENT,
    Services,
    browser,
    problem,
    services,
)
from tests.services.gateway.pages.staff.test_case import ID, MARKUP, STAFF, TIMELINE, a_case
from tests.services.gateway.pages.test_pages import Marks

NEW = "/work/disputes/new"
OUT_OF_IT = f"{NEW}?petition={ID}"
COMPANY = {"id": "company-1", "name": "安居物业"}


def typed(**more: Any) -> dict[str, Any]:
    """A form as it is sent."""
    parties = {
        "parties.0.side": "a",
        "parties.0.person": "resident-1",
        "parties.0.name": "林女士",
        "parties.1.side": "b",
        "parties.1.organisation": "company-1",
    }
    consent = {"consent.how": "spoken", "consent.given": "2026-11-26T09:00"}
    about = {"place": HOME, "kind": "property-company", "title": "维修", "text": "说不拢。"}
    return {FIELD: STAFF.csrf, "once": "0123456789abcdef", **about, **parties, **consent, **more}


@pytest.fixture
def said() -> Services:
    """Services that know a petition that its reader could answer."""
    found = services()
    found.says("petitions", f"/petitions/{ID}", a_case(can=["answer", "assign"]))
    found.says("petitions", f"/petitions/{ID}/timeline", TIMELINE)
    for code in a_case()["path"]:
        found.says("community", f"/posts?place={code}", {"items": [], "next": None})
    serving = {"items": [COMPANY], "next": None}
    found.says("community", f"/organisations?serves={HOME}&limit=100", serving)
    found.says("mediation", "/disputes", (201, {"id": "dispute-7", "version": 1}), "POST")
    return found


async def case(said: Services, **changes: Any) -> str:
    """The page of the petition."""
    can = changes.pop("can", ["answer", "assign"])
    said.says("petitions", f"/petitions/{ID}", a_case(can=can, **changes))
    async with browser(said, STAFF) as person:
        return (await person.get(f"/work/petitions/{ID}")).text


async def sent(said: Services, **fields: Any) -> httpx.Response:
    """The answer to the form."""
    async with browser(said, STAFF) as person:
        return await person.post(NEW, data=typed(**fields))


def test_the_form_asks_for_all_that_the_page_does_not_know() -> None:
    schema, _ = CommandBody(FileDispute).schema()
    fields = {one.name.partition(".")[0] for one in FILING.fields}
    known = {"petition", "on_behalf", "for_party"}
    assert fields == set(schema["properties"]) - known


@pytest.mark.parametrize(
    ("changes", "offered"),
    [
        ({}, True),
        ({"mediation": {"dispute": "d-1", "over": True, "settled": False}}, True),
        ({"mediation": {"dispute": "d-1", "over": False, "settled": False}}, False),
        ({"kind": "report"}, False),
        ({"status": "answered"}, False),
        ({"status": "review"}, False),
        ({"can": ["comment"]}, False),
    ],
)
async def test_it_is_offered_where_the_petition_would_hear_of_it(
    said: Services, changes: dict[str, Any], offered: bool
) -> None:
    page = await case(said, **changes)
    assert (f'href="{OUT_OF_IT}"' in page) is offered
    async with browser(said, STAFF) as person:
        answer = await person.get(OUT_OF_IT)
    assert answer.status_code == (200 if offered else 404)


async def test_the_case_says_how_mediation_went(said: Services) -> None:
    page = await case(said, mediation={"dispute": "d-1", "over": True, "settled": True})
    assert "已经谈妥" in page
    assert "/work/disputes/d-1" not in page, "who only answers does not look into the room"


async def test_what_the_petition_says_is_filled_in(said: Services) -> None:
    async with browser(said, STAFF) as person:
        page = (await person.get(OUT_OF_IT)).text
    marks = Marks(page).found
    values = {
        str(attributes.get("name")): attributes.get("value")
        for tag, attributes in marks
        if tag == "input"
    }
    assert values["title"] == f"标题{MARKUP}"
    assert values["petition"] == ID
    assert values["parties.0.person"] == "r-1"
    assert values["parties.0.name"] == MARKUP
    assert values["parties.0.phone"] == "", "it was given for the petition alone"
    assert f'<option value="{HOME}" selected>' in page
    assert '<option value="company-1">安居物业</option>' in page
    assert "<script>alert" not in page
    assert not any(name.startswith("on") for _, attributes in marks for name in attributes)


async def test_it_is_filed_for_the_first_party_with_its_consent(said: Services) -> None:
    answer = await sent(said, petition=ID)
    assert (answer.status_code, answer.headers["location"]) == (303, "/work/disputes/dispute-7")
    asked = said.was_asked("POST", "/disputes")
    assert asked.headers["Idempotency-Key"] == "0123456789abcdef"
    assert asked.json == {
        "place": HOME,
        "kind": "property-company",
        "title": "维修",
        "text": "说不拢。",
        "parties": [
            {"side": "a", "person": "resident-1", "name": "林女士"},
            {"side": "b", "organisation": "company-1"},
        ],
        "consent": {"how": "spoken", "given": "2026-11-26T09:00:00+08:00"},
        "on_behalf": True,
        "petition": ID,
    }


async def test_without_a_petition_it_is_filed_anew(said: Services) -> None:
    async with browser(said, STAFF) as person:
        page = (await person.get(NEW)).text
    assert f'<option value="{HOME}" selected>' in page
    assert 'name="petition"' not in page
    await sent(said)
    assert "petition" not in said.was_asked("POST", "/disputes").json


async def test_what_is_refused_comes_back_with_what_was_typed(said: Services) -> None:
    refusal = problem(409, "two-sides", "至少要有两方当事人。")
    said.says("mediation", "/disputes", refusal, "POST")
    answer = await sent(said, petition=ID)
    assert answer.status_code == 409
    assert "至少要有两方当事人。" in answer.text
    assert "说不拢。</textarea>" in answer.text
    assert '<option value="company-1" selected>' in answer.text


async def test_what_is_missing_is_named_before_anybody_is_asked(said: Services) -> None:
    answer = await sent(said, petition=ID, **{"consent.how": ""})
    assert answer.status_code == 422
    assert 'id="new-consent.how-wrong"' in answer.text
    assert not [one for one in said.asked if one.path == "/disputes"]


async def test_it_is_for_staff(said: Services) -> None:
    async with browser(said, RESIDENT) as person:
        assert (await person.get(NEW)).status_code == 403


async def test_it_speaks_english(said: Services) -> None:
    async with browser(said, STAFF) as person:
        person.cookies.set("jinlin-language", "en")
        page = (await person.get(OUT_OF_IT)).text
    assert "<h1>File a dispute for somebody</h1>" in page
    labels = re.findall(r"<(?:label|legend|button)[^>]*>[^<]*", page.partition("<main")[2])
    assert len(labels) > 10
    ours = [one for one in labels if "lang=" not in one]
    assert [one for one in ours if re.search(r"[\u4e00-\u9fff]", one)] == []


@pytest.mark.parametrize(("session", "leads"), [(STAFF, True), (RESIDENT, False)])
async def test_the_list_leads_staff_there(said: Services, session: Session, leads: bool) -> None:
    said.says("mediation", "/disputes/mediated?limit=30", {"items": [], "next": None})
    async with browser(said, session) as person:
        page = (await person.get("/work/disputes")).text
    assert (f'href="{NEW}"' in page) is leads
