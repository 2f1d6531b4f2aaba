"""How somebody wants to be told: language, ways by topic, quiet hours, digest, addresses."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import form_of, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell
from services.gateway.pages.forms import quoted, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page
from services.gateway.pages.words import TOPIC, WAY

PATH = "/me/preferences"
WORDING = "web-1"
"""The version of the words on the page that somebody agrees to who gives an address."""
TOPICS = tuple(name for name in TOPIC if name != "systems")


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _ways(form: FormData) -> dict[str, Any]:
    return {"topic": _text(form, "topic"), "ways": [str(one) for one in form.getlist("ways")]}


def _digest(form: FormData) -> dict[str, Any]:
    return {
        "every": _text(form, "every"),
        "at": _text(form, "at") or "18:00",
        "weekday": whole(_text(form, "weekday")) or 0,
    }


CHOICES: Mapping[str, Callable[[FormData], dict[str, Any]]] = {
    "choose-language": lambda form: {"language": _text(form, "language")},
    "set-digest": _digest,
    "set-quiet-hours": lambda form: {"begin": _text(form, "begin"), "end": _text(form, "end")},
    "choose-ways": _ways,
    "give-email": lambda form: {"address": _text(form, "address"), "wording": WORDING},
    "give-phone": lambda form: {"number": _text(form, "number"), "wording": WORDING},
    "ask-code": lambda form: {"way": _text(form, "way")},
    "confirm": lambda form: {"way": _text(form, "way"), "code": _text(form, "code")},
    "remove-address": lambda form: {"way": _text(form, "way")},
}
"""The verbs of preferences that have a form here, and how it becomes a command."""


@shown
async def preferences(request: Request) -> Response:
    """What is chosen now."""
    return await _show(request)


async def _show(
    request: Request, status: int = 200, failed: str = "", errors: Mapping[str, str] = {}
) -> Response:
    session = await signed_in(request)
    try:
        known = await ask(request, "notifications", f"/preferences/{quoted(session.sub)}")
    except Missing:  # nothing was chosen so far: begun here, with what holds for everybody
        await tell(request, "notifications", "/preferences", {})
        known = await ask(request, "notifications", f"/preferences/{quoted(session.sub)}")
    given = {entry["name"]: entry["data"] for entry in known.get("dossier", ())}
    return await page(
        request,
        "resident/preferences.html",
        status=status,
        known=known,
        email=given.get("EmailGiven", {}).get("address"),
        phone=given.get("PhoneGiven", {}).get("number"),
        topics=TOPICS,
        ways=tuple(WAY),
        failed=failed,
        errors=errors,
    )


@shown
async def choose(request: Request) -> Response:
    """Something is chosen anew."""
    session = await signed_in(request)
    verb = request.path_params["verb"]
    if verb not in CHOICES:
        raise Missing
    form = await form_of(request)
    path = f"/preferences/{quoted(session.sub)}/{verb}"
    body = CHOICES[verb](form)
    try:
        await tell(request, "notifications", path, body, key=once(form))
    except Refusal as refusal:
        errors = refusal.for_field(*body) or {"": refusal.detail}
        return await _show(request, refusal.status, verb, errors)
    return go(PATH, marked("已保存。"))


ROUTES: list[BaseRoute] = [
    Route(PATH, preferences),
    Route(PATH + "/{verb}", choose, methods=["POST"]),
]
