"""What cannot be shown, as pages: in words, with a way on."""

from collections.abc import Callable, Coroutine, Mapping
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.identity import session_of
from services.gateway.identity.asking import SESSION
from services.gateway.pages.asking import Missing, Refusal
from services.gateway.pages.languages import marked
from services.gateway.pages.rendering import page, worded
from services.gateway.pages.words import SERVICES
from services.gateway.upstream import ServiceAway
from shared.runtime.door import REFUSALS

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

RETRY_AFTER = "5"
"""Seconds."""


async def away(request: Request, service: str) -> Response:
    """503: one of the services does not answer; the others do."""
    name = await worded(request, SERVICES.get(service, service))
    detail = await worded(
        request, marked("%(service)s暂时没有回应，别的页面不受影响。请过一会儿再试。")
    )
    return await _page(
        request,
        503,
        marked("这一项暂时打不开"),
        detail % {"service": name},
        {"Retry-After": RETRY_AFTER},
    )


async def missing(request: Request) -> Response:
    """404: there is no such thing, or it is nobody's business who asks."""
    detail = marked("没有这个页面，或者您不能查看。链接可能写错了，内容也可能已经删除。")
    return await _page(request, 404, marked("没有找到"), await worded(request, detail))


async def refused(request: Request, refusal: Refusal) -> Response:
    """What a service does not do, with its reason."""
    return await _page(request, refusal.status, marked("没有办成"), refusal.detail)


async def problem_page(
    request: Request, problem: Mapping[str, Any], headers: Mapping[str, str]
) -> Response:
    """A refusal of the door itself. `problem` is the body of the problem (RFC 9457) in the caller's
    language.
    """
    try:
        await session_of(request)
    except REFUSALS:  # who it is cannot be told now, and that may be the very refusal
        request.scope[SESSION] = None
    status = int(problem["status"])
    if status == 404:
        return await missing(request)
    return await _page(request, status, marked("没有办成"), problem["detail"], headers)


async def _page(
    request: Request,
    status: int,
    title: str,
    detail: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    response = await page(request, "refusal.html", status=status, title=title, detail=detail)
    response.headers.update(headers or {})
    return response


def shown(endpoint: Endpoint) -> Endpoint:
    """The endpoint of a page: what it cannot show is said in words, as a page."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ServiceAway as gone:
            return await away(request, gone.service)
        except Missing:
            return await missing(request)
        except Refusal as refusal:
            return await refused(request, refusal)

    return answered
