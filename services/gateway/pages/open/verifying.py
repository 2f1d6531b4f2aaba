"""Where certificates and proofs are verified: on the ledger's own pages, in the browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.pages.refusals import shown
from services.gateway.pages.rendering import page


@shown
async def verify(request: Request) -> Response:
    """The ways to them."""
    return await page(request, "open/verify.html")


ROUTES: list[BaseRoute] = [Route("/verify", verify)]
