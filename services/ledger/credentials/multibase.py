"""Bytes as text that says how it was written: Multibase base58-btc (``z``) and base64url without
padding (``u``), and Ed25519 keys as Multikey.

Source: W3C Controlled Identifiers v1.0 (https://www.w3.org/TR/cid-1.0/), Multibase and Multikey.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

ED25519_PUBLIC = b"\xed\x01"
"""What a Multikey begins with that is an Ed25519 public key."""
KEY_BYTES = 32
LONGEST_BASE58 = 200
"""Characters: it is read in quadratic time."""

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BASE64URL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


class WrongBase(ValueError):
    """The text is not written as it says."""


def base58(data: bytes) -> str:
    """``z`` and the bytes in base58-btc."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number, digits = int.from_bytes(data), []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_BASE58[digit])
    return "z" + _BASE58[0] * zeros + "".join(reversed(digits))


def from_base58(text: str) -> bytes:
    """The bytes. Raises `WrongBase`."""
    if not text.startswith("z") or len(text) > LONGEST_BASE58:
        raise WrongBase("no base58-btc")
    digits, number = text[1:], 0
    for digit in digits:
        value = _BASE58.find(digit)
        if value < 0:
            raise WrongBase("no base58-btc")
        number = 58 * number + value
    zeros = len(digits) - len(digits.lstrip(_BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


def base64url(data: bytes) -> str:
    """The bytes in base64url without padding; without the ``u``."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """The bytes. Raises `WrongBase`, for what is not the one way to write them, too."""
    if not _BASE64URL.issuperset(text) or len(text) % 4 == 1:
        raise WrongBase("no base64url")
    data = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64url(data) != text:
        raise WrongBase("no base64url")
    return data


def multikey(public: bytes) -> str:
    """An Ed25519 public key as Multikey."""
    return base58(ED25519_PUBLIC + public)


def from_multikey(text: str) -> bytes:
    """The 32 bytes of an Ed25519 public key. Raises `WrongBase`."""
    data = from_base58(text)
    if not data.startswith(ED25519_PUBLIC) or len(data) != len(ED25519_PUBLIC) + KEY_BYTES:
        raise WrongBase("no Ed25519 public key")
    return data.removeprefix(ED25519_PUBLIC)
