"""One's own data over HTTP: what volunteering holds about the caller, in one document."""

from services.volunteering.api import (
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
from shared.runtime.own_data import own_data

HELD = (
    *teams.HELD,
    *activities.HELD,
    *wishes.HELD,
    *lists.HELD,
    *bank.HELD,
    *care.HELD,
    *orders.HELD,
    *patrols.HELD,
    *series.HELD,
    *hours.HELD,
)
"""Where something about a person lies, chapter by chapter."""

QUERIES = (own_data(HELD),)
