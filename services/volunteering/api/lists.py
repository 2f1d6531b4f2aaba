"""Over HTTP: the three lists (三张清单)."""

from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = ()
QUERIES: tuple[Queries, ...] = ()
