"""Activities: what takes place near by, one of them, and what oneself does with it."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell, unless_away
from services.gateway.pages.forms import decimal, local_time, quoted, values_of
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.positions import in_gcj
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.picking import home_of

PER_PAGE = "20"
PARTS = ("near", "place", "waiting", "offer")
"""Which list: what there is, or where one has a place, waits, is offered one."""
POSITION = ("latitude", "longitude", "accuracy")
"""Degrees in WGS-84, and how many metres they may be wrong."""
Values = Mapping[str, str]


def _time(value: str) -> str:
    """As services read it; what is no time stays as it is and is refused there."""
    read = local_time(value)
    return value if read is None else read.isoformat()


def _disputed(values: Values) -> dict[str, Any]:
    return {
        "because": values.get("because", ""),
        "came": _time(values.get("came", "")),
        "left": _time(values.get("left", "")),
    }


def _nothing(_values: Values) -> dict[str, Any]:
    return {}


def _code(values: Values) -> dict[str, Any]:
    return {"code": values.get("code", "").replace(" ", "")}


def _here(values: Values) -> dict[str, Any]:
    """What a browser tells of where it is; what it does not tell is refused by the service."""
    told = {name: decimal(values.get(name, "")) for name in POSITION}
    latitude, longitude = told["latitude"], told["longitude"]
    if latitude is not None and longitude is not None:
        told["latitude"], told["longitude"] = in_gcj(latitude, longitude)
    return told


def _role(values: Values) -> dict[str, Any]:
    return {"role": values.get("role") or None}


DEEDS: Mapping[str, tuple[tuple[str, ...], Callable[[Values], dict[str, Any]], str]] = {
    "sign-up": (("role",), _role, marked("已报名。下面写着您有名额还是在候补。")),
    "withdraw": ((), _nothing, marked("已退出。")),
    "accept-offer": ((), _nothing, marked("名额是您的了。")),
    "decline-offer": ((), _nothing, marked("已让给下一位。")),
    "check-in": (("code",), _code, marked("已签到。")),
    "check-in-here": (POSITION, _here, marked("已签到。")),
    "check-out-here": (POSITION, _here, marked("已签退。")),
    "check-out": (("code",), _code, marked("已签退。")),
    "dispute-hours": (("because", "came", "left"), _disputed, marked("已提出，社区会核对。")),
    "drop-dispute": ((), _nothing, marked("已撤回异议。")),
}
"""What one does oneself: the fields of the form, the command's body, what is said afterwards."""


@shown
async def activities(request: Request) -> Response:
    """A list of them, the next first."""
    session = await signed_in(request)
    part = request.query_params.get("part", PARTS[0])
    if part not in PARTS:
        raise Missing
    places = await unless_away(places_of(request), Places()) or Places()
    asked = {"limit": PER_PAGE}
    if cursor := request.query_params.get("cursor"):
        asked["cursor"] = cursor
    if part == PARTS[0]:
        home = home_of(session, places)
        if home is not None:
            asked["place"] = home.path[0]
        found = await ask(request, "volunteering", "/activities", params=asked)
    else:
        asked["part"] = part
        found = await ask(request, "volunteering", "/activities/mine", params=asked)
    return await page(
        request,
        "resident/activities.html",
        part=part,
        items=found["items"],
        next=found["next"],
        cursor=cursor,
        places=places,
    )


@shown
async def activity(request: Request) -> Response:
    """One of them."""
    return await _show(request)


async def _show(
    request: Request,
    status: int = 200,
    failed: str = "",
    values: Mapping[str, str] = {},
    errors: Mapping[str, str] = {},
) -> Response:
    await signed_in(request)
    id = quoted(request.path_params["id"])
    found: dict[str, Any] = await ask(request, "volunteering", f"/activities/{id}")
    contact = None
    if found["you"]["place"] is not None:
        asked = ask(request, "volunteering", f"/activities/{id}/contact")
        contact = await unless_away(asked)
    return await page(
        request,
        "resident/activity.html",
        status=status,
        activity=found,
        contact=contact,
        places=await unless_away(places_of(request), Places()),
        failed=failed,
        values=values,
        errors=errors,
    )


@shown
async def do(request: Request) -> Response:
    """Signs up, withdraws, checks in ..."""
    await signed_in(request)
    id, verb = quoted(request.path_params["id"]), request.path_params["verb"]
    if verb not in DEEDS:
        raise Missing
    fields, body, said = DEEDS[verb]
    form = await form_of(request)
    values = values_of(form, fields)
    path = f"/activities/{id}/{verb}"
    try:
        await tell(request, "volunteering", path, body(values), key=once(form))
    except Refusal as refusal:
        errors = refusal.for_field(*fields) or {"": refusal.detail}
        return await _show(request, refusal.status, verb, values, errors)
    return go(f"/activities/{id}", said)


ROUTES: list[BaseRoute] = [
    Route("/activities", activities),
    Route("/activities/{id}", activity),
    Route("/activities/{id}/{verb}", do, methods=["POST"]),
]
