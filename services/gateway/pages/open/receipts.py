"""Where a petition stands by receipt number and query code, without signing in; and what its
petitioner has to say. Both travel in forms only: addresses are logged and remembered.
"""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.pages.asking import Missing, Refusal, ask, once, tell
from services.gateway.pages.categories import categories_of
from services.gateway.pages.forms import quoted, values_of, whole
from services.gateway.pages.languages import marked
from services.gateway.pages.places import known_places
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page, worded

KEYS = ("receipt", "code")
Values = Mapping[str, str]

DEEDS: Mapping[str, tuple[tuple[str, ...], Callable[[Values], dict[str, Any]], str]] = {
    "rate": (
        ("stars", "solved", "word"),
        lambda values: {
            "stars": whole(values.get("stars", "")),
            "solved": values.get("solved") == "yes",
            "word": values.get("word", ""),
        },
        marked("谢谢您的评价。"),
    ),
    "comment": (("text",), lambda values: {"text": values.get("text", "")}, marked("留言已发出。")),
    "judge-promise": (
        ("promise", "kept", "word"),
        lambda values: {
            "promise": whole(values.get("promise", "")),
            "kept": values.get("kept") == "yes",
            "word": values.get("word", ""),
        },
        marked("谢谢，已经记下。"),
    ),
    "ask-review": (
        ("reason",),
        lambda values: {"reason": values.get("reason", "")},
        marked("复查申请已提交。"),
    ),
    "withdraw": (
        ("reason",),
        lambda values: {"reason": values.get("reason", "")},
        marked("诉求已撤回。"),
    ),
}
"""What can be said with a receipt and its code: fields, body, what is said afterwards."""


@shown
async def ask_for_both(request: Request) -> Response:
    """The form."""
    return await page(request, "open/status_form.html", values={}, errors={})


@shown
async def look_up(request: Request) -> Response:
    """Where it stands; with a verb, after that was done."""
    form = await request.form()
    values = values_of(form, KEYS)
    verb = form.get("verb")
    try:
        if not isinstance(verb, str) or verb not in DEEDS:
            return await _show(request, values)
        fields, body, words = DEEDS[verb]
        told = values_of(form, fields)
        path = f"/receipts/{quoted(values['receipt'])}/{verb}"
        sent = {"code": values["code"], **body(told)}
        try:
            await tell(request, "petitions", path, sent, key=once(form), signed=False)
        except Refusal as refusal:
            errors = refusal.for_field(*fields) or {"": refusal.detail}
            return await _show(request, values, verb, told, errors, refusal.status)
        return await _show(request, values, done=words)
    except Missing:
        wrong = await worded(request, marked("受理号和查询码对不上，请再核对一遍。"))
        return await page(
            request, "open/status_form.html", status=404, values=values, errors={"": wrong}
        )
    except Refusal as refusal:
        errors = refusal.for_field(*KEYS) or {"": refusal.detail}
        return await page(
            request,
            "open/status_form.html",
            status=refusal.status,
            values=values,
            errors=errors,
        )


async def _show(
    request: Request,
    keys: Values,
    failed: str = "",
    values: Mapping[str, str] = {},
    errors: Mapping[str, str] = {},
    status: int = 200,
    done: str = "",
) -> Response:
    if not all(keys.get(name) for name in KEYS):
        fill_in = await worded(request, marked("请填写。"))
        missing = {name: fill_in for name in KEYS if not keys.get(name)}
        return await page(request, "open/status_form.html", status=422, values=keys, errors=missing)
    path = f"/receipts/{quoted(keys['receipt'])}"
    found = await ask(request, "petitions", path, params={"code": keys["code"]}, signed=False)
    return await page(
        request,
        "open/status.html",
        status=status,
        found=found,
        keys=keys,
        failed=failed,
        values=values,
        errors=errors,
        done=done,
        places=known_places(request),
        categories=await categories_of(request),
    )


ROUTES: list[BaseRoute] = [
    Route("/status", ask_for_both),
    Route("/status", look_up, methods=["POST"]),
]
