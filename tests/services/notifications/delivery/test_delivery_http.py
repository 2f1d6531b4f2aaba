"""Receipts and calls over HTTP: who may, what is taken, what a repetition changes."""

import copy
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from services.notifications.channels import provided
from services.notifications.channels.provided import push_key_in_use, receipt_secret_in_use
from services.notifications.domain.delivering import Sent
from services.notifications.domain.delivery import Status
from services.notifications.domain.message import Circumstances, Message, Post, message, message_id
from services.notifications.domain.ways import Lane, Plan, Way
from services.notifications.main import service
from shared.runtime.aggregate import Command
from shared.runtime.copies import Copies
from shared.runtime.deciding import Facts
from shared.runtime.store import Store
from tests.services.community.served import Served, served
from tests.services.notifications.delivery.posting import Give, PhoneGiven, preferences

SMS_SECRET = "what the gateway and we sign with, both of us"
MAIL_SECRET = "what the mail provider signs its bounces with"
PUSH_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
PLANS = {
    "wang": Plan((Way.SMS, Way.PHONE)),
    "lin": Plan((Way.PHONE,), lane=Lane.URGENT),
    "chen": Plan((Way.EMAIL,)),
    "sun": Plan((Way.PHONE,)),
}


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("JINLIN_SMS_URL", "https://sms.city.example/send")
    monkeypatch.setenv("JINLIN_SMS_SECRET", SMS_SECRET)
    monkeypatch.setenv("JINLIN_MAIL_RECEIPTS_SECRET", MAIL_SECRET)
    monkeypatch.setenv("JINLIN_PUSH_KEY", PUSH_KEY)
    monkeypatch.setenv("JINLIN_PUSH_CONTACT", "mailto:operator@city.example")
    caches = (receipt_secret_in_use, push_key_in_use)
    for each in caches:
        each.cache_clear()
    yield
    for each in caches:
        each.cache_clear()


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    planning = copy.copy(service)
    planning.facts = facts
    async with served(planning) as made:
        yield made


def facts(copies: Copies) -> Mapping[str, Facts]:
    """As the service has them, but for the plans of messages."""
    assert service.facts is not None

    def circumstances(_id: str, command: Command, state: Message, _now: datetime) -> Circumstances:
        person = command.recipient if isinstance(command, Post) else state.recipient
        return Circumstances(plan=PLANS.get(person, Plan()))

    return {**service.facts(copies), "message": circumstances}


async def posted(at: Served, person: str, number: int = 1) -> str:
    event = f"petitions/petition-p1/{number}/0"
    id = message_id(event, person, "petition-taken")
    params = {"petition": "p1", "level": "area"}
    told = Post(person, "petition-taken", params, "petition-p1", event)
    await at.running.store.do(message, id, told, actor="test")
    return id


async def state(at: Served, id: str) -> Message:
    found = await at.running.store.get(message, id)
    assert found is not None
    return found.state


async def receipt(
    at: Served,
    way: str,
    told: Any,
    *,
    secret: str = SMS_SECRET,
    id: str = "r1",
    when: datetime | None = None,
) -> httpx.Response:
    """A receipt, signed by another library than ours."""
    body = told if isinstance(told, str) else json.dumps(told)
    now = (when or datetime.now(UTC)).replace(microsecond=0)
    signature = Webhook(b64encode(secret.encode()).decode()).sign(id, now, body)
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }
    return await at.client.post(f"/receipts/{way}", content=body, headers=headers)


# --- receipts ------------------------------------------------------------------------------------


async def test_a_text_that_arrived_is_delivered_and_a_repetition_changes_nothing(
    at: Served, secrets: None
) -> None:
    id = await posted(at, "wang")
    await at.running.store.do(message, id, Sent(Way.SMS, "g-1"), actor="test")
    for _ in range(3):
        answer = await receipt(at, "sms", {"id": id, "status": "delivered"})
        assert (answer.status_code, answer.json()) == (200, {"id": id})
    again = await receipt(at, "sms", {"id": id, "status": "delivered"}, id="r2")
    assert again.status_code == 200
    known = await at.running.store.get(message, id)
    assert known is not None
    assert known.version == 3
    assert known.state.delivery is not None
    assert known.state.delivery.step.status is Status.DELIVERED


async def test_a_text_that_came_back_goes_on_by_the_next_way(at: Served, secrets: None) -> None:
    id = await posted(at, "wang")
    await at.running.store.do(message, id, Sent(Way.SMS, "g-1"), actor="test")
    answer = await receipt(at, "sms", {"id": id, "status": "bounced", "code": "EXPIRED"})
    assert answer.status_code == 200
    delivery = (await state(at, id)).delivery
    assert delivery is not None
    assert (delivery.queue, delivery.steps[0].status) == ("phone", Status.BOUNCED)
    assert delivery.steps[0].code == "EXPIRED"


async def test_a_bounced_mail_is_known_by_its_message_id(at: Served, secrets: None) -> None:
    id = await posted(at, "chen")
    await at.running.store.do(message, id, Sent(Way.EMAIL), actor="test")
    told = {
        "id": f"<{id}@city.example>",
        "status": "bounced",
        "code": "5.1.1",
        "bad_address": True,
    }
    answer = await receipt(at, "email", told, secret=MAIL_SECRET)
    assert answer.json() == {"id": id}
    delivery = (await state(at, id)).delivery
    assert delivery is not None
    assert (delivery.queue, delivery.step.code) == ("", "5.1.1")


async def test_a_complaint_is_taken_and_changes_no_delivery(at: Served, secrets: None) -> None:
    id = await posted(at, "chen")
    await at.running.store.do(message, id, Sent(Way.EMAIL), actor="test")
    told = {"id": id, "status": "complained"}
    assert (await receipt(at, "email", told, secret=MAIL_SECRET)).status_code == 200
    delivery = (await state(at, id)).delivery
    assert delivery is not None
    assert delivery.step.status is Status.SENT


async def test_only_who_has_the_secret_is_believed(at: Served, secrets: None) -> None:
    id = await posted(at, "wang")
    told = {"id": id, "status": "delivered"}
    old = datetime.now(UTC) - timedelta(minutes=6)
    for answer in (
        await at.client.post("/receipts/sms", json=told),
        await receipt(at, "sms", told, secret=MAIL_SECRET),
        await receipt(at, "email", told, secret=SMS_SECRET),
        await receipt(at, "sms", told, when=old),
    ):
        assert answer.status_code == 401
        assert answer.json()["type"].endswith("not-signed")
    delivery = (await state(at, id)).delivery
    assert delivery is not None
    assert delivery.step.status is Status.QUEUED


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("{", 400),
        ("", 422),
        ("[]", 422),
        ({"id": "m1"}, 422),
        ({"id": "m1", "status": "eaten"}, 422),
        ({"id": "../m1", "status": "delivered"}, 422),
        ({"id": "m1", "status": "delivered", "more": 1}, 422),
        ({"id": "m1", "status": "bounced", "code": "138 0000 0000"}, 422),
        ({"id": "no-such-message", "status": "delivered"}, 404),
        ("x" * 20_000, 413),
    ],
)
async def test_what_is_no_receipt_is_refused(
    at: Served, secrets: None, told: Any, status: int
) -> None:
    assert (await receipt(at, "sms", told)).status_code == status


async def test_without_a_provider_there_are_no_receipts(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (provided.SMS_SECRET, provided.MAIL_SECRET, provided.PUSH_KEY):
        monkeypatch.delenv(f"JINLIN_{name}", raising=False)
    receipt_secret_in_use.cache_clear()
    push_key_in_use.cache_clear()
    told = {"id": "m1", "status": "delivered"}
    assert (await receipt(at, "sms", told)).status_code == 404
    assert (await receipt(at, "email", told)).status_code == 404
    assert (await at.client.get("/push-key")).status_code == 404


async def test_browsers_get_the_public_key(at: Served, secrets: None) -> None:
    answer = await at.client.get("/push-key")
    assert answer.json()["key"] == (
        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
    ), "the one of the standard's example"


# --- calls ---------------------------------------------------------------------------------------


async def give_number(at: Served, person: str, number: str) -> None:
    """A number in the person's dossier."""
    running = at.running
    store = Store("notifications", running.journal, running.clock, (preferences,))
    await store.do(preferences, person, Give(PhoneGiven(number)), actor=person)


async def test_the_hotline_desk_calls_the_urgent_first_and_every_number_is_recorded(
    at: Served,
) -> None:
    await give_number(at, "lin", "+8613800000001")
    second, first = await posted(at, "sun"), await posted(at, "lin")
    by_text = await posted(at, "wang")
    store = at.running.store
    answer = await at.ask("GET", "/calls", "desk-1", "intake")
    assert answer.status_code == 200
    items = answer.json()["items"]
    assert [item["id"] for item in items] == [first, second]
    assert by_text not in answer.text
    assert items[0]["urgent"]
    assert "p1" in items[0]["body"]
    assert items[0]["number"] == "+8613800000001"
    reading, *_ = await store.journal.readings("preferences-lin")
    assert (reading["reader"], reading["purpose"]) == ("desk-1", "GET /calls")
    reached = await at.ask(
        "POST", f"/messages/{first}/called", "desk-1", "intake", json={"reached": True}
    )
    assert reached.status_code == 200
    left = (await at.ask("GET", "/calls", "desk-1", "intake")).json()["items"]
    assert [item["id"] for item in left] == [second]
    missed = await at.ask(
        "POST", f"/messages/{second}/called", "desk-1", "intake", json={"reached": False}
    )
    assert missed.status_code == 200
    assert (await at.ask("GET", "/calls", "desk-1", "intake")).json()["items"] == []


async def test_nobody_else_sees_who_is_called(at: Served) -> None:
    id = await posted(at, "lin")
    for role in ("resident", "community-staff", "administrator", "operator", "service"):
        assert (await at.ask("GET", "/calls", "someone", role)).status_code == 403
        answer = await at.ask(
            "POST", f"/messages/{id}/called", "someone", role, json={"reached": True}
        )
        assert answer.status_code == 404
    own = await at.ask("POST", f"/messages/{id}/called", "lin", "resident", json={"reached": True})
    assert own.status_code == 403
    elsewhere = await posted(at, "wang")
    not_to_call = await at.ask(
        "POST", f"/messages/{elsewhere}/called", "desk-1", "intake", json={"reached": True}
    )
    assert not_to_call.status_code == 404, "the desk knows of what is to be called only"


async def test_the_recipient_sees_what_became_of_it_and_nothing_of_how(at: Served) -> None:
    id = await posted(at, "wang")
    await at.running.store.do(message, id, Sent(Way.SMS, "g-1"), actor="test")
    shown = (await at.ask("GET", f"/messages/{id}", "wang", "resident")).json()
    assert [(step["way"], step["status"]) for step in shown["delivery"]] == [
        ("sms", "sent"),
        ("phone", "planned"),
    ]
    assert "g-1" not in json.dumps(shown)
    assert shown["can"] == ["read"]
