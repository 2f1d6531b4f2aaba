"""Disputes (纠纷) that one is in: the list, and one with who is in it and what can be done."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import signed_in
from services.gateway.pages.asking import ask, next_of, unless_away
from services.gateway.pages.dispute_words import EVENT
from services.gateway.pages.forms import quoted, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page
from services.gateway.pages.resident.cast import Cast
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    Values,
    doing,
    only,
)
from services.gateway.pages.resident.steps import latest, readable, steps_of

PER_PAGE = "20"


def _number(values: Values) -> dict[str, Any]:
    return {"number": whole(values.get("number", ""))}


def _objection(values: Values) -> dict[str, Any]:
    return {**_number(values), "reason": values.get("reason", "")}


def _holds(values: Values) -> dict[str, Any]:
    return {"holds": values.get("holds") == "yes", "note": values.get("note", "")}


DEEDS = {
    "agree": Deed((), only(), marked("您已同意调解。")),
    "decline": Deed(("reason",), only("reason"), marked("已答复：不参加调解。")),
    "tell": Deed(("text",), only("text"), marked("您的说法已记下。")),
    "name-representative": Deed(
        ("party", "person"), only("party", "person"), marked("已请代表。对方可以替您说话了。")
    ),
    "raise-risk": Deed(
        ("kind", "text"), only("kind", "text"), marked("已通知民警和社区。情况紧急请拨打 110。")
    ),
    "propose-extension": Deed((), only(), marked("已提议延长，等各方同意。")),
    "consent-extension": Deed((), only(), marked("您已同意延长。")),
    "refuse-extension": Deed((), only(), marked("已答复：不延长。")),
    "confirm-settlement": Deed(("number",), _number, marked("您已确认口头协议。")),
    "object-to-settlement": Deed(("number", "reason"), _objection, marked("已提出异议。")),
    "answer-follow-up": Deed(("holds", "note"), _holds, marked("谢谢，已经记下。")),
    "reopen": Deed(("reason",), only("reason"), marked("已重新开始调解。")),
    "leave": Deed(("reason",), only("reason"), marked("您已退出调解。")),
    "withdraw": Deed(("reason",), only("reason"), marked("纠纷已撤回。")),
    "refuse-mediator": Deed(
        ("reason",),
        only("reason"),
        marked("已提出更换调解员，社区会另请一位。"),
        asked="/panels/{id}",
    ),
}
"""What parties do with a dispute; its panel goes by the same id."""


@shown
async def mine(request: Request) -> Response:
    """Those one is or was in, the latest first."""
    session = await signed_in(request)
    asked = next_of(request, PER_PAGE)
    found = await ask(request, "mediation", "/disputes/mine", params=asked)
    return await page(
        request,
        "resident/disputes.html",
        items=[(one, Cast(one, session)) for one in found["items"]],
        next=found["next"],
        cursor=asked.get("cursor"),
        places=await unless_away(places_of(request), Places()),
    )


@shown
async def one(request: Request) -> Response:
    """A dispute as one of its parties sees it."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    session = await signed_in(request)
    id = quoted(request.path_params["id"])
    path = f"/disputes/{id}"
    dispute = await ask(request, "mediation", path)
    dossier = readable(dispute)
    evidence = await unless_away(ask(request, "mediation", f"{path}/evidence"))
    sessions = await unless_away(ask(request, "mediation", "/sessions", params={"of": id}))
    agreements = await unless_away(ask(request, "mediation", f"{path}/agreements"))
    timeline = await unless_away(ask(request, "mediation", f"{path}/timeline"))
    written = [one["data"] for one in dossier if one["name"] == "DisputeTold"]
    return await page(
        request,
        "resident/dispute.html",
        status=failed.status,
        dispute=dispute,
        cast=Cast(dispute, session),
        title=next((told["title"] for told in written if told.get("title")), ""),
        accounts=[told for told in written if told.get("text")],
        oral=latest(dossier, "SettlementWritten"),
        panel=await unless_away(ask(request, "mediation", f"/panels/{id}")),
        evidence=_items(evidence),
        sessions=_items(sessions),
        agreements=_items(agreements),
        steps=steps_of(_items(timeline) or [], [], session.sub, EVENT),
        places=await unless_away(places_of(request), Places()),
        failed=failed,
    )


def _items(found: Any) -> list[dict[str, Any]] | None:
    items: list[dict[str, Any]] | None = None if found is None else found["items"]
    return items


do = doing("mediation", "/disputes/{id}", DEEDS, _show)


ROUTES: list[BaseRoute] = [
    Route("/disputes", mine),
    Route("/disputes/{id}", one),
    Route("/disputes/{id}/{verb}", do, methods=["POST"]),
]
