"""A dispute over goods in a corridor, as evidence of it knows it."""

from dataclasses import replace
from datetime import UTC, datetime

from services.mediation.domain.circle import Circle, circle_of
from services.mediation.domain.disputes.dispute_state import Consent, Dispute, Party, Status
from services.mediation.domain.evidence.evidence_commands import FileEvidence
from services.mediation.domain.evidence.evidence_state import Around
from shared.contracts.mediation.disputes import DisputeKind
from shared.contracts.mediation.evidence import Disclosed

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DIGEST = "ab" * 32

PARTIES = (
    Party("p1", "a", "wang", None, consent=Consent.AGREED),
    Party("p2", "b", "li", None, "lawyer", consent=Consent.AGREED),
    Party("p3", "b", None, "property", "desk", consent=Consent.AGREED),
)
DISPUTE = Dispute(
    "d1",
    Status.MEDIATING,
    DisputeKind.SHARED_SPACE,
    "350102",
    ("350102",),
    "wang",
    parties=PARTIES,
    people=("wang", "li", "lawyer", "desk"),
    mediator="chen",
    panel=("police", "party"),
)
AROUND = Around("e1", DISPUTE)
CIRCLE: Circle = circle_of(DISPUTE)
FILE = FileEvidence("wang", "d1", Disclosed.ALL, None, "f1", "走廊.jpg", "image/jpeg", 1000, DIGEST)


def filing(
    disclosed: Disclosed = Disclosed.ALL, side: str | None = None, by: str = "wang"
) -> FileEvidence:
    """Somebody files the picture."""
    return replace(FILE, person=by, disclosed=disclosed, side=side)
