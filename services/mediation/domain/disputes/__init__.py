"""The rules of disputes (纠纷)."""

from typing import Any

from services.mediation.domain.disputes.dispute import dispute
from services.mediation.domain.disputes.hot_spot import hot_spot
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (dispute, hot_spot)
