"""Receipts (回执): a number that people can read out, and a code for those who do not log in.

The number's last digit checks the others (ISO 7064, MOD 11,10): a wrong digit is noticed, and so
are most swapped ones. The code is made from the petition's id with the secret of the installation;
it is kept nowhere.
"""

import hmac
import re
import unicodedata
from collections import OrderedDict
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from shared.runtime.clock import Clock
from shared.runtime.journal import Journal
from shared.runtime.settings import WrongSettings, give_up, read_secret

DIGITS = 9
"""Of a receipt number, before its check digit."""
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes: 32 characters that nobody takes for one another."""
CODE_LENGTH = 8
SECRET = "QUERY_CODE_SECRET"

WRONG_TRIES = 5
"""After so many the receipt is locked."""
LOCKED_FOR = timedelta(minutes=15)
MOST_WATCHED = 20_000
"""Receipts whose wrong tries are remembered by a process."""

_SEPARATORS = re.compile(r"[\s\-–—_.·]+")


class Misread(Exception):
    """The check digit says that it is no receipt number: somebody misread or mistyped it."""


class Locked(Exception):
    """Too many wrong codes; `seconds` from now it is looked at again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


# --- numbers -------------------------------------------------------------------------------------


def receipt_of(number: int) -> str:
    """The receipt with this number, digits only."""
    digits = f"{number:0{DIGITS}d}"
    return digits + str(mod_11_10.calc_check_digit(digits))


def grouped(receipt: str) -> str:
    """As it is read out: ``000 012 3456``."""
    return f"{receipt[:3]} {receipt[3:6]} {receipt[6:]}"


def read_receipt(given: str) -> str:
    """The receipt that somebody typed, however grouped. Raises `Misread`."""
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", given))
    if not re.fullmatch(rf"[0-9]{{{DIGITS + 1},{DIGITS + 4}}}", digits):
        raise Misread(given)
    try:
        mod_11_10.validate(digits)
    except ValidationError:
        raise Misread(given) from None
    return digits


# --- codes ---------------------------------------------------------------------------------------


def code_for(petition: str, secret: str) -> str:
    """The code of a petition's receipt."""
    digest = hmac.new(secret.encode(), f"query-code:{petition}".encode(), sha256).digest()
    number = int.from_bytes(digest)
    return "".join(ALPHABET[number >> 5 * n & 31] for n in range(CODE_LENGTH))


def is_code(given: str, petition: str, secret: str) -> bool:
    """Whether this is its code, however written; takes as long whatever was given."""
    typed = _SEPARATORS.sub("", unicodedata.normalize("NFKC", given)).upper()
    return hmac.compare_digest(typed.encode(), code_for(petition, secret).encode())


@cache
def secret_in_use() -> str:
    """``JINLIN_QUERY_CODE_SECRET``, read once. Ends the process where it is missing; the service
    does not start without it.
    """
    try:
        return read_secret(SECRET)
    except WrongSettings as wrong:
        give_up(*wrong.lines)


# --- guessing ------------------------------------------------------------------------------------


class Tries:
    """Codes tried in vain by receipt, in one process: five, then none for a quarter of an hour.

    With 32^8 codes and 20 tries an hour nobody finds one; that a process which starts again, or a
    second one, gives five more changes nothing about it. It is a `shared.runtime.copies.Kept`
    thing, for each process has its own.
    """

    name = "tries"
    ready = True

    def __init__(self, most: int = MOST_WATCHED) -> None:
        self._most = most
        self._vain: OrderedDict[str, tuple[int, datetime]] = OrderedDict()

    async def loaded(self) -> None:
        """There is nothing to load."""

    async def follow(self, journal: Journal, clock: Clock) -> None:
        """There is nothing to follow."""

    def one_more(self, receipt: str, now: datetime) -> None:
        """Counts a try, as one in vain until `clear` says otherwise: of many at the same time each
        counts. Raises `Locked`.
        """
        count, last = self._vain.get(receipt, (0, now))
        if now >= last + LOCKED_FOR:
            count = 0
        elif count >= WRONG_TRIES:
            raise Locked(int((last + LOCKED_FOR - now).total_seconds()) + 1)
        self._vain[receipt] = (count + 1, now)
        self._vain.move_to_end(receipt)
        if len(self._vain) > self._most:
            self._vain.popitem(last=False)

    def clear(self, receipt: str) -> None:
        """The code was right, or could not be looked at."""
        self._vain.pop(receipt, None)
