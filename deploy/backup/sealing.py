"""Files that only who has the key can read, or alter unnoticed: AES-256-GCM in segments.

A file begins with `MAGIC` and a salt; the key of the file is derived from the key, the salt and the
file's name, so that no file passes for another one. Each segment is its length (4 bytes) and what
AES-GCM makes of it; its number is the nonce, and the last one says that it is the last: what was
cut off is noticed, too.
"""

import base64
import binascii
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from deploy.backup.troubles import Damaged, NoKey

MAGIC = b"jinlin-sealed-1\n"
SALT = 16
KEY = 32
SEGMENT = 1 << 20
"""Bytes of a segment before it is sealed."""
OPENED, LAST = b"more", b"last"


def key_in(file: Path) -> bytes:
    """The key in a file: 32 bytes in base64, as ``openssl rand -base64 32`` writes them. Raises
    `NoKey`.
    """
    try:
        key = base64.b64decode(file.read_text().strip(), validate=True)
    except (OSError, ValueError, binascii.Error) as error:
        raise NoKey(f"{file}: no key can be read there ({type(error).__name__})") from None
    if len(key) != KEY:
        raise NoKey(f"{file}: expected {KEY} bytes in base64 (openssl rand -base64 {KEY})")
    return key


class Sealing:
    """Seals what is written and hands it on; `close` leaves the file itself open."""

    def __init__(self, file: IO[bytes], key: bytes, name: str) -> None:
        salt = os.urandom(SALT)
        self._file = file
        self._cipher = _cipher(key, salt, name)
        self._number = 0
        self._waiting = bytearray()
        file.write(MAGIC + salt)

    def write(self, data: bytes) -> None:
        """Takes more of the content."""
        self._waiting += data
        # One segment is kept back: which is the last is known at the end.
        while len(self._waiting) > SEGMENT:
            self._seal(bytes(self._waiting[:SEGMENT]), OPENED)
            del self._waiting[:SEGMENT]

    def close(self) -> None:
        """Seals what is left as the last segment."""
        self._seal(bytes(self._waiting), LAST)

    def _seal(self, segment: bytes, place: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), segment, place)
        self._file.write(len(sealed).to_bytes(4) + sealed)
        self._number += 1


def opened(file: IO[bytes], key: bytes, name: str) -> Iterator[bytes]:
    """The content of a sealed file, in pieces. Raises `Damaged` where it is not what was sealed
    under this name with this key.
    """
    if file.read(len(MAGIC)) != MAGIC:
        raise Damaged(f"{name} is not a sealed file")
    cipher = _cipher(key, file.read(SALT), name)
    number, length = 0, file.read(4)
    while length:
        sealed = file.read(int.from_bytes(length))
        length = file.read(4)
        try:
            yield cipher.decrypt(_nonce(number), sealed, OPENED if length else LAST)
        except InvalidTag:
            raise Damaged(f"{name} was sealed with another key, or altered") from None
        number += 1
    if number == 0:
        raise Damaged(f"{name} was cut off")


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    derived = HKDF(SHA256(), KEY, salt, b"jinlin backup " + name.encode()).derive(key)
    return AESGCM(derived)


def _nonce(number: int) -> bytes:
    return number.to_bytes(12)
