"""A credential, its keys and its status list, made without a service."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.ledger.credentials.data_integrity import signed
from services.ledger.credentials.disclosing import Claim, digests, salted
from services.ledger.credentials.issuers import (
    Issuer,
    IssuerKey,
    did_document,
    did_web,
    method_of,
    read_did_document,
)
from services.ledger.credentials.multibase import base64url
from services.ledger.credentials.status_list import ENTRIES, entry, unsigned_list
from services.ledger.credentials.writing import moment, presentation, unsigned_credential

BASE = "https://ledger.example"
DID = did_web(BASE)
NOW = datetime(2026, 5, 3, 1, 0, tzinfo=UTC)
UNTIL = NOW + timedelta(days=365)
INDEX = 94_567
VALUES: dict[str, Any] = {
    "name": "王小明",
    "minutes": 120,
    "from": "2026-01-01",
    "replaces": None,
    "services": [{"kind": "activity", "minutes": 120}],
}
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def public_of(secret: Ed25519PrivateKey) -> bytes:
    return secret.public_key().public_bytes_raw()


@dataclass
class Made:
    """A credential with its claims, and who signed it."""

    secret: Ed25519PrivateKey = SECRET
    values: dict[str, Any] = field(default_factory=lambda: VALUES)
    bits: bytes = bytes(ENTRIES // 8)

    def __post_init__(self) -> None:
        salts = [base64url(bytes([n + 1]) * 16) for n in range(len(self.values))]
        self.claims: tuple[Claim, ...] = salted(self.values, salts)
        status = entry(BASE, 1, INDEX)
        document = unsigned_credential(
            BASE, DID, "ABCD", "HoursCredential", NOW, UNTIL, status, digests(self.claims)
        )
        self.credential = self.sign(document)

    def sign(self, document: dict[str, Any], at: datetime = NOW) -> dict[str, Any]:
        method = method_of(DID, public_of(self.secret))
        return signed(document, self.secret.sign, method, moment(at))

    def showing(self, *names: str) -> dict[str, Any]:
        chosen = [claim.as_json() for claim in self.claims if claim.name in names]
        return presentation(self.credential, chosen)

    def listed(self, at: datetime = NOW) -> dict[str, Any]:
        return self.sign(unsigned_list(BASE, DID, 1, self.bits, at), at)

    def issuer(self, expires: datetime | None = None, revoked: datetime | None = None) -> Issuer:
        key = IssuerKey(public_of(self.secret), expires, revoked)
        return read_did_document(did_document(DID, [key]))


def with_bit(index: int) -> bytes:
    """A list in which one bit is set."""
    bits = bytearray(ENTRIES // 8)
    bits[index // 8] = 0x80 >> index % 8
    return bytes(bits)
