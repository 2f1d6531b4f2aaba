"""The rules of activities."""

from typing import Any

from services.volunteering.domain.activities.activity import activity
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (activity,)
