"""Who must know of mediation's events: a module per chapter."""

from services.notifications.domain.mediation_news import (
    agreements,
    disputes,
    evidence,
    panels,
    sessions,
)

NEWS = (
    disputes,
    panels,
    sessions,
    evidence,
    agreements,
)
