"""The pages that people use."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

ROUTES: list[BaseRoute] = []


async def problem_page(
    _request: Request, problem: Mapping[str, Any], headers: Mapping[str, str]
) -> Response:
    """A refusal as a page. `problem` is the body of the problem (RFC 9457) in the caller's
    language.
    """
    return PlainTextResponse(problem["detail"], problem["status"], dict(headers))
