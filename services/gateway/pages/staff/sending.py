"""A form of the staff's that is sent: done, or told on its page why not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from services.gateway.identity import form_of
from services.gateway.pages.asking import Missing, Refusal, once
from services.gateway.pages.languages import marked
from services.gateway.pages.staff.desk import Desk
from services.gateway.pages.staff.fields import Typed, read
from services.gateway.pages.staff.verbs import Form

CHANGED = marked("您打开之后这里有了变化，刚才的操作没有执行。请看过变化再决定。")
NOT_ALLOWED = marked("您现在不能这样做。")
LOOK_AT_FIELDS = marked("有内容需要修改，请看标出的各项。")


@dataclass(frozen=True, slots=True)
class Open:
    """A form on the page: with what was typed where it comes back."""

    verb: str
    form: Form
    key: str
    typed: Typed
    shown: bool = False


@dataclass(frozen=True, slots=True)
class Setback:
    """What was sent and not done: why, and what had changed since `version`."""

    verb: str
    typed: Typed
    words: str
    status: int
    version: int | None = None


async def sent(
    desk: Desk,
    service: str,
    path: str,
    form: Form,
    which: str,
    more: Mapping[str, Any] | None = None,
) -> Setback | Any:
    """Does what the form that was sent says: at `path` of a service, `more` being what the page
    knows without asking. Returns the service's answer, or a setback that is known as `which`.
    """
    filled = await form_of(desk.request)
    typed = read(form.fields, filled)
    if typed.wrong:
        words = desk.texts.gettext(LOOK_AT_FIELDS)
        return Setback(which, typed, words, HTTPStatus.UNPROCESSABLE_ENTITY)
    seen = str(filled.get("version") or "")
    version = int(seen) if seen.isdecimal() and len(seen) < 10 and int(seen) else None
    body = {**form.body(typed.body), **(more or {})}
    careful = version if form.careful else None
    try:
        return await desk.send(service, path, body, key=once(filled), version=careful)
    except Refusal as refusal:
        return setback_of(desk, which, typed, refusal, version)
    except Missing:
        words = desk.texts.gettext(NOT_ALLOWED)
        return Setback(which, typed, words, HTTPStatus.FORBIDDEN, version)


def setback_of(
    desk: Desk, verb: str, typed: Typed, refusal: Refusal, version: int | None
) -> Setback:
    """What a refusal means for the form that was sent."""
    words = refusal.detail
    if refusal.status == HTTPStatus.PRECONDITION_FAILED:
        words = desk.texts.gettext(CHANGED)
    found = refusal.for_field(*typed.values)
    beside = {name: said for name, said in found.items() if name in typed.values}
    if found:
        rest = [f"{name}：{said}" for name, said in found.items() if name not in beside]
        words = "；".join([desk.texts.gettext(LOOK_AT_FIELDS), *rest])
    return Setback(verb, replace(typed, wrong=beside), words, refusal.status, version)
