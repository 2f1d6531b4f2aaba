"""Webhooks over HTTP: what is agreed with other systems, and how calling them goes."""

from collections.abc import Mapping
from secrets import token_bytes
from typing import Annotated, Any, Literal

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, ValidationError

from services.subscriptions.calling.attempts import attempts_in
from services.subscriptions.calling.place import lease_of, place_in
from services.subscriptions.calling.signing import SECRET_BYTES, SEED_BYTES, pair_of, secret_of
from services.subscriptions.domain.webhooks.delivery_log import Attempt, delivery_log
from services.subscriptions.domain.webhooks.webhook import webhook
from services.subscriptions.domain.webhooks.webhook_commands import (
    Categories,
    Create,
    Disable,
    Edit,
    Enable,
    Mode,
    Places,
    Remove,
    Replay,
    RotateSecret,
    SendTest,
    Signing,
    Skip,
    Types,
    Verify,
)
from services.subscriptions.domain.webhooks.webhook_state import Webhook, open_verbs
from services.subscriptions.feed_asking import FED_TYPES, text_of
from services.subscriptions.views.webhooks import count_of, webhooks_of
from shared.contracts.types import Id, Url
from shared.runtime import cursors
from shared.runtime.addresses import NotAllowed, Target, target_of
from shared.runtime.api import (
    AggregateApi,
    CurrentCaller,
    CurrentStore,
    Dossier,
    Verb,
    aggregate_api,
)
from shared.runtime.bodies import read_body
from shared.runtime.cursors import Cursor, Limit
from shared.runtime.endpoints import cause_of
from shared.runtime.identity import Caller
from shared.runtime.outcome import Snapshot
from shared.runtime.outgoing import allowed_here
from shared.runtime.own_data import Held
from shared.runtime.policies import anyone, owner, role
from shared.runtime.problems import Forbidden, Invalid, NotFound, Problem, Refused, field_errors
from shared.runtime.queries import Queries
from shared.runtime.store import Store

MOST_WEBHOOKS = 20
"""Of one owner. One webhook may want as much as it likes."""
MOST_BODY = 64 * 1024

WRONG_ADDRESS = {
    "not-an-address": "is no web address that can be called",
    "scheme": "must begin with https://",
    "credentials": "must not contain a name or a password",
    "port": "must be on port 443",
    "host": "has no host that can be looked up",
    "private-address": "names an address of a private network",
}
"""By what `NotAllowed` says."""

registrar = role("service", "administrator", "operator")
keeper = owner("owner") | role("administrator", "operator")
KEEPERS = "its owner, an administrator or an operator"


class Registration(BaseModel):
    """What is agreed when a webhook is created."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    types: Types = ()
    places: Places = ()
    categories: Categories = ()
    mode: Literal["structured", "binary"] = "structured"
    signing: Literal["hmac", "ed25519"] = "hmac"


def _body(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


queries = Queries(tags=["Webhooks"])

WebhookId = Annotated[Id, Path()]


# --- beginning, and another secret ---------------------------------------------------------------


@queries.post(
    "/webhooks",
    may=registrar,
    note="for the caller, within their places",
    status_code=201,
    openapi_extra=_body(Registration.model_json_schema()),
)
async def create_webhook(
    request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Registers an endpoint. Its secret is shown in this answer and never again; of an Ed25519 pair
    only the public key is. It is called once it has answered the verification.

    A repeated request (`Idempotency-Key`) is told the id, and no secret: rotate it where the first
    answer was lost.
    """
    raw = await read_body(request, MOST_BODY)
    asked = _registration(raw)
    target = checked_address(asked.url)
    _must_be_fed(asked.types)
    if await store.journal.count("webhook", count_of(caller.sub)) >= MOST_WEBHOOKS:
        raise Refused(
            "too-many-webhooks",
            f"you have {MOST_WEBHOOKS} webhooks: remove one, or let one take more",
            409,
            most=MOST_WEBHOOKS,
        )
    signing = Signing(asked.signing)
    secret, public_key = _fresh(signing)
    cause, fingerprint = cause_of(request, caller, raw)
    outcome = await store.do(
        webhook,
        store.clock.new_id(),
        Create(
            caller.sub,
            asked.url,
            target.host,
            secret,
            public_key,
            asked.types,
            asked.places,
            asked.categories,
            tuple(sorted(caller.places)),
            Mode(asked.mode),
            signing,
        ),
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
    )
    response.headers["Location"] = f"/webhooks/{outcome.id}"
    return _told(response, outcome.id, outcome.version, outcome.repeated, secret, public_key)


@queries.post("/webhooks/{id}/rotate-secret", may=anyone, note=KEEPERS)
async def rotate_secret(
    id: WebhookId, request: Request, response: Response, caller: CurrentCaller, store: CurrentStore
) -> dict[str, Any]:
    """Gives another secret, shown in this answer and never again. For 24 hours calls are signed
    with the former one as well.
    """
    raw = await read_body(request, MOST_BODY)
    if raw not in (b"", b"{}"):
        raise Invalid("", "nothing is to be said here")
    agreed = (await _kept(store, caller, id)).state

    def permit(state: Webhook, _version: int) -> None:
        if not keeper.allows(caller, state, None):
            raise Forbidden

    secret, public_key = _fresh(Signing(agreed.signing))
    cause, fingerprint = cause_of(request, caller, raw)
    outcome = await store.do(
        webhook,
        id,
        RotateSecret(secret, public_key),
        actor=caller.sub,
        cause=cause,
        fingerprint=fingerprint,
        permit=permit,
    )
    return _told(response, outcome.id, outcome.version, outcome.repeated, secret, public_key)


def _registration(raw: bytes) -> Registration:
    try:
        return Registration.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        wrong = error.errors(include_url=False, include_input=False)
        if wrong[0]["type"] == "json_invalid":
            raise Problem(400, "malformed-json") from None
        raise Problem(422, "invalid", errors=field_errors(wrong)) from None


def checked_address(url: str) -> Target:
    """The parts of an address that may be called, as far as that can be told before it is: where
    its name leads is looked at with every connection. Raises `Invalid`.
    """
    try:
        return target_of(url, allowed_here())
    except NotAllowed as error:
        raise Invalid("url", WRONG_ADDRESS[error.reason]) from None


def _must_be_fed(types: Types) -> None:
    for one in types:
        prefix = one.removesuffix("*")
        if not any(fed == one or (prefix != one and fed.startswith(prefix)) for fed in FED_TYPES):
            raise Invalid("types", f"{one}: the feed holds no such event: see /catalogue")


def _fresh(signing: Signing) -> tuple[str, str | None]:
    """A secret, and what of it the other side may know where that is not all."""
    if signing is Signing.ED25519:
        return pair_of(token_bytes(SEED_BYTES))
    return secret_of(token_bytes(SECRET_BYTES)), None


def _told(
    response: Response, id: str, version: int, repeated: bool, secret: str, public_key: str | None
) -> dict[str, Any]:
    response.headers["Cache-Control"] = "no-store"
    told: dict[str, Any] = {"id": id, "version": version}
    if repeated:
        return told
    return {**told, "secret": secret} if public_key is None else {**told, "public_key": public_key}


# --- the table -----------------------------------------------------------------------------------


async def _look_at_edit(_store: Store, _caller: Caller, command: Any) -> None:
    """What the domain cannot know of an address and of types."""
    if command.url is not None:
        checked_address(command.url)
    _must_be_fed(command.types or ())


def _url_only(
    name: str, data: Mapping[str, Any], _state: Webhook, _caller: Caller
) -> Mapping[str, Any] | None:
    return data if name == "EndpointNamed" else None  # secrets are shown once, and not here


table = aggregate_api(
    webhook,
    collection="webhooks",
    tag="Webhooks",
    verbs={
        "verify": Verb(Verify, keeper),
        "edit": Verb(Edit, keeper, look_at=_look_at_edit),
        "test": Verb(SendTest, keeper),
        "skip": Verb(Skip, keeper),
        "replay": Verb(Replay, keeper),
        "disable": Verb(Disable, keeper),
        "enable": Verb(Enable, keeper),
        "remove": Verb(Remove, keeper),
    },
    open=lambda state, _caller: open_verbs(state),
    see=keeper,
    dossier=Dossier(see=keeper, names=("EndpointNamed",), subject="owner", shown=_url_only),
)

APIS: tuple[AggregateApi, ...] = (table,)
HELD: tuple[Held, ...] = (Held(table, "owner"),)


# --- looking -------------------------------------------------------------------------------------


@queries.get("/webhooks", may=registrar, note="the caller's own; of all, an administrator's")
async def webhooks(
    caller: CurrentCaller, store: CurrentStore, cursor: Cursor = None, limit: Limit = 50
) -> dict[str, Any]:
    """Webhooks, the latest first."""
    sees_all = bool(caller.roles & {"administrator", "operator"})
    query = webhooks_of(None if sees_all else caller.sub, limit, cursors.decode(cursor))
    page = await store.journal.find("webhook", query)
    items = [
        {"id": stored.id, "version": stored.version, **table.shown(state, caller)}
        for stored in page.items
        for state in (store.read(webhook, stored),)
    ]
    return {"items": items, "next": cursors.encode(page.next)}


@queries.get("/webhooks/{id}/deliveries", may=anyone, note=KEEPERS)
async def deliveries(
    id: WebhookId,
    caller: CurrentCaller,
    store: CurrentStore,
    failed: bool = False,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The log of its calls, the latest first: the last 200, and for 30 days those that failed. Only
    the latter with `failed`. A call stands there some two seconds after it was made.
    """
    await _kept(store, caller, id)
    made = attempts_in(await store.journal.dossier(delivery_log.stream(id)))
    latest_first = sorted(made, key=_order, reverse=True)
    shown = [one for one in latest_first if one.failed or not failed]
    place = cursors.decode(cursor)
    if place is not None:
        try:
            shown = [one for one in shown if _order(one) < place]
        except TypeError:
            raise Invalid("cursor", "is not one that this list gave") from None
    page = shown[:limit]
    following = cursors.encode(_order(page[-1])) if len(shown) > limit else None
    return {"items": page, "next": following}


@queries.get("/webhooks/{id}/progress", may=anyone, note=KEEPERS)
async def progress(id: WebhookId, caller: CurrentCaller, store: CurrentStore) -> dict[str, Any]:
    """How far it has been called: the feed's cursor up to which all is taken, and what was not
    taken and is sent again. Kept every half second.
    """
    agreed = (await _kept(store, caller, id)).state
    saved = await store.journal.position(lease_of(id))
    place = None if saved is None else place_in(saved.token)
    if place is None or place.run != agreed.run:
        return {"cursor": None, "failing": [], "at": None}
    return {
        "cursor": text_of(place.acknowledged),
        "failing": [
            {
                "event": one.event,
                "attempts": one.tries,
                "since": one.since,
                "next": one.next,
                "outcome": one.outcome,
            }
            for one in place.failing
        ],
        "at": None if saved is None else saved.at,
    }


async def _kept(store: Store, caller: Caller, id: str) -> Snapshot[Webhook]:
    """A webhook, for those who keep it."""
    snapshot = await store.get(webhook, id)
    if snapshot is None or not keeper.allows(caller, snapshot.state, None):
        raise NotFound
    return snapshot


def _order(attempt: Attempt) -> tuple[Any, ...]:
    return attempt.at, attempt.event, attempt.attempt


QUERIES: tuple[Queries, ...] = (queries,)
