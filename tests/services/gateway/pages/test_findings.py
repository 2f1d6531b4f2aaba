"""What patrols found: what became of it, and what one of the patrol does about it."""

import pytest

from services.gateway.pages.finding_words import FINDING as STATUSES
from services.gateway.pages.finding_words import SETTLED, STEP
from services.gateway.pages.resident.inbox import subject_of
from services.volunteering.domain.patrols.finding import patrol_finding
from services.volunteering.domain.patrols.finding_state import FindingStatus, Settled
from shared.contracts.volunteering.patrol_findings import FindingNews
from tests.services.gateway.pages.finding_samples import (
    ANSWERED,
    FINDING,
    OF_ANOTHER,
    answered,
    finding,
)
from tests.services.gateway.pages.household import RESIDENT, browser, problem
from tests.services.gateway.pages.samples import PETITION, everything

SIGNED = {"csrf": RESIDENT.csrf, "once": "0123456789abcdef"}
AT = f"/findings/{FINDING}"
ASKED = f"/patrol-findings/{FINDING}"


def test_every_status_and_every_news_has_words() -> None:
    assert set(STATUSES) == {str(one) for one in FindingStatus} - {"none"}
    assert set(SETTLED) == {str(one) for one in Settled}
    events = {one.__name__ for one in patrol_finding.events}
    assert {str(one) for one in FindingNews} == STEP.keys() - events


async def test_the_list_says_what_became_of_each() -> None:
    async with browser(everything("x")) as person:
        page = (await person.get("/findings")).text
    waiting, closed = page.split('<article class="card">')[1:]
    assert "等人处理" in waiting
    assert f'href="/findings/{ANSWERED}"' in closed
    assert "诉求人已评价" in closed


async def test_who_filed_it_reads_the_answer_there() -> None:
    async with browser(everything("换了井盖")) as person:
        page = (await person.get(f"/findings/{ANSWERED}")).text
    assert f'href="/petitions/{PETITION}"' in page
    assert "换了井盖" in page.partition('id="answer"')[2].partition("</section>")[0]
    told = page.partition('id="steps"')[2]
    steps = ["巡防时发现", "已转为诉求", "诉求有了答复", "答复不满意，重新办理", "诉求已办结"]
    at = [told.index(one) for one in steps]
    assert at == sorted(at)
    assert told.count("诉求有了答复") == 2
    assert told.count("<span>您</span>") == 1, "what services do by themselves is nobody's"


async def test_others_of_the_patrol_are_led_to_what_everybody_may_see() -> None:
    said = everything("x")
    said.says("volunteering", f"/patrol-findings/{ANSWERED}", answered("x", OF_ANOTHER))
    async with browser(said) as person:
        page = (await person.get(f"/findings/{ANSWERED}")).text
    assert f'href="/board/{OF_ANOTHER}"' in page
    assert f'href="/petitions/{OF_ANOTHER}"' not in page
    assert 'id="answer"' not in page


async def test_what_became_of_it_is_there_while_petitions_are_away() -> None:
    said = everything("x")
    said.away.add("petitions")
    async with browser(said) as person:
        answer = await person.get(f"/findings/{ANSWERED}")
    assert answer.status_code == 200
    assert "诉求已办结" in answer.text


async def test_it_is_settled_with_a_reason() -> None:
    said = everything("x")
    said.says("volunteering", f"{ASKED}/settle", {"id": FINDING, "version": 2}, "POST")
    settled = {"because": "put-right", "text": "井盖当场盖好了"}
    async with browser(said) as person:
        answer = await person.post(f"{AT}/settle", data={**settled, **SIGNED})
    assert (answer.status_code, answer.headers["location"]) == (303, AT)
    assert said.was_asked("POST", f"{ASKED}/settle").json == settled


async def test_it_becomes_a_petition_in_ones_own_name() -> None:
    said = everything("x")
    body = {"kind": "complaint", "title": "井盖", "origin": f"patrol-finding:{FINDING}"}
    said.says("volunteering", f"{ASKED}/petition", body)
    said.says("petitions", "/petitions", (201, {"id": "petition-7", "version": 1}), "POST")
    async with browser(said) as person:
        answer = await person.post(f"{AT}/file", data=SIGNED)
    assert (answer.status_code, answer.headers["location"]) == (303, "/petitions/petition-7")
    filed = said.was_asked("POST", "/petitions")
    assert filed.json == body
    assert filed.token == RESIDENT.access_token
    assert filed.headers["Idempotency-Key"] == SIGNED["once"]


async def test_what_petitions_refuse_is_said_on_the_finding() -> None:
    said = everything("x")
    said.says("volunteering", f"{ASKED}/petition", {"title": "井盖"})
    refusal = problem(409, "too-many", "您今天提交的诉求太多了。")
    said.says("petitions", "/petitions", refusal, "POST")
    async with browser(said) as person:
        answer = await person.post(f"{AT}/file", data=SIGNED)
    assert answer.status_code == 409
    assert "您今天提交的诉求太多了。" in answer.text


@pytest.mark.parametrize(
    ("changes", "settles", "files"),
    [
        ({}, True, True),
        ({"can": []}, False, True),
        ({"finder": "v-1", "crew": ["v-1"]}, True, False),
        ({"finder": None, "crew": [], "organisers": [RESIDENT.sub]}, True, True),
        ({"status": "settled", "because": "put-right", "can": []}, False, False),
    ],
)
async def test_exactly_what_can_be_done_is_offered(
    changes: dict[str, object], settles: bool, files: bool
) -> None:
    said = everything("x")
    said.says("volunteering", ASKED, finding("x", **changes))
    async with browser(said) as person:
        page = (await person.get(AT)).text
    assert (f'action="{AT}/settle"' in page) is settles
    assert (f'action="{AT}/file"' in page) is files


async def test_whose_it_is_not_is_told_that_there_is_none() -> None:
    said = everything("x")
    async with browser(said) as person:
        answer = await person.get("/findings/somebody-elses")
    assert answer.status_code == 404


def test_a_message_leads_to_the_finding() -> None:
    assert subject_of(f"patrol-finding-{FINDING}") == AT
