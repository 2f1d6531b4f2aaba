"""The board of consultations (会诊): what a department owes, and what the levels below could not
solve in a quarter.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from starlette.responses import Response

from services.gateway.pages import times
from services.gateway.pages.staff.desk import Asked, Desk, at_desk, query
from services.gateway.pages.staff.ways import ANSWERING

PATH = "/work/consultations"
QUARTERS_BACK = 4

_QUARTER = re.compile(r"20\d\dQ[1-4]")


@at_desk()
async def board(desk: Desk) -> Response:
    """``GET /work/consultations``"""
    asked = desk.request.query_params
    state = "concluded" if asked.get("state") == "concluded" else "open"
    quarters = quarters_before(times.read(desk.now), QUARTERS_BACK)
    wanted = asked.get("quarter", "")
    quarter = wanted if _QUARTER.fullmatch(wanted) else quarters[0]
    ours = await _called_onto(desk, state) if desk.session.org else None
    unsolved = await _unsolved(desk, quarter) if desk.has(*ANSWERING) else None
    return await desk.page(
        "staff/consultations.html",
        ours=ours,
        unsolved=unsolved,
        state=state,
        quarter=quarter,
        quarters=quarters,
        org=desk.session.org,
        more_ours=_more(ours, {"state": state, "quarter": quarter}, "called"),
        more_unsolved=_more(unsolved, {"state": state, "quarter": quarter}, "cursor"),
    )


def quarters_before(moment: datetime, number: int) -> list[str]:
    """The quarter of a moment and those before it: ``2026Q4``, ``2026Q3`` ..."""
    now = moment.year * 4 + (moment.month - 1) // 3
    return [f"{one // 4}Q{one % 4 + 1}" for one in range(now, now - number, -1)]


async def _called_onto(desk: Desk, state: str) -> dict[str, Any]:
    cursor = desk.request.query_params.get("called")
    asked: Asked = {"state": state, "limit": 20, "cursor": cursor}
    found: dict[str, Any] = await desk.get("petitions", "/consultations", asked)
    return found


async def _unsolved(desk: Desk, quarter: str) -> dict[str, Any]:
    cursor = desk.request.query_params.get("cursor")
    asked: Asked = {"quarter": quarter, "limit": 20, "cursor": cursor}
    found: dict[str, Any] = await desk.get("petitions", "/consultations/list", asked)
    return found


def _more(found: dict[str, Any] | None, chosen: dict[str, str], name: str) -> str | None:
    if found is None or found["next"] is None:
        return None
    return PATH + query({**chosen, name: found["next"]})
