"""JSON Schemas (2020-12) of the public events and of the envelope, made from the classes."""

import inspect
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from shared.contracts.envelope import dataschema
from shared.contracts.event import Event, name_and_version

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE_ID = "urn:jinlin:schema:envelope.v1"


def data_schema(type: str, cls: type[Event]) -> Schema:
    """The schema of an event's `data`: fields without a default are required, added ones are
    allowed.
    """
    made = TypeAdapter(cls).json_schema(mode="validation")
    definitions = made.pop("$defs", {})
    name, version = name_and_version(cls)
    return {
        "$schema": DIALECT,
        "$id": dataschema(type),
        "title": f"{name} v{version}",
        "description": _flowing(inspect.getdoc(cls) or ""),
        "type": "object",
        "properties": {
            field: _plain(schema, definitions) for field, schema in made["properties"].items()
        },
        "required": made.get("required", []),
        "additionalProperties": True,
    }


def _flowing(docstring: str) -> str:
    """The text without the line breaks that only the source's width asks for."""
    return "\n\n".join(" ".join(part.split()) for part in docstring.split("\n\n"))


def _plain(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema of a field with its definitions written in place, without invented titles."""
    if isinstance(schema, list):
        return [_plain(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _plain(definitions[schema["$ref"].removeprefix("#/$defs/")], definitions)
    return {
        key: {name: _plain(one, definitions) for name, one in value.items()}
        if key == "properties"
        else _plain(value, definitions)
        for key, value in schema.items()
        if key not in ("title", "description")
    }


def envelope_schema(types: list[str]) -> Schema:
    """The schema of a whole message; what `data` must be follows from `type`, unknown types are let
    through.
    """
    word = {"type": "string", "minLength": 1, "maxLength": 1024}
    return {
        "$schema": DIALECT,
        "$id": ENVELOPE_ID,
        "title": "Jinlin event",
        "description": "A CloudEvents 1.0 event in structured JSON, as published on "
        "<service>.events.v1.",
        "type": "object",
        "properties": {
            "specversion": {"const": "1.0"},
            "id": {
                **word,
                "description": "<service>/<stream>/<version>/<n>; the same event has the same id "
                "however often it is delivered.",
            },
            "source": {**word, "description": "/jinlin/<service>"},
            "type": {**word, "description": "cn.jinlin.<service>.<event>.v<version>"},
            "subject": {**word, "description": "The stream: kind and id of what it happened to."},
            "time": {
                "type": "string",
                "format": "date-time",
                "description": "When it was recorded; UTC, in milliseconds.",
            },
            "datacontenttype": {"const": "application/json"},
            "dataschema": {**word, "description": "The $id of the schema of `data`."},
            "sequence": {
                "type": "string",
                "pattern": "^[0-9]{20}$",
                "description": "The stream's version, padded so that it sorts as text.",
            },
            "partitionkey": {**word, "description": "The Kafka key: the stream."},
            "correlationid": {
                **word,
                "description": "Shared by everything that followed from one request or due time, "
                "across services: the <service>/<stream>/<version> it began with.",
            },
            "causationid": {
                **word,
                "description": "The id of the event that led to it; none where a person or a due "
                "time did.",
            },
            "traceparent": {**word, "description": "W3C trace context."},
            "data": {"type": "object"},
        },
        "required": [
            "specversion",
            "id",
            "source",
            "type",
            "subject",
            "time",
            "datacontenttype",
            "dataschema",
            "sequence",
            "partitionkey",
            "correlationid",
            "data",
        ],
        "additionalProperties": True,
        "allOf": [
            {
                "if": {"properties": {"type": {"const": type}}},
                "then": {
                    "properties": {
                        "dataschema": {"const": dataschema(type)},
                        "data": {"$ref": dataschema(type)},
                    }
                },
            }
            for type in types
        ],
    }
