"""A body for every command, made from its own JSON Schema, so that nobody has to list them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from shared.runtime.aggregate import Command
from shared.runtime.bodies import body_of
from shared.runtime.identity import Caller
from shared.runtime.problems import Problem

WORDS = (
    "x1",
    "08:30-12:00",
    "2031-05",
    "2031-05-04",
    "08:30",
    "13800000000",
    "a" * 32,
    "0" * 64,
    "2468ACEG",
    "042517",
    "04251700",
    "zh-Hans",
    "a@example.com",
    "https://example.com/1",
    "k" * 87,
    "a" * 22,
)
"""Texts, of which one keeps to almost any pattern."""
MOMENT = "2031-05-04T08:30:00+08:00"
FORMATS = {"date-time": MOMENT, "date": MOMENT[:10], "time": "08:30:00", "duration": "P1D"}

REFERENCE = "#/components/schemas/"


class NoSample(Exception):
    """Nothing is made up here that the command takes: it needs an entry in the overrides."""


def sample_body(
    command: type[Command], named: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """What the command takes: its required fields, and those that are `given`. A field called as
    one of `named` has that value where its type takes it. Raises `NoSample`.
    """
    body = body_of(command)
    schema, definitions = body.schema()
    properties = schema.get("properties", {})
    made = {
        name: _value(name, properties[name], definitions, named)
        for name in schema.get("required", ())
        if name not in given
    }
    made |= given
    try:
        body.parse(json.dumps(made).encode(), Caller("nobody"))
    except Problem as problem:
        wrong = [(error.field, error.detail) for error in problem.errors]
        raise NoSample(f"{command.__name__} takes no {made}: {wrong}") from None
    return made


def _value(
    name: str, schema: Mapping[str, Any], definitions: Mapping[str, Any], named: Mapping[str, Any]
) -> Any:
    if "$ref" in schema:
        return _value(name, definitions[schema["$ref"].removeprefix(REFERENCE)], definitions, named)
    if name in named and not {"array", "object"} & {schema.get("type")} and "enum" not in schema:
        return named[name]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _value(name, schema[several][0], definitions, named)
    match schema.get("type"):
        case "string":
            return _text(name, schema)
        case "integer" | "number":
            least = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
            return min(least, schema.get("maximum", least))
        case "boolean":
            return False
        case "array":
            parts = [*schema.get("prefixItems", ())]
            if "items" in schema:
                parts += [schema["items"]] * (max(schema.get("minItems", 1), 1) - len(parts))
            # What a list is called is the plural of what one of its entries is.
            each = name if name in named else name.removesuffix("s")
            return [_value(each, part, definitions, named) for part in parts]
        case "object":
            properties = schema.get("properties", {})
            return {
                each: _value(each, properties[each], definitions, named)
                for each in schema.get("required", ())
            }
        case _:
            return None


def _text(name: str, schema: Mapping[str, Any]) -> str:
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    pattern = schema.get("pattern")
    if pattern is None:
        return "说明" * max(1, (schema.get("minLength", 1) + 1) // 2)
    for word in WORDS:
        if re.search(pattern, word):
            return word
    raise NoSample(f"no word here is like {pattern} for {name}")
