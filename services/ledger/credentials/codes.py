"""Short codes: what is typed where nothing can be scanned.

Ten characters that nobody guesses and one that checks them (ISO 7064, hybrid MOD 33,32): a wrong
character is noticed, and so are two that changed places.
"""

import re
import unicodedata

from stdnum.iso7064 import mod_37_36

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 characters that nobody takes for one another."""
LENGTH = 10
"""Characters, before the one that checks them: 50 bits."""
CODE_BYTES = 8
"""Random bytes from which a code is made."""

_SEPARATORS = re.compile(r"[\s\-–—_.·]+")


def code_of(chance: bytes) -> str:
    """The code that these random bytes make."""
    number = int.from_bytes(chance[:CODE_BYTES])
    drawn = "".join(ALPHABET[number >> 5 * n & 31] for n in range(LENGTH))
    return drawn + str(mod_37_36.calc_check_digit(drawn, alphabet=ALPHABET))


def grouped(code: str) -> str:
    """As it is read out: ``ABCD 2345 678``."""
    return " ".join((code[:4], code[4:8], code[8:]))


def read_code(given: str) -> str | None:
    """The code that somebody typed, however grouped; None for what cannot be one."""
    typed = _SEPARATORS.sub("", unicodedata.normalize("NFKC", given)).upper()
    if len(typed) != LENGTH + 1 or not set(ALPHABET).issuperset(typed):
        return None
    return typed if mod_37_36.is_valid(typed, alphabet=ALPHABET) else None
