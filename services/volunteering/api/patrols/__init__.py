"""Over HTTP: patrols (三重巡防)."""

from services.volunteering.api.patrols import findings, rotas, routes, shifts
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (
    routes.routes_api,
    rotas.rotas_api,
    shifts.shifts_api,
    findings.findings_api,
)
QUERIES: tuple[Queries, ...] = (
    routes.queries,
    rotas.queries,
    shifts.queries,
    findings.queries,
)
HELD: tuple[Held, ...] = (
    Held(rotas.rotas_api, "lines.members", shown=rotas.ones_own),
    Held(shifts.shifts_api, "crew", shown=shifts.ones_own),
    Held(findings.findings_api, "finder"),
)
"""Where something about a person lies."""
