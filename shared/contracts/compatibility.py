"""Whether a changed schema breaks a reader: one that reads messages already sent, or one that
knows only the schema before.

Emitters send exactly the fields of their schema, readers pass over fields they do not know. So
messages are described by the schema *without* additional properties, and readers by the schema
*with* them; a plain comparison of two open schemas would forbid every added field.
"""

import json
from typing import Any

import jsoncompat

from shared.contracts.json_schema import Schema

_WORDS_FOR_PEOPLE = frozenset({"title", "description", "default", "examples", "$id", "$schema"})


def breaks(before: Schema, after: Schema) -> list[str]:
    """What in `after` would break a reader, one sentence per fault; empty when both directions can
    be read.

    Added fields with a default pass. Refused are: a field removed or renamed, a new required field,
    a field that may now be missing, and any change of a field's values (type, format, enum, bounds)
    that would make a value sent by one side unreadable to the other.
    """
    found = []
    old, new = before["properties"], after["properties"]
    for name in old:
        if name not in new:
            found.append(f"`{name}` was removed or renamed")
            continue
        if not _fits(old[name], new[name]):
            found.append(f"`{name}`: values already sent are not readable any more")
        if not _fits(new[name], old[name]):
            found.append(
                f"`{name}`: its new values are not readable for those who know the old ones"
            )
        if name in before["required"] and name not in after["required"]:
            found.append(f"`{name}` may now be missing, and readers rely on it")
    for name in after["required"]:
        if name not in old:
            found.append(f"`{name}` is new and has no default: messages already sent lack it")
        elif name not in before["required"]:
            found.append(f"`{name}` is required now: messages already sent may lack it")
    if not found and not (
        _fits(_sent(before), _read(after)) and _fits(_sent(after), _read(before))
    ):
        found.append("the schema as a whole is not readable both ways")
    return found


def _sent(schema: Schema) -> Schema:
    return {**_read(schema), "additionalProperties": False}


def _read(schema: Schema) -> Schema:
    return {key: schema[key] for key in ("type", "properties", "required")}


def _fits(sent: Schema, read: Schema) -> bool:
    """Whether every value of `sent` is a value of `read`."""
    return jsoncompat.check_compat(
        json.dumps(_comparable(read)), json.dumps(_comparable(sent)), jsoncompat.Role.SERIALIZER
    )


def _comparable(schema: Any) -> Any:
    """The schema without the words meant for people.

    Formats and patterns are not compared by jsoncompat, though a reader trips over them: a text
    bound by one stands here for a value that fits only the same bound, or a text without any.
    """
    if isinstance(schema, list):
        return [_comparable(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "format" in schema or "pattern" in schema:
        return {"const": f"{schema.get('format', '')} {schema.get('pattern', '')}"}
    return {
        key: {name: _comparable(one) for name, one in value.items()}
        if key == "properties"
        else _comparable(value)
        for key, value in schema.items()
        if key not in _WORDS_FOR_PEOPLE
    }
