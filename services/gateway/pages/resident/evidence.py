"""What was shown in a dispute: sent in as it is, listed with its digest, taken back."""

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.identity import signed_in
from services.gateway.pages.asking import Refusal, ask, next_of, send, tell, unless_away
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page, worded
from services.gateway.pages.resident.cast import Cast
from services.gateway.pages.resident.deed import (
    NOTHING_FAILED,
    Deed,
    Failed,
    doing,
    failure,
    only,
)
from services.gateway.pages.upload import Upload
from services.gateway.upstream.asking import Streamed

PER_PAGE = "50"
FILED = ("disclosed", "text")
"""Fields of the form beside the file."""
DEEDS = {
    "describe": Deed(("text",), only("text"), marked("说明已保存。"), each="evidence"),
    "widen": Deed(
        (), lambda _values: {"disclosed": "all"}, marked("各方都能看了。"), each="evidence"
    ),
    "withdraw": Deed(
        ("because",), only("because"), marked("已撤回。摘要会留下。"), each="evidence"
    ),
}
"""What who filed it does with a piece."""


@shown
async def evidence(request: Request) -> Response:
    """The list, as far as one may know of it. ``?check=`` has one reckoned again."""
    return await _show(request, NOTHING_FAILED)


async def _show(request: Request, failed: Failed) -> Response:
    session = await signed_in(request)
    path = f"/disputes/{quoted(request.path_params['id'])}"
    dispute = await ask(request, "mediation", path)
    asked = next_of(request, PER_PAGE)
    found = await ask(request, "mediation", f"{path}/evidence", params=asked)
    checked: dict[str, Any] | None = None
    if piece := request.query_params.get("check"):
        checked = await ask(request, "mediation", f"/evidence/{quoted(piece)}/check")
    own = [one for one in found["items"] if one["filed_by"] == session.sub]
    can = {
        one["id"]: (await unless_away(ask(request, "mediation", f"/evidence/{one['id']}")) or {})
        for one in own
        if one["status"] == "filed"
    }
    return await page(
        request,
        "resident/evidence.html",
        status=failed.status,
        dispute=dispute,
        cast=Cast(dispute, session),
        items=found["items"],
        next=found["next"],
        cursor=asked.get("cursor"),
        can={id: one.get("can", ()) for id, one in can.items()},
        checked=checked,
        failed=failed,
    )


@shown
async def file(request: Request) -> Response:
    """A file on its way to mediation: what is refused is told when all of it has come."""
    await signed_in(request)
    path = f"/disputes/{quoted(request.path_params['id'])}"
    async with Upload(request) as upload:
        given = {name: upload.fields.get(name, "").strip() for name in FILED}
        if not upload.name:
            wrong = {"file": await worded(request, marked("请选择一个文件。"))}
            return await _show(request, Failed("file", given, wrong, 422))
        try:
            filed = await send(
                request,
                "mediation",
                f"{path}/evidence",
                Streamed(upload.parts()),
                "application/octet-stream",
                key=upload.fields.get("once"),
                params={"disclosed": given["disclosed"]},
                headers={
                    "Content-Disposition": f"attachment; filename*=UTF-8''{quote(upload.name)}"
                },
            )
        except Refusal as refusal:
            return await _show(request, failure(refusal, "file", given, FILED))
    if given["text"]:
        try:
            said = {"text": given["text"]}
            await tell(request, "mediation", f"/evidence/{filed['id']}/describe", said)
        except Refusal as refusal:
            return await _show(
                request, failure(refusal, f"describe-{filed['id']}", given, ("text",))
            )
    return go(f"{path}/evidence", marked("证据已存下，摘要已记入存证。"))


do = doing("mediation", "/evidence/{evidence}", DEEDS, _show, at="/disputes/{id}/evidence")


ROUTES: list[BaseRoute] = [
    Route("/disputes/{id}/evidence", evidence, methods=["GET"]),
    Route("/disputes/{id}/evidence", file, methods=["POST"]),
    Route("/disputes/{id}/evidence/{evidence}/{verb}", do, methods=["POST"]),
]
