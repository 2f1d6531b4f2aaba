"""Sealing: what is handed to a browser to keep, and must come back unread and unchanged."""

import hashlib
import hmac
from typing import Any, TypeVar

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

ALGORITHMS = ("dir", "A256GCM")
KEY_BYTES = 32

T = TypeVar("T")


def derived(secret: str, purpose: str) -> bytes:
    """The key for one purpose, by HKDF (RFC 5869): what is sealed for one opens for no other."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"jinlin/{purpose}".encode()).derive(
        secret.encode()
    )


class Seal:
    """Seals for one purpose: JWE (RFC 7516), direct encryption with AES-256-GCM."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = OctKey.import_key(derived(secret, purpose))

    def sealed(self, thing: Any) -> str:
        """The thing, closed."""
        header = {"alg": ALGORITHMS[0], "enc": ALGORITHMS[1]}
        return jwe.encrypt_compact(
            header, msgspec.json.encode(thing), self._key, algorithms=list(ALGORITHMS)
        )

    def opened(self, text: str, kind: type[T]) -> T | None:
        """The thing; None for what this seal did not close, or of another shape."""
        try:
            found = jwe.decrypt_compact(text, self._key, algorithms=list(ALGORITHMS))
            return msgspec.json.decode(found.plaintext or b"", type=kind)
        except (JoseError, ValueError, TypeError, KeyError):
            return None


class Stamp:
    """Stamps words, so that they are known again."""

    def __init__(self, secret: str, purpose: str) -> None:
        self._key = derived(secret, purpose)

    def of(self, words: str) -> bytes:
        """The stamp on these words."""
        return hmac.new(self._key, words.encode(), hashlib.sha256).digest()
