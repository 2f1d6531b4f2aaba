"""What is written as Parquet is read as the same by the library that everybody reads it with."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from shared.runtime.parquet import Column, ParquetFile
from shared.runtime.thrift import struct

COLUMNS = {
    "text": Column.STRING,
    "whether": Column.BOOL,
    "number": Column.INT,
    "at": Column.TIMESTAMP,
}
TIMES = st.integers(-(10**12), 10**13).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
ROWS = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(st.characters(exclude_categories=["Cs"])),
        "whether": st.none() | st.booleans(),
        "number": st.none() | st.integers(-(2**31), 2**31 - 1),
        "at": st.none() | TIMES,
    }
)
Rows = Sequence[dict[str, Any]]


def written(groups: Sequence[Rows]) -> bytes:
    file = ParquetFile(COLUMNS)
    pieces = [file.write(rows) for rows in groups]
    return b"".join([*pieces, file.end()])


@settings(deadline=None)
@given(st.lists(st.lists(ROWS, min_size=1, max_size=40), max_size=4))
def test_what_is_read_is_what_was_written(groups: list[list[dict[str, Any]]]) -> None:
    table = parquet.read_table(io.BytesIO(written(groups)))
    assert table.to_pylist() == [row for rows in groups for row in rows]


def test_columns_have_their_types() -> None:
    schema = parquet.read_schema(io.BytesIO(written([])))
    assert schema.names == list(COLUMNS)
    assert schema.types == [
        pyarrow.string(),
        pyarrow.bool_(),
        pyarrow.int32(),
        pyarrow.timestamp("ms", tz="UTC"),
    ]


def test_each_writing_is_a_row_group() -> None:
    row = {"text": "近邻", "whether": True, "number": 7, "at": datetime(2026, 1, 1, tzinfo=UTC)}
    file = parquet.ParquetFile(io.BytesIO(written([[row] * 1000, [row] * 10])))
    groups = [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)]
    assert groups == [1000, 10]
    assert file.metadata.row_group(0).column(0).compression == "GZIP"
    assert file.read().num_rows == 1010


def test_fields_of_a_struct_rise() -> None:
    with pytest.raises(ValueError):
        struct({2: 1, 1: 1})
