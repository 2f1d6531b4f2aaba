"""The board of a neighbourhood: what was raised there, as far as it is everybody's business."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import session_of, signed_in
from services.gateway.pages.asking import ask, next_of, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.forms import quoted
from services.gateway.pages.places import Places, known_places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page
from services.gateway.pages.resident.picking import neighbourhood_of, picker
from services.gateway.pages.words import STANDING

PER_PAGE = "20"


async def _places(request: Request) -> Places:
    if await session_of(request) is None:
        return known_places(request)
    return await unless_away(places_of(request), Places()) or Places()


@shown
async def board(request: Request) -> Response:
    """What was raised at a place or below it; at one's own neighbourhood where none is said."""
    session = await session_of(request)
    places = await _places(request)
    asked_for = request.query_params.get("place")
    there = places.by_code.get(asked_for or "")
    if there is None and asked_for is None:
        there = neighbourhood_of(session, places)
    asked = next_of(request, PER_PAGE)
    if there is not None:
        asked["place"] = there.code
    elif asked_for:
        asked["place"] = asked_for
    state = request.query_params.get("state", "")
    if state in STANDING:
        asked["state"] = state
    found = await ask(request, "petitions", "/public/petitions", params=asked, signed=False)
    return await page(
        request,
        "resident/board.html",
        there=there,
        above=places.line(None if there is None else there.code)[:-1],
        state=state,
        standings=STANDING,
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        places=places,
        categories=await unless_away(categories_of(request), Categories()),
    )


@shown
async def elsewhere(request: Request) -> Response:
    """Another place to look at."""
    session = await signed_in(request)
    places = await places_of(request)
    return await page(
        request,
        "resident/pick_board.html",
        fragment="picker",
        **picker(request, places, session, "/board/places"),
    )


@shown
async def one(request: Request) -> Response:
    """One of them: its words where they were released, and a way to support it."""
    session = await session_of(request)
    id = request.path_params["id"]
    found: dict[str, Any] = await ask(
        request, "petitions", f"/public/petitions/{quoted(id)}", signed=False
    )
    return await page(
        request,
        "resident/board_one.html",
        petition=found,
        may_support=session is not None
        and "resident" in session.roles
        and found["state"] in ("at-work", "suspended"),
        places=await _places(request),
        categories=await unless_away(categories_of(request), Categories()),
    )


ROUTES: list[BaseRoute] = [
    Route("/board", board),
    Route("/board/places", elsewhere),
    Route("/board/{id}", one),
]
