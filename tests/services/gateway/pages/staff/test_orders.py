"""The dispatch board: what presses comes first, who could take an order and why, who is asked."""

from typing import Any

import pytest

from services.gateway.identity.forgery import FIELD
from services.gateway.pages.staff.orders import LACKS, PARTS, STATUSES, pressing
from services.volunteering.domain.orders.state import Status
from tests.services.gateway.pages.household import HOME, Services, browser, problem, services
from tests.services.gateway.pages.staff.test_case import STAFF
from tests.services.gateway.pages.test_pages import HOSTILE, Marks

ID = "order-1"
ORDER = f"/work/orders/{ID}"


def an_order(text: str = "修水龙头", **changes: Any) -> dict[str, Any]:
    """An order for which somebody is asked."""
    window = {"begin": "2026-11-28T01:00:00Z", "end": "2026-11-28T03:00:00Z"}
    return {
        "id": ID,
        "version": 4,
        "status": "offered",
        "service": "plumbing",
        "place": HOME,
        "path": ["D1", HOME],
        "asks": {"minutes": 60, "skill": "plumbing", "trainings": ["safety"], "least_age": 18},
        "times": [window],
        "volunteer": None,
        "begin": None,
        "end": None,
        "minutes": None,
        "because": None,
        "placed_at": "2026-11-26T02:00:00Z",
        "level": "community",
        "climb_by": "2026-11-27T08:00:00Z",
        "organisation": None,
        "entrusted_until": None,
        "asked_now": 1,
        "offers": [{"volunteer": "v-2", "until": "2026-11-27T06:00:00Z", "by": None}],
        "line": ["v-3"],
        "alarm": None,
        "can": ["dispatch", "end"],
        "dossier": [
            {
                "version": 1,
                "name": "OrderDescribed",
                "at": "2026-11-26T02:00:00Z",
                "data": {"need": text, "contact": {"name": text, "phone": text, "address": text}},
            }
        ],
        **changes,
    }


def weighed(volunteer: str, **changes: Any) -> dict[str, Any]:
    """Somebody who could take it."""
    return {
        "volunteer": volunteer,
        "unfit": None,
        "steps": 1,
        "free": True,
        "at_hand": 2,
        "waited": 9,
        "behind": False,
        "score": 64,
        **changes,
    }


def on_board(text: str = "修水龙头", **changes: Any) -> Services:
    """Services that know one order, and who could take it."""
    said = services()
    waiting = "/orders?status=seeking&status=offered&limit=100"
    alarm = {"because": "untaken", "place": "D1", "person": None, "number": 1}
    listed = [an_order(text), an_order(text, id="order-2", alarm=alarm)]
    said.says("volunteering", waiting, {"items": listed, "next": "further"})
    said.says("volunteering", f"/orders/{ID}", an_order(text, **changes))
    found = [weighed("v-1"), weighed("v-2"), weighed("v-4", unfit="skill-missing")]
    said.says(
        "volunteering", f"/orders/{ID}/candidates?fresh=true", {"round": None, "items": found}
    )
    catalogue = {"items": [{"code": "plumbing", "name": text}]}
    said.says("volunteering", "/services", catalogue)
    ending = {"properties": {"words": {"type": "string", "maxLength": 2000}}}
    body = {"content": {"application/json": {"schema": ending}}}
    document = {"paths": {"/orders/{id}/end": {"post": {"summary": "End", "requestBody": body}}}}
    said.says("volunteering", "/openapi.json", document)
    return said


async def seen(said: Services, path: str = ORDER) -> str:
    """The page."""
    async with browser(said, STAFF) as person:
        answer = await person.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


async def sent(said: Services, verb: str, **fields: Any) -> Any:
    """The answer to a form."""
    async with browser(said, STAFF) as person:
        return await person.post(f"{ORDER}/{verb}", data={FIELD: STAFF.csrf, **fields})


def test_every_status_has_words_and_stands_in_one_part() -> None:
    known = {one.value for one in Status} - {"unplaced", "none"}
    assert set(STATUSES) == known
    assert sorted(code for _, codes in PARTS.values() for code in codes) == sorted(known)


def test_what_presses_comes_first() -> None:
    soon = an_order(id="soon", climb_by="2026-11-27T03:00:00Z")
    alarmed = an_order(id="alarmed", alarm={"because": "untaken"})
    no_level = an_order(id="no-level", climb_by=None)
    found = sorted([no_level, an_order(), soon, alarmed], key=pressing)
    assert [one["id"] for one in found] == ["alarmed", "soon", ID, "no-level"]


@pytest.mark.parametrize("path", ["/work/orders", ORDER])
async def test_words_with_markup_are_shown_as_words(path: str) -> None:
    found = Marks(await seen(on_board(HOSTILE), path)).found
    usual = Marks(await seen(on_board("平常的话"), path)).found
    assert [tag for tag, _ in found] == [tag for tag, _ in usual], "the words made elements"


async def test_the_board_says_what_is_left_and_what_nobody_has_heard() -> None:
    page = await seen(on_board(), "/work/orders")
    assert "还有 6 小时" in page
    assert "仍然没有人接单" in page
    assert "还没有人知道" in page


async def test_each_candidate_comes_with_the_reasons() -> None:
    page = await seen(on_board())
    for words in ("隔 1 级", "那时有空", "手上 2 单", "9 天没有问过", LACKS["skill-missing"]):
        assert words in page, words


async def test_only_who_can_be_asked_can_be_chosen() -> None:
    marks = Marks(await seen(on_board())).found
    boxes = [a["value"] for tag, a in marks if tag == "input" and a.get("type") == "checkbox"]
    assert boxes == ["v-1"]


async def test_several_are_asked_at_once() -> None:
    said = on_board()
    said.says("volunteering", f"/orders/{ID}/dispatch", {"id": ID, "version": 5}, "POST")
    answer = await sent(said, "dispatch", to=["v-1", "v-9"], version="4")
    assert answer.status_code == 303
    assert answer.headers["location"] == ORDER
    asked = said.was_asked("POST", f"/orders/{ID}/dispatch")
    assert asked.json == {"to": ["v-1", "v-9"]}
    assert asked.headers["If-Match"] == '"4"'


async def test_nobody_chosen_is_said_beside_the_choice() -> None:
    answer = await sent(on_board(), "dispatch")
    assert answer.status_code == 422
    assert "请从列表中选择。" in answer.text


async def test_a_refusal_is_told_and_the_choice_stays() -> None:
    said = on_board()
    refused = problem(409, "volunteer-unfit", "这位志愿者接不了")
    said.says("volunteering", f"/orders/{ID}/dispatch", refused, "POST")
    answer = await sent(said, "dispatch", to="v-1")
    assert answer.status_code == 409
    assert "这位志愿者接不了" in answer.text
    assert 'value="v-1" checked' in answer.text


async def test_exactly_what_can_be_done_is_offered() -> None:
    marks = Marks(await seen(on_board(can=["end"]))).found
    actions = {str(a["action"]) for tag, a in marks if tag == "form"}
    assert {one for one in actions if one.startswith(ORDER)} == {f"{ORDER}/end"}
