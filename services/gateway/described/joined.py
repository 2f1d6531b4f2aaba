"""The OpenAPI documents of all services as one."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.gateway.passing.target import PREFIX
from services.gateway.upstream.listing import METHODS, TECHNICAL
from shared.runtime.problems import PROBLEM

VERSION = "1"
REFUSALS = {
    "400": ("Malformed", "The path, the query or a header is malformed"),
    "403": ("NotAllowed", "The caller may not, or the request cannot be told from a forged one"),
    "404": ("NotFound", "There is no such thing"),
    "408": ("TooSlow", "The body came too slowly"),
    "413": ("TooLarge", "The body is too large"),
    "414": ("TooLong", "The address is too long"),
    "429": ("TooOften", "The caller came too often; see Retry-After"),
    "503": ("Away", "The service is away; see Retry-After"),
}
"""What the door itself may say to any request: by status, the name and the meaning."""
BEARER = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "An access token of the OIDC issuer",
}

_COMPONENT = "#/components/"
_SECURITY = "securitySchemes"


def joined(documents: Mapping[str, Mapping[str, Any]], public_url: str) -> dict[str, Any]:
    """One document of the services' by their names: paths as callers use them, components and
    operations under names of their own, tags that say whose they are.
    """
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {
        _SECURITY: {"token": BEARER},
        "responses": {
            name: {
                "description": meaning,
                "content": {PROBLEM: {"schema": {"$ref": f"{_COMPONENT}schemas/Problem"}}},
            }
            for name, meaning in REFUSALS.values()
        },
    }
    tags: list[dict[str, Any]] = []
    for service, document in documents.items():
        renamed = _renamed(document, service)
        for path, item in renamed["paths"].items():
            if path not in TECHNICAL:
                paths[f"{PREFIX}{service}{path}"] = item
                for operation in _operations(item):
                    _belongs_to(operation, service)
        for kind, named in renamed.get("components", {}).items():
            if kind != _SECURITY:
                components.setdefault(kind, {}).update(
                    {_own(service, name): one for name, one in named.items()}
                )
        tags += [
            {**tag, "name": _tagged(service, tag["name"])}
            for tag in renamed.get("tags", ())
            if tag["name"] != "Health"
        ]
    components.setdefault("schemas", {})["Problem"] = {"type": "object", **_problem(components)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Jinlin (近邻)",
            "version": VERSION,
            "description": "Everything that front ends and other systems may ask.",
        },
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": components,
        "tags": tags,
    }


def _operations(item: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    return (item[method] for method in METHODS if method in item)


def _belongs_to(operation: dict[str, Any], service: str) -> None:
    operation["tags"] = [_tagged(service, tag) for tag in operation.get("tags", ())]
    if "operationId" in operation:
        operation["operationId"] = f"{service}-{operation['operationId']}"
    for status, (name, _) in REFUSALS.items():
        operation["responses"].setdefault(status, {"$ref": f"{_COMPONENT}responses/{name}"})


def _problem(components: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    """What a problem looks like, as any of the services says it."""
    named = components.get("schemas", {})
    found = (schema for name, schema in named.items() if name.endswith(".Problem"))
    return next(found, {})


def _renamed(part: Any, service: str) -> Any:
    """A copy whose references name the components by their names in the joined document."""
    if isinstance(part, Mapping):
        return {
            key: _reference(value, service)
            if key == "$ref" and isinstance(value, str)
            else _renamed(value, service)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_renamed(one, service) for one in part]
    return part


def _reference(value: str, service: str) -> str:
    if not value.startswith(_COMPONENT):
        return value
    kind, _, name = value.removeprefix(_COMPONENT).partition("/")
    return f"{_COMPONENT}{kind}/{_own(service, name)}"


def _own(service: str, name: str) -> str:
    return f"{service}.{name}"


def _tagged(service: str, tag: str) -> str:
    return f"{service}: {tag}"
