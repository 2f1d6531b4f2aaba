"""The administrator's page of dead letters: all services' in one list, one decided on in two steps,
a service that is away told in words.
"""

import re
from typing import Any

import pytest

from shared.contracts.envelope import SERVICES
from tests.services.gateway.pages.household import Services, browser, problem, services
from tests.services.gateway.pages.staff.test_case import STAFF
from tests.services.gateway.pages.staff.test_registers import ADMINISTRATOR, seen, sent
from tests.services.gateway.pages.test_pages import HOSTILE, Marks

LETTER = "/dead-letters/3-17"
LIST = "/work/dead-letters"
PAGE = f"{LIST}/petitions/3-17"


def letter(text: str, **changes: Any) -> dict[str, Any]:
    """A letter as its service tells it."""
    return {
        "id": "3-17",
        "service": "petitions",
        "event": text,
        "failed_at": "2026-11-27T01:00:00Z",
        "tries": "5",
        "reason": text,
        "from": {"topic": text, "partition": "3", "offset": "9"},
        "resolution": None,
        "key": text,
        "text": text,
        "whole": False,
        "can": ["drop", "replay"],
        **changes,
    }


def boxes(text: str = "平常的话", **told: Any) -> Services:
    """Services of which petitions has a letter, and says it as `told` has it."""
    said = services()
    empty = {"items": [], "next": None, "count": 0, "complete": True}
    for service in SERVICES:
        said.says(service, "/dead-letters?limit=20", empty)
    listed = {"items": [letter(text)], "next": "further", "count": 30, "complete": False}
    said.says("petitions", "/dead-letters?limit=20", {**listed, **told})
    said.says("petitions", "/dead-letters?limit=50", {**listed, **told})
    said.says("petitions", LETTER, letter(text))
    return said


PAGES = (LIST, f"{LIST}?service=petitions", PAGE)


@pytest.mark.parametrize("path", PAGES)
async def test_words_with_markup_are_shown_as_words(path: str) -> None:
    found = Marks(await seen(boxes(HOSTILE), path)).found
    usual = Marks(await seen(boxes(), path)).found
    assert [tag for tag, _ in found] == [tag for tag, _ in usual], "the words made elements"


@pytest.mark.parametrize("path", PAGES)
async def test_it_speaks_english(path: str) -> None:
    async with browser(boxes("words"), ADMINISTRATOR) as person:
        person.cookies.set("jinlin-language", "en")
        answer = await person.get(path)
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r">[^<]*[\u4e00-\u9fff][^<]*", main) == []


async def test_all_services_letters_stand_in_one_list_the_newest_first() -> None:
    said = boxes("较早的")
    later = letter("较晚的", service="ledger", failed_at="2026-11-27T01:30:00Z")
    box = {"items": [later], "next": None, "count": 1, "complete": True}
    said.says("ledger", "/dead-letters?limit=20", box)
    page = await seen(said, LIST)
    assert page.index("较晚的") < page.index("较早的")
    assert "等待处理的共 31 封" in page
    assert "make dlq" in page, "there are more than were looked at"
    assert "?service=petitions&amp;cursor=further" in page
    assert "?service=ledger&amp;cursor=" not in page


async def test_a_service_that_is_away_is_told_in_words_beside_the_others() -> None:
    said = boxes("别的还在")
    said.away.add("mediation")
    without_broker = problem(503, "broker-unavailable", "消息队列暂时无法访问")
    said.says("ledger", "/dead-letters?limit=20", without_broker)
    page = await seen(said, LIST)
    assert "调解服务暂时没有回应" in page
    assert "存证服务暂时没有回应" in page
    assert "别的还在" in page


async def test_there_is_nothing_for_others_to_see() -> None:
    said = boxes()
    for path in PAGES:
        async with browser(said, STAFF) as person:
            answer = await person.get(path)
        assert answer.status_code == 403
    assert not [one for one in said.asked if "dead-letters" in one.path]


async def test_an_unknown_service_is_not_asked() -> None:
    said = boxes()
    async with browser(said, ADMINISTRATOR) as person:
        for path in (f"{LIST}?service=gateway", f"{LIST}/gateway/3-17"):
            assert (await person.get(path)).status_code == 404


async def test_sending_again_takes_a_second_step() -> None:
    said = boxes()
    page = Marks(await seen(said, PAGE)).found
    opened = [attributes for tag, attributes in page if tag == "details" and "open" in attributes]
    assert opened == [], "the buttons are folded away until they are wanted"
    said.says("petitions", f"{LETTER}/replay", {"id": "3-17"}, "POST")
    answer = await sent(said, f"{PAGE}/replay")
    assert (answer.status_code, answer.headers["location"]) == (303, LIST)
    assert said.was_asked("POST", f"{LETTER}/replay").json == {}


async def test_putting_away_needs_a_reason() -> None:
    said = boxes()
    answer = await sent(said, f"{PAGE}/drop", reason=" ")
    assert answer.status_code == 422
    assert "请填写。" in answer.text
    said.says("petitions", f"{LETTER}/drop", {"id": "3-17"}, "POST")
    answer = await sent(said, f"{PAGE}/drop", reason="不是我们的")
    assert answer.status_code == 303
    assert said.was_asked("POST", f"{LETTER}/drop").json == {"reason": "不是我们的"}


async def test_what_was_decided_meanwhile_is_said_so() -> None:
    said = boxes()
    refused = problem(409, "letter-dropped", "这封死信已经丢弃")
    said.says("petitions", f"{LETTER}/replay", refused, "POST")
    became = {"how": "dropped", "reason": "旧的", "at": "2026-11-27T01:59:00Z", "by": "operator-2"}
    said.says("petitions", LETTER, letter("话", resolution=became, can=[]))
    answer = await sent(said, f"{PAGE}/replay")
    assert answer.status_code == 409
    assert "这封死信已经丢弃" in answer.text
    assert "operator-2" in answer.text
    assert f"{PAGE}/drop" not in answer.text


async def test_only_what_can_be_done_is_offered() -> None:
    said = boxes()
    said.says("petitions", LETTER, letter("话", can=["drop"]))
    page = await seen(said, PAGE)
    assert f"{PAGE}/drop" in page
    assert f"{PAGE}/replay" not in page
