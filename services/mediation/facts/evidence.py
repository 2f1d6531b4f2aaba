"""What is told of the world to the rules of evidence."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.evidence.evidence_commands import (
    FileEvidence,
    LearnEvidenceCircle,
)
from services.mediation.domain.evidence.evidence_state import Around, Evidence
from services.mediation.scanning import Scanning
from shared.runtime.aggregate import Aggregate, Command
from shared.runtime.copies import Copies, MakeKept
from shared.runtime.deciding import Beside, Facts, Looking

KEPT: tuple[MakeKept, ...] = (Scanning,)


def facts(copies: Copies) -> Mapping[str, Facts]:
    """By kind."""
    return {"evidence": Looking(_looked_at, _around)}


def _looked_at(_id: str, command: Command) -> Iterable[tuple[Aggregate[Any], str]]:
    match command:
        case FileEvidence(dispute=of) | LearnEvidenceCircle(dispute=of):
            return ((dispute, of),)
    return ()


def _around(id: str, command: Command, _state: Evidence, _now: datetime, beside: Beside) -> Around:
    match command:
        case FileEvidence(dispute=of) | LearnEvidenceCircle(dispute=of):
            return Around(id, beside(dispute, of))
    return Around(id)
