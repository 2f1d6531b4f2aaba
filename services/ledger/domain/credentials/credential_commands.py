"""What can be done with a credential."""

from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.types import Id, Text
from shared.runtime.aggregate import Command


class RevokedBecause(StrEnum):
    """Why the issuer revokes a credential."""

    ISSUED_IN_ERROR = "issued-in-error"
    MISUSED = "misused"
    KEY_GIVEN_UP = "key-given-up"


@dataclass(frozen=True, slots=True)
class IssueCredential(Command):
    """Makes a credential for `holder` from a document, of which these are the very words, in the
    place of the one that it `replaces`. It has this entry in this status list; None where none was
    given, because the document does not stand in the log.
    """

    holder: str
    words: str
    place: tuple[int, int] | None
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class RevokeCredential(Command):
    """The issuer takes it back, and says why to its holder."""

    by: Id
    because: RevokedBecause
    reason: Text


@dataclass(frozen=True, slots=True)
class GiveUpCredential(Command):
    """The holder wants it to count no more."""

    by: Id


@dataclass(frozen=True, slots=True)
class RevokeAsWithdrawn(Command):
    """The document that it was made from was withdrawn."""


@dataclass(frozen=True, slots=True)
class RevokeAsReplaced(Command):
    """Another one was issued in its place."""


@dataclass(frozen=True, slots=True)
class ForgetHolder(Command):
    """The holder was erased."""
