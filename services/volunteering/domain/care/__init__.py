"""The rules of care plans."""

from typing import Any

from services.volunteering.domain.care.plan import care_plan
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (care_plan,)
