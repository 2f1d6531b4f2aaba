"""Ed25519 for signed notes: private keys as a line of text, signing, verifying."""

from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.merkle.notes import (
    TIMESTAMPED,
    Key,
    Malformed,
    Signature,
    base64,
    signature_of,
    unbase64,
)

PREFIX = "PRIVATE+KEY+"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key with its public half."""

    key: Key
    private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"Signer({self.key})"

    def sign(self, body: str, seconds: int) -> Signature:
        """The signature over a text, as of then (POSIX seconds)."""
        return signature_of(self.key, body, seconds, self.private.sign)

    @property
    def secret(self) -> str:
        """The line that `signer_in` reads: to be kept from everybody."""
        seed = bytes([TIMESTAMPED]) + self.private.private_bytes_raw()
        return f"{PREFIX}{self.key.name}+{self.key.id.hex()}+{base64(seed)}"


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the public key made the signature."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_signer(name: str) -> Signer:
    """A new key of that name."""
    return _signer(name, Ed25519PrivateKey.generate())


def signer_in(line: str) -> Signer:
    """Reads ``PRIVATE+KEY+<name>+<id>+<base64>``. Raises `Malformed`, without quoting it."""
    text = line.strip()
    name, id, material = [*text.removeprefix(PREFIX).split("+", 2), "", ""][:3]
    raw = unbase64(material)
    if not text.startswith(PREFIX) or len(raw) != 33 or raw[0] != TIMESTAMPED:
        raise Malformed(f"not a private key: expected {PREFIX}<name>+<id>+<base64>")
    signer = _signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]))
    if signer.key.id.hex() != id:
        raise Malformed("not a private key: its id is not that of its name and key")
    return signer


def _signer(name: str, private: Ed25519PrivateKey) -> Signer:
    return Signer(Key(name, private.public_key().public_bytes_raw()), private)
