"""The rules of wishes (微心愿)."""

from typing import Any

from services.volunteering.domain.wishes.wish import wish
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (wish,)
