"""mediation over HTTP: a module per chapter, each with its tables and its queries."""

from services.mediation.api import (
    agreements,
    disputes,
    evidence,
    my_data,
    panels,
    sessions,
)
from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (
    *disputes.APIS,
    *panels.APIS,
    *sessions.APIS,
    *evidence.APIS,
    *agreements.APIS,
)

QUERIES: tuple[Queries, ...] = (
    *disputes.QUERIES,
    *panels.QUERIES,
    *sessions.QUERIES,
    *evidence.QUERIES,
    *agreements.QUERIES,
    *my_data.QUERIES,
)
