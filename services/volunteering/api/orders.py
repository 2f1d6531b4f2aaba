"""Over HTTP: three-order service (点单 派单 接单)."""

from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = ()
QUERIES: tuple[Queries, ...] = ()
