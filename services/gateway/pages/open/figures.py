"""What everybody may know of how petitions are dealt with, in figures."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import session_of
from services.gateway.pages.asking import ask, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.places import Places, known_places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page
from services.gateway.pages.resident.picking import SHOWN


@shown
async def figures(request: Request) -> Response:
    """The whole, and by category, below a place; of the whole city where none is named."""
    signed = await session_of(request) is not None
    places = await unless_away(places_of(request), Places()) if signed else known_places(request)
    asked = {"by": "category"}
    if place := request.query_params.get("place"):
        asked["place"] = place
    found = await ask(request, "petitions", "/public/statistics", params=asked, signed=False)
    there = (places or Places()).by_code.get(place or "")
    return await page(
        request,
        "open/figures.html",
        found=found,
        there=there,
        below=[
            one
            for one in (places or Places()).children(None if there is None else there.code)
            if one.kind in SHOWN
        ],
        categories=await unless_away(categories_of(request), Categories()),
    )


ROUTES: list[BaseRoute] = [Route("/statistics/public", figures)]
