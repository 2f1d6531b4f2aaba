"""volunteering over HTTP: a module per chapter, each with its tables and its queries."""

from services.volunteering.api import (
    activities,
    bank,
    care,
    hours,
    lists,
    my_data,
    orders,
    patrols,
    series,
    teams,
    wishes,
)

APIS = (
    *teams.APIS,
    *activities.APIS,
    *series.APIS,
    *hours.APIS,
    *wishes.APIS,
    *lists.APIS,
    *orders.APIS,
    *patrols.APIS,
    *care.APIS,
    *bank.APIS,
)

QUERIES = (
    *teams.QUERIES,
    *activities.QUERIES,
    *series.QUERIES,
    *hours.QUERIES,
    *wishes.QUERIES,
    *lists.QUERIES,
    *orders.QUERIES,
    *patrols.QUERIES,
    *care.QUERIES,
    *bank.QUERIES,
    *my_data.QUERIES,
)
