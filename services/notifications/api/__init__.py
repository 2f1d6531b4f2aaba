"""notifications over HTTP: a module per chapter, each with its tables and its queries."""

from services.notifications.api import inbox, my_data

APIS = (*inbox.APIS,)

QUERIES = (*inbox.QUERIES, *my_data.QUERIES)
