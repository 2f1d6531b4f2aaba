"""The call list: whom to ask by telephone what an answer is worth, or if a promise was kept."""

from __future__ import annotations

from starlette.responses import Response

from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.ways import ANSWERING, TELEPHONE

PATH = "/work/follow-ups"
AT_ONCE = 20


@at_desk(TELEPHONE, *ANSWERING)
async def call_list(desk: Desk) -> Response:
    """``GET /work/follow-ups``"""
    asked = desk.request.query_params
    about = "promises" if asked.get("about") == "promises" else "answers"
    everybody = asked.get("who") == "all"
    path = "/follow-ups/promises" if about == "promises" else "/follow-ups"
    found = await desk.get(
        "petitions",
        path,
        {"without_login": not everybody, "limit": AT_ONCE, "cursor": asked.get("cursor")},
    )
    chosen = {"about": about, "who": "all" if everybody else None}
    return await desk.page(
        "staff/follow_ups.html",
        cases=found["items"],
        about=about,
        everybody=everybody,
        more=None if found["next"] is None else PATH + query({**chosen, "cursor": found["next"]}),
    )
