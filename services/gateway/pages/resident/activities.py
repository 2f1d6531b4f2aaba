"""Activities: what takes place near by, one of them, and what oneself does with it."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import signed_in
from services.gateway.pages.asking import Missing, ask, next_of, unless_away
from services.gateway.pages.forms import decimal, local_time, quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.positions import in_gcj
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    Values,
    doing,
    only,
)
from services.gateway.pages.resident.picking import home_of

PER_PAGE = "20"
PARTS = ("near", "place", "waiting", "offer")
"""Which list: what there is, or where one has a place, waits, is offered one."""
POSITION = ("latitude", "longitude", "accuracy")
"""Degrees in WGS-84, and how many metres they may be wrong."""


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


DEEDS: Mapping[str, Deed] = {
    "sign-up": Deed(("role",), _role, marked("已报名。下面写着您有名额还是在候补。")),
    "withdraw": Deed((), only(), marked("已退出。")),
    "accept-offer": Deed((), only(), marked("名额是您的了。")),
    "decline-offer": Deed((), only(), marked("已让给下一位。")),
    "check-in": Deed(("code",), _code, marked("已签到。")),
    "check-in-here": Deed(POSITION, _here, marked("已签到。")),
    "check-out-here": Deed(POSITION, _here, marked("已签退。")),
    "check-out": Deed(("code",), _code, marked("已签退。")),
    "dispute-hours": Deed(("because", "came", "left"), _disputed, marked("已提出，社区会核对。")),
    "drop-dispute": Deed((), only(), marked("已撤回异议。")),
}
"""What one does oneself."""


@shown
async def activities(request: Request) -> Response:
    """A list of them, the next first."""
    session = await signed_in(request)
    part = request.query_params.get("part", PARTS[0])
    if part not in PARTS:
        raise Missing
    places = await unless_away(places_of(request), Places()) or Places()
    asked = next_of(request, PER_PAGE)
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
        cursor=asked.get("cursor"),
        places=places,
    )


@shown
async def activity(request: Request) -> Response:
    """One of them."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
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
        status=failed.status,
        activity=found,
        contact=contact,
        places=await unless_away(places_of(request), Places()),
        failed=failed.form,
        values=failed.values,
        errors=failed.errors,
    )


do = doing("volunteering", "/activities/{id}", DEEDS, _show)


ROUTES: list[BaseRoute] = [
    Route("/activities", activities),
    Route("/activities/{id}", activity),
    Route("/activities/{id}/{verb}", do, methods=["POST"]),
]
