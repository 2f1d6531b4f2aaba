"""Credentials: issued, revoked, expired. Ids, digests and times; nothing of what they say."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class CredentialKind(StrEnum):
    """What a credential is about."""

    VOLUNTEERING_HOURS = "volunteering-hours"
    SETTLEMENT = "settlement"


class CredentialEnd(StrEnum):
    """Why a credential was revoked: what it was made of was withdrawn; its holder had another one
    made; it was issued in error; it was misused; the key that signed it was given up; its holder
    gave it up.
    """

    DOCUMENT_WITHDRAWN = "document-withdrawn"
    REISSUED = "reissued"
    ISSUED_IN_ERROR = "issued-in-error"
    MISUSED = "misused"
    KEY_GIVEN_UP = "key-given-up"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class CredentialIssued(Event):
    """`holder` has a credential, valid until then; `digest` is the SHA-256, in hex, of the sealed
    document that it was made from. It stands for the credential `replaces`, where it names one.
    """

    credential: str
    about: CredentialKind
    holder: str
    digest: str
    valid_until: datetime
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class CredentialRevoked(Event):
    """The credential is worth nothing any more; whoever looks at its status list sees it.
    `revoked_by` is None where it followed from something else. `holder` is None once they were
    erased.
    """

    credential: str
    about: CredentialKind
    holder: str | None
    because: CredentialEnd
    revoked_by: str | None = None


@dataclass(frozen=True, slots=True)
class CredentialExpired(Event):
    """The time of the credential is over. Its holder may have another one made."""

    credential: str
    about: CredentialKind
    holder: str | None
