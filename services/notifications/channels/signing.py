"""Signatures between us and the gateways: Standard Webhooks 1.0, symmetric (``v1``).

Signed is ``<id>.<timestamp>.<body>`` with HMAC-SHA256; the headers are ``webhook-id``,
``webhook-timestamp`` (Unix seconds) and ``webhook-signature``. The key are the bytes of the secret
that both sides have; libraries that want a ``whsec_`` take it in base64.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256

TOLERANCE = timedelta(minutes=5)
"""How far the two clocks may differ, and how long a signed request may be repeated."""
LONGEST_ID = 128


class NotSigned(Exception):
    """It does not come from who has the secret, or not from now."""


def signed(id: str, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """The headers that sign a body."""
    timestamp = str(int(now.timestamp()))
    return {
        "webhook-id": id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{_signature(id, timestamp, body, secret)}",
    }


def verified(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> str:
    """The id of a signed request. Raises `NotSigned`."""
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not 0 < len(id) <= LONGEST_ID or not timestamp.isdecimal() or len(timestamp) > 12:
        raise NotSigned
    if abs(datetime.fromtimestamp(int(timestamp), UTC) - now) > TOLERANCE:
        raise NotSigned
    wanted = f"v1,{_signature(id, timestamp, body, secret)}".encode()
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(one.encode(), wanted) for one in given[:10]):
        raise NotSigned
    return id


def _signature(id: str, timestamp: str, body: bytes, secret: str) -> str:
    content = f"{id}.{timestamp}.".encode() + body
    return b64encode(hmac.new(secret.encode(), content, sha256).digest()).decode()
