"""The rules of evidence (线上留证)."""

from typing import Any

from services.mediation.domain.evidence.evidence import evidence
from services.mediation.domain.evidence.shelf import shelf as evidence_shelf
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (evidence, evidence_shelf)
