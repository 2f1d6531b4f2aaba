"""Credentials over HTTP: issued from documents, shown by their holders, checked by everybody."""

from services.ledger.api.credentials import holding, issuing, public
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (holding.credentials_api, holding.documents_api)
QUERIES: tuple[Queries, ...] = (issuing.queries, holding.queries, public.queries)
HELD: tuple[Held, ...] = (
    Held(holding.credentials_api, "holder"),
    Held(holding.documents_api, "holders", holding.shown_document),
)
"""Where something about a person lies."""
