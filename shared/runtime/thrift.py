"""Thrift's compact protocol, the writing half: what the metadata of Parquet files are written in.

https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_TRUE, _FALSE, _I32, _I64, _BINARY, _LIST, _STRUCT = 1, 2, 5, 6, 8, 9, 12
_STOP = b"\x00"
_SHORT_LIST = 15
"""A list of fewer has its length in its first byte."""


@dataclass(frozen=True, slots=True)
class Long:
    """An integer of 64 bits; others are of 32."""

    value: int


Value = bool | int | Long | str | Sequence["Value"] | Mapping[int, "Value | None"]
"""A mapping is a struct, by the numbers of its fields; a field that is None is left out."""


def struct(fields: Mapping[int, Value | None]) -> bytes:
    """A struct whose fields have numbers no more than 15 apart, in rising order."""
    out = bytearray()
    before = 0
    for number, value in fields.items():
        if value is None:
            continue
        step = number - before
        if not 0 < step <= 15:
            raise ValueError(f"field {number} after {before}")
        kind, content = _encoded(value)
        out.append(step << 4 | kind)
        out += content
        before = number
    return bytes(out) + _STOP


def varint(number: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that more follow."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def _encoded(value: Value) -> tuple[int, bytes]:
    match value:
        case bool():
            return (_TRUE if value else _FALSE), b""
        case int():
            return _I32, _zigzag(value)
        case Long():
            return _I64, _zigzag(value.value)
        case str():
            text = value.encode()
            return _BINARY, varint(len(text)) + text
        case Mapping():
            return _STRUCT, struct(value)
    return _LIST, _list(value)


def _list(values: Sequence[Value]) -> bytes:
    encoded = [_encoded(value) for value in values]
    (kind,) = {kind for kind, _ in encoded} or {_STRUCT}
    if len(encoded) < _SHORT_LIST:
        head = bytes([len(encoded) << 4 | kind])
    else:
        head = bytes([0xF0 | kind]) + varint(len(encoded))
    return head + b"".join(content for _, content in encoded)


def _zigzag(number: int) -> bytes:
    return varint(number << 1 if number >= 0 else (-number << 1) - 1)
