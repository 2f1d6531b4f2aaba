"""ledger over HTTP: a module per chapter, each with its tables and its queries."""

from services.ledger.api import credentials, log, my_data

APIS = (*log.APIS, *credentials.APIS)

QUERIES = (*log.QUERIES, *credentials.QUERIES, *my_data.QUERIES)
