"""What can be done with an agreement. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from services.mediation.domain.agreements.terms import (
    MOST_CENTS,
    MOST_CLAUSES,
    MOST_OPEN_POINTS,
    MOST_VERSIONS,
)
from shared.contracts.mediation.agreements import BreachPath
from shared.contracts.types import (
    Code,
    Digest,
    EightDigits,
    Id,
    Passage,
    Text,
    Title,
    Word,
    at_most,
    between,
)
from shared.runtime.aggregate import Command

ClauseNumber = Annotated[int, between(1, MOST_CLAUSES)]
Cents = Annotated[int, between(1, MOST_CENTS)]


@dataclass(frozen=True, slots=True)
class ClauseDraft:
    """Which party does what until when, and how much it pays, in cents."""

    party: Code
    what: Passage
    until: datetime
    cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class DraftVersion(Command):
    """Draft the agreement, or another version of it: its clauses, and what it leaves open."""

    verb = "draft"
    by: Id
    clauses: Annotated[tuple[ClauseDraft, ...], at_most(MOST_CLAUSES)]
    open_points: Annotated[tuple[Passage, ...], at_most(MOST_OPEN_POINTS)] = ()


@dataclass(frozen=True, slots=True)
class ShowName(Command):
    """Choose the name under which one's own party stands in the document, none where it is null:
    the same clauses in another version.
    """

    by: Id
    name: Title | None


@dataclass(frozen=True, slots=True)
class GiveSignCode(Command):
    """Sign the version of that number with that digest, with the code that was shown for it."""

    verb = "sign"
    by: Id
    number: Annotated[int, between(1, MOST_VERSIONS)]
    digest: Digest
    code: EightDigits


@dataclass(frozen=True, slots=True)
class DraftAgreement(Command):
    """What a draft, or the choice of a name, becomes: a version. One that is not `whole` names what
    stays open. `names` are those under which parties chose to stand in it, by key.
    """

    verb = "draft"
    drafter: Id
    dispute: Id
    clauses: tuple[ClauseDraft, ...]
    open_points: tuple[str, ...] = ()
    names: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SignAgreement(Command):
    """What a good code becomes: a signature of this version with this digest."""

    verb = "sign"
    signer: Id
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class RevokeAgreement(Command):
    """Think better of it, while there is time."""

    verb = "revoke"
    by: Id


@dataclass(frozen=True, slots=True)
class ReportDone(Command):
    """What one's own party had to do is done."""

    verb = "report-done"
    by: Id
    clause: ClauseNumber
    note: Word = ""


@dataclass(frozen=True, slots=True)
class ConfirmDone(Command):
    """What the other side reported is done."""

    verb = "confirm-done"
    by: Id
    clause: ClauseNumber


@dataclass(frozen=True, slots=True)
class DisputeDone(Command):
    """What the other side reported is not done, or not as agreed."""

    verb = "dispute-done"
    by: Id
    clause: ClauseNumber
    reason: Text


@dataclass(frozen=True, slots=True)
class ReportBreach(Command):
    """A clause is not kept: go back to mediation, have the agreement confirmed by the court while
    there is time, or go to court.
    """

    verb = "report-breach"
    by: Id
    clause: ClauseNumber
    path: BreachPath
    reason: Word = ""


@dataclass(frozen=True, slots=True)
class SeekConfirmation(Command):
    """The parties have applied together for judicial confirmation."""

    verb = "seek-confirmation"
    by: Id


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DropAgreement(Command):
    """The dispute has ended."""


@dataclass(frozen=True, slots=True)
class LearnAgreementCircle(Command):
    """Somebody joined the dispute or left it. Who is in it is looked at when this is decided."""
