"""Open311 GeoReport v2, mapped onto petitions."""

from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []
