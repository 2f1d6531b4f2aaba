"""The public events of **ledger**: a module per chapter. Codes, ids, digests, times and numbers."""

from shared.contracts.ledger.credentials import (
    CredentialExpired,
    CredentialIssued,
    CredentialRevoked,
)

__all__ = [
    "CredentialExpired",
    "CredentialIssued",
    "CredentialRevoked",
]
