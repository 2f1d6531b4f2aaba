"""What can be done with evidence. `by` is the caller, filled in by the runtime."""

from dataclasses import dataclass

from shared.contracts.mediation.evidence import Disclosed, WithdrawnBecause
from shared.contracts.types import Code, Id, Title, Word
from shared.runtime.aggregate import Command


@dataclass(frozen=True, slots=True)
class FileEvidence(Command):
    """A file was stored for it by a person: `size` in bytes, `digest` its SHA-256, `media_type`
    what its content says that it is. `side` names the side that it is open to besides their own.
    """

    verb = "file"
    person: Id
    dispute: Id
    disclosed: Disclosed
    side: Code | None
    file: Id
    name: Title
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class DescribeEvidence(Command):
    """Say what it shows; the latest counts, the former ones stay."""

    verb = "describe"
    by: Id
    text: Word


@dataclass(frozen=True, slots=True)
class WidenEvidence(Command):
    """Open it to all, or to one side more. What is open to somebody is never closed again but by
    withdrawing it.
    """

    verb = "widen"
    by: Id
    disclosed: Disclosed
    side: Code | None = None


@dataclass(frozen=True, slots=True)
class WithdrawEvidence(Command):
    """Take it back: only the panel can look at it from now on. That it was filed stays known."""

    verb = "withdraw"
    by: Id
    because: WithdrawnBecause


# --- what follows from events --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LearnEvidenceCircle(Command):
    """Somebody joined the dispute or left it. Who is in it is looked at when this is decided."""

    dispute: str


@dataclass(frozen=True, slots=True)
class ForgetEvidenceOf(Command):
    """A person was erased."""

    person: str
