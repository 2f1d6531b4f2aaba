"""Open311 GeoReport v2 under ``/open311/v2``: each method in XML and in JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.open311 import filing, service_requests, updates
from services.gateway.open311.asked import asked_by, jurisdiction_in
from services.gateway.open311.process import Open311, open311_of
from services.gateway.open311.refusals import NotServed, as_not_served, refusal
from services.gateway.open311.wire import MEDIA, Form, answer
from services.gateway.public.reading import spoken
from services.gateway.upstream import ServiceAway
from shared.runtime.keys import IssuerUnavailable
from shared.runtime.problems import NotFound, Problem

CHANGESET = "2026-11-29 00:00"
"""When what stands in the discovery document last changed."""
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
MAX_AGE = 60
FOR_ALL = {
    "Cache-Control": f"public, max-age={MAX_AGE}",
    "Vary": "Accept-Language",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
"""What is not sent in may be read by the scripts of any page."""

CONTACT = ("网站 {url}", "The site {url}")
KEY_SERVICE = (
    "api_key 由本市管理员发放，请通过 {url} 联系",
    "The city's administrator gives an api_key: ask at {url}",
)

Told = tuple[str, Any]
"""The outermost element, and what is in it."""
Answers = Callable[[Request, Open311], Awaitable[Told]]


async def discovery(request: Request, at: Open311) -> Told:
    """Where what is, in which forms."""
    settings, language = at.doorway.settings, 0 if spoken(request) == "zh" else 1
    url = settings.public_url
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{url}/open311/v2",
        "changeset": CHANGESET,
        "type": "production" if settings.production else "test",
        "formats": ["text/xml", "application/json"],
    }
    return "discovery", {
        "changeset": CHANGESET,
        "contact": CONTACT[language].format(url=url),
        "key_service": KEY_SERVICE[language].format(url=url),
        "endpoints": [endpoint],
    }


async def services(request: Request, at: Open311) -> Told:
    """What can be reported."""
    asked = asked_by(request)
    jurisdiction_in(asked, await at.gazetteers.now())
    types = await at.catalogue.types(asked.speaks)
    return "services", [type.listed() for type in types.values()]


async def service_definition(request: Request, at: Open311) -> Told:
    """What is asked besides, of one type."""
    asked, code = asked_by(request), str(request.path_params["code"])
    jurisdiction_in(asked, await at.gazetteers.now())
    types = await at.catalogue.types(asked.speaks)
    if code not in types:
        raise NotServed(404, "no-service", value=code)
    return "service_definition", types[code].defined(asked.speaks)


async def requests(request: Request, at: Open311) -> Told:
    """What was reported."""
    return "service_requests", await service_requests.listed(asked_by(request), at)


async def one_request(request: Request, at: Open311) -> Told:
    """One of them: a list, by the standard."""
    id = str(request.path_params["id"])
    return "service_requests", [await service_requests.one(id, asked_by(request), at)]


async def token(request: Request, at: Open311) -> Told:
    """Every request has its id at once, so that is its token, too."""
    asked, id = asked_by(request), str(request.path_params["id"])
    jurisdiction_in(asked, await at.gazetteers.now())
    if "," in id or not await service_requests.named([id], at, asked.speaks):
        raise NotServed(404, "no-token", value=id)
    return "service_requests", [{"service_request_id": id, "token": id}]


async def submit(request: Request, at: Open311) -> Told:
    """Reports something."""
    return "service_requests", await filing.submitted(request, at)


async def updates_of_all(request: Request, at: Open311) -> Told:
    """What became of requests within a time."""
    return "service_request_updates", await updates.listed(asked_by(request), at)


async def updates_of_one(request: Request, at: Open311) -> Told:
    """What became of one request."""
    id = str(request.path_params["id"])
    return "service_request_updates", await updates.of_one(id, asked_by(request), at)


async def add_update(request: Request, at: Open311) -> Told:
    """Adds something to a request."""
    return "service_request_updates", await updates.added(request, at)


def _both_forms(path: str, answers: Answers, method: str = "GET") -> Route:
    headers = FOR_ALL if method == "GET" else {"Cache-Control": "no-store"}

    async def endpoint(request: Request) -> Response:
        written = str(request.path_params["form"])
        if written not in MEDIA:
            raise NotFound
        form = Form(written)
        try:
            root, content = await answers(request, open311_of(request))
        except (NotServed, ServiceAway, IssuerUnavailable, Problem) as error:
            return refusal(form, as_not_served(error), spoken(request))
        return answer(form, root, content, headers=headers)

    return Route(f"/open311/{path}.{{form}}", endpoint, methods=[method])


ROUTES: list[BaseRoute] = [
    _both_forms("discovery", discovery),
    _both_forms("v2/services", services),
    _both_forms("v2/services/{code}", service_definition),
    _both_forms("v2/requests", requests),
    _both_forms("v2/requests", submit, "POST"),
    _both_forms("v2/requests/{id}/updates", updates_of_one),
    _both_forms("v2/requests/{id}", one_request),
    _both_forms("v2/tokens/{id}", token),
    _both_forms("v2/servicerequestupdates", updates_of_all),
    _both_forms("v2/servicerequestupdates", add_update, "POST"),
]
