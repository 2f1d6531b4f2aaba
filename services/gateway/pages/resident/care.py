"""Care visits (走访关爱): those that one makes, with the form of what is measured and seen, and
those by which one is visited.
"""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import Session, form_of, signed_in
from services.gateway.pages.asking import Refusal, ask, once, tell, unless_away
from services.gateway.pages.forms import decimal, local_time, quoted, values_of
from services.gateway.pages.languages import Tongue, marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, language_of, page
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

VISIT = ("begun", "end", "note")
READING, CHECK = "reading-", "check-"
"""What the fields of a visit's form begin with; the rest is the field's code."""


RESPONSIBLE = frozenset({"community-staff", "street-staff", "district-staff"})
"""Roles of those who may read what visits found in their places."""


def _moment(value: str) -> str | None:
    moment = local_time(value)
    return (value or None) if moment is None else moment.isoformat()


def _leave(values: Values) -> dict[str, Any]:
    return {"until": _moment(values.get("until", "")), "since": _moment(values.get("since", ""))}


DEEDS: Mapping[str, Deed] = {
    "record-unmet": Deed(
        ("outcome", "note"), only("outcome", "note"), marked("已记下这次没有见到。")
    ),
    "consent": Deed((), only(), marked("您已同意走访。")),
    "withdraw-consent": Deed((), only(), marked("已撤回同意，不再走访，记录会删除。"), "/care"),
    "take-leave": Deed(("until", "since"), _leave, marked("已请假，由替补去走访。")),
    "return": Deed((), only(), marked("您已恢复走访。")),
    "give-up": Deed((), only(), marked("您不再走访这一户。"), "/care"),
}
"""What who visits, or is visited, does; a visit that was made has a form of its own."""


@shown
async def care(request: Request) -> Response:
    """What one is to visit, the first due at first; and the plans about oneself."""
    await signed_in(request)
    asked = {
        part: await unless_away(
            ask(request, "volunteering", "/care-plans/agenda", params={"as": part})
        )
        for part in ("visitor", "deputy")
    }
    own = await ask(request, "volunteering", "/care-plans/mine")
    return await page(
        request,
        "resident/care.html",
        visiting=_items(asked["visitor"]),
        deputising=_items(asked["deputy"]),
        own=own["items"],
        purposes=await _purposes(request),
        places=await unless_away(places_of(request), Places()),
    )


def _items(found: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return [] if found is None else list(found["items"])


async def _purposes(request: Request) -> Mapping[str, str]:
    """What each purpose is called."""
    forms = await ask(request, "volunteering", "/care-forms")
    named = named_in(await language_of(request))
    return {code: named(one["name"]) for code, one in forms["purposes"].items()}


def named_in(tongue: Tongue) -> Callable[[Mapping[str, str]], str]:
    """Names of the service's forms in a language of the pages."""
    return lambda name: name["en" if tongue is Tongue.ENGLISH else "zh"]


@shown
async def plan(request: Request) -> Response:
    """One plan, as who visits or is visited sees it."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    session = await signed_in(request)
    found = await ask(request, "volunteering", f"/care-plans/{quoted(request.path_params['id'])}")
    forms = await ask(request, "volunteering", "/care-forms")
    named = named_in(await language_of(request))
    purpose = forms["purposes"].get(found["purpose"], {"name": None, "needed": (), "asked": ()})
    return await page(
        request,
        "resident/care_plan.html",
        status=failed.status,
        plan=found,
        title=named(purpose["name"]) if purpose["name"] else found["purpose"],
        described=latest(found.get("dossier", []), "CareDescribed"),
        visited=found["person"] == session.sub,
        visits=session.sub in (found["visitor"], found["deputy"]),
        reads=_reads(found, session),
        fields=[
            _field(code, code in purpose["needed"], forms, named)
            for code in (*purpose["needed"], *purpose["asked"])
        ],
        places=await unless_away(places_of(request), Places()),
        failed=failed,
    )


def _reads(plan: Mapping[str, Any], session: Session) -> bool:
    """Whether what visits found is for the reader: those who care for the person are shown what is
    alarming for them; besides, who is called by an alarm, and who is responsible for the place.
    """
    called = any(session.sub in one["called"] for one in plan["alarms"])
    return "limits" in plan or called or bool(session.roles & RESPONSIBLE)


def _field(
    code: str, needed: bool, forms: Mapping[str, Any], named: Callable[[Mapping[str, str]], str]
) -> dict[str, Any]:
    """A field of a visit's form: a number with its unit, or one of some answers."""
    measured = forms["readings"].get(code)
    if measured is not None:
        name = READING + code
        return {"name": name, "label": named(measured["name"]), "needed": needed} | {
            "unit": measured["unit"],
            "answers": None,
        }
    asked = forms["checks"][code]
    answers = [(answer, named(one)) for answer, one in asked["answers"].items()]
    label = named(asked["name"])
    return {"name": CHECK + code, "label": label, "needed": needed, "answers": answers}


@shown
async def visited(request: Request) -> Response:
    """A visit was made: what was measured, seen and heard."""
    await signed_in(request)
    id = quoted(request.path_params["id"])
    form = await form_of(request)
    values = values_of(form, (*VISIT, *_asked(form)))
    path = f"/care-plans/{id}/record-visit"
    try:
        recorded = await tell(request, "volunteering", path, visit_in(values), key=once(form))
    except Refusal as refusal:
        return await _show(request, failure(refusal, "record-visit", values, VISIT))
    if recorded.get("alarms"):
        return go(f"/care/{id}", marked("已记下。有异常，已通知负责的人。情况紧急请拨打 120。"))
    return go(f"/care/{id}", marked("已记下，谢谢您去看望。"))


def _asked(form: FormData) -> list[str]:
    return [name for name in form if name.startswith((READING, CHECK))]


def visit_in(values: Values) -> dict[str, Any]:
    """A visit as its form tells it; what is no number stays as it is, and is refused."""
    readings = [
        {"field": name.removeprefix(READING), "value": _number(value)}
        for name, value in values.items()
        if name.startswith(READING) and value
    ]
    checks = [
        {"field": name.removeprefix(CHECK), "answer": value}
        for name, value in values.items()
        if name.startswith(CHECK) and value
    ]
    return {
        "begun": _moment(values.get("begun", "")),
        "end": _moment(values.get("end", "")),
        "readings": readings,
        "checks": checks,
        "note": values.get("note", ""),
    }


def _number(value: str) -> float | str:
    read = decimal(value)
    return value if read is None else read


do = doing("volunteering", "/care-plans/{id}", DEEDS, _show, at="/care/{id}")


ROUTES: list[BaseRoute] = [
    Route("/care", care),
    Route("/care/{id}", plan),
    Route("/care/{id}/record-visit", visited, methods=["POST"]),
    Route("/care/{id}/{verb}", do, methods=["POST"]),
]
