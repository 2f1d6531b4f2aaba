"""The OpenAPI document: what the tables and the queries say, and what every door adds."""

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.runtime.aggregate import Command
from shared.runtime.api import AggregateApi, Beneath, Create, Verb
from shared.runtime.bodies import body_of
from shared.runtime.policies import Policy, public
from shared.runtime.problems import PROBLEM

METRICS = "/metrics"
"""What is told in Prometheus' text format; all else is JSON."""
OPEN_PATHS = ("/livez", "/readyz", METRICS)
"""What answers without a token."""

_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same key with the same request gives the first outcome again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[\x21-\x7e]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The ETag that the decision rests on; another present version gives 412.",
    "schema": {"type": "string"},
}
_ETAG = {"description": "The version", "schema": {"type": "string"}}
_OUTCOME = {
    "type": "object",
    "required": ["id", "version"],
    "properties": {"id": {"type": "string"}, "version": {"type": "integer", "minimum": 0}},
}
_THING = {
    "type": "object",
    "required": ["id", "version", "can"],
    "properties": {
        "id": {"type": "string"},
        "version": {"type": "integer", "minimum": 0},
        "can": {
            "type": "array",
            "items": {"type": "string"},
            "description": "The verbs open to the caller now",
        },
        "dossier": {
            "type": "array",
            "description": "The personal part, for those who may see it",
            "items": {"type": "object"},
        },
    },
}
_TIMELINE = {
    "type": "object",
    "required": ["items", "next"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["version", "at", "verb", "actor", "events"],
                "properties": {
                    "version": {"type": "integer", "minimum": 1},
                    "at": {"type": "string", "format": "date-time"},
                    "verb": {"type": "string"},
                    "actor": {
                        "type": ["string", "null"],
                        "description": "null where it is kept from the caller who it was",
                    },
                    "events": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["name", "data"],
                            "properties": {
                                "name": {"type": "string"},
                                "data": {"type": ["object", "null"]},
                            },
                        },
                    },
                },
            },
        },
        "next": {"type": ["string", "null"]},
    },
}
_PROBLEM_SCHEMA = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
_REFUSALS = {
    "400": "Not JSON, or an unusable header",
    "401": "No valid access token",
    "403": "Not allowed",
    "404": "Not there, or not for the caller to know",
    "406": "JSON is not accepted",
    "409": "A rule forbids it",
    "412": "Changed meanwhile",
    "413": "The body is too large",
    "415": "The body is not declared as JSON",
    "422": "Fields are wrong, or the Idempotency-Key came with another request",
    "500": "A defect; recorded under the trace in instance",
    "503": "Store or issuer away; see Retry-After",
}


def create_operation(create: Create) -> dict[str, Any]:
    """``POST /<collection>``"""
    return _command(create, [_KEY], "201", {"Location": {"schema": {"type": "string"}}})


def verb_operation(verb: Verb) -> dict[str, Any]:
    """``POST /<collection>/{id}/<verb>``"""
    return _command(verb, [_ID, _KEY, _IF_MATCH], "200", {})


def beneath_operation(row: Beneath) -> dict[str, Any]:
    """``POST /<collection>/{id}/<name>`` of what begins beneath a thing."""
    parameters = [_ID, _KEY, _IF_MATCH, *row.operation.get("parameters", ())]
    operation: dict[str, Any] = {"x-may": row.may.name}
    if row.command is not None:
        operation = _asked(row.command, row.may)
    headers = {"ETag": _ETAG, "Location": {"schema": {"type": "string"}}}
    return {
        **operation,
        **row.operation,
        "parameters": parameters,
        "responses": {"201": _response("Begun, and durable", _OUTCOME, headers)},
    }


def thing_operation(api: AggregateApi) -> dict[str, Any]:
    """``GET /<collection>/{id}``"""
    return _read("The thing as the caller may see it", _THING, api.see)


def timeline_operation(api: AggregateApi) -> dict[str, Any]:
    """``GET /<collection>/{id}/timeline``"""
    return _read("What happened, in order", _TIMELINE, api.see_history)


def _command(
    row: Create | Verb, parameters: list[dict[str, Any]], status: str, headers: dict[str, Any]
) -> dict[str, Any]:
    answer = _OUTCOME
    if isinstance(row, Verb) and row.tells is not None:
        answer = {**_OUTCOME, "description": "And what became of it for the caller"}
    return {
        **_asked(row.command, row.may),
        "parameters": parameters,
        "responses": {status: _response("Done, and durable", answer, {"ETag": _ETAG, **headers})},
    }


def _asked(command: type[Command], may: Policy) -> dict[str, Any]:
    """What a request says, and who may send it."""
    body = body_of(command)
    schema, definitions = body.schema()
    return {
        "requestBody": {
            "required": body.needs_body,
            "content": {"application/json": {"schema": schema}},
        },
        "x-may": may.name,
        "x-definitions": definitions,
    }


def _read(description: str, schema: dict[str, Any], may: Policy) -> dict[str, Any]:
    return {
        "parameters": [_ID],
        "responses": {"200": _response(description, schema, {"ETag": _ETAG})},
        "x-may": may.name,
    }


def _response(description: str, schema: dict[str, Any], headers: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": headers,
        "content": {"application/json": {"schema": schema}},
    }


def document(app: FastAPI, tags: Sequence[str]) -> dict[str, Any]:
    """The whole document; every operation has the token and the refusals that it may meet."""
    made = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        tags=[{"name": tag} for tag in tags],
    )
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token of the OIDC issuer",
        }
    }
    for path, operation in _operations(made):
        for name, schema in operation.pop("x-definitions", {}).items():
            schemas.setdefault(name, schema)
        if path == METRICS:
            text = {"text/plain": {"schema": {"type": "string"}}}
            operation["responses"]["200"]["content"] = text
        if path in OPEN_PATHS:
            continue
        is_public = operation.get("x-may") == public.name
        if not is_public:
            operation["security"] = [{"token": []}]
        for status, description in _REFUSALS.items():
            if is_public and status in ("401", "403"):
                continue
            operation["responses"][status] = {
                "description": description,
                "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            }
    for leftover in ("HTTPValidationError", "ValidationError"):
        schemas.pop(leftover, None)
    schemas["Problem"] = _PROBLEM_SCHEMA
    return made


def _operations(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in made.get("paths", {}).items():
        for operation in methods.values():
            yield path, operation
