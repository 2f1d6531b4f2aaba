"""Wishes (微心愿): those that wait for somebody, one's own, those one has taken on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, next_of, once, tell, unless_away
from services.gateway.pages.forms import local_time, quoted, said, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    Values,
    doing,
    only,
)
from services.gateway.pages.resident.picking import home_of, neighbourhood_of
from services.gateway.pages.resident.steps import latest
from services.gateway.pages.words import WISH_KIND

PER_PAGE = "20"
PARTS = ("open", "mine", "claimed")
NEW = ("kind", "title", "text", "name", "phone", "address")
CONTACT = ("name", "phone", "address")


def _granted(values: Values) -> dict[str, Any]:
    begun, ended = _times(values)
    return {
        "begun": values.get("begun") if begun is None else begun.isoformat(),
        "ended": values.get("ended") if ended is None else ended.isoformat(),
        "note": values.get("note", ""),
    }


async def _served_alone(request: Request, values: Values) -> dict[str, Any]:
    """Who grants a wish alone serves for all of the time between."""
    session = await signed_in(request)
    begun, ended = _times(values)
    minutes = 0
    if begun is not None and ended is not None:
        minutes = max(0, int((ended - begun).total_seconds()) // 60)
    return {"served": [{"volunteer": session.sub, "minutes": minutes}]}


def _times(values: Values) -> tuple[datetime | None, datetime | None]:
    return local_time(values.get("begun", "")), local_time(values.get("ended", ""))


def _confirmed(values: Values) -> dict[str, Any]:
    return {"stars": whole(values.get("stars", "")), "thanks": values.get("thanks", "")}


DEEDS: Mapping[str, Deed] = {
    "claim": Deed((), only(), marked("已认领，谢谢您。联系方式在下面。")),
    "give-back": Deed(("reason",), only("reason"), marked("已放回，别人可以认领了。"), "/wishes"),
    "grant": Deed(
        ("begun", "ended", "note"),
        _granted,
        marked("已登记，等对方确认。"),
        more=_served_alone,
    ),
    "confirm": Deed(("stars", "thanks"), _confirmed, marked("已确认，心愿实现了。")),
    "dispute": Deed(
        ("because", "reason"), only("because", "reason"), marked("已提出，社区会处理。")
    ),
    "reply": Deed(("text",), only("text"), marked("已回复。")),
    "reword": Deed(("title", "text"), only("title", "text"), marked("已改好，等社区审核。")),
    "withdraw": Deed(("reason",), only("reason"), marked("心愿已撤回。")),
}
"""What residents and volunteers do with a wish."""


@shown
async def wishes(request: Request) -> Response:
    """A list of them."""
    session = await signed_in(request)
    part = request.query_params.get("part", PARTS[0])
    if part not in PARTS:
        raise Missing
    places = await unless_away(places_of(request), Places()) or Places()
    asked = next_of(request, PER_PAGE)
    if part == PARTS[0]:
        home = home_of(session, places)
        found: dict[str, Any] = {"items": [], "next": None}
        if home is not None:
            asked["place"] = home.path[0]
            found = await ask(request, "volunteering", "/public/wishes", params=asked)
    else:
        found = await ask(request, "volunteering", f"/wishes/{part}", params=asked)
    return await page(
        request,
        "resident/wishes.html",
        part=part,
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        places=places,
    )


@shown
async def new(request: Request) -> Response:
    """The form for a wish of one's own."""
    await signed_in(request)
    return await _form(request, {}, {})


async def _form(request: Request, values: Values, errors: Values) -> Response:
    session = await signed_in(request)
    return await page(
        request,
        "resident/wish_new.html",
        status=422 if errors else 200,
        there=neighbourhood_of(session, await places_of(request)),
        kinds=WISH_KIND,
        values=values,
        errors=errors,
    )


@shown
async def post(request: Request) -> Response:
    """A wish is posted, at one's own neighbourhood."""
    session = await signed_in(request)
    form = await form_of(request)
    values = values_of(form, NEW)
    there = neighbourhood_of(session, await places_of(request))
    contact = said({name: values.get(name, "") for name in CONTACT})
    body: dict[str, Any] = {name: values.get(name, "") for name in ("kind", "title", "text")}
    body["place"] = "" if there is None else there.code
    if contact:
        body["contact"] = contact
    try:
        posted = await tell(request, "volunteering", "/wishes", body, key=once(form))
    except Refusal as refusal:
        fields = refusal.for_field(*NEW, *(f"contact.{name}" for name in CONTACT))
        named = {name.removeprefix("contact."): detail for name, detail in fields.items()}
        return await _form(request, values, named or {"": refusal.detail})
    return go(f"/wishes/{posted['id']}", marked("心愿已提交，社区审核后会发布。"))


@shown
async def wish(request: Request) -> Response:
    """One of them."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    """Those concerned see all of it, others an open one without who hopes for it."""
    session = await signed_in(request)
    id = quoted(request.path_params["id"])
    try:
        found: dict[str, Any] = await ask(request, "volunteering", f"/wishes/{id}")
    except Missing:
        found = await ask(request, "volunteering", f"/public/wishes/{id}")
        found |= {"status": "open", "owner": None, "can": ["claim"], "claim": None}
    dossier = found.get("dossier", [])
    told = latest(dossier, "WishTold")
    return await page(
        request,
        "resident/wish.html",
        status=failed.status,
        wish=found,
        words=latest(dossier, "WishWorded") or told or found,
        contact=(told or {}).get("contact"),
        own=session.sub in (found.get("owner"), found.get("poster")),
        places=await unless_away(places_of(request), Places()),
        failed=failed.form,
        values=failed.values,
        errors=failed.errors,
    )


do = doing("volunteering", "/wishes/{id}", DEEDS, _show)


ROUTES: list[BaseRoute] = [
    Route("/wishes", wishes),
    Route("/wishes/new", new),
    Route("/wishes/new", post, methods=["POST"]),
    Route("/wishes/{id}", wish),
    Route("/wishes/{id}/{verb}", do, methods=["POST"]),
]
