"""Text messages: what a gateway is sent and how each of its answers is understood."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from standardwebhooks import Webhook
from starlette.responses import JSONResponse, Response

from services.notifications.channels.channel import Letter, NotSent
from services.notifications.channels.signing import NotSigned, signed, verified
from services.notifications.channels.sms import Sms
from shared.runtime.addresses import LOCAL
from shared.runtime.outgoing import Outgoing
from tests.services.notifications.channels.answering import Provider, provider

SECRET = "a secret that both sides have, and nobody else"
OTHER_SIDE = Webhook(b64encode(SECRET.encode()).decode())
"""The gateway's own library."""
NUMBER = {"number": "+8613800000000"}


def letter() -> Letter:
    return Letter("0123abcd" * 4, "", "您的诉求已受理", "zh-Hans", "petition-p1", datetime.now(UTC))


@pytest.fixture
async def gateway() -> AsyncIterator[Provider]:
    async with provider(lambda asked: JSONResponse({"id": "g-7"})) as made:
        yield made


@pytest.fixture
async def sms(gateway: Provider) -> AsyncIterator[Sms]:
    made = Sms(f"{gateway.url}/send", SECRET, Outgoing(LOCAL))
    yield made
    await made.close()


async def test_a_gateway_gets_a_signed_message_and_gives_its_id(
    sms: Sms, gateway: Provider
) -> None:
    sent = letter()
    assert await sms.send(sent, NUMBER) == "g-7"
    (asked,) = gateway.asked
    verified_by_library = OTHER_SIDE.verify(asked.body, asked.headers)
    assert verified_by_library == {
        "id": sent.id,
        "to": "+8613800000000",
        "text": "您的诉求已受理",
        "time": sent.now.isoformat(timespec="seconds").replace("+00:00", "Z"),
    }
    assert asked.headers["webhook-id"] == sent.id


async def test_a_mainland_number_gets_its_country(sms: Sms, gateway: Provider) -> None:
    await sms.send(letter(), {"number": "13800000000"})
    assert json.loads(gateway.asked[0].body)["to"] == NUMBER["number"]


async def test_a_message_that_it_had_already_counts_as_taken(sms: Sms, gateway: Provider) -> None:
    gateway.next.append(JSONResponse({"id": "g-6"}, 409))
    assert await sms.send(letter(), NUMBER) == "g-6"


@pytest.mark.parametrize(
    ("answer", "code", "permanent", "bad", "trouble", "wait"),
    [
        (Response(status_code=503), "http-503", False, False, True, 0),
        (Response(status_code=429, headers={"Retry-After": "7"}), "http-429", 0, 0, True, 7),
        (Response(status_code=401), "http-401", False, False, True, 0),
        (JSONResponse({"code": "bad-number"}, 422), "bad-number", True, True, False, 0),
        (JSONResponse({"code": "too-long"}, 422), "http-422", True, False, False, 0),
        (Response(b"[1]", 400), "http-400", True, False, False, 0),
        (
            Response(status_code=302, headers={"Location": "http://127.0.0.1/"}),
            "http-302",
            1,
            0,
            0,
            0,
        ),
    ],
)
async def test_each_refusal_is_understood(
    sms: Sms,
    gateway: Provider,
    answer: Response,
    code: str,
    permanent: bool,
    bad: bool,
    trouble: bool,
    wait: int,
) -> None:
    gateway.next.append(answer)
    with pytest.raises(NotSent) as refused:
        await sms.send(letter(), NUMBER)
    told = refused.value
    assert (told.code, told.retry_after) == (code, wait)
    assert (told.permanent, told.bad_address, told.trouble) == (permanent, bad, trouble)
    assert len(gateway.asked) == 1, "no redirect is followed, nothing is tried twice"


async def test_a_pause_may_be_asked_for_by_date(sms: Sms, gateway: Provider) -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=90))
    gateway.next.append(Response(status_code=503, headers={"Retry-After": then}))
    with pytest.raises(NotSent) as refused:
        await sms.send(letter(), NUMBER)
    assert 80 <= refused.value.retry_after <= 91


async def test_a_gateway_that_is_away_is_in_trouble() -> None:
    async with provider() as gone:
        url = gone.url
    sms = Sms(url, SECRET, Outgoing(LOCAL))
    with pytest.raises(NotSent) as refused:
        await sms.send(letter(), NUMBER)
    assert (refused.value.code, refused.value.trouble) == ("no-connection", True)
    await sms.close()


def test_what_another_library_signs_is_taken_and_nothing_else_is() -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    body = json.dumps({"id": "m1", "status": "delivered"})
    headers = {
        "webhook-id": "r1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": f"v1,AAAA {OTHER_SIDE.sign('r1', now, body)}",
    }
    assert verified(headers, body.encode(), SECRET, now) == "r1"
    edge = now + timedelta(minutes=5)
    assert verified(headers, body.encode(), SECRET, edge) == "r1"
    wrong = [
        (headers, body.encode(), SECRET, edge + timedelta(seconds=1)),
        (headers, body.encode(), SECRET, now - timedelta(minutes=6)),
        (headers, body.encode() + b" ", SECRET, now),
        (headers, body.encode(), SECRET + "x", now),
        ({**headers, "webhook-id": "r2"}, body.encode(), SECRET, now),
        ({**headers, "webhook-timestamp": "²"}, body.encode(), SECRET, now),
        ({**headers, "webhook-timestamp": "9" * 40}, body.encode(), SECRET, now),
        ({**headers, "webhook-signature": "v1,签名"}, body.encode(), SECRET, now),
        ({}, body.encode(), SECRET, now),
    ]
    for case in wrong:
        with pytest.raises(NotSigned):
            verified(*case)
    ours = signed("m1", b"{}", SECRET, now)
    assert OTHER_SIDE.verify(b"{}", ours) == {}
