"""Wishes (微心愿): those that wait for somebody, one's own, those one has taken on."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import Session, form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell, unless_away
from services.gateway.pages.forms import local_time, quoted, said, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.picking import home_of, neighbourhood_of
from services.gateway.pages.resident.steps import latest
from services.gateway.pages.words import WISH_KIND

PER_PAGE = "20"
PARTS = ("open", "mine", "claimed")
NEW = ("kind", "title", "text", "name", "phone", "address")
CONTACT = ("name", "phone", "address")
Values = Mapping[str, str]
Body = Callable[[Values, Session], dict[str, Any]]


def _granted(values: Values, session: Session) -> dict[str, Any]:
    """Who grants a wish alone serves for all of the time between."""
    begun, ended = (local_time(values.get(name, "")) for name in ("begun", "ended"))
    minutes = 0
    if begun is not None and ended is not None:
        minutes = max(0, int((ended - begun).total_seconds()) // 60)
    return {
        "begun": values.get("begun") if begun is None else begun.isoformat(),
        "ended": values.get("ended") if ended is None else ended.isoformat(),
        "served": [{"volunteer": session.sub, "minutes": minutes}],
        "note": values.get("note", ""),
    }


def _confirmed(values: Values, _session: Session) -> dict[str, Any]:
    return {"stars": whole(values.get("stars", "")), "thanks": values.get("thanks", "")}


def _only(*names: str) -> Body:
    return lambda values, _session: {name: values.get(name, "") for name in names}


DEEDS: Mapping[str, tuple[tuple[str, ...], Body, str]] = {
    "claim": ((), _only(), marked("已认领，谢谢您。联系方式在下面。")),
    "give-back": (("reason",), _only("reason"), marked("已放回，别人可以认领了。")),
    "grant": (("begun", "ended", "note"), _granted, marked("已登记，等对方确认。")),
    "confirm": (("stars", "thanks"), _confirmed, marked("已确认，心愿实现了。")),
    "dispute": (("because", "reason"), _only("because", "reason"), marked("已提出，社区会处理。")),
    "reply": (("text",), _only("text"), marked("已回复。")),
    "reword": (("title", "text"), _only("title", "text"), marked("已改好，等社区审核。")),
    "withdraw": (("reason",), _only("reason"), marked("心愿已撤回。")),
}
"""The verbs that residents and volunteers have: fields, body, what is said afterwards."""


@shown
async def wishes(request: Request) -> Response:
    """A list of them."""
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
        cursor=cursor,
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
    return await _show(request)


async def _show(
    request: Request,
    status: int = 200,
    failed: str = "",
    values: Mapping[str, str] = {},
    errors: Mapping[str, str] = {},
) -> Response:
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
        status=status,
        wish=found,
        words=latest(dossier, "WishWorded") or told or found,
        contact=(told or {}).get("contact"),
        own=session.sub in (found.get("owner"), found.get("poster")),
        places=await unless_away(places_of(request), Places()),
        failed=failed,
        values=values,
        errors=errors,
    )


@shown
async def do(request: Request) -> Response:
    """Claims, grants, confirms ..."""
    session = await signed_in(request)
    id, verb = quoted(request.path_params["id"]), request.path_params["verb"]
    if verb not in DEEDS:
        raise Missing
    fields, body, words = DEEDS[verb]
    form = await form_of(request)
    values = values_of(form, fields)
    path = f"/wishes/{id}/{verb}"
    try:
        await tell(request, "volunteering", path, body(values, session), key=once(form))
    except Refusal as refusal:
        errors = refusal.for_field(*fields) or {"": refusal.detail}
        return await _show(request, refusal.status, verb, values, errors)
    return go("/wishes" if verb == "give-back" else f"/wishes/{id}", words)


ROUTES: list[BaseRoute] = [
    Route("/wishes", wishes),
    Route("/wishes/new", new),
    Route("/wishes/new", post, methods=["POST"]),
    Route("/wishes/{id}", wish),
    Route("/wishes/{id}/{verb}", do, methods=["POST"]),
]
