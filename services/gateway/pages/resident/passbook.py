"""The passbook (存折): what one's account of the points bank has, every entry of it, and giving
points on. Who leads a team keeps its account, too.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell, unless_away
from services.gateway.pages.forms import quoted, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    Values,
    doing,
    failure,
    only,
)
from services.gateway.pages.resident.picking import neighbourhood_of

MOST_SHOWN = 100
"""Entries, the latest; all of them are in the file."""


def _gift(values: Values) -> dict[str, Any]:
    return {
        "to": values.get("to", ""),
        "points": whole(values.get("points", "")),
        "word": values.get("word", ""),
    }


DEEDS: Mapping[str, Deed] = {
    "give": Deed(("to", "points", "word"), _gift, marked("积分已赠出。")),
    "decline": Deed(("transfer",), only("transfer"), marked("已退回。")),
}


@shown
async def passbook(request: Request) -> Response:
    """One's own account, or (``?account=``) that of a team one leads."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    session = await signed_in(request)
    wanted = request.path_params.get("account") or request.query_params.get("account")
    kept = (await ask(request, "volunteering", "/accounts/mine"))["items"]
    chosen = [one for one in kept if one["id"] == wanted] if wanted else _own_first(kept)
    if wanted and not chosen:
        raise Missing
    if not chosen:
        there = neighbourhood_of(session, await places_of(request))
        return await page(request, "resident/passbook_none.html", there=there, failed=failed)
    account = chosen[0]
    path = f"/accounts/{quoted(account['id'])}"
    book = await ask(request, "volunteering", f"{path}/passbook")
    received = await unless_away(ask(request, "volunteering", f"{path}/received"), {"items": []})
    return await page(
        request,
        "resident/passbook.html",
        status=failed.status,
        account=account,
        accounts=kept,
        entries=book["items"][::-1][:MOST_SHOWN],
        more=len(book["items"]) > MOST_SHOWN,
        received=(received or {"items": []})["items"],
        failed=failed,
    )


def _own_first(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(kept, key=lambda one: bool(one["of_a_team"]))


@shown
async def open_account(request: Request) -> Response:
    """For who has none yet: volunteers have."""
    session = await signed_in(request)
    form = await form_of(request)
    there = neighbourhood_of(session, await places_of(request))
    body = {"place": "" if there is None else there.code}
    try:
        await tell(request, "volunteering", "/accounts", body, key=once(form))
    except Refusal as refusal:
        return await _show(request, failure(refusal, "open", {}, ()))
    return go("/me/passbook", marked("存折已开。"))


@shown
async def till(request: Request) -> Response:
    """The code that a shop's till takes points with."""
    await signed_in(request)
    id = quoted(request.path_params["account"])
    code = await ask(request, "volunteering", f"/accounts/{id}/till-code")
    return await page(request, "resident/till_code.html", code=code)


do = doing("volunteering", "/accounts/{account}", DEEDS, _show, at="/me/passbook?account={account}")


ROUTES: list[BaseRoute] = [
    Route("/me/passbook", passbook, methods=["GET"]),
    Route("/me/passbook", open_account, methods=["POST"]),
    Route("/me/passbook/{account}/till", till),
    Route("/me/passbook/{account}/{verb}", do, methods=["POST"]),
]
