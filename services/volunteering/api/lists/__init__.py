"""Over HTTP: the three lists (资源 需求 项目 三张清单)."""

from services.volunteering.api.lists import in_public, needs, projects, resources, summary
from shared.runtime.api import AggregateApi
from shared.runtime.own_data import Held
from shared.runtime.queries import Queries

APIS: tuple[AggregateApi, ...] = (
    resources.resources_api,
    needs.needs_api,
    projects.projects_api,
)
QUERIES: tuple[Queries, ...] = (
    resources.queries,
    needs.queries,
    in_public.queries,
    projects.queries,
    summary.queries,
)
HELD: tuple[Held, ...] = (*resources.HELD, *needs.HELD, *projects.HELD)
"""Where something about a person lies."""
