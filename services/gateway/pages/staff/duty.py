"""Who is on duty at a place, who holds which post, and which posts nobody holds."""

from __future__ import annotations

import asyncio

from starlette.responses import Response

from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.ways import ADMINISTRATOR, ANSWERING, TELEPHONE


@at_desk(TELEPHONE, ADMINISTRATOR, *ANSWERING)
async def duty_board(desk: Desk) -> Response:
    """``GET /work/duty``"""
    places = await desk.places()
    own = sorted(desk.session.places)
    asked = desk.request.query_params.get("place", "")
    place = asked if asked in places.by_code else next(iter(own), "")
    if not place:
        tops = places.children(None)
        place = tops[0].code if tops else ""
    if not place:
        return await desk.page("staff/duty.html", place=None)
    on_duty, posts, vacancies, rotas = await asyncio.gather(
        desk.get("community", "/on-duty", {"place": place, "climb": True}),
        desk.get("community", "/posts", {"place": place, "limit": 100}),
        desk.get("community", "/vacancies", {"place": place, "limit": 100}),
        desk.get("community", "/rotas", {"place": place, "limit": 50}),
    )
    return await desk.page(
        "staff/duty.html",
        place=place,
        own=own,
        on_duty=on_duty,
        posts=posts["items"],
        vacancies=vacancies["items"],
        rotas=rotas["items"],
        me=desk.session.sub,
    )
