"""The public read API: released petitions, projects, statistics. No token is asked for; whatever is
answered may be kept for a minute by whoever likes, and read by the scripts of any page.
"""

import re
from hashlib import blake2b
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.gateway.public.reading import Params, reading_of, spoken
from services.gateway.upstream import Answer
from shared.runtime.problems import Invalid, NotFound

MAX_AGE = 60
"""Seconds for which an answer may be kept."""
PREFLIGHT_LASTS = 86_400
"""Seconds for which a browser need not ask again whether a page may ask."""
MOST_GIVEN = 50
"""Parameters of one request."""

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    # Whoever forbids it elsewhere on the door does not mean what is for everybody.
    "Cross-Origin-Resource-Policy": "cross-origin",
}

LISTED = ("place", "category", "state", "from", "to", "ids", "limit", "cursor")
PLANNED = ("place", "status", "limit", "cursor")
COUNTED = ("place", "by", "from", "to", "category", "format")


async def petitions(request: Request) -> Response:
    """Petitions whose words were released, the latest first. `place`, `category` (several times,
    each with all below), `state` (several times: at-work, suspended, answered, merged, closed),
    `from` and `to` (when it was filed), `limit`, `cursor`.
    """
    asked = [*_given(request, LISTED), ("released", "true")]
    return await _told(request, "petitions", "/public/petitions", asked)


async def one_petition(request: Request) -> Response:
    """One of them; 404 for what was not released."""
    path = f"/public/petitions/{_id(request)}"
    _given(request, ())
    answer = await reading_of(request).read("petitions", path, (), spoken(request))
    if answer.status == 200 and not answer.json()["released"]:
        raise NotFound
    return _answer(request, answer)


async def projects(request: Request) -> Response:
    """Projects of a `place` (with all below), the first planned in front. `status` (several times:
    running, reported, met), `limit`, `cursor`.
    """
    asked = _given(request, PLANNED)
    return await _told(request, "volunteering", "/public/projects", asked)


async def one_project(request: Request) -> Response:
    """One of them."""
    path = f"/public/projects/{_id(request)}"
    return await _told(request, "volunteering", path, _given(request, ()))


async def statistics(request: Request) -> Response:
    """How many petitions, how late, how well answered: `place`, `by` (up to three of place,
    category, subcategory, topic, level, month, channel, kind), `from` and `to` (months),
    `category`, `format` (json, csv).
    """
    return await _told(request, "petitions", "/public/statistics", _given(request, COUNTED))


async def allowed(_request: Request) -> Response:
    """What a browser asks before a page's script may ask."""
    headers = {
        **CORS,
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Allow-Headers": "If-None-Match",
        "Access-Control-Max-Age": str(PREFLIGHT_LASTS),
    }
    return Response(status_code=204, headers=headers)


async def _told(request: Request, service: str, path: str, asked: Params) -> Response:
    answer = await reading_of(request).read(service, path, asked, spoken(request))
    return _answer(request, answer)


def _answer(request: Request, answer: Answer) -> Response:
    """What the service said; its 200 with a strong tag (RFC 9110, 8.8.3), and without the body for
    whoever has that already.
    """
    kind = answer.headers.get("content-type", "application/json")
    if answer.status != 200:
        headers = {**CORS, "Content-Type": kind, "Cache-Control": "no-store"}
        return Response(answer.content, answer.status, headers)
    tag = f'"{blake2b(answer.content, digest_size=16).hexdigest()}"'
    headers = {**CORS, "ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE}"}
    if _has(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(answer.content, headers={**headers, "Content-Type": kind})


def _has(request: Request, tag: str) -> bool:
    """Whether the reader has it: compared weakly, as RFC 9110, 13.1.2 has it."""
    named = request.headers.get("if-none-match", "").split(",")
    known = {one.strip().removeprefix("W/") for one in named}
    return tag in known or "*" in known


def _given(request: Request, known: tuple[str, ...]) -> list[tuple[str, str]]:
    """The parameters of a request. Raises `Invalid` for one that means nothing here: it would only
    make the same answer look like another.
    """
    given = request.query_params.multi_items()
    if len(given) > MOST_GIVEN:
        raise Invalid(given[MOST_GIVEN][0], "is one parameter too many")
    for name, _ in given:
        if name not in known:
            raise Invalid(name[:100], "is no parameter of this")
    return given


def _id(request: Request) -> str:
    id = str(request.path_params["id"])
    if not _ID.fullmatch(id):
        raise NotFound
    return id


def _route(path: str, answers: Any) -> list[BaseRoute]:
    return [
        Route(path, answers, methods=["GET"]),
        Route(path, allowed, methods=["OPTIONS"]),
    ]


ROUTES: list[BaseRoute] = [
    *_route("/public/petitions", petitions),
    *_route("/public/petitions/{id}", one_petition),
    *_route("/public/projects", projects),
    *_route("/public/projects/{id}", one_project),
    *_route("/public/statistics", statistics),
]
