"""Becoming a volunteer: who takes part in activities and grants wishes is registered as one."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Refusal, ask, once, tell, unless_away
from services.gateway.pages.forms import quoted, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.picking import neighbourhood_of

FIELDS = ("name", "birth_year", "phone")


@shown
async def volunteer(request: Request) -> Response:
    """Whether somebody is one; the form for who is not."""
    return await _show(request, {}, {})


async def _show(
    request: Request, values: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> Response:
    session = await signed_in(request)
    asked = ask(request, "volunteering", f"/volunteers/{quoted(session.sub)}")
    known: dict[str, Any] | None = await unless_away(asked)
    return await page(
        request,
        "resident/volunteer.html",
        status=status,
        known=known,
        there=neighbourhood_of(session, await places_of(request)),
        values=values or {"name": session.name},
        errors=errors,
    )


@shown
async def register(request: Request) -> Response:
    """Registers who is signed in, at their own neighbourhood."""
    session = await signed_in(request)
    form = await form_of(request)
    values = values_of(form, FIELDS)
    there = neighbourhood_of(session, await places_of(request))
    body = {
        "volunteer": session.sub,
        "place": "" if there is None else there.code,
        "birth_year": whole(values.get("birth_year", "")),
        "name": values.get("name", ""),
        "phone": values.get("phone") or None,
    }
    try:
        await tell(request, "volunteering", "/volunteers", body, key=once(form))
    except Refusal as refusal:
        errors = refusal.for_field(*FIELDS) or {"": refusal.detail}
        return await _show(request, values, errors, refusal.status)
    return go("/activities", marked("您已登记为志愿者，现在可以报名和认领了。"))


ROUTES: list[BaseRoute] = [
    Route("/me/volunteer", volunteer),
    Route("/me/volunteer", register, methods=["POST"]),
]
