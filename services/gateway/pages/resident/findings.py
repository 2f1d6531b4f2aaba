"""What one's patrols found (巡防发现) and what became of it: settled, or filed as a petition, then
what is heard of that.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Refusal, ask, next_of, once, tell, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.finding_words import STEP
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.deed import NOTHING_FAILED, Deed, Failed, doing, only
from services.gateway.pages.resident.steps import latest

PER_PAGE = "20"
DEEDS: Mapping[str, Deed] = {
    "settle": Deed(("because", "text"), only("because", "text"), marked("已记下，这一条不用再办。"))
}


@shown
async def findings(request: Request) -> Response:
    """What the patrols found that one was on, the latest first."""
    await signed_in(request)
    asked = next_of(request, PER_PAGE)
    found = await ask(request, "volunteering", "/patrol-findings/mine", params=asked)
    return await page(
        request,
        "resident/findings.html",
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        **await _names(request),
    )


async def _names(request: Request) -> dict[str, Any]:
    return {
        "places": await unless_away(places_of(request), Places()),
        "categories": await unless_away(categories_of(request), Categories()),
    }


@shown
async def finding(request: Request) -> Response:
    """One of them."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    """The petition is there for who filed it; others of the patrol see what everybody may."""
    session = await signed_in(request)
    path = f"/patrol-findings/{quoted(request.path_params['id'])}"
    found = await ask(request, "volunteering", path)
    timeline = await unless_away(ask(request, "volunteering", f"{path}/timeline"))
    petition: dict[str, Any] | None = None
    if found["petition"] is not None:
        asked = ask(request, "petitions", f"/petitions/{quoted(found['petition'])}")
        petition = await unless_away(asked)
    dossier = found.get("dossier", ())
    patrol = (found["finder"], *found["crew"], *found["organisers"])
    return await page(
        request,
        "resident/finding.html",
        status=failed.status,
        finding=found,
        described=latest(dossier, "FindingDescribed"),
        settled=latest(dossier, "SettlementDescribed"),
        steps=heard(() if timeline is None else timeline["items"], session.sub),
        petition=petition,
        answer=latest((petition or {}).get("dossier", ()), "AnswerWritten"),
        files=found["status"] == "recorded" and session.sub in patrol,
        failed=failed,
        **await _names(request),
    )


def heard(timeline: Iterable[Mapping[str, Any]], you: str) -> list[dict[str, Any]]:
    """What became of it, the first step in front: a code of the words, when, whether by the reader;
    with the `outcome` of its petition where that has ended.
    """
    steps = []
    for commit in timeline:
        for event in commit["events"]:
            data = event["data"] or {}
            code = data["news"] if event["name"] == "FindingHeard" else event["name"]
            if code in STEP:
                told = {"at": commit["at"], "code": code, "yours": commit["actor"] == you}
                steps.append({**told, "outcome": data.get("outcome")})
    return steps


@shown
async def file(request: Request) -> Response:
    """Files it as a petition in one's own name, with the words of who found it."""
    await signed_in(request)
    form = await form_of(request)
    path = f"/patrol-findings/{quoted(request.path_params['id'])}/petition"
    body = await ask(request, "volunteering", path)
    try:
        filed = await tell(request, "petitions", "/petitions", body, key=once(form))
    except Refusal as refusal:
        return await _show(request, Failed("file", {}, {"": refusal.detail}, refusal.status))
    return go(
        f"/petitions/{quoted(filed['id'])}", marked("已转为诉求，巡防的人都会知道办得怎么样。")
    )


do = doing("volunteering", "/patrol-findings/{id}", DEEDS, _show, at="/findings/{id}")

ROUTES: list[BaseRoute] = [
    Route("/findings", findings),
    Route("/findings/{id}", finding),
    Route("/findings/{id}/file", file, methods=["POST"]),
    Route("/findings/{id}/{verb}", do, methods=["POST"]),
]
