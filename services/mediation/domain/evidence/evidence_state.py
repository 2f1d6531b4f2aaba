"""A piece of evidence as it stands: the fold of its events, and to whom it is open."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.mediation.domain.circle import Circle
from services.mediation.domain.disputes.dispute_state import Dispute
from services.mediation.domain.evidence.evidence_events import (
    EvidenceCircleLearnt,
    EvidenceForgotten,
    EvidencePlaced,
)
from shared.contracts.event import Event
from shared.contracts.mediation.evidence import (
    Disclosed,
    EvidenceFiled,
    EvidenceWidened,
    EvidenceWithdrawn,
)
from shared.runtime.aggregate import changed


class Status(StrEnum):
    """Whether it counts."""

    NONE = "none"
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True)
class Evidence:
    """`side` is that of who filed it, None for the mediator and the panel. `sides` are those to
    which it is open where it is disclosed to sides. `concerned` are who filed it and all in the
    circle. Of what was forgotten the digest is left.
    """

    evidence: str = ""
    status: Status = Status.NONE
    dispute: str = ""
    circle: Circle = field(default_factory=Circle)
    concerned: tuple[str, ...] = ()
    filed_by: str | None = None
    side: str | None = None
    disclosed: Disclosed = Disclosed.PANEL
    sides: tuple[str, ...] = ()
    digest: str = ""
    size: int = 0
    media_type: str = ""
    at: datetime | None = None
    because: str | None = None


@dataclass(frozen=True)
class Around:
    """What the rules are told: the evidence's id, and the dispute that it is filed in (None where
    there is none)."""

    evidence: str
    dispute: Dispute | None = None


def open_to(disclosed: Disclosed, sides: tuple[str, ...], circle: Circle) -> frozenset[str]:
    """To whom of a circle evidence that is disclosed so is open, besides who filed it."""
    if disclosed is Disclosed.ALL:
        return circle.judges | frozenset(circle.people)
    if disclosed is Disclosed.SIDES:
        return circle.judges | circle.of_sides(sides)
    return circle.judges


def readers(evidence: Evidence) -> frozenset[str]:
    """Who may look at it now: after it was withdrawn the panel, and who filed it."""
    if evidence.status in (Status.NONE, Status.FORGOTTEN):
        return frozenset()
    own = frozenset(() if evidence.filed_by is None else (evidence.filed_by,))
    if evidence.status is Status.WITHDRAWN:
        return evidence.circle.judges | own
    return own | open_to(evidence.disclosed, evidence.sides, evidence.circle)


def knowers(evidence: Evidence) -> frozenset[str]:
    """Who knows that it is, or was, there: whoever could look at it before it was withdrawn or
    forgotten still sees that, and its digest."""
    own = frozenset(() if evidence.filed_by is None else (evidence.filed_by,))
    return own | open_to(evidence.disclosed, evidence.sides, evidence.circle)


def evolve(evidence: Evidence, event: Event) -> Evidence:
    """The evidence after an event."""
    match event:
        case EvidenceFiled():
            return Evidence(
                event.evidence,
                Status.FILED,
                event.dispute,
                filed_by=event.by,
                digest=event.digest,
                size=event.size,
                media_type=event.media_type,
                at=event.at,
            )
        case EvidencePlaced(side=side, disclosed=disclosed, sides=sides, circle=circle):
            placed = changed(evidence, side=side, disclosed=disclosed, sides=sides)
            return _around(placed, circle)
        case EvidenceWidened(disclosed=disclosed, sides=sides):
            return changed(evidence, disclosed=disclosed, sides=sides)
        case EvidenceWithdrawn(because=because):
            return changed(evidence, status=Status.WITHDRAWN, because=because.value)
        case EvidenceCircleLearnt(circle=circle):
            return _around(evidence, circle)
        case EvidenceForgotten():
            forgotten = changed(evidence, status=Status.FORGOTTEN, filed_by=None)
            return _around(forgotten, forgotten.circle)
    return evidence


def _around(evidence: Evidence, circle: Circle) -> Evidence:
    own = () if evidence.filed_by is None else (evidence.filed_by,)
    concerned = tuple(sorted({*circle.everybody, *own}))
    return changed(evidence, circle=circle, concerned=concerned)
