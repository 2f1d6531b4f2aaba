"""The public events of **ledger**: a module per chapter. Codes, ids, digests, times and numbers."""

from shared.contracts.ledger.credentials import (
    CredentialExpired,
    CredentialIssued,
    CredentialRevoked,
)
from shared.contracts.ledger.log import EntriesSealed, LogKeyFollowed, TreeHeadSigned

__all__ = [
    "CredentialExpired",
    "CredentialIssued",
    "CredentialRevoked",
    "EntriesSealed",
    "LogKeyFollowed",
    "TreeHeadSigned",
]
