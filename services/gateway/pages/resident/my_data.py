"""One's data: all that the services hold, as a file; and having it erased."""

from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.doorway import doorway_of
from services.gateway.identity import form_of, leave_for_good, signed_in
from services.gateway.pages.asking import Missing, Refusal, ask, once, tell
from services.gateway.pages.forms import quoted
from services.gateway.pages.languages import marked
from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import go, page, worded
from services.gateway.upstream import ServiceAway

HOLDERS = (
    "community",
    "petitions",
    "volunteering",
    "mediation",
    "ledger",
    "notifications",
    "subscriptions",
)
"""Services that hold something about people."""
SURE = "yes"


@shown
async def my_data(request: Request) -> Response:
    """What can be done."""
    await signed_in(request)
    return await page(request, "resident/my_data.html", errors={})


@shown
async def export(request: Request) -> Response:
    """Everything in one file; a service that is away is named in it, so that nobody takes a part
    for the whole.
    """
    session = await signed_in(request)
    found: dict[str, Any] = {}
    away = []
    for service in HOLDERS:
        try:
            found[service] = await ask(request, service, "/my-data")
        except (ServiceAway, Missing):
            away.append(service)
    document = {
        "subject": session.sub,
        "made_at": doorway_of(request).clock.now(),
        "missing": away,
        "services": found,
    }
    return Response(
        orjson.dumps(document, option=orjson.OPT_INDENT_2),
        media_type="application/json",
        headers={
            "Content-Disposition": 'attachment; filename="jinlin-my-data.json"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@shown
async def erase(request: Request) -> Response:
    """Whoever says so twice is forgotten, and signed out."""
    session = await signed_in(request)
    form = await form_of(request)
    if form.get("sure") != SURE:
        errors = {"": await worded(request, marked("请先勾选“我明白，删除后不能恢复”。"))}
        return await page(request, "resident/my_data.html", status=422, errors=errors)
    path = f"/residents/{quoted(session.sub)}/erase"
    try:
        await tell(request, "community", path, {}, key=once(form))
    except Missing:
        nothing = marked("您没有在本平台登记住户信息，没有可删除的登记。")
        errors = {"": await worded(request, nothing)}
        return await page(request, "resident/my_data.html", status=409, errors=errors)
    except Refusal as refusal:
        errors = {"": refusal.detail}
        return await page(request, "resident/my_data.html", status=refusal.status, errors=errors)
    said = marked("已提交删除，您已退出登录。各项服务会在几分钟内删去与您有关的内容。")
    return go(await leave_for_good(request), said)


ROUTES: list[BaseRoute] = [
    Route("/me/data", my_data),
    Route("/me/data/export", export),
    Route("/me/data/erase", erase, methods=["POST"]),
]
