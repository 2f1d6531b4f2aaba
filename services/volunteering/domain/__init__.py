"""The rules of volunteering, a folder per chapter."""

from typing import Any

from services.volunteering.domain import (
    activities,
    bank,
    care,
    hours,
    lists,
    orders,
    patrols,
    series,
    teams,
    wishes,
)
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (
    *teams.AGGREGATES,
    *activities.AGGREGATES,
    *series.AGGREGATES,
    *hours.AGGREGATES,
    *wishes.AGGREGATES,
    *lists.AGGREGATES,
    *orders.AGGREGATES,
    *patrols.AGGREGATES,
    *care.AGGREGATES,
    *bank.AGGREGATES,
)
