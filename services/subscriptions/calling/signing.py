"""Secrets and signatures of webhooks by Standard Webhooks 1.0
(https://github.com/standard-webhooks/standard-webhooks): ``v1`` is HMAC-SHA256, ``v1a`` Ed25519.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SECRET, PRIVATE, PUBLIC = "whsec_", "whsk_", "whpk_"
SECRET_BYTES = 32
"""The standard takes 24 to 64."""
SEED_BYTES = 32


def secret_of(random: bytes) -> str:
    """A secret for HMAC, as it is given to the other side."""
    return SECRET + b64encode(random).decode()


def pair_of(seed: bytes) -> tuple[str, str]:
    """A private key for Ed25519 and its public one, from 32 random bytes."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return PRIVATE + b64encode(seed).decode(), PUBLIC + b64encode(public).decode()


class Signer:
    """Signs with one or more secrets, the present one first: whoever knows one of them can tell
    that a call is ours.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._hmac = [_key(each, SECRET) for each in secrets if each.startswith(SECRET)]
        self._ed25519 = [
            Ed25519PrivateKey.from_private_bytes(_key(each, PRIVATE))
            for each in secrets
            if each.startswith(PRIVATE)
        ]

    def headers(self, id: str, timestamp: int, body: bytes) -> dict[str, str]:
        """What a call bears: its id, the seconds since 1970 of this attempt, and the signatures.

        The id has no dot in it: a dot ends it in what is signed.
        """
        signed = b"%s.%d.%s" % (id.encode(), timestamp, body)
        signatures = [f"v1,{_text(hmac.digest(key, signed, 'sha256'))}" for key in self._hmac]
        signatures += [f"v1a,{_text(key.sign(signed))}" for key in self._ed25519]
        return {
            "webhook-id": id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signatures),
        }


def _key(secret: str, prefix: str) -> bytes:
    return b64decode(secret.removeprefix(prefix))


def _text(signature: bytes) -> str:
    return b64encode(signature).decode()
