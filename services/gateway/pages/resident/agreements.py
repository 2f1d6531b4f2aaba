"""Agreements (调解协议) that one is in: clauses, what changed, signing, and whether it is kept."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, freshly_signed_in, signed_in
from services.gateway.pages.asking import Refusal, ask, once, tell
from services.gateway.pages.forms import quoted, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.cast import Cast
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    Values,
    doing,
    failure,
    only,
)
from services.gateway.pages.resident.steps import latest

FRESH = timedelta(minutes=5)
"""Who is shown a code signed in no longer ago than that."""
STILL_FRESH = FRESH + timedelta(minutes=5)
"""Who signs with it: a code is good for five minutes."""
CODE = 8
"""Digits of a code."""


def _clause(values: Values, **more: Any) -> dict[str, Any]:
    return {"clause": whole(values.get("clause", "")), **more}


def _signed(values: Values) -> dict[str, Any]:
    return {
        "number": whole(values.get("number", "")),
        "digest": values.get("digest", ""),
        "code": values.get("code", "").replace(" ", ""),
    }


DEEDS = {
    "show-name": Deed(
        ("name",),
        lambda values: {"name": values.get("name") or None},
        marked("协议里的称呼已改，各方需要重新签字。"),
    ),
    "revoke": Deed((), only(), marked("您已反悔，协议不再算数，调解继续。")),
    "report-done": Deed(
        ("clause", "note"),
        lambda values: _clause(values, note=values.get("note", "")),
        marked("已记下，等对方确认。"),
        each="clause",
    ),
    "confirm-done": Deed(("clause",), _clause, marked("您已确认做到了。"), each="clause"),
    "dispute-done": Deed(
        ("clause", "reason"),
        lambda values: _clause(values, reason=values.get("reason", "")),
        marked("已记下：没有做到。"),
        each="clause",
    ),
    "report-breach": Deed(
        ("clause", "path", "reason"),
        lambda values: _clause(
            values, path=values.get("path", ""), reason=values.get("reason", "")
        ),
        marked("已记下：对方没有履行。"),
        each="clause",
    ),
    "seek-confirmation": Deed((), only(), marked("已记下，不再提醒。")),
}
"""What parties do with an agreement; drafting and signing have pages of their own."""
SIGNED = ("number", "digest", "code")
"""Fields of the form that is signed with."""


@shown
async def agreement(request: Request) -> Response:
    """One of them."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    return await page(
        request,
        "resident/agreement.html",
        status=failed.status,
        failed=failed,
        **await known(request, request.path_params["id"]),
    )


async def known(request: Request, id: str) -> dict[str, Any]:
    """An agreement with its words and its dispute, for templates. Raises as `ask`."""
    session = await signed_in(request)
    found = await ask(request, "mediation", f"/agreements/{quoted(id)}")
    dispute = await ask(request, "mediation", f"/disputes/{quoted(found['dispute'])}")
    dossier = found.get("dossier", [])
    worded = latest(dossier, "AgreementWorded") or {"clauses": [], "open_points": [], "names": []}
    notes: dict[int, list[dict[str, Any]]] = {}
    for entry in dossier:
        if entry["name"] == "AgreementSaid":
            notes.setdefault(entry["data"]["clause"], []).append(entry["data"])
    return {
        "agreement": found,
        "dispute": dispute,
        "cast": Cast(dispute, session),
        "worded": worded,
        "names": dict(worded["names"]),
        "notes": notes,
    }


@shown
async def changes(request: Request) -> Response:
    """What changed from one version to another: the last two unless others are asked for."""
    id = request.path_params["id"]
    about = await known(request, id)
    number = about["agreement"]["number"]
    asked = request.query_params
    after = whole(asked.get("to", "")) or number
    before = whole(asked.get("from", "")) or max(after - 1, 1)
    params = {"from": str(before), "to": str(after)}
    path = f"/agreements/{quoted(id)}/differences"
    found = await ask(request, "mediation", path, params=params)
    return await page(
        request, "resident/agreement_changes.html", found=found, versions=number, **about
    )


@shown
async def sign_page(request: Request) -> Response:
    """What is signed, in full, with the code: for who has just proved who they are."""
    await freshly_signed_in(request, FRESH)
    return await _sign(request, NOTHING_FAILED)


async def _sign(request: Request, failed: Failed) -> Response:
    id = request.path_params["id"]
    about = await known(request, id)
    if "sign" not in about["agreement"]["can"]:
        return go(f"/agreements/{quoted(id)}", marked("这份协议现在不需要您签字。"))
    code = await ask(request, "mediation", f"/agreements/{quoted(id)}/sign-code")
    return await page(
        request,
        "resident/agreement_sign.html",
        status=failed.status,
        code=code,
        digits=CODE,
        failed=failed,
        **about,
    )


@shown
async def sign(request: Request) -> Response:
    """Signs the version that was shown."""
    await freshly_signed_in(request, STILL_FRESH)
    id = quoted(request.path_params["id"])
    form = await form_of(request)
    values = values_of(form, SIGNED)
    try:
        await tell(request, "mediation", f"/agreements/{id}/sign", _signed(values), key=once(form))
    except Refusal as refusal:
        return await _sign(request, failure(refusal, "sign", values, SIGNED))
    return go(f"/agreements/{id}", marked("您已签字。"))


do = doing("mediation", "/agreements/{id}", DEEDS, _show)


ROUTES: list[BaseRoute] = [
    Route("/agreements/{id}", agreement),
    Route("/agreements/{id}/changes", changes),
    Route("/agreements/{id}/sign", sign_page, methods=["GET"]),
    Route("/agreements/{id}/sign", sign, methods=["POST"]),
    Route("/agreements/{id}/{verb}", do, methods=["POST"]),
]
