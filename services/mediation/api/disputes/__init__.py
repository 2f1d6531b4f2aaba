"""Over HTTP: disputes (纠纷), and figures over them."""

from services.mediation.api.disputes import figures, listing, table
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (table.disputes_api,)
QUERIES: tuple[Queries, ...] = (listing.queries, figures.queries)
HELD: tuple[Held, ...] = (
    Held(table.disputes_api, "people"),
    Held(table.disputes_api, "filed_by", table.shown),
    Held(table.disputes_api, "mediator", table.shown),
    Held(table.disputes_api, "panel", table.shown),
)
"""Where something about a person lies."""
