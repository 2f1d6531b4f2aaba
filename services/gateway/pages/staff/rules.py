"""How a kind of message reads, before its words are changed."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from services.gateway.identity import form_of
from services.gateway.pages.asking import Refusal
from services.gateway.pages.forms import quoted
from services.gateway.pages.staff.desk import Desk, at_desk
from services.gateway.pages.staff.fields import read
from services.gateway.pages.staff.kept import WORDING
from services.gateway.pages.staff.register_pages import shown
from services.gateway.pages.staff.registers import REGISTERS
from services.gateway.pages.staff.sending import setback_of
from services.gateway.pages.staff.ways import ADMINISTRATOR

CHANGING = "change-words"
"""The verb whose form is tried."""


@at_desk(ADMINISTRATOR)
async def rule(desk: Desk) -> Response:
    """``GET /work/registers/rules/{id}``: with how it reads now."""
    id = desk.request.path_params["id"]
    return await shown(desk, REGISTERS["rules"], id, tried=await _tried(desk, id, {}))


@at_desk(ADMINISTRATOR)
async def preview(desk: Desk) -> Response:
    """``POST /work/registers/rules/{id}/preview``: with how it would read; nothing is changed."""
    id = desk.request.path_params["id"]
    typed = read(WORDING.fields, await form_of(desk.request))
    try:
        tried = await _tried(desk, id, WORDING.body(typed.body))
    except Refusal as refusal:
        setback = setback_of(desk, CHANGING, typed, refusal, None)
        return await shown(desk, REGISTERS["rules"], id, setback, tried=None)
    return await shown(desk, REGISTERS["rules"], id, tried=tried, typed=typed)


async def _tried(desk: Desk, id: str, words: dict[str, Any]) -> Any:
    return await desk.send("notifications", f"/rules/{quoted(id)}/preview", words)
