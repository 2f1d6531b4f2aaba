"""Sessions (调解会) that one is invited to: when, where, and whether it was as the minutes say."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell, unless_away
from services.gateway.pages.forms import quoted, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.cast import Cast
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


def _version(values: Values) -> dict[str, Any]:
    return {"version": whole(values.get("version", ""))}


def _objection(values: Values) -> dict[str, Any]:
    return {**_version(values), "text": values.get("text", "")}


def _release(values: Values) -> dict[str, Any]:
    return {"release": whole(values.get("release", ""))}


DEEDS = {
    "agree": Deed(("version",), _version, marked("您已确认会议记录。")),
    "object": Deed(("version", "text"), _objection, marked("已提出异议，调解员会看到。")),
    "ask-release": Deed(
        ("to", "name", "purpose"), only("to", "name", "purpose"), marked("已提出，等各方同意。")
    ),
    "consent": Deed(("release",), _release, marked("您已同意。"), each="release"),
    "refuse": Deed(("release",), _release, marked("已答复：不同意。"), each="release"),
}
"""What parties do with a session; saying when one can come is `vote`."""


@shown
async def session(request: Request) -> Response:
    """One of them."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    """Who has no part in it may have been given its minutes."""
    person = await signed_in(request)
    id = quoted(request.path_params["id"])
    try:
        found = await ask(request, "mediation", f"/sessions/{id}")
    except Missing:
        given = await ask(request, "mediation", f"/sessions/{id}/released")
        return await page(request, "resident/released_minutes.html", minutes=given)
    dispute = await ask(request, "mediation", f"/disputes/{quoted(found['dispute'])}")
    dossier = found.get("dossier", [])
    minutes = found.get("minutes")
    return await page(
        request,
        "resident/session.html",
        status=failed.status,
        meeting=found,
        dispute=dispute,
        cast=Cast(dispute, person),
        described=latest(dossier, "SessionDescribed"),
        written=latest(dossier, "MinutesWritten") if minutes else None,
        objections=[
            one["data"]
            for one in dossier
            if one["name"] == "MinutesObjection"
            and minutes
            and one["data"].get("version") == minutes["version"]
        ],
        told={
            one["data"]["release"]: one["data"] for one in dossier if one["name"] == "ReleaseTold"
        },
        room=await _room(request, found),
        places=await unless_away(places_of(request), Places()),
        failed=failed,
    )


async def _room(request: Request, found: dict[str, Any]) -> str | None:
    """What the room is called."""
    if found["room"] is None:
        return None
    asked = ask(request, "mediation", f"/rooms/{quoted(found['room'])}")
    room = await unless_away(asked)
    return None if room is None else room["name"]


@shown
async def vote(request: Request) -> Response:
    """Which of the times one can make."""
    await signed_in(request)
    id = quoted(request.path_params["id"])
    form = await form_of(request)
    can = [whole(one) for one in form.getlist("can") if isinstance(one, str)]
    try:
        await tell(request, "mediation", f"/sessions/{id}/vote", {"can": can}, key=once(form))
    except Refusal as refusal:
        return await _show(request, failure(refusal, "vote", {}, ("can",)))
    return go(f"/sessions/{id}", marked("已记下您能来的时间。"))


do = doing("mediation", "/sessions/{id}", DEEDS, _show)


ROUTES: list[BaseRoute] = [
    Route("/sessions/{id}", session),
    Route("/sessions/{id}/vote", vote, methods=["POST"]),
    Route("/sessions/{id}/{verb}", do, methods=["POST"]),
]
