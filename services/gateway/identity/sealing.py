"""Sealing: what is handed to a browser to keep, and must come back unread and unchanged."""

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

    def __init__(self, secret: str, purpose: str, before: str | None = None) -> None:
        """`before` is the secret of the time before this one: it opens, and closes nothing."""
        secrets = [secret] if before is None else [secret, before]
        self._keys = [OctKey.import_key(derived(one, purpose)) for one in secrets]

    def sealed(self, thing: Any) -> str:
        """The thing, closed."""
        header = {"alg": ALGORITHMS[0], "enc": ALGORITHMS[1]}
        return jwe.encrypt_compact(
            header, msgspec.json.encode(thing), self._keys[0], algorithms=list(ALGORITHMS)
        )

    def opened(self, text: str, kind: type[T]) -> T | None:
        """The thing; None for what this seal did not close, or of another shape."""
        for key in self._keys:
            try:
                found = jwe.decrypt_compact(text, key, algorithms=list(ALGORITHMS))
                return msgspec.json.decode(found.plaintext or b"", type=kind)
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        return None
