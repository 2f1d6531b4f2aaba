"""Codes that are shown at a till: of the minute, made from the account, how many of its codes were
used, and the secret of the installation (as in RFC 6238); kept nowhere.

A code is good in its minute and the one after it, so for two minutes at most. With every code that
is used all codes of the account change: none is good twice.
"""

import hmac
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from shared.runtime.settings import WrongSettings, give_up, read_secret

SECRET = "TILL_CODE_SECRET"
DIGITS = 8
STEP = timedelta(minutes=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def code_at(account: str, uses: int, moment: datetime, secret: str) -> str:
    """The code of that minute."""
    said = f"till:{account}:{uses}:{_step(moment)}".encode()
    digest = hmac.new(secret.encode(), said, sha256).digest()
    return f"{int.from_bytes(digest) % 10**DIGITS:0{DIGITS}d}"


def good_until(moment: datetime) -> datetime:
    """Until when the code of that minute is taken."""
    return _EPOCH + (_step(moment) + 2) * STEP


def is_code(given: str, account: str, uses: int, now: datetime, secret: str) -> bool:
    """Whether a code is good now; takes as long whatever was given."""
    good = [code_at(account, uses, now - age * STEP, secret) for age in range(2)]
    fits = [hmac.compare_digest(given.encode(), code.encode()) for code in good]
    return any(fits)


def _step(moment: datetime) -> int:
    return (moment - _EPOCH) // STEP


@cache
def secret_in_use() -> str:
    """``JINLIN_TILL_CODE_SECRET``, read once. Ends the process where it is missing; the service
    does not start without it.
    """
    try:
        return read_secret(SECRET)
    except WrongSettings as wrong:
        give_up(*wrong.lines)
