"""feed over HTTP."""

from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = ()
QUERIES: tuple[Queries, ...] = ()
HELD: tuple[Held, ...] = ()
