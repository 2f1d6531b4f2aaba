"""The workbench for duplicates: cases that may be about one thing, side by side."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.responses import Response

from services.gateway.pages.asking import fresh_key
from services.gateway.pages.languages import marked
from services.gateway.pages.staff import story
from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.ways import ANSWERING

AT_ONCE = 8
"""Cases for which others like them are looked for on one page."""

WITHIN = {
    "neighbourhood": marked("本小区"),
    "community": marked("本社区"),
    "street": marked("本街道"),
}
WHY = {
    "similar-words": marked("文字相近"),
    "same-category": marked("类别相同"),
    "same-neighbourhood": marked("同一小区"),
    "same-community": marked("同一社区"),
    "same-street": marked("同一街道"),
}
"""The reasons that petitions give for a likeness."""


@at_desk(*ANSWERING)
async def workbench(desk: Desk) -> Response:
    """``GET /work/duplicates``: what waits for an answer and has others like it."""
    cursor = desk.request.query_params.get("cursor")
    found = await desk.get("petitions", "/petitions", {"limit": AT_ONCE, "cursor": cursor})
    alike = await asyncio.gather(
        *(desk.maybe("petitions", f"/petitions/{case['id']}/candidates") for case in found["items"])
    )
    pairs = [
        (case, told["items"])
        for case, told in zip(found["items"], alike, strict=True)
        if told is not None and told["items"]
    ]
    return await desk.page(
        "staff/duplicates.html",
        pairs=pairs,
        looked_at=len(found["items"]),
        complete=all(told is None or told["complete"] for told in alike),
        more=None
        if found["next"] is None
        else "/work/duplicates" + query({"cursor": found["next"]}),
    )


@at_desk(*ANSWERING)
async def side_by_side(desk: Desk) -> Response:
    """``GET /work/duplicates/{id}``: one case, and those that may be about the same."""
    id = desk.request.path_params["id"]
    within = desk.request.query_params.get("within", "community")
    within = within if within in WITHIN else "community"
    case, told = await asyncio.gather(
        desk.get("petitions", f"/petitions/{id}"),
        desk.get("petitions", f"/petitions/{id}/candidates", {"within": within}),
    )
    others = await asyncio.gather(*(_with_words(desk, one) for one in told["items"]))
    return await desk.page(
        "staff/side_by_side.html",
        case=case,
        described=story.described(case.get("dossier", ())),
        others=others,
        complete=told["complete"],
        within=within,
        circles=WITHIN,
        why=WHY,
        key=fresh_key(),
    )


async def _with_words(desk: Desk, candidate: dict[str, Any]) -> dict[str, Any]:
    """A candidate with its text where the reader may see it; else with what everybody may."""
    whole = await desk.maybe("petitions", f"/petitions/{candidate['id']}")
    described = None if whole is None else story.described(whole.get("dossier", ()))
    return {**candidate, "text": None if described is None else described["text"]}
