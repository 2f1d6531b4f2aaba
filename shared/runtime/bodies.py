"""Request bodies: read within bounds, checked against a command's fields."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cached_property, reduce
from operator import or_
from types import UnionType
from typing import (
    Annotated,
    Any,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import AfterValidator, AwareDatetime, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import ClientDisconnect, Request
from typing_extensions import TypedDict

from shared.runtime.aggregate import Command, caller_fills
from shared.runtime.identity import Caller
from shared.runtime.problems import Problem, field_errors

MAX_BODY = 1024 * 1024
"""Bytes of a request's body."""


def _in_utc(moment: datetime) -> datetime:
    """As the store keeps times: UTC, whole milliseconds."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


_Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]


_typed_dict: Any = TypedDict
"""A type checker takes it with literal names only; ours come from the command."""


class CommandBody:
    """What a command's body looks like: its fields but those that the token fills; unknown ones are
    refused. To make one is dear: `body_of` keeps it.
    """

    def __init__(self, command: type[Command]) -> None:
        self.command = command
        filled = caller_fills(command)
        found = [one for one in fields(command) if one.name not in filled]  # type: ignore[arg-type]
        self._fills_by, self._fills_org = "by" in filled, "org" in filled
        self.needs_body = any(_required(one) for one in found)
        self._defaults = {one.name: one.default for one in found if _shown_default(one.default)}
        self._adapter: TypeAdapter[dict[str, Any]] = TypeAdapter(_shape(command, found))

    def parse(self, raw: bytes, caller: Caller) -> Command:
        """The command that the caller gives. Raises `Problem` (400 for what is no JSON, 422 naming
        each field).
        """
        try:
            given = self._adapter.validate_json(raw or b"{}", strict=True)
        except ValidationError as error:
            wrong = error.errors(include_url=False, include_input=False)
            if wrong[0]["type"] == "json_invalid":
                raise Problem(400, "malformed-json") from None
            raise Problem(422, "invalid", errors=field_errors(wrong)) from None
        if self._fills_by:
            given["by"] = caller.sub
        if self._fills_org:
            given["org"] = caller.org
        return self.command(**given)

    def schema(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The JSON Schema of the body, and the definitions it refers to as
        ``#/components/schemas/<name>``. All who ask are given the same objects.
        """
        return self._described

    @cached_property
    def _described(self) -> tuple[dict[str, Any], dict[str, Any]]:
        schema = self._adapter.json_schema(ref_template="#/components/schemas/{model}")
        definitions = schema.pop("$defs", {})
        for name, default in self._defaults.items():
            schema["properties"][name].setdefault(
                "default", default.value if isinstance(default, Enum) else default
            )
        if self.command.__doc__ and "description" not in schema:
            schema["description"] = self.command.__doc__
        return schema, definitions


_BODIES: dict[type[Command], CommandBody] = {}


def body_of(command: type[Command]) -> CommandBody:
    """The body of a command, made once."""
    if command not in _BODIES:
        _BODIES[command] = CommandBody(command)
    return _BODIES[command]


def _shape(of: type[Any], found: Iterable[Any]) -> Any:
    """What JSON has to be like to become one of these: their fields, and no others."""
    hints = get_type_hints(of, include_extras=True)
    shape: dict[str, Any] = {}
    for one in found:
        kind = _with_zones(hints[one.name])
        shape[one.name] = Required[kind] if _required(one) else NotRequired[kind]
    typed: Any = _typed_dict(of.__name__, shape)
    typed.__pydantic_config__ = ConfigDict(extra="forbid")
    typed.__doc__ = of.__doc__
    return typed


def _required(one: Any) -> bool:
    return one.default is MISSING and one.default_factory is MISSING


def _shown_default(default: Any) -> bool:
    return isinstance(default, (str, int, float, bool, Enum))


def _with_zones(hint: Any) -> Any:
    """The type with every ``datetime`` in it asking for an offset: a time without one means
    nothing.
    """
    if hint is datetime:
        return _Moment
    if isinstance(hint, type) and is_dataclass(hint) and _has_times(hint):
        made: Any = hint
        return Annotated[_shape(made, fields(hint)), AfterValidator(lambda given: made(**given))]
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return Annotated[(_with_zones(parts[0]), *parts[1:])]
    if origin in (Union, UnionType):
        return reduce(or_, (_with_zones(part) for part in parts))
    if origin in (tuple, list, dict, frozenset, set) and _has_times(hint):
        return origin[tuple(_with_zones(part) for part in parts)]
    return hint


def _has_times(hint: Any) -> bool:
    """Whether a time stands in it somewhere."""
    if isinstance(hint, type) and is_dataclass(hint):
        return any(map(_has_times, get_type_hints(hint).values()))
    parts = get_args(hint)
    inner = parts[:1] if get_origin(hint) is Annotated else parts
    return hint is datetime or any(map(_has_times, inner))


async def read_body(request: Request, most: int = MAX_BODY) -> bytes:
    """The body. Raises `Problem` 413 as soon as it is known to be too long, 415 for another kind
    than JSON.
    """
    headers = request.headers
    length = headers.get("content-length")
    if length is not None and length.isdecimal() and int(length) > most:
        raise _too_large(most)
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        if chunk := message.get("body", b""):
            size += len(chunk)
            if size > most:
                raise _too_large(most)
            chunks.append(chunk)
        if not message.get("more_body", False):
            break
    if chunks and not _is_json(headers):
        raise Problem(415, "not-json", headers={"Accept": "application/json"})
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(most: int) -> Problem:
    # The server reads and drops what is still to come. Were the connection closed with that unread,
    # the caller would be told that it broke, and this answer be lost on the way.
    return Problem(413, "too-large", most=most)


def _is_json(headers: Mapping[str, str]) -> bool:
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media == "application/json" or (
        media.startswith("application/") and media.endswith("+json")
    )
