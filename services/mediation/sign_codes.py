"""Codes that an agreement is signed with: made from the agreement, its version, the digest of what
is signed, who signs and the minute, with the secret of the installation; kept nowhere.

A code is good in its minute and the four after it, for one signer and one version: a new version
makes every code of the one before worthless, and a party that has signed needs none any more.
"""

import hmac
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from shared.runtime.settings import WrongSettings, give_up, read_secret

SECRET = "SIGN_CODE_SECRET"
DIGITS = 8
"""Of a code: `shared.contracts.types.EightDigits`."""
STEP = timedelta(minutes=1)
STEPS = 5
"""Minutes in which a code is good."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def code_at(
    agreement: str, version: int, digest: str, signer: str, moment: datetime, secret: str
) -> str:
    """The code of that minute."""
    said = "\n".join(("sign", agreement, str(version), digest, signer, str(_step(moment))))
    made = hmac.new(secret.encode(), said.encode(), sha256).digest()
    return f"{int.from_bytes(made) % 10**DIGITS:0{DIGITS}d}"


def good_until(moment: datetime) -> datetime:
    """Until when the code of that minute is taken."""
    return _EPOCH + (_step(moment) + STEPS) * STEP


def is_code(
    given: str, agreement: str, version: int, digest: str, signer: str, now: datetime, secret: str
) -> bool:
    """Whether a code is good now; takes as long whatever was given."""
    good = [
        code_at(agreement, version, digest, signer, now - age * STEP, secret)
        for age in range(STEPS)
    ]
    fits = [hmac.compare_digest(given.encode(), code.encode()) for code in good]
    return any(fits)


def _step(moment: datetime) -> int:
    return (moment - _EPOCH) // STEP


@cache
def secret_in_use() -> str:
    """``JINLIN_SIGN_CODE_SECRET``, read once. Ends the process where it is missing; the service
    does not start without it.
    """
    try:
        return read_secret(SECRET)
    except WrongSettings as wrong:
        give_up(*wrong.lines)
