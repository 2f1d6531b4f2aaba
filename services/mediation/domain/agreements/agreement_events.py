"""The events of an agreement that are not published: its terms, who signed, and all words."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.mediation.domain.agreements.agreement_commands import ClauseDraft
from services.mediation.domain.circle import Circle
from shared.contracts.event import Event, Personal
from shared.contracts.mediation.disputes import DisputeKind


@dataclass(frozen=True)
class Bound:
    """A party of the agreement, as it was in the dispute when the version was drafted."""

    party: str
    side: str
    person: str | None
    organisation: str | None


@dataclass(frozen=True)
class Term:
    """Of a clause what is reckoned with: whose party does it until when, and how much is paid."""

    party: str
    until: datetime
    cents: int | None


@dataclass(frozen=True, slots=True)
class AgreementOutlined(Event):
    """The terms of a version, and the digest of its document."""

    kind: DisputeKind
    parties: tuple[Bound, ...]
    terms: tuple[Term, ...]
    whole: bool
    cooling_off_days: int
    digest: str
    at: datetime
    circle: Circle


@dataclass(frozen=True, slots=True)
class AgreementPartySigned(Event):
    """Somebody signed for a party, with a code of their own."""

    party: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AgreementDropped(Event):
    """The dispute ended without it."""


@dataclass(frozen=True, slots=True)
class AgreementCircleLearnt(Event):
    """Somebody joined the dispute, or left it."""

    circle: Circle


@dataclass(frozen=True, slots=True)
class AgreementForgotten(Event):
    """A party was erased: all words and names are gone, but for those that follow. Who kept the
    document can have it checked by its digest still.
    """

    person: str
    forgets: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class AgreementMasked(Event):
    """The others keep what all have signed: without the names of these parties, who were erased."""

    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementServantForgotten(Event):
    """Somebody who spoke for a party, drafted or mediated was erased; the parties' words stay."""

    person: str


@dataclass(frozen=True, slots=True)
class AgreementWorded(Personal):
    """A version in words: what each party does, what stays open, and under which names the parties
    chose to stand in it.
    """

    version: int
    clauses: tuple[ClauseDraft, ...]
    open_points: tuple[str, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AgreementSaid(Personal):
    """What somebody said when they did something (`verb`) about a clause."""

    verb: str
    clause: int
    text: str
