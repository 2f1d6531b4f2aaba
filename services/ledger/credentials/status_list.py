"""A list of bits that says which credentials were revoked, written as a credential itself.

Source: W3C Bitstring Status List v1.0 (https://www.w3.org/TR/vc-bitstring-status-list/). Of what it
offers one purpose is used, ``revocation``, with one bit for each credential.
"""

import gzip
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from services.ledger.credentials.multibase import WrongBase, base64url, from_base64url
from services.ledger.credentials.writing import V2, moment

ENTRIES = 131_072
"""In a list of ours, and at least in any: 16 KB of bits, so that one among them is nobody."""
MOST_BYTES = 1024 * 1024
"""Of a list that is read: 8 million entries."""
FRESH_FOR = timedelta(minutes=5)
"""How long a list may be kept before it is asked for again."""
GOOD_FOR = timedelta(days=1)
"""How long what a list says may be relied on: who was revoked since shows an old list."""
PURPOSE = "revocation"
SQUEEZE = 6
"""How hard a list is compressed: harder takes many times as long and saves next to nothing."""


class WrongList(ValueError):
    """It is no status list, or a shorter one than there may be."""


@lru_cache(maxsize=32)
def encoded(bits: bytes) -> str:
    """The bits as ``encodedList`` (Bitstring Generation Algorithm)."""
    return "u" + base64url(gzip.compress(bits, SQUEEZE, mtime=0))


def decoded(text: object) -> bytes:
    """The bits of an ``encodedList`` (Bitstring Expansion Algorithm). Raises `WrongList`."""
    if not isinstance(text, str) or not text.startswith("u"):
        raise WrongList("no Multibase in base64url")
    unpacking = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        bits = unpacking.decompress(from_base64url(text[1:]), MOST_BYTES + 1)
    except (WrongBase, zlib.error):
        raise WrongList("no GZIP in base64url") from None
    if not unpacking.eof or unpacking.unused_data or len(bits) > MOST_BYTES:
        raise WrongList("cut short, or too long")
    if 8 * len(bits) < ENTRIES:
        raise WrongList("too few entries to hide anybody among")
    return bits


def is_set(bits: bytes, index: int) -> bool:
    """The bit at an index; the first one is the leftmost. Raises `WrongList` outside of them."""
    if not 0 <= index < 8 * len(bits):
        raise WrongList("no such entry")
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def list_address(base: str, number: int) -> str:
    """Where a list is published."""
    return f"{base}/status-lists/{number}"


def entry(base: str, number: int, index: int) -> dict[str, Any]:
    """What a credential says of its place in a list (``BitstringStatusListEntry``)."""
    address = list_address(base, number)
    return {
        "id": f"{address}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": PURPOSE,
        "statusListIndex": str(index),
        "statusListCredential": address,
    }


def unsigned_list(
    base: str, issuer: str, number: int, bits: bytes, now: datetime
) -> dict[str, Any]:
    """A list as ``BitstringStatusListCredential``, before it is signed: what holds now."""
    address = list_address(base, number)
    return {
        "@context": [V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": moment(now),
        "validUntil": moment(now + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": PURPOSE,
            "encodedList": encoded(bits),
            "ttl": FRESH_FOR // timedelta(milliseconds=1),
        },
    }


def is_revoked(status: Mapping[str, Any], listed: Mapping[str, Any]) -> bool:
    """Whether a list, whose proof was verified, says so of a credential with this
    ``credentialStatus`` (Validate Algorithm). Raises `WrongList` where it is no list for it.
    """
    subject = listed.get("credentialSubject")
    if (
        "BitstringStatusListCredential" not in _texts(listed.get("type"))
        or listed.get("id") != status.get("statusListCredential")
        or not isinstance(subject, dict)
        or subject.get("type") != "BitstringStatusList"
        or status.get("type") != "BitstringStatusListEntry"
        or status.get("statusPurpose") != PURPOSE
        or PURPOSE not in _texts(subject.get("statusPurpose"))
        or status.get("statusSize", 1) != 1
    ):
        raise WrongList("another list than the credential names")
    index = status.get("statusListIndex")
    if not isinstance(index, str) or not index.isdecimal() or not index.isascii():
        raise WrongList("an entry without a number")
    if len(index) > len(str(8 * MOST_BYTES)):
        raise WrongList("no such entry")
    return is_set(decoded(subject.get("encodedList")), int(index))


def _texts(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
