"""Over HTTP: evidence (线上留证)."""

from services.mediation.api.evidence import reading
from services.mediation.api.evidence.table import evidence_api
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (evidence_api,)
QUERIES: tuple[Queries, ...] = (reading.queries,)
HELD: tuple[Held, ...] = (Held(evidence_api, "filed_by"),)
"""Where something about a person lies."""
