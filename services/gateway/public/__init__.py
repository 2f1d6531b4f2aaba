"""What everybody may read: released petitions, projects, statistics."""

from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
