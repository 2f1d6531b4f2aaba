"""What is told of the world to the rules of credentials: the document and the credential replaced,
what writes and signs; codes, salts and seeds that nobody guesses.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_bytes, token_hex
from typing import Any

from services.ledger.credentials.codes import CODE_BYTES, code_of
from services.ledger.credentials.disclosing import SALT_BYTES
from services.ledger.credentials.multibase import base64url
from services.ledger.domain.credentials.credential import credential, digest_of
from services.ledger.domain.credentials.credential_commands import IssueCredential
from services.ledger.domain.credentials.credential_state import Credential, Issuing
from services.ledger.domain.credentials.documents import MOST_CLAIMS
from services.ledger.domain.credentials.sealed_document import sealed_document
from services.ledger.domain.credentials.status_list import GiveEntry, StatusList
from services.ledger.issuing import issuing_in_use
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

SEED_BYTES = 16

KEPT: tuple[MakeKept, ...] = ()


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    in_use = issuing_in_use()

    def issuing(
        id: str, command: Command, _state: Credential, _now: datetime, beside: Beside
    ) -> Issuing | None:
        if not isinstance(command, IssueCredential):
            return None
        replaced = None
        if command.replaces is not None:
            replaced = beside(credential, command.replaces)
        return Issuing(
            id,
            beside(sealed_document, digest_of(command.words)),
            replaced,
            code_of(token_bytes(CODE_BYTES)),
            tuple(base64url(token_bytes(SALT_BYTES)) for _ in range(MOST_CLAIMS)),
            in_use.write,
        )

    def seed(_id: str, command: Command, _state: StatusList, _now: datetime) -> str:
        return token_hex(SEED_BYTES) if isinstance(command, GiveEntry) else ""

    return {"credential": Looking(looked_at, issuing), "status-list": seed}


def looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    """The document as the ledger knows it, and the credential that is replaced."""
    if not isinstance(command, IssueCredential):
        return ()
    document = (sealed_document, digest_of(command.words))
    if command.replaces is None:
        return (document,)
    return (document, (credential, command.replaces))
