"""The catalogue over HTTP, for everybody: which events there are to subscribe to."""

from functools import cache
from hashlib import sha256
from typing import Annotated, Any

import orjson
from fastapi import Header, Path, Query, Request, Response

from services.subscriptions import catalogue_page
from services.subscriptions.catalogue import ASYNCAPI, catalogue
from shared.runtime.policies import public
from shared.runtime.problems import Invalid, NotFound, language
from shared.runtime.queries import Queries, gives

JSON = "application/json"
HTML = "text/html"
YAML = "application/yaml"
KEPT_FOR = 300
"""Seconds that an answer may be kept: it changes with a new version of the service only."""


def _gives(media_type: str) -> dict[str, Any]:
    given = gives(media_type)
    if media_type == YAML:
        given["responses"][200]["content"][YAML] = {"schema": {"type": "object"}}
    given["responses"][304] = {"description": "It is what the caller has (If-None-Match)"}
    return given


queries = Queries(tags=["Catalogue"])

OfService = Annotated[str | None, Query(max_length=40)]
IfNoneMatch = Annotated[str | None, Header(max_length=1_000)]


@queries.get("/catalogue", may=public, **_gives(JSON))
async def catalogue_of_events(
    service: OfService = None, if_none_match: IfNoneMatch = None
) -> Response:
    """All events, or those of a service: what they mean, since when they are published, how stable
    they are, whether the feed and webhooks have them, the JSON Schema of their data, a sample.
    """
    return _kept(_listed(_known(service)), JSON, if_none_match)


@queries.get("/catalogue/{type}", may=public, **_gives(JSON))
async def described_event(
    type: Annotated[str, Path(max_length=200)], if_none_match: IfNoneMatch = None
) -> Response:
    """One event by its CloudEvents type."""
    found = catalogue().get(type)
    if found is None:
        raise NotFound
    return _kept(orjson.dumps(found.plain), JSON, if_none_match)


@queries.get("/catalogue.html", may=public, **_gives(HTML))
async def catalogue_for_reading(
    request: Request, service: OfService = None, if_none_match: IfNoneMatch = None
) -> Response:
    """The same as a page, in Chinese or English."""
    spoken = language(request.headers.get("accept-language"))
    answer = _kept(catalogue_page.page(spoken, _known(service)), HTML, if_none_match)
    answer.headers["Content-Security-Policy"] = catalogue_page.POLICY
    answer.headers["Content-Language"] = catalogue_page.WORDS[spoken]["tag"]
    answer.headers["Vary"] = "Accept-Language"
    return answer


@queries.get("/asyncapi.yaml", may=public, **_gives(YAML))
async def asyncapi_document(if_none_match: IfNoneMatch = None) -> Response:
    """The AsyncAPI document: topics, keys and messages of all services."""
    return _kept(_asyncapi(), YAML, if_none_match)


def _known(service: str | None) -> str | None:
    if service is not None and service not in catalogue_page.services():
        raise Invalid("service", "is none that publishes events")
    return service


@cache
def _listed(service: str | None) -> bytes:
    items = [one.plain for one in catalogue().values() if service in (None, one.service)]
    return orjson.dumps({"items": items, "next": None})


@cache
def _asyncapi() -> bytes:
    return ASYNCAPI.read_bytes()


def _kept(content: bytes, media_type: str, known: str | None) -> Response:
    """An answer that may be kept for some minutes, and is not sent again to who has it."""
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": f"public, max-age={KEPT_FOR}", "ETag": tag}
    if known is not None and tag in (one.strip() for one in known.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


QUERIES: tuple[Queries, ...] = (queries,)
