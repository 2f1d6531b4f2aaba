"""The first page: what waits for the person, and the ways to everything else."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import session_of
from services.gateway.pages.asking import ask, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page
from services.gateway.pages.resident.picking import neighbourhood_of

YOURS = frozenset({"returned", "answered"})
"""Statuses in which the petitioner has something to do."""
SHOWN = 3
"""Things of a kind on the first page."""


@shown
async def home(request: Request) -> Response:
    """For who is signed in what waits; for others what there is."""
    session = await session_of(request)
    if session is None:
        return await page(request, "open/welcome.html")
    places = await unless_away(places_of(request), Places())
    categories = await unless_away(categories_of(request), Categories())
    mine = await unless_away(ask(request, "petitions", "/petitions/mine", params={"limit": "20"}))
    own = [] if mine is None else mine["items"]
    inbox = await unless_away(ask(request, "notifications", "/inbox", params={"limit": "3"}))
    there = neighbourhood_of(session, places or Places())
    near: dict[str, str] = {"limit": str(SHOWN)}
    if there is not None:
        near["place"] = there.path[0]
    activities = await unless_away(ask(request, "volunteering", "/activities", params=near))
    return await page(
        request,
        "resident/home.html",
        places=places,
        categories=categories,
        there=there,
        mine=None if mine is None else own,
        waiting=[one for one in own if _waits(one)],
        others=[one for one in own if not _waits(one)][:SHOWN],
        inbox=inbox,
        activities=activities,
    )


def _waits(petition: dict[str, Any]) -> bool:
    due = any(one["judge_by"] and one["kept"] is None for one in petition.get("promises", ()))
    return petition["status"] in YOURS or due


ROUTES: list[BaseRoute] = [Route("/", home)]
