"""The rules of patrols (三重巡防): routes, rotas, shifts, findings."""

from typing import Any

from services.volunteering.domain.patrols.finding import patrol_finding
from services.volunteering.domain.patrols.rota import patrol_rota
from services.volunteering.domain.patrols.route import patrol_route
from services.volunteering.domain.patrols.shift import patrol_shift
from shared.runtime.aggregate import Aggregate

AGGREGATES: tuple[Aggregate[Any], ...] = (patrol_route, patrol_rota, patrol_shift, patrol_finding)
