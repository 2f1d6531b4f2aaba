"""How the door says no: as a problem to programs, as a page to people."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from services.gateway import pages
from services.gateway.doorway import doorway_of
from services.gateway.identity import Forged, SignInFirst, sign_in_address
from services.gateway.upstream import ServiceAway
from shared.runtime.door import REFUSALS
from shared.runtime.identity import NotAuthenticated
from shared.runtime.problems import RETRY_AFTER, Problem, language

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
    if not for_people:
        return refuse_program(request, error)
    speaks = language(request.headers.get("accept-language"))
    problem, headers = doorway_of(request).door.told(from_outside(error), speaks)
    return await pages.problem_page(request, problem, headers)


def refuse_program(request: Request, error: Exception) -> Response:
    """The same as a problem, whoever asks."""
    return doorway_of(request).door.refuse(request, from_outside(error))


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
            after = {"Retry-After": str(RETRY_AFTER)}
            return Problem(503, "service-away", headers=after, service=service)
    return error
