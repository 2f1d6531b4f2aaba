"""Over HTTP: mediators (和事佬) and 4+X panels."""

from services.mediation.api.panels.mediators import mediators_api
from services.mediation.api.panels.mediators import queries as of_mediators
from services.mediation.api.panels.panels import panels_api, part_of_their_own
from services.mediation.api.panels.panels import queries as of_panels
from services.mediation.api.panels.suggesting import queries as suggesting
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (mediators_api, panels_api)
QUERIES: tuple[Queries, ...] = (of_mediators, of_panels, suggesting)
HELD: tuple[Held, ...] = (
    Held(mediators_api, "_id"),
    Held(panels_api, "people", part_of_their_own),
)
"""Where something about a person lies."""
