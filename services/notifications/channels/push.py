"""Push messages to browsers (RFC 8030): encrypted for the browser alone (RFC 8291), signed with the
installation's key, by which push services know it (VAPID, RFC 8292).
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from services.notifications.channels.answers import Posts, posted, trouble_of
from services.notifications.channels.channel import Letter, NotSent
from services.notifications.domain.ways import Way

CURVE = ec.SECP256R1()
TOKEN_LASTS = timedelta(hours=12)
"""Of a VAPID token; push services take 24 hours at most."""
TOKEN_USED = timedelta(hours=11)
RECORD_SIZE = 4096
MOST_PLAIN = 3_993
"""Bytes that fit into the one record that push services carry (RFC 8291, 4)."""
KEPT_FOR = timedelta(days=1)
"""How long a push service keeps a message for a browser that is away, if it does not expire."""
MOST_TOKENS = 100


class WrongKey(ValueError):
    """It is no key of P-256."""


class Push:
    """All push services: each subscription names its own."""

    way = Way.PUSH

    def __init__(self, key: ec.EllipticCurvePrivateKey, contact: str, client: Posts) -> None:
        """`contact` is a ``mailto:`` or ``https:`` address of the operator, for push services."""
        self._key = key
        self._contact = contact
        self._client = client
        self._tokens: dict[str, tuple[str, datetime]] = {}

    @property
    def public_key(self) -> str:
        """What a browser subscribes with (``applicationServerKey``): base64url, 65 bytes."""
        return encoded(point_of(self._key.public_key()))

    def provider(self, address: Mapping[str, Any]) -> str:
        """The push service's host."""
        return urlsplit(address["endpoint"]).hostname or ""

    async def send(self, letter: Letter, address: Mapping[str, Any]) -> str:
        """Hands it to the subscription's push service. Raises `NotSent`."""
        content = orjson.dumps(
            {"id": letter.id, "title": letter.title, "body": letter.body, "about": letter.about}
        )
        try:
            body = encrypted(content, address["p256dh"], address["auth"])
        except WrongKey:
            raise NotSent("wrong-key", bad_address=True) from None
        endpoint = address["endpoint"]
        keep = KEPT_FOR if letter.expires is None else letter.expires - letter.now
        headers = {
            "Authorization": self._authorization(endpoint, letter.now),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(max(0, int(min(keep, KEPT_FOR).total_seconds()))),
            "Urgency": "high" if letter.urgent else "normal",
            # A second one under the same topic replaces one that has not been shown.
            "Topic": letter.id[:32],
        }
        answer = await posted(self._client, endpoint, headers, body)
        if answer.status < 300:
            return ""
        if answer.status in (404, 410):
            raise NotSent(f"http-{answer.status}", bad_address=True)
        if answer.status not in (401, 403):  # those are about this subscription's key
            trouble = trouble_of(answer, letter.now)
            if trouble is not None:
                raise trouble
        raise NotSent(f"http-{answer.status}", permanent=True)

    async def close(self) -> None:
        """Closes its connections."""
        await self._client.close()

    def _authorization(self, endpoint: str, now: datetime) -> str:
        parts = urlsplit(endpoint)
        origin = f"{parts.scheme}://{parts.netloc}"
        token, until = self._tokens.get(origin, ("", now))
        if now >= until:
            claims = {
                "aud": origin,
                "exp": int((now + TOKEN_LASTS).timestamp()),
                "sub": self._contact,
            }
            header = {"typ": "JWT", "alg": "ES256"}
            key = ECKey.import_key(self._key)
            token = jwt.encode(header, claims, key, algorithms=["ES256"])
            if len(self._tokens) >= MOST_TOKENS:
                self._tokens.clear()
            self._tokens[origin] = (token, now + TOKEN_USED)
        return f"vapid t={token}, k={self.public_key}"


def encrypted(
    plain: bytes,
    p256dh: str,
    auth: str,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The body for a subscription with these keys (RFC 8291 over RFC 8188). `own` and `salt` are
    fresh unless a test gives them. Raises `WrongKey`, ValueError for what is too long.
    """
    if len(plain) > MOST_PLAIN:
        raise ValueError(f"a push message has at most {MOST_PLAIN} bytes")
    own = own or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    try:
        point, secret = decoded(p256dh), decoded(auth)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
    except (ValueError, UnsupportedAlgorithm):
        raise WrongKey from None
    ours = point_of(own.public_key())
    shared_secret = own.exchange(ec.ECDH(), theirs)
    material = _hmac(_hmac(secret, shared_secret), b"WebPush: info\0" + point + ours + b"\1")
    derived = _hmac(salt, material)
    key = _hmac(derived, b"Content-Encoding: aes128gcm\0\1")[:16]
    nonce = _hmac(derived, b"Content-Encoding: nonce\0\1")[:12]
    head = salt + RECORD_SIZE.to_bytes(4) + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, plain + b"\2", None)


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The key from its 32 bytes in base64url, as tools for VAPID write it. Raises `WrongKey`."""
    try:
        number = decoded(text)
        if len(number) != 32:
            raise WrongKey
        return ec.derive_private_key(int.from_bytes(number), CURVE)
    except ValueError:
        raise WrongKey from None


def point_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The public key as 65 bytes."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """From base64url, padded or not. Raises ValueError."""
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def _hmac(key: bytes, content: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(content)
    return made.finalize()
