"""The hotline desk (12345 受理台): one screen on which somebody's words are taken down while they
are on the telephone, with the keyboard alone.

Places are found by typing, and what was raised before stands beside what is being typed. Without
script two buttons of the form do the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from services.gateway.identity import form_of
from services.gateway.pages.asking import Missing, Refusal, once, unless_away
from services.gateway.pages.categories import categories_of
from services.gateway.pages.languages import marked
from services.gateway.pages.places import Place
from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.ways import ANSWERING, TELEPHONE
from services.gateway.pages.staff.wording import CHANNELS
from services.gateway.pages.words import KIND, URGENCY

PATH = "/work/hotline"
SAID = (
    "name",
    "phone",
    "address",
    "kind",
    "place",
    "place_words",
    "category",
    "suggested",
    "channel",
    "urgency",
    "title",
    "text",
)
"""The fields of the form."""
BY = ("hotline", "walk-in", "letter", "wechat", "visit")
"""What comes over the desk."""
ENOUGH = 4
"""Characters of a title, from which on it is worth looking for others like it."""
SUGGESTED = 3

NEEDS_TITLE = marked("请写一个标题。")
NEEDS_TEXT = marked("请记下来电人说了什么。")
NEEDS_PLACE = marked("请查找并选定地点。")
NEEDS_CATEGORY = marked("请选择类别。")


@dataclass(slots=True)
class Draft:
    """What was typed so far; `wrong` by field."""

    said: dict[str, str]
    wrong: dict[str, str] = field(default_factory=dict)

    @property
    def category(self) -> str:
        """As chosen, else as suggested and taken."""
        return self.said["category"] or self.said["suggested"]


def drafted(form: FormData | dict[str, str]) -> Draft:
    """What a form says."""
    said = {name: str(form.get(name) or "").strip() for name in SAID}
    said["kind"] = said["kind"] if said["kind"] in KIND else "complaint"
    said["channel"] = said["channel"] if said["channel"] in BY else BY[0]
    return Draft(said)


@at_desk(TELEPHONE, *ANSWERING)
async def hotline(desk: Desk) -> Response:
    """``GET /work/hotline``"""
    return await _shown(desk, drafted({}))


@at_desk(TELEPHONE, *ANSWERING)
async def take_down(desk: Desk) -> Response:
    """``POST /work/hotline``: filed, or the screen again with what was found."""
    form = await form_of(desk.request)
    draft, step = drafted(form), str(form.get("step") or "")
    if step in ("find", "check"):
        return await _shown(desk, draft, compare=step == "check")
    _look_over(desk, draft)
    if draft.wrong:
        return await _shown(desk, draft, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        filed = await desk.send("petitions", "/petitions", _filing(draft), key=once(form))
    except Refusal as refusal:
        draft.wrong |= refusal.for_field(*SAID) or {"": refusal.detail}
        return await _shown(desk, draft, status=refusal.status)
    return RedirectResponse(f"{PATH}/{filed['id']}", HTTPStatus.SEE_OTHER)


@at_desk(TELEPHONE, *ANSWERING)
async def taken_down(desk: Desk) -> Response:
    """``GET /work/hotline/{id}``: receipt and code, to be read out."""
    filed = await desk.get("petitions", f"/petitions/{desk.request.path_params['id']}")
    return await desk.page(
        "staff/hotline_filed.html",
        case=filed,
        category=(await categories_of(desk.request)).full_name(filed["category"]),
        desk_path=PATH,
    )


@at_desk(TELEPHONE, *ANSWERING)
async def find_places(desk: Desk) -> Response:
    """``GET /work/hotline/places``: for htmx, the places that typed words name."""
    draft = drafted(dict(desk.request.query_params))
    return await desk.page("staff/hotline_places.html", **await _places(desk, draft), draft=draft)


@at_desk(TELEPHONE, *ANSWERING)
async def find_alike(desk: Desk) -> Response:
    """``POST /work/hotline/alike``: for htmx, what was raised before, and which category."""
    draft = drafted(await form_of(desk.request))
    return await desk.page(
        "staff/hotline_alike.html",
        **await _alike(desk, draft),
        draft=draft,
    )


@at_desk(TELEPHONE, *ANSWERING)
async def by_receipt(desk: Desk) -> Response:
    """``GET /work/by-receipt``: on to the case whose receipt number somebody reads out."""
    receipt = desk.request.query_params.get("receipt", "").strip()
    wrong = ""
    if receipt:
        try:
            found = await desk.get("petitions", f"/petitions/by-receipt/{_bare(receipt)}")
            return RedirectResponse(f"/work/petitions/{found['id']}", HTTPStatus.SEE_OTHER)
        except Missing:
            wrong = desk.texts.gettext(marked("没有这个回执编号，或者不在您的职责范围之内。"))
        except Refusal as refusal:
            wrong = refusal.detail
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return await desk.page("staff/by_receipt.html", status=status, receipt=receipt, wrong=wrong)


def _bare(receipt: str) -> str:
    """A receipt as it can stand in a path."""
    return "".join(one for one in receipt if one.isascii() and one.isalnum()) or "0"


def _look_over(desk: Desk, draft: Draft) -> None:
    needed = {
        "title": (draft.said["title"], NEEDS_TITLE),
        "text": (draft.said["text"], NEEDS_TEXT),
        "place": (draft.said["place"], NEEDS_PLACE),
        "category": (draft.category, NEEDS_CATEGORY),
    }
    draft.wrong = {
        name: desk.texts.gettext(why) for name, (said, why) in needed.items() if not said
    }


def _filing(draft: Draft) -> dict[str, Any]:
    """The body of POST /petitions, on behalf of whoever called."""
    said = draft.said
    contact = {name: said[name] for name in ("name", "phone", "address") if said[name]}
    body: dict[str, Any] = {
        "kind": said["kind"],
        "title": said["title"],
        "text": said["text"],
        "place": said["place"],
        "category": draft.category,
        "channel": said["channel"],
        "urgency": "urgent" if said["urgency"] else "normal",
        "on_behalf": True,
    }
    return {**body, "contact": contact} if contact else body


async def _shown(
    desk: Desk, draft: Draft, compare: bool = False, status: int = HTTPStatus.OK
) -> Response:
    alike = await _alike(desk, draft) if compare else {"alike": None, "suggestions": []}
    return await desk.page(
        "staff/hotline.html",
        status=status,
        draft=draft,
        ways={code: CHANNELS[code] for code in BY},
        kinds=KIND,
        urgencies=URGENCY,
        **await _places(desk, draft),
        **alike,
    )


async def _places(desk: Desk, draft: Draft) -> dict[str, Any]:
    """The place that is chosen, and those that the words name."""
    places = await desk.places()
    found: list[Place] = places.search(draft.said["place_words"])
    chosen = places.line(draft.said["place"])
    if chosen and chosen[-1] not in found:
        found = [chosen[-1], *found]
    return {"found": found}


async def _alike(desk: Desk, draft: Draft) -> dict[str, Any]:
    """What may have been raised before, and the categories that the words speak for."""
    said = draft.said
    if len(said["title"]) < ENOUGH:
        return {"alike": None, "suggestions": []}
    told = {"title": said["title"], "text": said["text"] or said["title"]}
    suggested = await unless_away(
        desk.send("petitions", f"/categories/suggest?most={SUGGESTED}", told)
    )
    alike = None
    if said["place"]:
        around = {**told, "place": said["place"]}
        if draft.category:
            around["category"] = draft.category
        alike = await unless_away(desk.send("petitions", "/petitions/candidates", around))
    return {
        "alike": None if alike is None else alike["items"],
        "suggestions": [] if suggested is None else suggested["items"],
    }
