"""Over HTTP: care plans."""

from shared.runtime.api import AggregateApi
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = ()
QUERIES: tuple[Queries, ...] = ()
