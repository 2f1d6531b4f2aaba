"""Queries over the stored states and their indexes, a module per chapter."""

from services.volunteering.views import (
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

KINDS = (
    *teams.KINDS,
    *activities.KINDS,
    *series.KINDS,
    *hours.KINDS,
    *wishes.KINDS,
    *lists.KINDS,
    *orders.KINDS,
    *patrols.KINDS,
    *care.KINDS,
    *bank.KINDS,
)
