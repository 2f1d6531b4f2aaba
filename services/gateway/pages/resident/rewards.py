"""What points are spent on: what shops near by offer, and what one has reserved."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Refusal, ask, next_of, once, tell, unless_away
from services.gateway.pages.forms import quoted, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import NOTHING_FAILED, Failed, failure
from services.gateway.pages.resident.picking import home_of

PER_PAGE = "20"


@shown
async def rewards(request: Request) -> Response:
    """Those of one's street, the cheapest first."""
    session = await signed_in(request)
    places = await unless_away(places_of(request), Places()) or Places()
    home = home_of(session, places)
    found: dict[str, Any] = {"items": [], "next": None}
    asked = next_of(request, PER_PAGE)
    if home is not None:
        asked["place"] = home.path[:2][-1]
        found = await ask(request, "volunteering", "/rewards", params=asked)
    return await page(
        request,
        "resident/rewards.html",
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        places=places,
    )


@shown
async def reward(request: Request) -> Response:
    """One of them, with the accounts that it can be had from."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    await signed_in(request)
    path = f"/rewards/{quoted(request.path_params['id'])}"
    accounts = await ask(request, "volunteering", "/accounts/mine")
    return await page(
        request,
        "resident/reward.html",
        status=failed.status,
        reward=await ask(request, "volunteering", path),
        accounts=[one for one in accounts["items"] if "buy" in one["can"]],
        places=await unless_away(places_of(request), Places()),
        failed=failed,
    )


@shown
async def buy(request: Request) -> Response:
    """Reserves it at the price that was seen."""
    await signed_in(request)
    id = request.path_params["id"]
    form = await form_of(request)
    body = {"reward": id, "price": whole(str(form.get("price", "")))}
    account = quoted(str(form.get("account", "")))
    try:
        await tell(request, "volunteering", f"/accounts/{account}/buy", body, key=once(form))
    except Refusal as refusal:
        return await _show(request, failure(refusal, "buy", {}, ("price",)))
    return go(f"/rewards/{quoted(id)}", marked("已兑换，备好后会告诉您来取。"))


@shown
async def cancel(request: Request) -> Response:
    """Does not want it any more: the points come back."""
    await signed_in(request)
    id = quoted(request.path_params["id"])
    form = await form_of(request)
    body = {"purchase": str(form.get("purchase", ""))}
    try:
        await tell(request, "volunteering", f"/rewards/{id}/cancel", body, key=once(form))
    except Refusal as refusal:
        return await _show(request, failure(refusal, "cancel", {}, ("purchase",)))
    return go(f"/rewards/{id}", marked("已取消，积分会退回。"))


ROUTES: list[BaseRoute] = [
    Route("/rewards", rewards),
    Route("/rewards/{id}", reward),
    Route("/rewards/{id}/buy", buy, methods=["POST"]),
    Route("/rewards/{id}/cancel", cancel, methods=["POST"]),
]
