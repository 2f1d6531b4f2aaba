"""notifications over HTTP: a module per chapter, each with its tables and its queries."""

from services.notifications.api import alarms, alertmanager, broadcasts, inbox, my_data

APIS = (*inbox.APIS, *broadcasts.APIS, *alarms.APIS)

QUERIES = (
    *inbox.QUERIES,
    *my_data.QUERIES,
    *broadcasts.QUERIES,
    *alarms.QUERIES,
    *alertmanager.QUERIES,
)
