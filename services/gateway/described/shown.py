"""The joined document as the page shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.passing.target import PREFIX
from services.gateway.upstream.listing import METHODS


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation. `may` is who may ask it, None for everybody."""

    id: str
    method: str
    path: str
    about: str
    may: str | None
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]


def shown(document: Mapping[str, Any]) -> dict[str, list[Entry]]:
    """The operations by service, in the order of the document."""
    found: dict[str, list[Entry]] = {}
    for path, item in document["paths"].items():
        service = path.removeprefix(PREFIX).partition("/")[0]
        for method in METHODS:
            if method in item:
                entry = _entry(document, path, method, item[method])
                found.setdefault(service, []).append(entry)
    return found


def _entry(
    document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]
) -> Entry:
    description = str(operation.get("description", ""))
    return Entry(
        id=str(operation.get("operationId", f"{method}-{path}")),
        method=method.upper(),
        path=path,
        about="" if description.startswith("May: ") else description,
        may=str(operation.get("x-may", "token")) if operation.get("security") else None,
        parameters=tuple(
            Field(one["name"], _kind(document, one.get("schema", {})), one.get("required", False))
            for one in operation.get("parameters", ())
        ),
        body=_body(document, operation),
        answers=tuple(
            (status, str(answer.get("description", "")))
            for status, answer in sorted(operation["responses"].items())
        ),
    )


def _body(document: Mapping[str, Any], operation: Mapping[str, Any]) -> tuple[Field, ...]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = _resolved(document, content.get("application/json", {}).get("schema", {}))
    required = schema.get("required", ())
    return tuple(
        Field(name, _kind(document, one), name in required)
        for name, one in schema.get("properties", {}).items()
    )


def _kind(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    schema = _resolved(document, schema)
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "const" in schema:
        return str(schema["const"])
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        return " | ".join(dict.fromkeys(_kind(document, one) for one in options))
    kind = schema.get("type", "")
    if kind == "array":
        return f"{_kind(document, schema.get('items', {}))}[]"
    words = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words} ({schema['format']})" if "format" in schema else words


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A schema, or the component that it refers to."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    part: Any = document
    for step in reference.removeprefix("#/").split("/"):
        part = part.get(step, {})
    found: Mapping[str, Any] = part
    return found
