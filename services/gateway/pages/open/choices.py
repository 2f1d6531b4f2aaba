"""What somebody chooses for this device: language and size of text."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.pages.languages import COOKIE, Tongue
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import LARGE, TEXT_SIZE, go, own_path

YEAR = 365 * 24 * 3600
"""Seconds for which a choice is remembered."""


async def _chosen(request: Request, cookie: str, value: str | None) -> Response:
    form = await request.form()
    back = form.get("back")
    response = go(own_path(back if isinstance(back, str) else None))
    if value is None:
        response.delete_cookie(cookie, path="/")
    else:
        response.set_cookie(
            cookie,
            value,
            max_age=YEAR,
            path="/",
            secure=doorway_of(request).settings.production,
            httponly=True,
            samesite="lax",
        )
    return response


@shown
async def choose_language(request: Request) -> Response:
    """In which language this device shows the pages."""
    wanted = (await request.form()).get("language")
    known = wanted if isinstance(wanted, str) and wanted in set(Tongue) else None
    return await _chosen(request, COOKIE, known)


@shown
async def choose_size(request: Request) -> Response:
    """Whether this device shows them larger."""
    wanted = (await request.form()).get("size")
    return await _chosen(request, TEXT_SIZE, LARGE if wanted == LARGE else None)


ROUTES: list[BaseRoute] = [
    Route("/language", choose_language, methods=["POST"]),
    Route("/text-size", choose_size, methods=["POST"]),
]
