"""The door's own tables: a module per collection, each with its tables and its queries."""

from services.gateway.api import api_keys
from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (api_keys.api_keys_api,)

QUERIES: tuple[Queries, ...] = (api_keys.queries,)
