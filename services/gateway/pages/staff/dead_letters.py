"""What services could not handle: all their dead letters in one list, and one of them with what can
be done about it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from services.gateway.pages.asking import Missing, fresh_key, unless_away
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.rendering import go
from services.gateway.pages.staff.desk import Desk, at_desk, query
from services.gateway.pages.staff.fields import Field, Kind, Typed
from services.gateway.pages.staff.sending import Open, Setback, sent
from services.gateway.pages.staff.verbs import Form, plain_form
from services.gateway.pages.staff.ways import ADMINISTRATOR, OPERATOR
from shared.contracts.envelope import SERVICES

OF_EACH = 20
"""Letters of each service in the list of all."""
OF_ONE = 50
"""Letters at once in the list of one service."""

FORMS: Mapping[str, Form] = {
    "replay": plain_form(
        marked("重新发送"),
        note=marked(
            "事件回到原来的主题，只由没有处理成的那个服务再处理一次。先修好原因，否则还会回到这里。"
        ),
        done=marked("已经重新发送。"),
        careful=False,
    ),
    "drop": plain_form(
        marked("丢弃"),
        Field("reason", marked("理由"), Kind.PASSAGE, most=500),
        note=marked("它本来要引起的事不会再发生。丢弃不能撤回，理由会保留。"),
        done=marked("已经丢弃。"),
        careful=False,
        grave=True,
    ),
}
"""What can be done with a letter: each is shown folded, and done by a second step inside."""


@dataclass(frozen=True, slots=True)
class Box:
    """A service's letters; None where it cannot tell them now."""

    service: str
    told: Mapping[str, Any] | None

    @property
    def more(self) -> str | None:
        """Where those that are not shown are listed."""
        if self.told is None or self.told["next"] is None:
            return None
        return "/work/dead-letters" + query({"service": self.service, "cursor": self.told["next"]})


@at_desk(ADMINISTRATOR, OPERATOR)
async def listing(desk: Desk) -> Response:
    """``GET /work/dead-letters``: of all services, or with ``?service=`` of one."""
    chosen = desk.request.query_params.get("service")
    if chosen is not None:
        boxes = [await _box(desk, _known(chosen), OF_ONE, desk.request.query_params.get("cursor"))]
    else:
        boxes = await asyncio.gather(*(_box(desk, service, OF_EACH) for service in SERVICES))
    told = [box.told for box in boxes if box.told is not None]
    letters = [letter for one in told for letter in one["items"]]
    return await desk.page(
        "staff/dead_letters.html",
        chosen=chosen,
        boxes=boxes,
        letters=sorted(letters, key=lambda letter: letter["failed_at"] or "", reverse=True),
        count=sum(one["count"] for one in told),
        complete=all(one["complete"] for one in told),
    )


@at_desk(ADMINISTRATOR, OPERATOR)
async def letter(desk: Desk) -> Response:
    """``GET /work/dead-letters/{service}/{id}``"""
    return await _shown(desk)


@at_desk(ADMINISTRATOR, OPERATOR)
async def act(desk: Desk) -> Response:
    """``POST /work/dead-letters/{service}/{id}/{verb}``"""
    verb = desk.request.path_params["verb"]
    form = FORMS.get(verb)
    if form is None:
        raise Missing
    service, path = _which(desk)
    done = await sent(desk, service, f"{path}/{verb}", form, verb)
    if isinstance(done, Setback):
        return await _shown(desk, done)
    return go("/work/dead-letters", form.done)


async def _box(desk: Desk, service: str, most: int, cursor: str | None = None) -> Box:
    asked = desk.get(service, "/dead-letters", {"limit": most, "cursor": cursor})
    return Box(service, await unless_away(asked))


async def _shown(desk: Desk, setback: Setback | None = None) -> Response:
    service, path = _which(desk)
    found = await desk.get(service, path)
    forms = []
    for verb, form in FORMS.items():
        if verb in found["can"]:
            back = setback is not None and setback.verb == verb
            typed = setback.typed if setback is not None and back else Typed()
            forms.append(Open(verb, form, fresh_key(), typed, back))
    return await desk.page(
        "staff/dead_letter.html",
        status=HTTPStatus.OK if setback is None else setback.status,
        address=f"/work/dead-letters/{service}/{quoted(found['id'])}",
        letter=found,
        forms=forms,
        setback=setback,
    )


def _which(desk: Desk) -> tuple[str, str]:
    """The service that the path names, and where it keeps the letter. Raises `Missing`."""
    service, id = desk.request.path_params["service"], desk.request.path_params["id"]
    return _known(service), f"/dead-letters/{quoted(id)}"


def _known(service: str) -> str:
    if service not in SERVICES:
        raise Missing
    return service
