"""One's petitions: the list, and one with where it stands, what was answered, what one can do."""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity import signed_in
from services.gateway.pages.asking import Missing, ask, next_of, unless_away
from services.gateway.pages.categories import Categories, categories_of
from services.gateway.pages.forms import quoted
from services.gateway.pages.places import Places, places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page
from services.gateway.pages.resident.deed import NOTHING_FAILED, Failed
from services.gateway.pages.resident.steps import latest, promises_of, steps_of

VOICES = ("raised", "signed", "supported")
PER_PAGE = "20"
SHOWN_INLINE = frozenset({"image/jpeg", "image/png"})
FILE_HEADERS = ("content-type", "content-length", "content-disposition", "etag")
LOCKED_IN = "sandbox; default-src 'none'"
"""Whatever a browser makes of somebody's file, it runs nothing in it."""


@shown
async def mine(request: Request) -> Response:
    """What one has raised, signed or supports, the latest first."""
    await signed_in(request)
    voice = request.query_params.get("voice", VOICES[0])
    if voice not in VOICES:
        raise Missing
    asked = next_of(request, PER_PAGE) | {"voice": voice}
    found = await ask(request, "petitions", "/petitions/mine", params=asked)
    return await page(
        request,
        "resident/petitions.html",
        voice=voice,
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        places=await unless_away(places_of(request), Places()),
        categories=await unless_away(categories_of(request), Categories()),
    )


@shown
async def one(request: Request) -> Response:
    """A petition as its petitioner, or who has to do with it, sees it."""
    return await show(request, NOTHING_FAILED)


async def show(request: Request, failed: Failed) -> Response:
    """The page of a petition. Raises as `ask`."""
    session = await signed_in(request)
    path = f"/petitions/{quoted(request.path_params['id'])}"
    petition: dict[str, Any]
    petition, timeline, files, places, categories = await asyncio.gather(
        ask(request, "petitions", path),
        unless_away(ask(request, "petitions", f"{path}/timeline")),
        unless_away(ask(request, "petitions", f"{path}/attachments")),
        unless_away(places_of(request), Places()),
        unless_away(categories_of(request), Categories()),
    )
    dossier = petition.get("dossier", [])
    return await page(
        request,
        "resident/petition.html",
        status=failed.status,
        petition=petition,
        described=latest(dossier, "PetitionDescribed"),
        answer=latest(dossier, "AnswerWritten"),
        promises=promises_of(petition.get("promises", ()), dossier),
        steps=steps_of([] if timeline is None else timeline["items"], dossier, session.sub),
        files=[] if files is None else files["items"],
        own=petition.get("petitioner") == session.sub,
        places=places,
        categories=categories,
        failed=failed.form,
        values=failed.values,
        errors=failed.errors,
    )


@shown
async def file(request: Request) -> Response:
    """A file of a petition: pictures to look at, others to be saved."""
    session = await signed_in(request)
    id, name = quoted(request.path_params["id"]), quoted(request.path_params["file"])
    answer = await doorway_of(request).upstreams.ask(
        "petitions", "GET", f"/petitions/{id}/attachments/{name}", token=session.access_token
    )
    if answer.status != 200:
        raise Missing
    headers = {key: answer.headers[key] for key in FILE_HEADERS if key in answer.headers}
    if headers.get("content-type", "").partition(";")[0] in SHOWN_INLINE:
        headers.pop("content-disposition", None)
    headers |= {
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": LOCKED_IN,
    }
    return Response(answer.content, headers=headers)


ROUTES: list[BaseRoute] = [
    Route("/petitions", mine),
    Route("/petitions/{id}", one),
    Route("/petitions/{id}/files/{file}", file),
]
