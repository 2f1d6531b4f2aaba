"""The rules of mediation, a folder per chapter."""

from typing import Any

from services.mediation.domain import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (
    *disputes.AGGREGATES,
    *panels.AGGREGATES,
    *sessions.AGGREGATES,
    *evidence.AGGREGATES,
    *agreements.AGGREGATES,
)
