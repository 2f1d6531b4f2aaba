"""Codes of the minute (TOTP, RFC 6238) that one checks in by.

The organiser's telephone makes them without a network, from a secret that it was shown once; here
it is made from the activity's id and the secret of the installation, and kept nowhere.
"""

import hmac
from base64 import b32encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from hashlib import sha256
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from shared.runtime.settings import WrongSettings, give_up, read_secret

SECRET = "CHECK_IN_SECRET"
DIGITS = 6
CODES_KEPT = 16_384
"""Three for each activity that people check in at just now, so many activities as a city has."""
STEP = timedelta(minutes=1)
TOLERANCE = 1
"""Steps: the codes of so many minutes before and after are taken, for clocks that differ."""
ISSUER = "Jinlin"
KEY_BYTES = 20
"""As long as SHA-1's digest (RFC 4226, 4): what every authenticator app knows."""


def key_for(activity: str, secret: str) -> bytes:
    """What an activity's codes are made from."""
    said = f"check-in:{activity}".encode()
    return hmac.new(secret.encode(), said, sha256).digest()[:KEY_BYTES]


def code_at(activity: str, moment: datetime, secret: str) -> str:
    """The code of a minute."""
    return _code(activity, _step(moment), secret)


def codes_at(activity: str, moment: datetime, secret: str) -> frozenset[str]:
    """The codes that are taken then."""
    now = _step(moment)
    steps: Iterable[int] = range(now - TOLERANCE, now + TOLERANCE + 1)
    return frozenset(_code(activity, step, secret) for step in steps)


def otpauth_uri(activity: str, title: str, secret: str) -> str:
    """What an authenticator app reads, as a picture or as a link."""
    key = b32encode(key_for(activity, secret)).decode()
    period = STEP // timedelta(seconds=1)
    label = quote(f"{ISSUER}:{title}", safe=":")
    return (
        f"otpauth://totp/{label}?secret={key}&issuer={ISSUER}"
        f"&algorithm=SHA1&digits={DIGITS}&period={period}"
    )


def good_until(moment: datetime) -> datetime:
    """When the code of that minute is followed by another."""
    return moment + STEP - timedelta(seconds=moment.timestamp() % STEP.total_seconds())


def _step(moment: datetime) -> int:
    return int(moment.timestamp() // STEP.total_seconds())


@lru_cache(maxsize=CODES_KEPT)
def _code(activity: str, step: int, secret: str) -> str:
    period = STEP // timedelta(seconds=1)
    totp = TOTP(key_for(activity, secret), DIGITS, SHA1(), period)  # noqa: S303  as RFC 6238 has it
    return totp.generate(step * period).decode()


@cache
def secret_in_use() -> str:
    """``JINLIN_CHECK_IN_SECRET``, read once. Ends the process where it is missing; the service does
    not start without it.
    """
    try:
        return read_secret(SECRET)
    except WrongSettings as wrong:
        give_up(*wrong.lines)
