"""A form as the service's OpenAPI document has it: for a verb that no table of ours knows (a
service may learn one before the pages do), and for what is kept in registers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from services.gateway.pages.languages import marked
from services.gateway.pages.staff.desk import Desk
from services.gateway.pages.staff.fields import Field, Kind
from services.gateway.pages.staff.register_words import CHOICES, FIELDS, VERBS
from services.gateway.pages.staff.verbs import Form, plain_form

SHORT = 200
"""Characters of a text that is typed in one line."""
NEW = marked("新增")
SCALARS = {"integer": Kind.NUMBER, "number": Kind.DECIMAL, "boolean": Kind.FLAG}


FRESH = timedelta(minutes=5)
"""For so long a document is taken as it was read."""


async def form_for(desk: Desk, service: str, collection: str, verb: str) -> Form | None:
    """The form; None where the document does not list the verb."""
    form = form_in(await document_of(desk, service), f"/{collection}/{{id}}/{verb}")
    label = VERBS.get(collection, {}).get(verb)
    return form if form is None or label is None else replace(form, label=label, note="")


async def creating(desk: Desk, service: str, collection: str) -> Form | None:
    """The form with which one more comes into a collection; None where the document has none."""
    form = form_in(await document_of(desk, service), f"/{collection}")
    return None if form is None else replace(form, label=NEW, note="")


async def document_of(desk: Desk, service: str) -> Mapping[str, Any]:
    """A service's OpenAPI document. Raises `ServiceAway`."""
    state = desk.request.app.state
    if not hasattr(state, "known_documents"):
        state.known_documents = {}
    known: dict[str, tuple[Mapping[str, Any], datetime]] = state.known_documents
    found = known.get(service)
    if found is None or desk.now - found[1] >= FRESH:
        document = await desk.get(service, "/openapi.json")
        found = known[service] = (document, desk.now)
    return found[0]


def form_in(document: Mapping[str, Any], path: str) -> Form | None:
    """The form of what is sent to a path of an OpenAPI document."""
    operation = document.get("paths", {}).get(path, {}).get("post")
    if operation is None:
        return None
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    shape = _resolved(document, schema)
    needed = set(shape.get("required", ()))
    fields = tuple(
        _field(document, name, told, name in needed)
        for name, told in shape.get("properties", {}).items()
    )
    label = str(operation.get("summary") or path.rpartition("/")[2])
    return plain_form(label, *fields, note=str(shape.get("description", "")))


def _field(document: Mapping[str, Any], name: str, told: Mapping[str, Any], needed: bool) -> Field:
    shape = _resolved(document, told)
    label = FIELDS.get(name) or name.replace("_", " ")
    if "enum" in shape:
        choices = tuple((str(one), CHOICES.get(str(one), str(one))) for one in shape["enum"])
        return Field(name, label, Kind.CHOICE, needed, choices=choices)
    kind = _kind(document, shape, needed)
    most = shape.get("maxLength")
    return Field(name, label, kind, needed, most=most if isinstance(most, int) else None)


def _kind(document: Mapping[str, Any], shape: Mapping[str, Any], needed: bool) -> Kind:
    match shape.get("type"), shape.get("format"):
        case "string", "date":
            return Kind.DAY
        case "string", "date-time":
            return Kind.MOMENT
        case "string", _:
            return Kind.LINE if 0 < shape.get("maxLength", 0) <= SHORT else Kind.PASSAGE
        case "boolean", _:
            return Kind.YES_NO if needed else Kind.FLAG
        case ("integer" | "number") as number, _:
            return SCALARS[number]
        case "array", _ if _resolved(document, shape.get("items", {})).get("type") == "string":
            return Kind.MANY
    return Kind.JSON


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, behind references and beside null."""
    for _ in range(4):
        if "$ref" in schema:
            found: Any = document
            for part in str(schema["$ref"]).removeprefix("#/").split("/"):
                found = found.get(part, {})
            schema = found
        elif "anyOf" in schema:
            some = [one for one in schema["anyOf"] if one.get("type") != "null"]
            if len(some) != 1:
                return {}
            schema = some[0]
        else:
            break
    return schema
