"""How the door says no: as a problem to programs, as a page to people."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway import pages
from services.gateway.doorway import doorway_of
from services.gateway.identity import Forged, SignInFirst, sign_in_address
from services.gateway.upstream import ServiceAway, ServiceFull
from shared.runtime import tracing
from shared.runtime.door import REFUSALS
from shared.runtime.problems import RETRY_AFTER, Problem, language
from shared.runtime.signed_tokens import NotAuthenticated

FORESEEN: tuple[type[Exception], ...] = (*REFUSALS, SignInFirst, Forged, ServiceAway)
"""What is answered with a refusal. Everything else is a defect."""

PROGRAMS = ("/api/", "/open311/", "/public/")
"""Where only programs ask, whatever they say that they accept."""


async def refuse(request: Request, error: Exception) -> Response:
    """The answer to a foreseen refusal."""
    for_people = wants_page(request)
    reading = request.method in ("GET", "HEAD")
    if isinstance(error, SignInFirst) and for_people and reading:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(sign_in_address(error, here), 303)
    door = doorway_of(request).door
    if not for_people:
        return door.refuse(request, from_outside(error))
    speaks = language(request.headers.get("accept-language"))
    problem, headers = door.told(from_outside(error), speaks)
    return await pages.problem_page(request, problem, headers)


async def apologize(request: Request, _error: Exception) -> Response:
    """The answer to what was not foreseen; the error itself is raised on, and logged."""
    door, trace = doorway_of(request).door, tracing.current_trace_id()
    if not wants_page(request):
        return door.apologize(request, trace)
    speaks = language(request.headers.get("accept-language"))
    instance = f"urn:jinlin:trace:{trace}" if trace else None
    problem = door.catalogue.problem(Problem(500, "internal"), speaks, instance)
    return await pages.problem_page(request, problem, {})


def wants_page(request: Request) -> bool:
    """Whether it is a person in front of a browser who is told."""
    if request.url.path.startswith(PROGRAMS):
        return False
    return "text/html" in request.headers.get("accept", "")


def from_outside(error: Exception) -> Exception:
    """The door's own refusals as those that every door knows; any other as it is."""
    match error:
        case SignInFirst(within=None):
            return NotAuthenticated("there is none")
        case SignInFirst(within=within):
            # RFC 9470.
            challenge = f'Bearer error="insufficient_user_authentication", max_age="{within}"'
            return Problem(401, "sign-in-too-old", headers={"WWW-Authenticate": challenge})
        case Forged():
            return Problem(403, "forged")
        case ServiceAway(service=service):
            code = "service-full" if isinstance(error, ServiceFull) else "service-away"
            after = {"Retry-After": str(RETRY_AFTER)}
            return Problem(503, code, headers=after, service=service)
    return error
