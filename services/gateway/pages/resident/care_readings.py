"""What care visits have found: values as a table and as lines, answers and notes; and who read it.
Whoever is not the person says why they read it, and that is recorded.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity import signed_in
from services.gateway.pages import charts, times
from services.gateway.pages.asking import Missing, ask, unless_away
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import texts
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import language_of, page
from services.gateway.pages.resident.care import named_in
from services.gateway.pages.words import WHY_READ

SPANS: Mapping[str, timedelta | None] = {
    "quarter": timedelta(days=92),
    "year": timedelta(days=366),
    "all": None,
}
"""How far back it is looked."""
PER_PAGE = "200"
FEWEST_IN_A_LINE = 2
READERS_SHOWN = 20
"""The last ones."""

Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value that is measured: what it is called and where it is alarming, what it was, where it
    leads, and the line of it, where there is one.
    """

    code: str
    label: str
    unit: str
    low: float | None
    high: float | None
    trend: str
    line: charts.Trend | None

    def alarming(self, value: float) -> bool:
        """Whether somebody was called because of it."""
        low, high = self.low, self.high
        return (low is not None and value <= low) or (high is not None and value >= high)


@shown
async def readings(request: Request) -> Response:
    """``?span=&purpose=``; who has to say why and has not yet is asked."""
    session = await signed_in(request)
    asked = request.query_params
    span, purpose = asked.get("span", "year"), asked.get("purpose", "")
    if span not in SPANS or (purpose and purpose not in WHY_READ):
        raise Missing
    path = f"/care-plans/{quoted(request.path_params['id'])}"
    plan = await ask(request, "volunteering", path)
    forms = await ask(request, "volunteering", "/care-forms")
    named = named_in(await language_of(request))
    one = forms["purposes"].get(plan["purpose"])
    own = plan["person"] == session.sub
    about = {
        "plan": plan,
        "title": plan["purpose"] if one is None else named(one["name"]),
        "own": own,
        "why": WHY_READ,
        "span": span,
        "purpose": purpose,
    }
    if not own and not purpose:
        return await page(request, "resident/care_why.html", **about)
    found = await ask(request, "volunteering", f"{path}/readings", params=_wanted(request, span))
    readers = await unless_away(ask(request, "volunteering", f"{path}/readers"))
    visits = [entry for entry in found["items"] if entry["name"] == "CareVisitWritten"]
    return await page(
        request,
        "resident/care_readings.html",
        visits=[_visit(entry, forms, named) for entry in reversed(visits)],
        gauges=await _gauges(request, found, visits, forms, named),
        notes=[entry for entry in found["items"] if entry["name"] != "CareVisitWritten"],
        next=found["next"],
        readers=[] if readers is None else readers["items"][: -READERS_SHOWN - 1 : -1],
        **about,
    )


def _wanted(request: Request, span: str) -> dict[str, str]:
    """What is asked of the service."""
    asked = request.query_params
    wanted = {"limit": PER_PAGE}
    wanted |= {name: asked[name] for name in ("purpose", "cursor") if asked.get(name)}
    back = SPANS[span]
    if back is not None:
        wanted["since"] = (doorway_of(request).clock.now() - back).isoformat()
    return wanted


def _visit(entry: Told, forms: Told, named: Callable[[Mapping[str, str]], str]) -> dict[str, Any]:
    """A row of the table."""
    answers = []
    for one in entry["checks"]:
        asked = forms["checks"].get(one["field"])
        answer = None if asked is None else asked["answers"].get(one["answer"])
        answers.append(
            {
                "label": one["field"] if asked is None else named(asked["name"]),
                "answer": one["answer"] if answer is None else named(answer),
                "alarming": bool(answer and answer.get("alarming")),
            }
        )
    values = {one["field"]: one["value"] for one in entry["readings"]}
    return {"at": entry["begun"], "measured": values, "answers": answers, "note": entry["note"]}


async def _gauges(
    request: Request,
    found: Told,
    visits: Sequence[Told],
    forms: Told,
    named: Callable[[Mapping[str, str]], str],
) -> list[Gauge]:
    """What was measured, in the order of the service's forms."""
    now, words = doorway_of(request).clock.now(), texts(await language_of(request))
    measured: dict[str, list[tuple[str, float]]] = {}
    for entry in visits:
        for one in entry["readings"]:
            at = times.day(entry["begun"], now, words)
            measured.setdefault(one["field"], []).append((at, one["value"]))
    gauges = []
    for code, about in forms["readings"].items():
        values = measured.get(code)
        if values is None:
            continue
        limits = found["limits"].get(code, {"low": None, "high": None})
        low, high = limits["low"], limits["high"]
        line = None
        if len(values) >= FEWEST_IN_A_LINE:
            line = charts.course(values, [one for one in (low, high) if one is not None])
        trend = found["trends"].get(code, "unknown")
        gauges.append(Gauge(code, named(about["name"]), about["unit"], low, high, trend, line))
    return gauges


ROUTES: list[BaseRoute] = [Route("/care/{id}/readings", readings)]
