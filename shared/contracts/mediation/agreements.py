"""Agreements (调解协议): drafted, signed, in force, kept or broken. Ids, codes, numbers, times.

Nothing that was agreed stands in an event: `digest` is the SHA-256, in hex, of the settlement
document in canonical form (RFC 8785). `holders` are the subjects of all who speak for a party of
it, `debtors` those for whose party a clause has to be done. Clauses count from 1. `mediator` is
None where there is none any more.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.contracts.event import Event


class BreachPath(StrEnum):
    """Where a breach leads: back to mediation, to judicial confirmation (司法确认), to court."""

    REOPEN = "reopen"
    JUDICIAL = "judicial"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class AgreementDrafted(Event):
    """There is a version to be signed; what was signed of an earlier one counts no more."""

    agreement: str
    dispute: str
    version: int
    by: str
    holders: tuple[str, ...]
    mediator: str | None


@dataclass(frozen=True, slots=True)
class AgreementSigned(Event):
    """Every party has signed this version. It can be revoked until `until`, where the kind of
    dispute has a time to think it over.
    """

    agreement: str
    dispute: str
    version: int
    digest: str
    signers: tuple[str, ...]
    holders: tuple[str, ...]
    mediator: str | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class AgreementRevoked(Event):
    """A party thought better of it in time: nothing is agreed."""

    agreement: str
    dispute: str
    by: str
    holders: tuple[str, ...]
    mediator: str | None


@dataclass(frozen=True, slots=True)
class AgreementInForce(Event):
    """It binds. Where it is not `whole` it leaves something open. Judicial confirmation can be
    applied for until `judicial_until`.
    """

    agreement: str
    dispute: str
    digest: str
    whole: bool
    holders: tuple[str, ...]
    mediator: str | None
    judicial_until: datetime


@dataclass(frozen=True, slots=True)
class ClauseDue(Event):
    """Soon it has to be done."""

    agreement: str
    dispute: str
    clause: int
    until: datetime
    debtors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseOverdue(Event):
    """Its time has passed, and nobody has reported it done."""

    agreement: str
    dispute: str
    clause: int
    until: datetime
    debtors: tuple[str, ...]
    holders: tuple[str, ...]
    mediator: str | None


@dataclass(frozen=True, slots=True)
class ClauseReported(Event):
    """It is done, they say: `asked` are to confirm it or to object, until then."""

    agreement: str
    dispute: str
    clause: int
    by: str
    asked: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ClauseConfirmationAsked(Event):
    """There is no answer yet to what was reported: without one it counts as done at `until`."""

    agreement: str
    dispute: str
    clause: int
    asked: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class ClauseConfirmed(Event):
    """It is done, the others say too; with `by` None they said nothing in time."""

    agreement: str
    dispute: str
    clause: int
    by: str | None
    debtors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClauseDisputed(Event):
    """It is not done, the others say."""

    agreement: str
    dispute: str
    clause: int
    by: str
    debtors: tuple[str, ...]
    mediator: str | None


@dataclass(frozen=True, slots=True)
class JudicialConfirmationEnding(Event):
    """Soon nobody can apply for judicial confirmation any more."""

    agreement: str
    dispute: str
    until: datetime
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudicialConfirmationSought(Event):
    """The parties have applied for judicial confirmation, one of them says."""

    agreement: str
    dispute: str
    by: str
    holders: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementKept(Event):
    """All of it is done."""

    agreement: str
    dispute: str
    digest: str
    holders: tuple[str, ...]
    mediator: str | None


@dataclass(frozen=True, slots=True)
class AgreementBroken(Event):
    """A clause is not kept, and this is the way that is taken."""

    agreement: str
    dispute: str
    clause: int
    path: BreachPath
    by: str
    holders: tuple[str, ...]
    mediator: str | None
