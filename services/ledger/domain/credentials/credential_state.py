"""A credential as its rules see it, and the events that are not published."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from services.ledger.domain.credentials.sealed_document import SealedDocument
from shared.contracts.event import Event, Personal
from shared.contracts.ledger.credentials import (
    CredentialExpired,
    CredentialIssued,
    CredentialKind,
    CredentialRevoked,
)


class Status(StrEnum):
    """How a credential stands."""

    NONE = "none"
    ISSUED = "issued"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Credential:
    """`digest` is that of the document it was made from; `list` and `entry` say where its status is
    published. What it says is in the dossier, until its holder is erased: then `holder` is None.
    """

    credential: str = ""
    status: Status = Status.NONE
    about: CredentialKind = CredentialKind.VOLUNTEERING_HOURS
    holder: str | None = None
    digest: str = ""
    code: str = ""
    list: int = 0
    entry: int = 0
    issued_at: datetime | None = None
    valid_until: datetime | None = None
    replaces: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written and signed: a credential called `name`, with claims that are shown by
    these salts.
    """

    name: str
    claims: Mapping[str, Any]
    salts: tuple[str, ...]
    code: str
    list: int
    entry: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Written:
    """A signed credential, and what its holder can show of it, as JSON."""

    credential: str
    disclosures: str


@dataclass(frozen=True, slots=True)
class Issuing:
    """What issuing is told: the credential's own id, the document as the ledger knows it, the
    credential that is replaced; a code and salts that nobody guesses; and what writes and signs.
    """

    credential: str
    sealed: SealedDocument | None
    replaced: Credential | None
    code: str
    salts: tuple[str, ...]
    write: Callable[[Draft], Written]


@dataclass(frozen=True, slots=True)
class CredentialEntered(Event):
    """How it is found, and since when it counts."""

    code: str
    list: int
    entry: int
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class CredentialForgotten(Event):
    """What it said is gone. Who kept a copy can have it checked still."""

    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class CredentialWritten(Personal):
    """The document it was made from, the signed credential, and its claims with their salts."""

    document: str
    credential: str
    disclosures: str


@dataclass(frozen=True, slots=True)
class CredentialRevocationExplained(Personal):
    """Why the issuer took it back, in words."""

    reason: str


def evolve(credential: Credential, event: Event) -> Credential:
    """The credential after an event."""
    match event:
        case CredentialIssued() as e:
            return Credential(
                e.credential,
                Status.ISSUED,
                e.about,
                e.holder,
                e.digest,
                valid_until=e.valid_until,
                replaces=e.replaces,
            )
        case CredentialEntered(code=code, list=list, entry=entry, issued_at=issued_at):
            return replace(credential, code=code, list=list, entry=entry, issued_at=issued_at)
        case CredentialRevoked(because=because):
            return replace(credential, status=Status.REVOKED, because=because.value)
        case CredentialExpired():
            return replace(credential, status=Status.EXPIRED)
        case CredentialForgotten():
            return replace(credential, holder=None)
    return credential
