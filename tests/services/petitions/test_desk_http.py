"""Those without a login over HTTP: what they do by receipt; how the desk finds and calls them."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from services.petitions.domain.commands import Answer, Return, Step
from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from tests.services.petitions.city import BANYAN, LAKE, City, city
from tests.services.petitions.test_hotline_http import (
    ASSIGNEE,
    COLLEAGUE,
    DESK,
    LIN,
    ask,
    called,
    receipt_and_code,
)


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def promised(town: City, id: str) -> None:
    """It is answered with a promise that falls due, and rated by receipt."""
    until = (town.clock.now() + timedelta(days=3)).date()
    by = (await town.state(id)).assignee or "officer"
    follows = (Step("更换水管", date(until.year, until.month, until.day)),)
    await town.do(id, Answer(by=by, done="已疏通", done_by="物业", follows=follows))


async def fall_due(town: City, id: str) -> None:
    due = (await town.state(id)).promises[0].due
    town.clock.put(due + timedelta(seconds=1))
    while (at := petition.due(await town.state(id))) is not None and at <= town.clock.now():
        await town.running.store.tick(petition, id, at)


async def says(town: City, receipt: str, code: str, verb: str, **body: Any) -> Any:
    path = f"/receipts/{receipt}/{verb}"
    return await town.send("POST", path, json={"code": code, **body})


async def sees(town: City, receipt: str, code: str) -> dict[str, Any]:
    found = await town.get(f"/receipts/{receipt}?code={code}")
    assert found.status_code == 200, found.text
    shown: dict[str, Any] = found.json()
    return shown


async def test_the_question_is_read_and_answered_by_receipt(town: City) -> None:
    id = await called(town)
    receipt, code = await receipt_and_code(town, id)
    assert (await sees(town, receipt, code))["question"] is None
    await town.do(id, Return(by=f"desk-of-{BANYAN}", question="是哪个单元？"))
    shown = await sees(town, receipt, code)
    assert (shown["status"], shown["question"]) == ("returned", "是哪个单元？")
    assert shown["can"] == ["comment", "withdraw"]
    wrong = await says(town, receipt, "22222222", "comment", text="三单元")
    assert wrong.status_code == 404
    empty = await says(town, receipt, code, "comment", text="")
    assert empty.status_code == 422
    assert empty.json()["errors"][0]["field"] == "text"
    given = await says(town, receipt, code, "comment", text="三单元")
    assert given.status_code == 200, given.text
    shown = await sees(town, receipt, code)
    assert (shown["status"], shown["question"]) == ("taken", None)


async def test_a_promise_is_read_and_judged_by_receipt(town: City) -> None:
    id = await called(town)
    receipt, code = await receipt_and_code(town, id)
    await promised(town, id)
    (promise,) = (await sees(town, receipt, code))["promises"]
    assert (promise["text"], promise["judge_by"]) == ("更换水管", None)
    await fall_due(town, id)
    assert "judge-promise" in (await sees(town, receipt, code))["can"]
    broken = await says(town, receipt, code, "judge-promise", promise=1, kept=False)
    assert broken.status_code == 200, broken.text
    assert (await town.state(id)).reopened == 1


async def test_the_review_is_asked_for_by_receipt(town: City) -> None:
    id = await called(town)
    receipt, code = await receipt_and_code(town, id)
    await town.answer(id)
    early = await says(town, receipt, code, "ask-review", reason="没有修好")
    assert early.json()["type"] == "urn:jinlin:problem:not-closed"
    assert (await says(town, receipt, code, "rate", stars=3)).status_code == 200
    asked = await says(town, receipt, code, "ask-review", reason="没有修好")
    assert asked.status_code == 200, asked.text
    assert (await town.state(id)).status is Status.REVIEW


async def test_it_is_taken_back_by_receipt(town: City) -> None:
    id = await called(town)
    receipt, code = await receipt_and_code(town, id)
    assert (await says(town, receipt, code, "withdraw")).status_code == 200
    assert (await town.state(id)).outcome == "withdrawn"


async def test_the_desk_finds_a_petition_by_its_receipt_alone(town: City) -> None:
    id = await called(town)
    receipt, _ = await receipt_and_code(town, id)
    path = f"/petitions/by-receipt/{receipt.replace(' ', '-')}"
    found = await ask(town, "GET", path, **DESK)
    assert (found.status_code, found.json()["id"]) == (200, id)
    assert found.json()["title"] == "下水道堵塞"
    assert (await ask(town, "GET", path, **COLLEAGUE)).json()["id"] == id
    elsewhere = {"sub": "chen", "role": "grid-worker", "at": LAKE}
    assert (await ask(town, "GET", path, **elsewhere)).status_code == 404
    assert (await ask(town, "GET", path, **LIN)).status_code == 403
    misread = await ask(town, "GET", "/petitions/by-receipt/1234567890", **DESK)
    assert misread.json()["type"] == "urn:jinlin:problem:receipt-misread"


async def test_the_desk_is_told_whom_to_call_about_an_answer(town: City) -> None:
    own, waiting, open_one = await town.file(), await called(town), await called(town)
    for id in (own, waiting):
        await town.answer(id)
    listed = (await ask(town, "GET", "/follow-ups", **DESK)).json()["items"]
    assert [one["id"] for one in listed] == [waiting]
    everybody = await ask(town, "GET", "/follow-ups?without_login=false", **DESK)
    assert [one["id"] for one in everybody.json()["items"]] == [own, waiting]
    # Who answered does not call.
    assert (await ask(town, "GET", "/follow-ups", **ASSIGNEE)).json()["items"] == []
    colleague = await ask(town, "GET", "/follow-ups", **COLLEAGUE)
    assert [one["id"] for one in colleague.json()["items"]] == [waiting]
    elsewhere = {"sub": "chen", "role": "grid-worker", "at": LAKE}
    assert (await ask(town, "GET", "/follow-ups", **elsewhere)).json()["items"] == []
    assert (await ask(town, "GET", "/follow-ups", **LIN)).status_code == 403
    call = {"reached": True, "stars": 5, "solved": True}
    done = await ask(town, "POST", f"/petitions/{waiting}/follow-up", **DESK, json=call)
    assert done.status_code == 200, done.text
    assert (await ask(town, "GET", "/follow-ups", **DESK)).json()["items"] == []
    assert (await town.state(open_one)).status is Status.ASSIGNED


async def test_the_desk_calls_after_a_promise(town: City) -> None:
    id = await called(town)
    await promised(town, id)
    path = "/follow-ups/promises"
    assert (await ask(town, "GET", path, **DESK)).json()["items"] == []
    await fall_due(town, id)
    (listed,) = (await ask(town, "GET", path, **DESK)).json()["items"]
    assert (listed["id"], listed["promises"][0]["kept"]) == (id, None)
    at = f"/petitions/{id}/follow-up-promise"
    missed = await ask(town, "POST", at, **DESK, json={"promise": 1, "reached": False})
    assert missed.status_code == 200, missed.text
    (listed,) = (await ask(town, "GET", path, **DESK)).json()["items"]
    assert listed["promises"][0]["calls"] == 1
    call = {"promise": 1, "reached": True, "kept": True}
    assert (await ask(town, "POST", at, **DESK, json=call)).status_code == 200
    assert (await ask(town, "GET", path, **DESK)).json()["items"] == []
    assert (await ask(town, "POST", at, **LIN, json=call)).status_code in (403, 404)
