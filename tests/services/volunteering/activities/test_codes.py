"""Codes of the minute: those that any authenticator app makes of the same address."""

import hmac
import struct
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from hashlib import sha1
from urllib.parse import parse_qs, unquote, urlsplit

from services.volunteering.check_in_codes import (
    code_at,
    codes_at,
    good_until,
    key_for,
    otpauth_uri,
)

SECRET = "s" * 32
NOON = datetime(2026, 5, 9, 4, 0, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def by_the_book(key: bytes, step: int) -> str:
    """RFC 4226, 5.3."""
    digest = hmac.new(key, struct.pack(">Q", step), sha1).digest()
    at = digest[-1] & 15
    number = struct.unpack(">I", digest[at : at + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def test_a_telephone_makes_the_same_codes_from_the_address() -> None:
    uri = urlsplit(otpauth_uri("a1", "清洁白马河 & more", SECRET))
    asked = {name: value for name, (value,) in parse_qs(uri.query).items()}
    assert (uri.scheme, uri.netloc) == ("otpauth", "totp")
    assert unquote(uri.path) == "/Jinlin:清洁白马河 & more"
    assert (asked["algorithm"], asked["digits"], asked["period"]) == ("SHA1", "6", "60")
    key = b32decode(asked["secret"])
    for hours in range(50):
        moment = NOON + timedelta(hours=hours)
        assert code_at("a1", moment, SECRET) == by_the_book(key, int(moment.timestamp()) // 60)


def test_a_code_is_good_for_a_minute_and_one_either_way() -> None:
    code = code_at("a1", NOON, SECRET)
    assert good_until(NOON) == NOON + timedelta(seconds=30)
    taken = [code in codes_at("a1", NOON + n * MINUTE, SECRET) for n in (-2, -1, 0, 1, 2)]
    assert taken == [False, True, True, True, False]


def test_each_activity_and_each_installation_has_its_own() -> None:
    keys = {key_for(id, secret) for id in ("a1", "a2") for secret in (SECRET, "t" * 32)}
    assert len(keys) == 4
    assert SECRET not in otpauth_uri("a1", "x", SECRET)
