"""The work queue: what is to be answered in one's places, by the time that is left."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from starlette.responses import RedirectResponse, Response

from services.gateway.pages.languages import marked
from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.ways import ANSWERING, ways_for
from services.gateway.pages.staff.wording import STATUSES
from services.gateway.pages.words import LEVEL

AT_ONCE = 30
"""Cases on a page."""

WHICH = {
    "open": marked("待答复"),
    "answered": marked("待评价"),
    "suspended": marked("暂缓办理"),
    "merged": marked("并案办理"),
    "closed": marked("已办结"),
    "all": marked("全部"),
}
"""What can be asked for; the first is asked for where nothing is said."""
KEPT = ("which", "place", "level", "category", "overdue", "mine", "q")
"""What a filter says, by the names of its fields."""


@at_desk()
async def work_queue(desk: Desk) -> Response:
    """``GET /work``: for those who answer nothing, the first of their own pages."""
    if not desk.has(*ANSWERING):
        return RedirectResponse(ways_for(desk.session.roles)[0].path, HTTPStatus.SEE_OTHER)
    chosen = _chosen(desk)
    asked: dict[str, Any] = {
        "status": _statuses(chosen["which"]),
        "place": chosen["place"],
        "level": chosen["level"],
        "category": chosen["category"],
        "overdue": True if chosen["overdue"] else None,
        "assignee": desk.session.sub if chosen["mine"] else None,
        "q": chosen["q"],
        "limit": AT_ONCE,
        "cursor": desk.request.query_params.get("cursor"),
    }
    found = await desk.get("petitions", "/petitions", asked)
    cases = found["items"]
    places = await desk.places()
    own = sorted(desk.session.places)
    below = [place.code for code in own for place in places.children(code)]
    return await desk.page(
        "staff/queue.html",
        fragment="cases",
        cases=cases,
        which=WHICH,
        levels=LEVEL,
        chosen=chosen,
        reachable=dict.fromkeys([*own, *below, *filter(None, [chosen["place"]])]),
        more=more(chosen, found["next"]),
        first="/work" + query(chosen) if asked["cursor"] else "",
    )


def _statuses(which: str) -> list[str] | None:
    """What petitions are asked for; None for those that wait for an answer."""
    if which == "all":
        return list(STATUSES)
    return None if which == "open" else [which]


def more(chosen: dict[str, str], cursor: str | None) -> str | None:
    """The address of the next page; None where there is none."""
    return None if cursor is None else "/work" + query({**chosen, "cursor": cursor})


def _chosen(desk: Desk) -> dict[str, str]:
    """What the filter says, as it can be asked."""
    said = {name: desk.request.query_params.get(name, "").strip() for name in KEPT}
    if said["which"] not in WHICH:
        said["which"] = next(iter(WHICH))
    if said["level"] not in LEVEL:
        said["level"] = ""
    if len(said["q"]) < 2:  # the service searches for no less
        said["q"] = ""
    return said
