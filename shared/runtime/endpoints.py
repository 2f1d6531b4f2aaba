"""The endpoints that an aggregate's table stands for: create, verbs, the thing itself, its
timeline.
"""

import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from typing import Any

import orjson
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.runtime.aggregate import Aggregate
from shared.runtime.api import (
    AggregateApi,
    Beneath,
    Create,
    Dossier,
    Sent,
    Verb,
    rows_of,
    show_dossier,
)
from shared.runtime.bodies import body_of, read_body
from shared.runtime.conditions import (
    expected_versions,
    known_before,
    made_and_done,
    must_match,
    state_now,
)
from shared.runtime.door import Door
from shared.runtime.identity import Caller
from shared.runtime.journal import DossierEntry
from shared.runtime.outcome import Outcome, Snapshot
from shared.runtime.problems import Forbidden, NotFound, Problem, accepts_json
from shared.runtime.store import Store
from shared.runtime.veil import veiled

LONGEST_KEY = 200
"""Characters of an Idempotency-Key."""

_KEY = re.compile(rf"[\x21-\x7e]{{1,{LONGEST_KEY}}}")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]


class TableRoute(APIRoute):
    """A route whose endpoint takes the request and gives the response, with nothing in between:
    what FastAPI does for parameters and bodies is done once, by the table. It still stands in the
    OpenAPI document.
    """

    def __init__(self, path: str, endpoint: Endpoint, **rest: Any) -> None:
        super().__init__(path, endpoint, **rest)
        self.answer = endpoint

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            response = await endpoint(Request(scope, receive, send))
            await response(scope, receive, send)

        self.app = app


def create_endpoint(api: AggregateApi, create: Create) -> Endpoint:
    """``POST /<collection>``"""
    body = body_of(create.command)
    aggregate, allows, id_of = api.aggregate, create.may.allows, create.id
    location = f"/{api.collection}/"

    async def endpoint(request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await _enter(door, request)
        raw = await read_body(request)
        cause, fingerprint = cause_of(request, caller, raw)
        command = body.parse(raw, caller)
        if not allows(caller, None, command, api.path(door.running.copies, None, command)):
            raise Forbidden
        store = door.running.store
        id = store.clock.new_id() if id_of is None else id_of(command)
        outcome = await store.do(
            aggregate,
            id,
            command,
            actor=caller.sub,
            cause=cause,
            fingerprint=fingerprint,
            fresh=id_of is None,
        )
        return outcome_answer(outcome, 201, {"location": location + outcome.id})

    return endpoint


def verb_endpoint(api: AggregateApi, verb: Verb) -> Endpoint:
    """``POST /<collection>/{id}/<verb>``"""
    body = body_of(verb.command)
    aggregate, allows, sees = api.aggregate, verb.may.allows, (verb.see or api.see).allows

    async def endpoint(request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await _enter(door, request)
        raw = await read_body(request)
        cause, fingerprint = cause_of(request, caller, raw)
        store, copies = door.running.store, door.running.copies
        id = _id(request)
        try:
            command = body.parse(raw, caller)
        except Problem:
            if not verb.begins:  # what is wrong is told to those who may know of it
                await _seen(api, door, caller, id)
            raise
        if verb.look_at is not None:
            await verb.look_at(store, caller, command)
        expected = expected_versions(request)

        def permit(state: Any, version: int) -> None:
            if version == 0 and not verb.begins:
                raise NotFound
            path = api.path(copies, state)
            if not sees(caller, state, None, path):
                raise NotFound
            if not allows(caller, state, command, api.path(copies, state, command)):
                raise Forbidden

        do = partial(
            store.do,
            aggregate,
            id,
            actor=caller.sub,
            cause=cause,
            fingerprint=fingerprint,
            permit=permit,
        )
        if verb.becomes is None or await known_before(store, cause):
            outcome = await do(command, expected=expected)
        else:

            async def sent() -> Sent:
                state, version = await state_now(store, aggregate, id)
                permit(state, version)
                must_match(expected, version)
                return Sent(request, door, caller, id, state, version, cause, fingerprint)

            outcome = await made_and_done(verb.becomes, command, sent, do, expected)
        told: Mapping[str, Any] = {}
        if verb.tells is not None:
            told = verb.tells(await _led_to(store, aggregate, outcome), caller)
        return outcome_answer(outcome, 200, told=told)

    return endpoint


def beneath_endpoint(api: AggregateApi, row: Beneath) -> Endpoint:
    """``POST /<collection>/{id}/<name>`` of what begins beneath a thing."""
    body = None if row.command is None else body_of(row.command)
    allows, sees = row.may.allows, (row.see or api.see).allows

    async def endpoint(request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await _enter(door, request)
        store, id = door.running.store, _id(request)
        cause, _ = cause_of(request, caller, b"")
        repeated = await known_before(store, cause)
        state, version = await state_now(store, api.aggregate, id)
        if not repeated:
            path = api.path(door.running.copies, state)
            if version == 0 or not sees(caller, state, None, path):
                raise NotFound
            if not allows(caller, state, None, path):
                raise Forbidden
            must_match(expected_versions(request), version)
        command = fingerprint = None
        if body is not None:
            raw = await read_body(request)
            _, fingerprint = cause_of(request, caller, raw)
            command = body.parse(raw, caller)
        sent = Sent(request, door, caller, id, state, version, cause, fingerprint, repeated)
        return await row.answers(sent, command)

    return endpoint


def thing_endpoint(api: AggregateApi) -> Endpoint:
    """``GET /<collection>/{id}``"""

    async def endpoint(request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await _enter(door, request)
        store = door.running.store
        id = _id(request)
        snapshot, path = await _seen(api, door, caller, id)
        state = snapshot.state
        concealed = api.veil(state, caller)
        shown: dict[str, Any] = {
            "id": id,
            "version": snapshot.version,
            **veiled(api.shown(state, caller), concealed),
        }
        shown["can"] = verbs_open_to(api, state, caller, path)
        dossier = api.dossier
        if dossier is not None and dossier.see.allows(caller, state, None, path):
            about_caller = (
                dossier.subject is not None and getattr(state, dossier.subject) == caller.sub
            )
            stream = api.aggregate.stream(id)
            if about_caller:
                entries = await store.journal.dossier(stream)
            else:
                entries = await show_dossier(store, caller, stream, f"GET /{api.collection}")
            shown["dossier"] = [
                {
                    "version": entry.version,
                    "name": entry.name,
                    "at": entry.at,
                    "data": veiled(data, concealed),
                }
                for entry in entries
                if not dossier.names or entry.name in dossier.names
                if (data := _of_entry(dossier, entry, state, caller)) is not None
            ]
        return _json(shown, 200, {"etag": f'"{snapshot.version}"'})

    return endpoint


def timeline_endpoint(api: AggregateApi) -> Endpoint:
    """``GET /<collection>/{id}/timeline``"""

    async def endpoint(request: Request) -> Response:
        door: Door = request.app.state.door
        caller = await _enter(door, request)
        store = door.running.store
        id = _id(request)
        snapshot, path = await _seen(api, door, caller, id)
        if not api.see_history.allows(caller, snapshot.state, None, path):
            raise Forbidden
        concealed = api.veil(snapshot.state, caller)
        items = [
            {
                "version": commit.version,
                "at": commit.at,
                "verb": commit.verb,
                "actor": veiled(commit.actor, concealed),
                "events": [
                    {"name": event.name, "data": veiled(event.data, concealed)}
                    for event in commit.events
                ],
            }
            for commit in await store.journal.history(api.aggregate.stream(id))
        ]
        return _json({"items": items, "next": None}, 200, {"etag": f'"{snapshot.version}"'})

    return endpoint


def verbs_open_to(
    api: AggregateApi, state: Any, caller: Caller, path: Sequence[str] = ()
) -> list[str]:
    """The verbs that the domain takes in this state and the table allows this caller; `path` is
    where the thing lies (`AggregateApi.path`).
    """
    taken = api.open(state, caller)
    rows = rows_of(api)
    names = rows.keys() if taken is None else rows.keys() & set(taken)
    return sorted(name for name in names if rows[name].may.allows(caller, state, None, path))


def _of_entry(
    dossier: Dossier, entry: DossierEntry, state: Any, caller: Caller
) -> Mapping[str, Any] | None:
    if dossier.shown is None:
        return entry.data
    return dossier.shown(entry.name, entry.data, state, caller)


async def _enter(door: Door, request: Request) -> Caller:
    if not accepts_json(request.headers.get("accept")):
        raise Problem(406, "not-acceptable")
    return await door.caller(request)


async def _seen(
    api: AggregateApi, door: Door, caller: Caller, id: str
) -> tuple[Snapshot[Any], Sequence[str]]:
    """The thing and where it lies, for those who may know of it."""
    snapshot = await door.running.store.get(api.aggregate, id)
    if snapshot is None:
        raise NotFound
    path = api.path(door.running.copies, snapshot.state)
    if not api.see.allows(caller, snapshot.state, None, path):
        raise NotFound
    return snapshot, path


def _id(request: Request) -> str:
    id: str = request.path_params["id"]
    if not _ID.fullmatch(id):
        raise NotFound
    return id


def cause_of(request: Request, caller: Caller, raw: bytes) -> tuple[str | None, str | None]:
    """The request's cause and fingerprint, from its Idempotency-Key: a key is its caller's alone,
    for one request. Both None without one; raises `Problem` 400 for one that cannot be used.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return None, None
    if not _KEY.fullmatch(key):
        raise Problem(400, "bad-idempotency-key", most=LONGEST_KEY)
    head = f"{request.method} {request.url.path}\n".encode()
    return f"{caller.sub}>{key}", blake2b(head + raw, digest_size=16).hexdigest()


async def _led_to(store: Store, aggregate: Aggregate[Any], outcome: Outcome) -> Any:
    """The state that a command led to; the present one where it was carried out before."""
    if outcome.state is not None:
        return outcome.state
    snapshot = await store.get(aggregate, outcome.id)
    return aggregate.initial if snapshot is None else snapshot.state


def outcome_answer(
    outcome: Outcome,
    status: int,
    headers: dict[str, str] | None = None,
    told: Mapping[str, Any] = {},
) -> Response:
    """What a command's sender is told: id and version, and what else there is to tell."""
    return _json(
        {"id": outcome.id, "version": outcome.version, **told},
        status,
        {**(headers or {}), "etag": f'"{outcome.version}"'},
    )


def _json(content: Any, status: int, headers: dict[str, str]) -> Response:
    headers["cache-control"] = "no-store"
    return Response(
        orjson.dumps(content, default=_plain), status, headers, media_type="application/json"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, (frozenset, set)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} cannot be shown")
