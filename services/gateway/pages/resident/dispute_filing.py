"""Bringing a dispute forward: what it is about, with whom, at which place."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Refusal, ask, once, tell, unless_away
from services.gateway.pages.dispute_words import KIND
from services.gateway.pages.forms import said, values_of
from services.gateway.pages.languages import marked
from services.gateway.pages.places import places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import Failed, Values
from services.gateway.pages.resident.picking import neighbourhood_of, picker

OTHERS = 3
"""How many others a form has room for; more are named by staff."""
PARTY = ("side", "person", "organisation", "called")
FIELDS = (
    *("place", "kind", "title", "text", "risk", "name", "phone"),
    *(f"{field}-{n}" for n in range(1, OTHERS + 1) for field in PARTY),
)


@shown
async def new(request: Request) -> Response:
    """The form; where nobody knows the place, or it is another one, that is picked before."""
    session = await signed_in(request)
    places = await places_of(request)
    wanted = request.query_params
    place = places.by_code.get(wanted.get("place", ""))
    if place is None and not {"pick", "at", "q"} & wanted.keys():
        place = neighbourhood_of(session, places)
    if place is None:
        return await page(
            request,
            "resident/pick_dispute_place.html",
            fragment="picker",
            **picker(request, places, session, "/disputes/new", {"pick": "1"}),
        )
    values = {"place": place.code, "name": session.name}
    return await _form(request, Failed(values=values))


async def _form(request: Request, filled: Failed) -> Response:
    places = await places_of(request)
    asked = {"serves": filled.values.get("place", ""), "limit": "100"}
    serving = await unless_away(
        ask(request, "community", "/organisations", params=asked), {"items": []}
    )
    return await page(
        request,
        "resident/dispute_new.html",
        status=filled.status,
        places=places,
        kinds=KIND,
        organisations=(serving or {"items": []})["items"],
        others=range(1, OTHERS + 1),
        values=filled.values,
        errors=filled.errors,
    )


@shown
async def file(request: Request) -> Response:
    """It is filed; the others are asked."""
    session = await signed_in(request)
    form = await form_of(request)
    values = values_of(form, FIELDS)
    own = {"side": "a", "person": session.sub, **said({k: values[k] for k in ("name", "phone")})}
    others = [n for n in range(1, OTHERS + 1) if _named(values, n) or n == 1]
    body: dict[str, Any] = {name: values[name] for name in ("place", "kind", "title", "text")}
    body["parties"] = [own, *(_other(values, n) for n in others)]
    body["risk"] = values["risk"] or None
    try:
        filed = await tell(request, "mediation", "/disputes", body, key=once(form))
    except Refusal as refusal:
        return await _form(request, Failed("new", values, _errors(refusal, others), refusal.status))
    return go(f"/disputes/{filed['id']}", marked("纠纷已提出，正在请对方答复。"))


def _named(values: Values, n: int) -> bool:
    return bool(values[f"person-{n}"] or values[f"organisation-{n}"])


def _other(values: Values, n: int) -> dict[str, Any]:
    given = said(
        {
            "person": values[f"person-{n}"],
            "organisation": values[f"organisation-{n}"],
            "name": values[f"called-{n}"],
        }
    )
    return {"side": values[f"side-{n}"] or "b", **given}


def _errors(refusal: Refusal, others: list[int]) -> Mapping[str, str]:
    """By the form's fields: the first party is oneself, the others follow."""
    paths = {"parties.0.name": "name", "parties.0.phone": "phone"}
    for at, n in enumerate(others, 1):
        paths |= {f"parties.{at}.{name}": f"{name}-{n}" for name in ("side", "person")}
        paths |= {f"parties.{at}.organisation": f"organisation-{n}"}
        paths |= {f"parties.{at}.name": f"called-{n}"}
    found = refusal.for_field(*FIELDS, *paths)
    return {paths.get(path, path): detail for path, detail in found.items()} or {"": refusal.detail}


ROUTES: list[BaseRoute] = [
    Route("/disputes/new", new, methods=["GET"]),
    Route("/disputes/new", file, methods=["POST"]),
]
