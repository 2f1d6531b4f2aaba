"""API keys over HTTP: given to applications that report by Open311, and taken from them."""

from secrets import token_urlsafe
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from services.gateway.domain.api_key import (
    SHOWN_LAST,
    ApiKey,
    Issue,
    Rate,
    Revoke,
    api_key,
    digest_of,
    id_of,
    open_verbs,
)
from services.gateway.doorway import Doorway
from services.gateway.refusing import from_outside
from services.gateway.upstream import ServiceAway
from services.gateway.views.api_keys import all_keys
from shared.contracts.types import Id, PlaceCode, Title
from shared.runtime.api import (
    AggregateApi,
    CurrentCaller,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.bodies import read_body
from shared.runtime.cursors import Cursor, Limit, decode, encode
from shared.runtime.endpoints import cause_of
from shared.runtime.identity import Caller
from shared.runtime.policies import administrator
from shared.runtime.problems import Invalid, Problem, field_errors, unavailable
from shared.runtime.queries import Queries

PREFIX = "jlk_"
"""How a key begins, so that whoever finds one in a file knows what it is."""
SECRET_BYTES = 32
MOST_BODY = 16 * 1024

KeyId = Annotated[Id, Path()]


class Application(BaseModel):
    """Who is given a key, for which place, and how many requests a minute it may make."""

    model_config = ConfigDict(extra="forbid")

    application: Title
    contact: Title
    jurisdiction: PlaceCode
    rate: Rate = 60


def shown(state: ApiKey, _caller: Caller) -> dict[str, Any]:
    """A key without what tells it from others to a machine."""
    return {
        "status": state.status,
        "application": state.application,
        "jurisdiction": state.jurisdiction,
        "rate": state.rate,
        "last": state.last,
        "issued_by": state.issued_by,
        "issued_at": state.issued_at,
        "revoked_at": state.revoked_at,
    }


api_keys_api: AggregateApi = aggregate_api(
    api_key,
    collection="api-keys",
    tag="API keys",
    verbs={"revoke": Verb(Revoke, may=administrator)},
    open=lambda state, _caller: open_verbs(state),
    see=administrator,
    shown=shown,
    dossier=Dossier(see=administrator),
)

queries = Queries(tags=["API keys"])


@queries.post(
    "/api-keys",
    may=administrator,
    status_code=201,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Application.model_json_schema()}},
        }
    },
)
async def issue_api_key(
    request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Gives an application a key, shown in this answer and never again.

    A repeated request (`Idempotency-Key`) is told the id, and no key: revoke it where the first
    answer was lost.
    """
    raw = await read_body(request, MOST_BODY)
    try:
        asked = Application.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None
    await _must_be_a_place(request, asked.jurisdiction)
    key = PREFIX + token_urlsafe(SECRET_BYTES)
    digest = digest_of(key)
    cause, fingerprint = cause_of(request, caller, raw)
    outcome = await store.do(
        api_key,
        id_of(digest),
        Issue(
            issuer=caller.sub,
            application=asked.application,
            contact=asked.contact,
            jurisdiction=asked.jurisdiction,
            rate=asked.rate,
            digest=digest,
            last=key[-SHOWN_LAST:],
        ),
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
    )
    response.headers["Location"] = f"/api-keys/{outcome.id}"
    response.headers["Cache-Control"] = "no-store"
    told: dict[str, Any] = {"id": outcome.id, "version": outcome.version}
    return told if outcome.repeated else {**told, "key": key}


@queries.get("/api-keys", may=administrator)
async def list_api_keys(
    caller: CurrentCaller, store: CurrentStore, limit: Limit = 50, cursor: Cursor = None
) -> dict[str, Any]:
    """All keys, the revoked ones, too."""
    page = await store.journal.find(api_key.kind, all_keys(limit, decode(cursor)))
    items = [
        {"id": item.id, "version": item.version, **shown(store.read(api_key, item), caller)}
        for item in page.items
    ]
    return {"items": items, "next": encode(page.next)}


async def _must_be_a_place(request: Request, code: str) -> None:
    """Raises `Problem`."""
    doorway: Doorway = request.app.state.doorway
    token = request.headers["authorization"].partition(" ")[2].strip()
    try:
        answer = await doorway.upstreams.ask("community", "GET", f"/places/{code}", token=token)
    except ServiceAway as away:
        raise from_outside(away) from None
    if answer.status == 404:
        raise Invalid("jurisdiction", "is no place of the tree")
    if answer.status != 200:
        raise unavailable()
