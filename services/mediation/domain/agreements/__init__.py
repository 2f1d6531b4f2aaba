"""The rules of agreements (调解协议)."""

from typing import Any

from services.mediation.domain.agreements.agreement import agreement
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (agreement,)
