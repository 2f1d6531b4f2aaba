"""How each person wants to be told of what: by which ways, when, until when."""

from collections.abc import Callable
from datetime import datetime

from services.notifications.domain.ways import INBOX_ONLY, Plan
from shared.runtime.copies import Copies

PlanFor = Callable[[str, str, str, datetime], Plan]
"""The plan for a recipient, a kind and what it is about, at a moment."""


def plans(copies: Copies) -> PlanFor:
    """Makes plans from what the service keeps in memory."""

    def plan_for(_recipient: str, _kind: str, _about: str, _now: datetime) -> Plan:
        return INBOX_ONLY

    return plan_for
