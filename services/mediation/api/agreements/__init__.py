"""Over HTTP: agreements (调解协议)."""

from services.mediation.api.agreements import reading, signing
from services.mediation.api.agreements.table import agreements_api, shown
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (agreements_api,)
QUERIES: tuple[Queries, ...] = (signing.queries, reading.queries)
HELD: tuple[Held, ...] = (Held(agreements_api, "concerned", shown),)
"""Where something about a person lies."""
