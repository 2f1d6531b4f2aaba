"""Receipts (回执): a number that people can read out, and a code for those who do not log in.

The number's last digit checks the others (ISO 7064, MOD 11,10): a wrong digit is noticed, and so
are most swapped ones. The code is made from the petition's id with the secret of the installation;
it is kept nowhere.
"""

import hmac
import re
import unicodedata
from functools import cache
from hashlib import sha256

from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from shared.runtime.settings import WrongSettings, give_up, read_secret

DIGITS = 9
"""Of a receipt number, before its check digit."""
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of codes: 32 characters that nobody takes for one another."""
CODE_LENGTH = 8
SECRET = "QUERY_CODE_SECRET"

_SEPARATORS = re.compile(r"[\s\-–—_.·]+")


class Misread(Exception):
    """The check digit says that it is no receipt number: somebody misread or mistyped it."""


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
