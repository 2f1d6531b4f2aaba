"""The door's own tables: a module per collection, each with its tables and its queries."""

from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = ()

QUERIES: tuple[Queries, ...] = ()
