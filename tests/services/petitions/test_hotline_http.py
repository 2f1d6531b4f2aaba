"""The hotline desk: files for a caller, reads out receipt and code; the caller follows without a
login. What of a petition is kept from whom.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.petitions.api.sight import masked
from services.petitions.receipts import receipt_of
from shared.contracts.types import PetitionKind
from tests.services.petitions.city import BANYAN, UNIT, City, city

DESK = {"sub": "desk-1", "role": "intake"}
LIN = {"sub": "lin", "role": "resident"}
ASSIGNEE = {"sub": f"desk-of-{BANYAN}", "role": "neighbourhood-staff", "at": BANYAN}
COLLEAGUE = {"sub": "chen", "role": "grid-worker", "at": BANYAN}
CONTACT = {"name": "林女士", "phone": "138-1234-5678", "address": "3号楼2单元"}
SEEN = {**CONTACT, "email": None}


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def ask(
    town: City, method: str, path: str, *, sub: str, role: str, at: str = "", **rest: Any
) -> httpx.Response:
    token = town.issuer.token(sub, (role,), (at,) if at else ())
    headers = {"Authorization": f"Bearer {token}", **rest.pop("headers", {})}
    return await town.client.request(method, path, headers=headers, **rest)


async def called(town: City, **more: Any) -> str:
    """What the desk files for a caller; its id."""
    body = {
        "kind": "complaint",
        "title": "下水道堵塞",
        "text": "楼下水管道堵塞、污水外溢。",
        "place": UNIT,
        "category": "sanitation",
        "channel": "hotline",
        "on_behalf": True,
        "contact": CONTACT,
        **more,
    }
    made = await ask(town, "POST", "/petitions", **DESK, json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


async def receipt_and_code(town: City, id: str) -> tuple[str, str]:
    """What the desk reads out."""
    shown = (await ask(town, "GET", f"/petitions/{id}", **DESK)).json()
    return shown["receipt"], shown["query_code"]


async def contact_seen(town: City, id: str, **who: Any) -> Any:
    shown = await ask(town, "GET", f"/petitions/{id}", **who)
    assert shown.status_code == 200, (who, shown.text)
    (described,) = [e for e in shown.json()["dossier"] if e["name"] == "PetitionDescribed"]
    return described["data"]["contact"]


# --- from the call to the judgement ------------------------------------------------------------


async def test_a_caller_follows_and_judges_without_a_login(town: City) -> None:
    id = await called(town)
    receipt, code = await receipt_and_code(town, id)
    assert receipt == "000 000 0014"
    assert len(code) == 8
    # As a person types it.
    found = await town.get(f"/receipts/{receipt.replace(' ', '-')}?code={code.lower()}")
    assert found.status_code == 200, found.text
    told = found.json()
    assert (told["status"], told["category"], told["place"]) == ("assigned", "sanitation", BANYAN)
    assert (told["answer"], told["can_rate"]) == (None, False)
    assert told["answer_by"] is not None
    assert "林" not in found.text
    assert "堵塞" not in found.text
    assert id not in found.text
    assert found.headers["cache-control"] == "no-store"

    early = {"code": code, "stars": 5}
    refused = await town.send("POST", f"/receipts/{receipt}/rate", json=early)
    assert refused.json()["type"] == "urn:jinlin:problem:not-answered"

    await town.answer(id)
    told = (await town.get(f"/receipts/{receipt}?code={code}")).json()
    assert (told["status"], told["can_rate"]) == ("answered", True)
    assert told["answer"]["done"] == "已更换灯泡，现场查看正常"

    judged = {"code": code, "stars": 4, "solved": True, "word": "谢谢"}
    key: dict[str, Any] = {"headers": {"Idempotency-Key": "k"}}
    rated = await town.send("POST", f"/receipts/{receipt}/rate", json=judged, **key)
    assert rated.status_code == 200, rated.text
    again = await town.send("POST", f"/receipts/{receipt}/rate", json=judged, **key)
    assert again.json() == rated.json()
    told = (await town.get(f"/receipts/{receipt}?code={code}")).json()
    assert (told["status"], told["outcome"], told["can_rate"]) == ("closed", "solved", False)


async def test_a_low_judgement_by_receipt_reopens_it(town: City) -> None:
    id = await called(town)
    receipt, code = await receipt_and_code(town, id)
    await town.answer(id)
    low = {"code": code, "stars": 1}
    assert (await town.send("POST", f"/receipts/{receipt}/rate", json=low)).status_code == 200
    assert (await town.state(id)).reopened == 1


async def test_who_logs_in_has_a_receipt_too_but_judges_there(town: City) -> None:
    id = await town.file()
    shown = (await ask(town, "GET", f"/petitions/{id}", **LIN)).json()
    await town.answer(id)
    found = await town.get(f"/receipts/{shown['receipt']}?code={shown['query_code']}")
    assert found.json()["can_rate"] is False
    judged = {"code": shown["query_code"], "stars": 5}
    refused = await town.send("POST", f"/receipts/{shown['receipt']}/rate", json=judged)
    assert refused.json()["type"] == "urn:jinlin:problem:rate-logged-in"


async def test_each_petition_has_a_receipt_of_its_own(town: City) -> None:
    ids = [await called(town) for _ in range(20)]
    receipts = {await receipt_and_code(town, id) for id in ids}
    assert len({receipt for receipt, _ in receipts}) == len({code for _, code in receipts}) == 20


async def test_what_a_petition_came_of_is_shown_and_is_a_kind_and_an_id(town: City) -> None:
    id = await called(town, channel="patrol", origin="patrol-finding:f1")
    seen = (await ask(town, "GET", f"/petitions/{id}", **ASSIGNEE)).json()
    assert (seen["channel"], seen["origin"]) == ("patrol", "patrol-finding:f1")
    elsewhere = await ask(
        town,
        "POST",
        "/petitions",
        **LIN,
        json={
            "kind": "complaint",
            "title": "路灯不亮",
            "text": "楼道口的路灯坏了。",
            "place": UNIT,
            "category": "sanitation",
            "origin": "一封信",
        },
    )
    assert elsewhere.status_code == 422


@pytest.mark.parametrize("channel", ["web", "hotline", "mini-program", "patrol", "walk-in"])
async def test_petitions_come_through_every_channel(town: City, channel: str) -> None:
    id = await called(town, channel=channel)
    assert (await town.state(id)).channel == channel


# --- guessing ----------------------------------------------------------------------------------


async def test_a_wrong_code_and_a_receipt_that_is_not_there_look_the_same(town: City) -> None:
    receipt, _ = await receipt_and_code(town, await called(town))
    wrong = await town.get(f"/receipts/{receipt}?code=22222222")
    missing = await town.get(f"/receipts/{receipt_of(999)}?code=22222222")
    assert wrong.status_code == missing.status_code == 404
    assert wrong.json() == missing.json()


async def test_a_misread_number_is_told_as_such(town: City) -> None:
    receipt, code = await receipt_and_code(town, await called(town))
    for misread in ("000 000 0015", "000 000 001", "00000000x1", "1", "0" * 39):
        told = await town.get(f"/receipts/{misread}?code={code}", headers={"Accept-Language": "zh"})
        assert (told.status_code, told.json()["type"]) == (
            422,
            "urn:jinlin:problem:receipt-misread",
        )
        assert "核对" in told.json()["detail"]
    assert (await town.get(f"/receipts/{receipt}?code={code}")).status_code == 200


async def test_after_five_wrong_codes_nobody_tries_for_a_quarter_of_an_hour(town: City) -> None:
    receipt, code = await receipt_and_code(town, await called(town))
    other, others_code = await receipt_and_code(town, await called(town))
    for n in range(5):
        body = {"code": "22222222", "stars": 1}
        wrong = (
            await town.get(f"/receipts/{receipt}?code=22222222")
            if n % 2
            else await town.send("POST", f"/receipts/{receipt}/rate", json=body)
        )
        assert wrong.status_code == 404
    locked = await town.get(f"/receipts/{receipt}?code={code}")
    assert (locked.status_code, locked.json()["type"]) == (429, "urn:jinlin:problem:receipt-locked")
    assert 890 <= int(locked.headers["retry-after"]) <= 901
    assert (await town.get(f"/receipts/{other}?code={others_code}")).status_code == 200
    town.clock.put(town.clock.now() + timedelta(minutes=16))
    assert (await town.get(f"/receipts/{receipt}?code={code}")).status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b'{"code": "22222222", "stars": 9}', 422),
        (b'{"code": "22222222", "stars": 5, "by": "lin"}', 422),
        (b'{"code": "22222222", "stars": 5, "word": "' + b"x" * 70_000 + b'"}', 413),
    ],
)
async def test_a_wrong_judgement_is_told(town: City, body: bytes, status: int) -> None:
    receipt, _ = await receipt_and_code(town, await called(town))
    json: dict[str, Any] = {"headers": {"Content-Type": "application/json"}}
    refused = await town.send("POST", f"/receipts/{receipt}/rate", content=body, **json)
    assert refused.status_code == status, refused.text


# --- who sees what -----------------------------------------------------------------------------


async def test_a_number_is_masked_for_who_does_not_need_it(town: City) -> None:
    id = await called(town, petitioner="lin")
    assert (await contact_seen(town, id, **DESK)) == SEEN
    assert (await contact_seen(town, id, **LIN)) == SEEN
    assert (await contact_seen(town, id, **ASSIGNEE)) == SEEN
    assert (await contact_seen(town, id, **COLLEAGUE)) == {**SEEN, "phone": "138****5678"}
    queue = await ask(town, "GET", "/petitions", **COLLEAGUE)
    assert [one["id"] for one in queue.json()["items"]] == [id]
    assert not any(number in queue.text for number in ("12345678", "1234-5678"))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "861****5678"),
        ("0591-8333 1234", "059****1234"),
        ("110", "****"),
        ("１３８１２３４５６７８", "１３８****５６７８"),
        ("微信 abc", "****"),
    ],
)
def test_of_a_number_the_ends_are_shown(given: str, shown: str) -> None:
    assert masked(given) == shown


async def test_only_the_petitioner_and_the_desk_have_the_code(town: City) -> None:
    id = await called(town, petitioner="lin")
    codes = []
    for who in (DESK, LIN, ASSIGNEE, COLLEAGUE):
        shown = (await ask(town, "GET", f"/petitions/{id}", **who)).json()
        assert shown["receipt"] == "000 000 0014"
        codes.append(shown["query_code"])
    assert codes[0] == codes[1]
    assert codes[0] is not None
    assert codes[2:] == [None, None]


async def test_who_reports_somebody_is_told_to_nobody_but_the_desk(town: City) -> None:
    id = await called(town, petitioner="lin", kind=PetitionKind.REPORT.value)
    for who, known in ((DESK, True), (LIN, True), (ASSIGNEE, False), (COLLEAGUE, False)):
        shown = await ask(town, "GET", f"/petitions/{id}", **who)
        assert (shown.json()["petitioner"] == "lin") == known
        assert (await contact_seen(town, id, **who)) == (SEEN if known else None)
        timeline = await ask(town, "GET", f"/petitions/{id}/timeline", **who)
        assert ('"lin"' in shown.text or '"lin"' in timeline.text) == known
    queue = await ask(town, "GET", "/petitions", **COLLEAGUE)
    assert [one["petitioner"] for one in queue.json()["items"]] == [None]
    assert '"lin"' not in queue.text


async def test_what_the_desk_reads_is_recorded(town: City) -> None:
    id = await called(town)
    await ask(town, "GET", f"/petitions/{id}", **DESK)
    readings = await town.running.journal.readings(f"petition-{id}")
    assert [one["reader"] for one in readings] == ["desk-1"]
