"""A desk at work, with a gateway that really answers: once each, the urgent first, and going on
where something fails.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.responses import JSONResponse, Response

from services.notifications import desk as desk_module
from services.notifications.channels.pace import TROUBLES
from services.notifications.channels.push import Push, private_key
from services.notifications.channels.robots import Robots
from services.notifications.channels.sms import Sms
from services.notifications.domain.delivery import CLAIM_LASTS, Delivery, Status
from services.notifications.domain.message import Read, message
from services.notifications.domain.ways import Lane, Plan, Way
from shared.runtime.addresses import LOCAL
from shared.runtime.outgoing import Outgoing
from tests.services.notifications.channels.answering import Asked, Provider, provider
from tests.services.notifications.channels.test_push import Browser
from tests.services.notifications.delivery.posting import (
    FAST,
    PhoneGiven,
    PostOffice,
    PushGiven,
    RobotGiven,
    post_office,
    working,
)

VAPID_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SECRET = "a secret that both sides have, and nobody else"
BY_SMS = Plan((Way.SMS,))
BULK, URGENT = replace(BY_SMS, lane=Lane.BULK), replace(BY_SMS, lane=Lane.URGENT)


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as made:
        made.plan = BY_SMS
        yield made


@pytest.fixture
async def gateway() -> AsyncIterator[Provider]:
    async with provider(lambda asked: JSONResponse({"id": "g"})) as made:
        yield made


def sms(gateway: Provider) -> Sms:
    return Sms(gateway.url, SECRET, Outgoing(LOCAL, connections=16))


async def people(office: PostOffice, *names: str) -> None:
    await asyncio.gather(*(office.give(name, PhoneGiven(f"+86138{name}")) for name in names))


def ids(gateway: Provider) -> list[str]:
    return [json.loads(asked.body)["id"] for asked in gateway.asked]


def to(gateway: Provider) -> list[str]:
    return [json.loads(asked.body)["to"].removeprefix("+86138") for asked in gateway.asked]


async def test_a_message_goes_out_once_however_often_couriers_start(
    office: PostOffice, gateway: Provider
) -> None:
    await people(office, "wang")
    id = await office.post("wang")
    for _ in range(3):
        async with working(office.courier(sms(gateway))):
            sent = await office.until(id, lambda delivery: delivery.queue == "")
    assert ids(gateway) == [id]
    assert (sent.step.status, sent.step.receipt, sent.step.tries) == (Status.SENT, "g", 1)
    text = json.loads(gateway.asked[0].body)["text"]
    assert "ition-p1" in text
    assert "片区" in text


async def test_of_two_couriers_one_sends(office: PostOffice, gateway: Provider) -> None:
    names = [f"p{n}" for n in range(40)]
    await people(office, *names)
    posted = [await office.post(name) for name in names]
    others = office.courier(sms(gateway), store=office.another_store())
    async with working(office.courier(sms(gateway)), others):
        for id in posted:
            await office.until(id, lambda delivery: delivery.queue == "")
    assert sorted(ids(gateway)) == sorted(posted)


async def test_claims_hold_also_where_both_think_that_they_have_the_desk(
    office: PostOffice, gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def leads(_desk: desk_module.Desk) -> bool:
        return True

    monkeypatch.setattr(desk_module.Desk, "_leads", leads)
    names = [f"p{n}" for n in range(40)]
    await people(office, *names)
    posted = [await office.post(name) for name in names]
    others = office.courier(sms(gateway), store=office.another_store())
    async with working(office.courier(sms(gateway)), others):
        for id in posted:
            await office.until(id, lambda delivery: delivery.queue == "")
    assert Counter(ids(gateway)) == Counter(posted)


async def test_who_dies_between_sending_and_reporting_leaves_it_to_the_next(
    office: PostOffice, gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is sent again, under the same id: the gateway knows it and sends no second text."""
    monkeypatch.setattr(desk_module, "LEASE_SECONDS", 0.5)
    await people(office, "wang")
    id = await office.post("wang")

    def answers(asked: Asked) -> Response:
        known = ids(gateway).count(json.loads(asked.body)["id"]) > 1
        return JSONResponse({"id": "g"}, 409 if known else 200)

    gateway.answers = answers
    dying = office.courier(sms(gateway))

    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    (its_desk,) = dying.desks
    its_desk._report = never  # type: ignore[method-assign]
    task = asyncio.create_task(dying.run())
    await gateway.until_asked(1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await office.delivery(id)).step.status is Status.QUEUED
    async with working(office.courier(sms(gateway), store=office.another_store())):
        await asyncio.sleep(0)
        assert len(gateway.asked) == 1, "the claim still holds"
        office.clock.ahead = CLAIM_LASTS + timedelta(seconds=11)
        sent = await office.until(id, lambda delivery: delivery.queue == "")
    assert ids(gateway) == [id, id]
    assert (sent.step.status, sent.step.tries) == (Status.SENT, 2)


async def test_who_slept_until_the_claim_had_lapsed_does_not_send(
    office: PostOffice, gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await people(office, "wang")
    id = await office.post("wang")
    slept: list[str] = []

    async def stands_for(_desk: desk_module.Desk, message_id: str, _delivery: Delivery) -> int:
        if not slept:
            slept.append(message_id)
            office.clock.ahead += CLAIM_LASTS
        return 1

    monkeypatch.setattr(desk_module.Desk, "_stands_for", stands_for)
    async with working(office.courier(sms(gateway))):
        sent = await office.until(id, lambda delivery: delivery.queue == "")
    assert slept == [id]
    assert ids(gateway) == [id], "by whoever claimed it next"
    assert sent.step.tries == 2


async def test_a_broadcast_never_holds_up_what_is_for_one_person(
    office: PostOffice, gateway: Provider
) -> None:
    names = [f"p{n}" for n in range(120)]
    await people(office, *names, "wang", "lin")
    for name in names:
        await office.post(name, plan=BULK)
    async with working(office.courier(sms(gateway), rates={**FAST, Way.SMS: 20.0})):
        await gateway.until_asked(22)
        single = await office.post("wang")
        urgent = await office.post("lin", plan=URGENT)
        posted_after = len(gateway.asked)
        for id in (single, urgent):
            await office.until(id, lambda delivery: delivery.queue == "")
    reached = to(gateway)
    on_the_desk = desk_module.WIDTH
    assert reached.index("wang") <= posted_after + on_the_desk < len(names) / 2
    assert reached.index("lin") <= posted_after + on_the_desk


async def test_a_rate_is_kept(office: PostOffice, gateway: Provider) -> None:
    names = [f"p{n}" for n in range(30)]
    await people(office, *names)
    for name in names:
        await office.post(name)
    began = asyncio.get_running_loop().time()
    async with working(office.courier(sms(gateway), rates={**FAST, Way.SMS: 10.0})):
        await gateway.until_asked(30)
    took = asyncio.get_running_loop().time() - began
    assert took >= 1.9, "ten at once, then ten a second"


async def test_who_has_no_address_is_told_by_the_next_way(
    office: PostOffice, gateway: Provider
) -> None:
    id = await office.post("wang", plan=Plan((Way.SMS, Way.PHONE)))
    async with working(office.courier(sms(gateway))):
        gone_on = await office.until(id, lambda delivery: delivery.queue == "phone")
    assert gone_on.steps[0].code == "no-address"
    assert not gateway.asked


async def test_a_message_that_was_read_meanwhile_is_not_sent(
    office: PostOffice, gateway: Provider
) -> None:
    await people(office, "wang", "lin")
    id = await office.post("wang")
    await office.store.do(message, id, Read("wang"), actor="wang")
    other = await office.post("lin")
    async with working(office.courier(sms(gateway))):
        await office.until(other, lambda delivery: delivery.queue == "")
    assert to(gateway) == ["lin"]


async def test_what_fails_for_now_is_tried_again_when_its_time_comes(
    office: PostOffice, gateway: Provider
) -> None:
    await people(office, "wang")
    gateway.next.extend([Response(status_code=503), Response(status_code=500)])
    id = await office.post("wang")
    async with working(office.courier(sms(gateway))):
        for tries in (1, 2):
            failed = await office.until(
                id, lambda delivery, n=tries: delivery.step.tries == n and not delivery.claim
            )
            assert failed.next is not None
            assert failed.next > office.clock.now() + timedelta(seconds=4)
            office.clock.ahead += timedelta(minutes=1)
        sent = await office.until(id, lambda delivery: delivery.queue == "")
    assert (sent.step.status, sent.step.tries) == (Status.SENT, 3)


async def test_a_provider_that_is_down_is_left_alone_and_then_tried_with_one(
    office: PostOffice, gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notifications.channels.pace.FIRST_REST", 0.5)
    down = True
    gateway.answers = lambda asked: Response(status_code=503 if down else 200)
    names = [f"p{n}" for n in range(60)]
    await people(office, *names)
    posted = [await office.post(name) for name in names]
    async with working(office.courier(sms(gateway))):
        await gateway.until_asked(TROUBLES)
        await office.until(posted[0], lambda delivery: not delivery.claim)
        first = len(gateway.asked)
        assert first <= desk_module.WIDTH + TROUBLES
        await gateway.until_asked(first + 1)
        down = False
        tried = len(gateway.asked)
        await gateway.until_asked(tried + 10)
        untried = [id for id in posted if (await office.delivery(id)).step.tries <= 1]
        office.clock.ahead += timedelta(minutes=1)
        for id in posted:
            await office.until(id, lambda delivery: delivery.queue == "")
    assert len(untried) > len(names) / 2, "most messages have waited instead of being tried in vain"
    taken = {json.loads(asked.body)["id"] for asked in gateway.asked}
    assert taken == set(posted)


async def test_one_person_is_not_sent_too_much_unless_it_is_urgent(
    office: PostOffice, gateway: Provider
) -> None:
    await people(office, "wang")
    most, within = desk_module.MOST_TO_ONE[Way.SMS]
    posted = [await office.post("wang", about=f"petition-p{n}") for n in range(most + 2)]
    async with working(office.courier(sms(gateway))):
        for id in posted:
            await office.until(
                id, lambda delivery: delivery.queue == "" or delivery.step.code == "person-limit"
            )
        waits = [id for id in posted if (await office.delivery(id)).queue]
        assert len(waits) == 2
        assert len(gateway.asked) == most
        urgent = await office.post("wang", about="petition-fire", plan=URGENT)
        await office.until(urgent, lambda delivery: delivery.queue == "")
        office.plans.clear()
        office.clock.ahead += within
        for id in waits:
            await office.until(id, lambda delivery: delivery.queue == "")
    assert len(gateway.asked) == most + 3


async def test_a_burst_goes_out_as_one(office: PostOffice, gateway: Provider) -> None:
    await people(office, "wang")
    gathers = replace(BY_SMS, gather_for=timedelta(minutes=5))
    posted = [await office.post("wang", plan=gathers) for _ in range(12)]
    other = await office.post("wang", about="petition-p2")
    async with working(office.courier(sms(gateway))):
        office.clock.ahead += timedelta(minutes=5, seconds=1)
        for id in (*posted, other):
            await office.until(id, lambda delivery: delivery.queue == "")
    texts = [json.loads(asked.body)["text"] for asked in gateway.asked]
    assert len(texts) == 2
    assert sum("共12条" in text for text in texts) == 1
    joined = Counter([(await office.delivery(id)).joined for id in posted])
    (first,) = (id for id in joined if id)
    assert joined == {first: 11, "": 1}
    assert (await office.delivery(first)).step.tries == 1


async def test_a_courier_has_a_desk_for_each_way_and_what_must_be_heard_goes_from_one_to_the_next(
    office: PostOffice, gateway: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Push, then a text, then a call: nobody reads it."""
    await people(office, "wang")
    heard = Plan((Way.PUSH, Way.SMS, Way.PHONE), Lane.URGENT, heard_within=timedelta(minutes=2))
    async with provider(lambda asked: Response(status_code=201)) as push_service:
        browser = Browser(f"{push_service.url}/send/1")
        await office.give("wang", PushGiven(**browser.address))
        push = Push(private_key(VAPID_KEY), "mailto:operator@city.example", Outgoing(LOCAL))
        async with working(office.courier(sms(gateway), push)):
            id = await office.post("wang", plan=heard)
            await office.until(id, lambda delivery: delivery.hear_by is not None)
            pushed = json.loads(browser.decrypt(push_service.asked[0].body))
            assert pushed["id"] == id
            for turn in (1, 2):
                office.clock.ahead += timedelta(minutes=2, seconds=1)
                await office.tick()
                await office.until(
                    id, lambda delivery, n=turn: delivery.turn == n and not delivery.claim
                )
                if turn == 1:
                    await office.until(id, lambda delivery: delivery.hear_by is not None)
    assert ids(gateway) == [id]
    delivery = await office.delivery(id)
    assert [(step.status, step.code) for step in delivery.steps] == [
        (Status.FAILED, "unheard"),
        (Status.FAILED, "unheard"),
        (Status.QUEUED, ""),
    ]
    assert delivery.queue == "phone"


async def test_one_vendor_in_trouble_does_not_stop_anothers_robots(office: PostOffice) -> None:
    by_robot = Plan((Way.ROBOT,))
    async with (
        provider(lambda asked: Response(status_code=500)) as broken,
        provider(lambda asked: JSONResponse({"errcode": 0})) as well,
    ):
        # The two differ by host only as far as fuses see.
        there = well.url.replace("127.0.0.1", "localhost")
        for n in range(2 * TROUBLES):
            await office.give(f"g{n}", RobotGiven("wecom", f"{broken.url}/{n}", "s"))
            await office.give(f"h{n}", RobotGiven("wecom", f"{there}/{n}", "s"))
        bad = [await office.post(f"g{n}", plan=by_robot) for n in range(2 * TROUBLES)]
        good = [await office.post(f"h{n}", plan=by_robot) for n in range(2 * TROUBLES)]
        async with working(office.courier(Robots(Outgoing(LOCAL)))):
            for id in good:
                await office.until(id, lambda delivery: delivery.queue == "")
            for id in bad:
                waits = await office.until(id, lambda d: d.step.code != "" and not d.claim)
                assert waits.queue == "robot"
        assert len(well.asked) == 2 * TROUBLES
        assert len(broken.asked) <= 2 * TROUBLES


async def test_what_expires_before_its_turn_is_never_sent(
    office: PostOffice, gateway: Provider
) -> None:
    await people(office, "wang", "lin")
    brief = replace(BY_SMS, expires=office.clock.now() + timedelta(minutes=1))
    id = await office.post("wang", plan=brief)
    office.clock.ahead += timedelta(minutes=2)
    other = await office.post("lin")
    await office.tick()
    async with working(office.courier(sms(gateway))):
        await office.until(other, lambda delivery: delivery.queue == "")
    assert (await office.delivery(id)).step.code == "expired"
    assert to(gateway) == ["lin"]


async def test_stopping_finishes_what_is_under_way(office: PostOffice, gateway: Provider) -> None:
    names = [f"p{n}" for n in range(8)]
    await people(office, *names)
    for name in names:
        await office.post(name)
    async with working(office.courier(sms(gateway))):
        await gateway.until_asked(1)
    for id in ids(gateway):
        assert (await office.delivery(id)).step.status is Status.SENT
