"""Bringing a dispute forward for somebody who has asked staff to: anew, or out of a petition, with
what that says filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from services.gateway.identity import form_of
from services.gateway.pages.asking import Missing, fresh_key, unless_away
from services.gateway.pages.dispute_words import SIDE
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places
from services.gateway.pages.rendering import go
from services.gateway.pages.staff.desk import Asked, Desk, at_desk
from services.gateway.pages.staff.fields import Typed
from services.gateway.pages.staff.mediation.forms import FILING
from services.gateway.pages.staff.sending import Open, Setback, sent
from services.gateway.pages.staff.story import described
from services.gateway.pages.staff.ways import ANSWERING

TOO_CLOSE = frozenset({"building", "unit"})
"""Kinds of places that no dispute is filed at: the door stands in words."""
MOST_PLACES = 500
"""To choose from, those of one's own places and the first ones below them."""
ORGANISATIONS = 100
FILED = marked("纠纷已提出，正在请对方答复。")
WORKED_ON = frozenset({"unassigned", "assigned", "taken", "returned"})
"""Statuses of petitions that hear of a dispute that came out of them."""


def becomes_dispute(case: Mapping[str, Any], desk: Desk) -> bool:
    """Whether a dispute can come out of a petition for the reader: of one that is worked on, by who
    answers for it; a report is never mediated, nor what is mediated already.
    """
    mediation = case.get("mediation")
    free = mediation is None or mediation["over"]
    worked_on = case["status"] in WORKED_ON and case["kind"] != "report"
    return bool(free and worked_on and "assign" in case["can"] and desk.has(*ANSWERING))


@at_desk(*ANSWERING)
async def new(desk: Desk) -> Response:
    """``GET /work/disputes/new?petition=``"""
    return await _show(desk, desk.request.query_params.get("petition", ""))


@at_desk(*ANSWERING)
async def file(desk: Desk) -> Response:
    """``POST /work/disputes/new``"""
    filled = await form_of(desk.request)
    petition = str(filled.get("petition") or "")
    more = {"on_behalf": True, **({"petition": petition} if petition else {})}
    done = await sent(desk, "mediation", "/disputes", FILING, "new", more)
    if isinstance(done, Setback):
        return await _show(desk, petition, done)
    return go(f"/work/disputes/{quoted(done['id'])}", FILED)


async def _show(desk: Desk, petition: str, setback: Setback | None = None) -> Response:
    case = None
    if petition:
        case = await desk.get("petitions", f"/petitions/{quoted(petition)}")
        if setback is None and not becomes_dispute(case, desk):
            raise Missing
    places = await desk.places()
    path = list(desk.session.places) if case is None else case["path"]
    found = _within(places, path) if case is None else _not_too_close(places, path)
    offered = list(dict.fromkeys(found))[:MOST_PLACES]
    typed = _of_petition(case, offered) if setback is None else setback.typed
    return await desk.page(
        "staff/mediation/filing.html",
        status=HTTPStatus.OK if setback is None else setback.status,
        petition=petition,
        open=Open("new", FILING, fresh_key(), typed, True),
        setback=setback,
        offers={
            "places": [(code, places.full_name(code, 3)) for code in offered],
            "sides": [(side, desk.texts.gettext(words)) for side, words in SIDE.items()],
            "organisations": await _serving(desk, offered),
        },
    )


def _not_too_close(places: Places, path: list[str]) -> Iterator[str]:
    """Where a dispute can be filed on the way up, the nearest first."""
    for code in reversed(path):
        known = places.by_code.get(code)
        if known is not None and known.kind not in TOO_CLOSE:
            yield code


def _within(places: Places, roots: list[str]) -> Iterator[str]:
    """The same of these places and all below them."""
    for code in sorted(roots):
        known = places.by_code.get(code)
        if known is not None and known.kind not in TOO_CLOSE:
            yield code
            yield from _within(places, places.below.get(code, []))


def _of_petition(case: Mapping[str, Any] | None, offered: list[str]) -> Typed:
    """The form as it begins: the petitioner is the party that it is filed for."""
    values: dict[str, Any] = {"place": offered[0] if len(offered) == 1 else ""}
    one: dict[str, str] = {"side": "a"}
    if case is not None:
        words = described(case.get("dossier", ())) or {}
        one |= {
            "person": case["petitioner"] or "",
            "name": (words.get("contact") or {}).get("name") or "",
        }
        values = {
            "place": offered[0] if offered else "",
            "title": words.get("title", ""),
            "text": words.get("text", ""),
        }
    return Typed(values={**values, "parties": [one, {"side": "b"}]})


async def _serving(desk: Desk, offered: list[str]) -> list[tuple[str, str]]:
    """The organisations that serve there: a party may be one of them."""
    if not offered:
        return []
    asked: Asked = {"serves": offered[0], "limit": ORGANISATIONS}
    found = await unless_away(desk.get("community", "/organisations", asked), {"items": []})
    return [(one["id"], str(one.get("name") or one["id"])) for one in (found or {})["items"]]
