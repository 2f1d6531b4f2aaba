"""Who must know of volunteering's events: a module per chapter."""

from services.notifications.domain.volunteering_news import (
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

NEWS = (
    teams,
    activities,
    series,
    hours,
    wishes,
    lists,
    orders,
    patrols,
    care,
    bank,
)
