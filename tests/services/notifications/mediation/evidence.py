"""Who is told what of evidence: an event, and each who is told with the kind."""

from datetime import UTC, datetime

from shared.contracts import mediation as m
from shared.contracts.event import Event
from shared.contracts.mediation.evidence import Disclosed, WithdrawnBecause

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
Q, E = "0195f00000000000000000000000d15b", "e1"
ANN, BEN, PEACE = "ann", "ben", "peace"
DIGEST = "ab" * 32

CASES: list[tuple[Event, dict[str, str]]] = [
    (
        m.EvidenceFiled(E, Q, DIGEST, 9, "image/png", ANN, NOON, (BEN, PEACE)),
        {BEN: "evidence-filed", PEACE: "evidence-filed"},
    ),
    (
        m.EvidenceWidened(E, Q, Disclosed.ALL, (), ANN, (BEN,)),
        {BEN: "evidence-opened"},
    ),
    (
        m.EvidenceWithdrawn(E, Q, DIGEST, WithdrawnBecause.MISTAKEN, ANN, (BEN, PEACE)),
        {BEN: "evidence-withdrawn", PEACE: "evidence-withdrawn"},
    ),
]
