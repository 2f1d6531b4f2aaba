"""notifications over HTTP: a module per chapter, each with its tables and its queries."""

from services.notifications.api import delivery, inbox, my_data

APIS = (*inbox.APIS, *delivery.APIS)

QUERIES = (*inbox.QUERIES, *delivery.QUERIES, *my_data.QUERIES)
