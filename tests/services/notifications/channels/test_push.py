"""Push messages: encrypted as the standard's own example, decrypted as a browser does it, signed as
push services ask for.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.responses import Response

from services.notifications.channels.channel import Letter, NotSent
from services.notifications.channels.push import (
    CURVE,
    MOST_PLAIN,
    Push,
    WrongKey,
    decoded,
    encoded,
    encrypted,
    point_of,
    private_key,
)
from shared.runtime.addresses import LOCAL
from shared.runtime.outgoing import Outgoing
from tests.services.notifications.channels.answering import Provider, provider

RFC_8291_PLAIN = b"When I grow up, I want to be a watermelon"
RFC_8291_BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl"
    "zAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
"""RFC 8291, section 5, with the keys of its appendix."""


class Browser:
    """A subscription as a browser has it."""

    def __init__(self, endpoint: str) -> None:
        self.key = ec.generate_private_key(CURVE)
        self.auth = b"0123456789abcdef"
        self.address = {
            "endpoint": endpoint,
            "p256dh": encoded(point_of(self.key.public_key())),
            "auth": encoded(self.auth),
        }

    def decrypt(self, body: bytes) -> bytes:
        """RFC 8291 and RFC 8188 from the receiver's end."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert len(record) <= size
        their_key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender)
        agreed = self.key.exchange(ec.ECDH(), their_key)
        own = point_of(self.key.public_key())
        info = b"WebPush: info\0" + own + sender
        material = HKDF(hashes.SHA256(), 32, self.auth, info).derive(agreed)
        key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
        nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
        plain = AESGCM(key).decrypt(nonce, record, None)
        assert plain.rstrip(b"\0").endswith(b"\2"), "the last record"
        return plain.rstrip(b"\0")[:-1]


def test_the_standards_own_example_comes_out() -> None:
    own = private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")
    made = encrypted(
        RFC_8291_PLAIN,
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        own,
        decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert encoded(made) == RFC_8291_BODY


@pytest.fixture
async def service() -> AsyncIterator[Provider]:
    async with provider(lambda asked: Response(status_code=201)) as made:
        yield made


@pytest.fixture
async def push() -> AsyncIterator[Push]:
    made = Push(ec.generate_private_key(CURVE), "mailto:operator@city.example", Outgoing(LOCAL))
    yield made
    await made.close()


def letter(**changes: Any) -> Letter:
    made = Letter("0123abcd" * 4, "标题", "正文", "zh-Hans", "petition-p1", datetime.now(UTC))
    return replace(made, **changes)


async def test_only_the_browser_can_read_it(push: Push, service: Provider) -> None:
    browser = Browser(f"{service.url}/send/abc")
    await push.send(letter(), browser.address)
    (asked,) = service.asked
    assert json.loads(browser.decrypt(asked.body)) == {
        "id": "0123abcd" * 4,
        "title": "标题",
        "body": "正文",
        "about": "petition-p1",
    }
    assert "正文".encode() not in asked.body
    assert asked.headers["content-encoding"] == "aes128gcm"
    assert asked.headers["topic"] == "0123abcd" * 4
    assert (asked.headers["ttl"], asked.headers["urgency"]) == ("86400", "normal")


async def test_what_expires_is_not_kept_longer(push: Push, service: Provider) -> None:
    now = datetime.now(UTC)
    urgent = letter(now=now, expires=now + timedelta(minutes=5), urgent=True)
    await push.send(urgent, Browser(service.url).address)
    (asked,) = service.asked
    assert (asked.headers["ttl"], asked.headers["urgency"]) == ("300", "high")


async def test_the_push_service_knows_who_sends(push: Push, service: Provider) -> None:
    browser = Browser(f"{service.url}/send/abc")
    await push.send(letter(), browser.address)
    await push.send(letter(), browser.address)
    first, second = (asked.headers["authorization"] for asked in service.asked)
    assert first == second, "a token is used again"
    scheme, _, fields = first.partition(" ")
    told = dict(part.strip().split("=", 1) for part in fields.split(","))
    assert scheme == "vapid"
    assert told["k"] == push.public_key
    point = decoded(told["k"])
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    token = jwt.decode(told["t"], ECKey.import_key(key), algorithms=["ES256"])
    assert token.claims["aud"] == service.url
    assert token.claims["sub"] == "mailto:operator@city.example"
    lasts = token.claims["exp"] - datetime.now(UTC).timestamp()
    assert 0 < lasts <= 24 * 3600


async def test_another_token_is_made_in_time(push: Push, service: Provider) -> None:
    browser = Browser(f"{service.url}/send/abc")
    now = datetime.now(UTC)
    for hours in (0, 10, 11):
        await push.send(letter(now=now + timedelta(hours=hours)), browser.address)
    first, second, third = (asked.headers["authorization"] for asked in service.asked)
    assert first == second != third


@pytest.mark.parametrize(
    ("status", "permanent", "bad", "trouble"),
    [
        (404, True, True, False),
        (410, True, True, False),
        (403, True, False, False),
        (413, True, False, False),
        (429, False, False, True),
        (500, False, False, True),
    ],
)
async def test_each_refusal_is_understood(
    push: Push, service: Provider, status: int, permanent: bool, bad: bool, trouble: bool
) -> None:
    service.next.append(Response(status_code=status))
    with pytest.raises(NotSent) as refused:
        await push.send(letter(), Browser(service.url).address)
    told = refused.value
    assert (told.permanent, told.bad_address, told.trouble) == (permanent, bad, trouble)


@pytest.mark.parametrize(
    "change", [{"p256dh": "AAAA"}, {"p256dh": "汉"}, {"p256dh": "", "auth": ""}]
)
async def test_keys_that_are_none_are_a_bad_address(
    push: Push, service: Provider, change: dict[str, str]
) -> None:
    address = {**Browser(service.url).address, **change}
    with pytest.raises(NotSent) as refused:
        await push.send(letter(), address)
    assert refused.value.bad_address
    assert not service.asked


def test_a_message_has_an_end() -> None:
    browser = Browser("https://push.example/")
    keys = browser.address["p256dh"], browser.address["auth"]
    whole = b"x" * MOST_PLAIN
    body = encrypted(whole, *keys)
    assert len(body) == 4096
    assert browser.decrypt(body) == whole
    with pytest.raises(ValueError, match="at most"):
        encrypted(whole + b"x", *keys)


@pytest.mark.parametrize("text", ["", "AAAA", "汉", encoded(b"\0" * 32), encoded(b"\xff" * 32)])
def test_a_private_key_is_32_bytes_within_the_curve(text: str) -> None:
    with pytest.raises(WrongKey):
        private_key(text)
