"""The mediation room over HTTP: which disputes there are, one of them with all that belongs to it,
and what is done there.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import Response

from services.gateway.identity import form_of
from services.gateway.pages.asking import Missing, Refusal, once, send
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.rendering import go
from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.fields import Typed
from services.gateway.pages.staff.files import NO_FILE
from services.gateway.pages.staff.mediation import forms as table
from services.gateway.pages.staff.mediation import offering, story, wording
from services.gateway.pages.staff.mediation.room import (
    CONVENING,
    convening,
    entries,
    fill,
    room_of,
)
from services.gateway.pages.staff.sending import Setback, sent
from services.gateway.pages.staff.verbs import Form
from services.gateway.pages.staff.ways import ANSWERING

PATH = "/work/disputes"
AT_ONCE = 30
PARTS = {
    "there": marked("我的地方"),
    "mediated": marked("由我调解"),
    "asked": marked("请我参加"),
}
"""Which disputes are shown: those of one's places (who organises), those that one mediates, those
in whose panel one sits or is asked.
"""
FILED = marked("证据已经提交。")
DONE = marked("已经记录。")


@at_desk()
async def queue(desk: Desk) -> Response:
    """``GET /work/disputes?part=``"""
    asked = desk.request.query_params
    parts = [part for part in PARTS if part != "there" or desk.has(*CONVENING)]
    part = asked.get("part", "")
    part = part if part in parts else parts[0]
    chosen = {
        "status": asked.get("status", "") if asked.get("status") in wording.DISPUTES else "",
        "kind": asked.get("kind", "") if asked.get("kind") in wording.KINDS else "",
        "late": asked.get("late", ""),
    }
    paths = {"there": "/disputes", "mediated": "/disputes/mediated", "asked": "/panels/mine"}
    narrowed: dict[str, Any] = {"limit": AT_ONCE, "cursor": asked.get("cursor")}
    if part == "there":
        narrowed |= {**chosen, "late": True if chosen["late"] else None}
    found = await desk.get("mediation", paths[part], narrowed)
    more = None
    if found["next"]:
        more = PATH + query({"part": part, **chosen, "cursor": found["next"]})
    return await desk.page(
        "staff/mediation/queue.html",
        sorts=[(f"{PATH}?part={one}", desk.texts.gettext(PARTS[one])) for one in parts],
        here=f"{PATH}?part={part}",
        part=part,
        chosen=chosen,
        items=found["items"],
        more=more,
        files=desk.has(*ANSWERING),
        **_worded(),
    )


@at_desk()
async def room(desk: Desk) -> Response:
    """``GET /work/disputes/{id}``"""
    return await show(desk, desk.request.path_params["id"])


@at_desk()
async def act(desk: Desk) -> Response:
    """``POST /work/disputes/{id}/{collection}/{of}/{verb}``: done, or told in the room why not."""
    id, collection, of, verb = (
        desk.request.path_params[name] for name in ("id", "collection", "of", "verb")
    )
    form = table.FORMS.get(collection, {}).get(verb)
    if form is None:
        raise Missing
    path = f"/{collection}/{quoted(of)}/{verb}"
    return await _done(desk, id, f"{collection}/{of}/{verb}", form, path)


@at_desk()
async def begin(desk: Desk) -> Response:
    """``POST /work/disputes/{id}/sessions`` and ``.../agreements``"""
    id, what = desk.request.path_params["id"], desk.request.path_params["what"]
    if what == table.DRAFT:
        path = f"/disputes/{quoted(id)}/agreements"
        return await _done(desk, id, f"beneath/{what}", table.DRAFTING, path)
    if what != table.CONVENE:
        raise Missing
    found = await room_of(desk, id)
    place = convening(found, desk)
    if place is None:
        raise Missing
    more = {"dispute": id, **({"place": place} if place else {})}
    return await _done(desk, id, f"beneath/{what}", table.CONVENING, "/sessions", more)


async def _done(
    desk: Desk, id: str, which: str, form: Form, path: str, more: dict[str, Any] | None = None
) -> Response:
    """What the form says, done at the path of mediation; or told in the room why not."""
    done = await sent(desk, "mediation", path, form, which, more)
    if isinstance(done, Setback):
        return await show(desk, id, done)
    return go(f"{PATH}/{quoted(id)}", DONE)


@at_desk()
async def file_evidence(desk: Desk) -> Response:
    """``POST /work/disputes/{id}/evidence``: a file goes on as it is."""
    id = desk.request.path_params["id"]
    form = await form_of(desk.request)
    file, disclosed = form.get("file"), str(form.get("disclosed") or "")
    which = f"beneath/{table.FILE}"
    if not isinstance(file, UploadFile) or not file.filename:
        words = desk.texts.gettext(NO_FILE)
        return await show(desk, id, Setback(which, Typed(), words, HTTPStatus.UNPROCESSABLE_ENTITY))
    name, content = quote(file.filename, safe=""), await file.read()
    await form.close()
    side = str(form.get("side") or "")
    path = f"/disputes/{quoted(id)}/evidence" + query({"disclosed": disclosed, "side": side})
    try:
        await send(
            desk.request,
            "mediation",
            path,
            content,
            "application/octet-stream",
            key=once(form),
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
        )
    except Refusal as refusal:
        typed = Typed(values={"disclosed": disclosed, "side": side})
        return await show(desk, id, Setback(which, typed, refusal.detail, refusal.status))
    return go(f"{PATH}/{quoted(id)}", FILED)


async def show(desk: Desk, id: str, setback: Setback | None = None) -> Response:
    """The room as it is now; with what was not done where there is a setback."""
    found = await room_of(desk, id)
    fill(found, desk, setback)
    offers = offering.general(found, desk)
    return await desk.page(
        "staff/mediation/room.html",
        status=HTTPStatus.OK if setback is None else setback.status,
        room=found,
        address=f"{PATH}/{quoted(id)}",
        setback=setback,
        offers=offers,
        offers_of_session=lambda one: {**offers, **offering.of_session(found, desk, one)},
        offers_of_agreement=lambda one: {**offers, **offering.of_agreement(found, desk, one)},
        name=offering.name_of(found, desk),
        party=offering.party_of(found, desk),
        entries=entries,
        steps=story.told(found, desk, (await desk.places()).name),
        **_worded(),
    )


def _worded() -> dict[str, Any]:
    return {"in_words": wording.TABLES, "tones": wording.TONES, "kinds": wording.KINDS}
