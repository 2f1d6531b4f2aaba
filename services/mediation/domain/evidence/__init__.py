"""The rules of evidence (线上留证)."""

from typing import Any

from services.mediation.domain.evidence.evidence import evidence
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (evidence,)
