"""Codes in the addresses of calendars: made from the feed and the secret of the installation, kept
nowhere.
"""

import hmac
from base64 import b32encode
from functools import cache
from hashlib import sha256

from shared.runtime.settings import WrongSettings, give_up, read_secret

SECRET = "CALENDAR_FEED_SECRET"
CODE_BYTES = 20
"""160 bits: nobody finds one by trying."""


def code_for(feed: str, turn: int, secret: str) -> str:
    """The code of a feed's present address."""
    digest = hmac.new(secret.encode(), f"calendar-feed:{feed}:{turn}".encode(), sha256).digest()
    return b32encode(digest[:CODE_BYTES]).decode().lower()


def is_code(given: str, feed: str, turn: int, secret: str) -> bool:
    """Whether this is its code; takes as long whatever was given."""
    return hmac.compare_digest(given.encode(), code_for(feed, turn, secret).encode())


@cache
def secret_in_use() -> str:
    """``JINLIN_CALENDAR_FEED_SECRET``, read once. Ends the process where it is missing; the service
    does not start without it.
    """
    try:
        return read_secret(SECRET)
    except WrongSettings as wrong:
        give_up(*wrong.lines)
