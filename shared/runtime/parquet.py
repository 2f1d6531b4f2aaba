"""Tables as Parquet files, written piece by piece: https://parquet.apache.org/docs/file-format/

Flat columns in which anything may be missing; each row group has one page a column, compressed with
gzip. Whoever reads Parquet reads it: data science tools, databases. The library that everybody
writes it with is ten times as large as all else that a service needs.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from shared.runtime import thrift
from shared.runtime.thrift import Long, Value

MAGIC = b"PAR1"
_PLAIN, _RLE = 0, 3
_GZIP, _GZIP_HEADER = 2, 31
_LEVEL = 6
_OPTIONAL = 1
_DATA_PAGE = 0
_VERSION = 1


class Column(Enum):
    """What stands in a column."""

    STRING = "string"
    BOOL = "bool"
    INT = "int of 32 bits"
    TIMESTAMP = "milliseconds, UTC"


_PHYSICAL = {Column.STRING: 6, Column.BOOL: 0, Column.INT: 1, Column.TIMESTAMP: 2}
_CONVERTED = {Column.STRING: 0, Column.TIMESTAMP: 9}
_LOGICAL: Mapping[Column, Value] = {
    Column.STRING: {1: {}},
    Column.TIMESTAMP: {8: {1: True, 2: {1: {}}}},
}
"""The type in the file, and by its older and its newer name what it means."""


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A column of a row group: what the end of the file says of it."""

    name: str
    column: Column
    rows: int
    offset: int
    length: int
    uncompressed: int


class ParquetFile:
    """A file that is handed on while it is written: what `write` and `end` give is, one after the
    other, the file.
    """

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        self._length = 0
        self._groups: list[tuple[int, list[_Chunk]]] = []

    def write(self, rows: Sequence[Mapping[str, Any]]) -> bytes:
        """What the file grows by: a row group of these."""
        pieces = [MAGIC] if self._length == 0 else []
        self._length += sum(map(len, pieces))
        chunks = []
        for name, column in self._columns.items():
            page, uncompressed = _page(column, [row[name] for row in rows])
            pieces.append(page)
            chunks.append(_Chunk(name, column, len(rows), self._length, len(page), uncompressed))
            self._length += len(page)
        self._groups.append((len(rows), chunks))
        return b"".join(pieces)

    def end(self) -> bytes:
        """The rest of it: what there is, and where."""
        footer = thrift.struct(
            {
                1: _VERSION,
                2: [_root(self._columns), *(_element(*one) for one in self._columns.items())],
                3: Long(sum(count for count, _ in self._groups)),
                4: [_group(count, chunks) for count, chunks in self._groups],
                6: "jinlin",
            }
        )
        begun = b"" if self._length else MAGIC
        return begun + footer + struct.pack("<I", len(footer)) + MAGIC


def _page(column: Column, values: Sequence[Any]) -> tuple[bytes, int]:
    """A column's values as a page with its header, and how long both were without compression."""
    there = [value is not None for value in values]
    levels = thrift.varint(-(-len(there) // 8) << 1 | 1) + _bits(there)
    content = _plain(column, [value for value in values if value is not None])
    body = struct.pack("<I", len(levels)) + levels + content
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP_HEADER)
    packed = packer.compress(body) + packer.flush()
    header = thrift.struct(
        {
            1: _DATA_PAGE,
            2: len(body),
            3: len(packed),
            5: {1: len(values), 2: _PLAIN, 3: _RLE, 4: _RLE},
        }
    )
    return header + packed, len(header) + len(body)


def _plain(column: Column, values: Sequence[Any]) -> bytes:
    match column:
        case Column.STRING:
            texts = [value.encode() for value in values]
            return b"".join(struct.pack("<I", len(text)) + text for text in texts)
        case Column.BOOL:
            return _bits(values)
        case Column.INT:
            return struct.pack(f"<{len(values)}i", *values)
    return struct.pack(f"<{len(values)}q", *map(_milliseconds, values))


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def _bits(values: Sequence[bool]) -> bytes:
    """Eight a byte, the first lowest."""
    written = "".join("1" if value else "0" for value in reversed(values)) or "0"
    return int(written, 2).to_bytes(-(-len(values) // 8), "little")


def _root(columns: Mapping[str, Column]) -> Value:
    return {4: "schema", 5: len(columns)}


def _element(name: str, column: Column) -> Value:
    return {
        1: _PHYSICAL[column],
        3: _OPTIONAL,
        4: name,
        6: _CONVERTED.get(column),
        10: _LOGICAL.get(column),
    }


def _group(count: int, chunks: Sequence[_Chunk]) -> Value:
    return {
        1: [_placed(chunk) for chunk in chunks],
        2: Long(sum(chunk.uncompressed for chunk in chunks)),
        3: Long(count),
    }


def _placed(chunk: _Chunk) -> Value:
    about: Value = {
        1: _PHYSICAL[chunk.column],
        2: [_PLAIN, _RLE],
        3: [chunk.name],
        4: _GZIP,
        5: Long(chunk.rows),
        6: Long(chunk.uncompressed),
        7: Long(chunk.length),
        9: Long(chunk.offset),
    }
    return {2: Long(chunk.offset), 3: about}
