"""Over HTTP: wishes (微心愿)."""

from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = ()
QUERIES: tuple[Queries, ...] = ()
