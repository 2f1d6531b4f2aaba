"""What is one's own: home, hours, and the ways to preferences and data."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import signed_in
from services.gateway.pages.asking import ask, next_of, unless_away
from services.gateway.pages.forms import quoted
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page

PER_PAGE = "50"


@shown
async def me(request: Request) -> Response:
    """Who is signed in, and where they live as far as that is registered."""
    session = await signed_in(request)
    path = f"/residents/{quoted(session.sub)}"
    lives: dict[str, Any] | None = await unless_away(ask(request, "community", path))
    return await page(
        request,
        "resident/me.html",
        lives=lives,
        places=await unless_away(places_of(request), Places()),
    )


@shown
async def hours(request: Request) -> Response:
    """What one has served as a volunteer."""
    await signed_in(request)
    asked = next_of(request, PER_PAGE)
    found = await ask(request, "volunteering", "/my-hours", params=asked)
    return await page(
        request,
        "resident/hours.html",
        hours=found,
        cursor=asked.get("cursor"),
        places=await unless_away(places_of(request), Places()),
    )


ROUTES: list[BaseRoute] = [Route("/me", me), Route("/me/hours", hours)]
