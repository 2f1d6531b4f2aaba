"""The pages that people use."""

from starlette.routing import BaseRoute

from services.gateway.pages import assets, open, resident, staff
from services.gateway.pages.refusals import problem_page

ROUTES: list[BaseRoute] = [*assets.ROUTES, *open.ROUTES, *resident.ROUTES, *staff.ROUTES]

__all__ = ["ROUTES", "problem_page"]
