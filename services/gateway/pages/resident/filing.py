"""Filing a petition: where, what, then a last look with "is it this one?" before it is sent.

What was written travels from step to step in the form itself; nothing is kept of it here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Refusal, once, send, tell, unless_away
from services.gateway.pages.categories import categories_of
from services.gateway.pages.forms import said, values_of
from services.gateway.pages.languages import marked
from services.gateway.pages.places import places_of
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.resident.picking import picker
from services.gateway.upstream import ServiceAway

DRAFT = ("place", "kind", "title", "text")
"""Fields of the first step."""
MORE = ("category", "other-category", "phone", "name")
"""Fields of the second."""
MOST_PHOTOS = 5
SUGGESTED = 5
ALIKE = 3
"""Petitions that are shown as perhaps the same."""


@shown
async def begin(request: Request) -> Response:
    """Where it is; then, once a place is picked, what it is."""
    session = await signed_in(request)
    places = await places_of(request)
    place = places.by_code.get(request.query_params.get("place", ""))
    if place is None:
        return await page(
            request,
            "resident/pick_place.html",
            fragment="picker",
            **picker(request, places, session, "/petitions/new"),
        )
    return await _describe(request, {"place": place.code}, {})


@shown
async def go_on(request: Request) -> Response:
    """The first step was filled in, or the second was sent."""
    await signed_in(request)
    form = await form_of(request)
    values = values_of(form, (*DRAFT, *MORE))
    if form.get("step") == "back":
        return await _describe(request, values, {})
    if form.get("step") != "send":
        try:
            return await _check(request, values, {})
        except Refusal as refusal:
            return await _describe(request, values, _errors(refusal))
    return await _send(request, form, values)


async def _describe(
    request: Request, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    return await page(
        request,
        "resident/describe.html",
        status=422 if errors else 200,
        places=await places_of(request),
        values=values,
        errors=errors,
    )


async def _check(
    request: Request, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    """The second step, with what is found for it. Raises `Refusal` for what was written."""
    draft = {name: values.get(name, "") for name in ("place", "title", "text")}
    alike = await tell(request, "petitions", "/petitions/candidates", draft)
    words = {"title": draft["title"], "text": draft["text"]}
    suggested = await unless_away(
        tell(request, "petitions", f"/categories/suggest?most={SUGGESTED}", words), {"items": []}
    )
    categories = await categories_of(request)
    kind = values.get("kind", "")
    fitting = [
        one["code"]
        for one in (suggested or {"items": []})["items"]
        if not one["kinds"] or kind in one["kinds"]
    ]
    return await page(
        request,
        "resident/check.html",
        status=422 if errors else 200,
        places=await places_of(request),
        categories=categories,
        suggested=fitting,
        alike=alike["items"][:ALIKE],
        values={"category": fitting[0] if fitting else "", **said(values)},
        errors=errors,
        most_photos=MOST_PHOTOS,
    )


async def _send(request: Request, form: FormData, values: Mapping[str, str]) -> Response:
    key = once(form)
    contact = said({"name": values.get("name", ""), "phone": values.get("phone", "")})
    body: dict[str, Any] = {
        **{name: values.get(name, "") for name in DRAFT},
        "category": values.get("other-category") or values.get("category", ""),
        "channel": "web",
    }
    if contact:
        body["contact"] = contact
    try:
        filed = await tell(request, "petitions", "/petitions", body, key=key)
    except Refusal as refusal:
        errors = _errors(refusal)
        if errors.keys() & set(DRAFT):
            return await _describe(request, values, errors)
        return await _check(request, values, errors)
    photos = [one for one in form.getlist("photos") if isinstance(one, UploadFile) and one.size]
    unsent = await attach(request, filed["id"], photos[:MOST_PHOTOS], key)
    if unsent or len(photos) > MOST_PHOTOS:
        return go(
            f"/petitions/{filed['id']}",
            marked("诉求已提交，但有照片没有传上去，请在下面重新添加。"),
        )
    return go(f"/petitions/{filed['id']}", marked("诉求已提交。请记下受理号和查询码。"))


async def attach(
    request: Request, petition: str, files: Sequence[UploadFile], key: str | None
) -> int:
    """Sends files along with a petition; how many of them were not taken."""
    refused = 0
    for number, file in enumerate(files):
        body = await file.read()
        await file.close()
        content, media_type = _multipart(file.filename or "photo", body, file.content_type or "")
        try:
            await send(
                request,
                "petitions",
                f"/petitions/{petition}/attachments",
                content,
                media_type,
                key=None if key is None else f"{key}.{number}",
            )
        except (Refusal, ServiceAway):
            refused += 1
    return refused


def _multipart(name: str, content: bytes, media_type: str) -> tuple[bytes, str]:
    """A form with one file, as a body and its media type."""
    file = (name, content, media_type or "application/octet-stream")
    made = httpx.Request("POST", "http://form.invalid", files={"file": file})
    return made.read(), made.headers["Content-Type"]


def _errors(refusal: Refusal) -> dict[str, str]:
    fields = refusal.for_field(*DRAFT, "category", "contact.phone", "contact.name")
    named = {name.removeprefix("contact."): detail for name, detail in fields.items()}
    return named or {"": refusal.detail}


@shown
async def one_more_file(request: Request) -> Response:
    """Files that come later."""
    await signed_in(request)
    petition = request.path_params["id"]
    form = await form_of(request)
    files = [one for one in form.getlist("photos") if isinstance(one, UploadFile) and one.size]
    refused = await attach(request, petition, files[:MOST_PHOTOS], once(form))
    if refused or not files:
        return go(
            f"/petitions/{petition}",
            marked("有文件没有传上去：请选 JPEG、PNG 或 PDF，每个 10 MB 以内，一件诉求最多 5 个。"),
        )
    return go(f"/petitions/{petition}", marked("文件已添加。"))


ROUTES: list[BaseRoute] = [
    Route("/petitions/new", begin, methods=["GET"]),
    Route("/petitions/new", go_on, methods=["POST"]),
    Route("/petitions/{id}/photos", one_more_file, methods=["POST"]),
]
