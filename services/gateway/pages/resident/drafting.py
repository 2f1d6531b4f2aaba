"""Drafting an agreement, or another version of it: clause by clause, without a script."""

import re
from collections.abc import Mapping
from datetime import time
from decimal import Decimal
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages import times
from services.gateway.pages.asking import Refusal, ask, once, tell
from services.gateway.pages.forms import local_time, quoted, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.agreements import known
from services.gateway.pages.resident.cast import Cast
from services.gateway.pages.resident.deed import NOTHING_FAILED, Failed, Values

CLAUSE = ("party", "what", "until", "yuan")
FEWEST = 2
MOST = 50
"""Clauses that a form has room for."""
END_OF_DAY = time(23, 59)
"""What is to be done on a day may be done all of it."""
_YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


@shown
async def first(request: Request) -> Response:
    """The form for the first version."""
    return await _form(request, await _of_dispute(request), NOTHING_FAILED, FEWEST)


@shown
async def another(request: Request) -> Response:
    """The form for another version: it begins with the present one."""
    about = await known(request, request.path_params["id"])
    clauses = about["worded"]["clauses"]
    values: dict[str, str] = {"open": "\n".join(about["worded"]["open_points"])}
    for n, one in enumerate(clauses, 1):
        cents = one.get("cents")
        values |= {
            f"party-{n}": one["party"],
            f"what-{n}": one["what"],
            f"until-{n}": times.read(one["until"]).date().isoformat(),
            f"yuan-{n}": "" if cents is None else f"{Decimal(cents) / 100:.2f}",
        }
    return await _form(request, about, Failed(values=values), len(clauses) + 1)


async def _of_dispute(request: Request) -> dict[str, Any]:
    session = await signed_in(request)
    path = f"/disputes/{quoted(request.path_params['dispute'])}"
    dispute = await ask(request, "mediation", path)
    return {"agreement": None, "dispute": dispute, "cast": Cast(dispute, session)}


async def _form(request: Request, about: Mapping[str, Any], filled: Failed, rows: int) -> Response:
    return await page(
        request,
        "resident/agreement_draft.html",
        status=filled.status,
        rows=range(1, min(max(rows, FEWEST), MOST) + 1),
        most=MOST,
        values=filled.values,
        errors=filled.errors,
        agreement=about["agreement"],
        dispute=about["dispute"],
        cast=about["cast"],
    )


@shown
async def draft_first(request: Request) -> Response:
    """Drafts it."""
    dispute = quoted(request.path_params["dispute"])
    about = await _of_dispute(request)
    return await _draft(request, about, f"/disputes/{dispute}/agreements")


@shown
async def draft_another(request: Request) -> Response:
    """Drafts another version."""
    id = request.path_params["id"]
    return await _draft(request, await known(request, id), f"/agreements/{quoted(id)}/draft")


async def _draft(request: Request, about: Mapping[str, Any], path: str) -> Response:
    form = await form_of(request)
    rows = whole(str(form.get("rows", ""))) or FEWEST
    numbers = range(1, min(rows, MOST) + 1)
    values = values_of(form, ("open", *(f"{name}-{n}" for n in numbers for name in CLAUSE)))
    if form.get("step") == "more":
        return await _form(request, about, Failed(values=values), rows + 1)
    return await _sent(request, about, path, form, values, numbers)


async def _sent(
    request: Request,
    about: Mapping[str, Any],
    path: str,
    form: FormData,
    values: Values,
    numbers: range,
) -> Response:
    filled = [
        n for n in numbers if any(values[f"{name}-{n}"] for name in ("what", "until", "yuan"))
    ]
    body = {
        "clauses": [_clause(values, n) for n in filled],
        "open_points": [line for line in map(str.strip, values["open"].splitlines()) if line],
    }
    try:
        drafted = await tell(request, "mediation", path, body, key=once(form))
    except Refusal as refusal:
        failed = Failed("draft", values, _errors(refusal, filled), refusal.status)
        return await _form(request, about, failed, len(numbers))
    return go(f"/agreements/{quoted(drafted['id'])}", marked("协议已起草，请各方看过再签字。"))


def _clause(values: Values, n: int) -> dict[str, Any]:
    """A clause as services read it; what cannot be read stays as it is, and is refused there."""
    day, yuan = values[f"until-{n}"], values[f"yuan-{n}"]
    until = local_time(f"{day}T{END_OF_DAY.isoformat('minutes')}")
    clause: dict[str, Any] = {
        "party": values[f"party-{n}"],
        "what": values[f"what-{n}"],
        "until": day if until is None else until.isoformat(),
    }
    if yuan:
        clause["cents"] = _cents(yuan)
    return clause


def _cents(yuan: str) -> int | str:
    return int(Decimal(yuan) * 100) if _YUAN.fullmatch(yuan) else yuan


def _errors(refusal: Refusal, filled: list[int]) -> Mapping[str, str]:
    """By the form's fields."""
    paths = {
        f"clauses.{at}.{field}": f"{name}-{n}"
        for at, n in enumerate(filled)
        for field, name in zip(("party", "what", "until", "cents"), CLAUSE, strict=True)
    }
    paths["open_points"] = "open"
    found = refusal.for_field(*paths)
    return {paths.get(path, path): detail for path, detail in found.items()} or {"": refusal.detail}


ROUTES: list[BaseRoute] = [
    Route("/disputes/{dispute}/agreements/new", first, methods=["GET"]),
    Route("/disputes/{dispute}/agreements/new", draft_first, methods=["POST"]),
    Route("/agreements/{id}/draft", another, methods=["GET"]),
    Route("/agreements/{id}/draft", draft_another, methods=["POST"]),
]
