"""The rules of disputes (纠纷)."""

from typing import Any

from services.mediation.domain.disputes.dispute import dispute
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (dispute,)
