"""What is written as Parquet is read as the same by another library, and nobody keeps it whole."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from shared.runtime.columns import Column, Each
from shared.runtime.parquet import ROWS_IN_GROUP, ParquetFile, rows_in

COLUMNS = {
    "text": Column.STRING,
    "whether": Column.BOOL,
    "number": Column.INT,
    "at": Column.TIMESTAMP,
    "marks": Each(Column.STRING),
    "steps": Each({"name": Column.STRING, "at": Column.TIMESTAMP}),
}
ROW = {
    "text": "近邻",
    "whether": True,
    "number": 7,
    "at": datetime(2026, 1, 1, tzinfo=UTC),
    "marks": ["急", "老"],
    "steps": [{"name": "转办", "at": None}],
}
TIMES = st.integers(-(10**12), 10**13).map(
    lambda ms: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
TEXTS = st.none() | st.text(st.characters(exclude_categories=["Cs"]))
ROWS = st.fixed_dictionaries(
    {
        "text": TEXTS,
        "whether": st.none() | st.booleans(),
        "number": st.none() | st.integers(-(2**31), 2**31 - 1),
        "at": st.none() | TIMES,
        "marks": st.lists(TEXTS, max_size=3),
        "steps": st.lists(
            st.fixed_dictionaries({"name": TEXTS, "at": st.none() | TIMES}), max_size=3
        ),
    }
)
Rows = Sequence[dict[str, Any]]


def written(given: Sequence[Rows]) -> bytes:
    with ParquetFile(COLUMNS) as file:
        pieces = [file.write(rows) for rows in given]
        return b"".join([*pieces, file.end()])


@given(st.lists(st.lists(ROWS, max_size=40), max_size=4))
def test_what_is_read_is_what_was_written(groups: list[list[dict[str, Any]]]) -> None:
    file = written(groups)
    rows = [row for rows in groups for row in rows]
    assert parquet.read_table(io.BytesIO(file)).to_pylist() == rows
    with tempfile.NamedTemporaryFile() as there:
        there.write(file)
        there.flush()
        assert list(rows_in(Path(there.name))) == rows


def test_columns_have_their_types() -> None:
    schema = parquet.read_schema(io.BytesIO(written([])))
    assert schema.names == list(COLUMNS)
    assert schema.types == [
        pyarrow.string(),
        pyarrow.bool_(),
        pyarrow.int32(),
        pyarrow.timestamp("ms", tz="UTC"),
        pyarrow.list_(pyarrow.string()),
        pyarrow.list_(
            pyarrow.struct([("name", pyarrow.string()), ("at", pyarrow.timestamp("ms", tz="UTC"))])
        ),
    ]


def test_a_group_is_handed_on_as_soon_as_it_is_full() -> None:
    rows = [{**ROW, "text": f"{number}"} for number in range(ROWS_IN_GROUP)]
    with ParquetFile(COLUMNS) as file:
        pieces = [file.write(rows), file.write(rows[:10]), file.end()]
    assert len(pieces[0]) > len(pieces[1]) + len(pieces[2])
    read = parquet.ParquetFile(io.BytesIO(b"".join(pieces)))
    groups = [read.metadata.row_group(n).num_rows for n in range(read.metadata.num_row_groups)]
    assert groups == [ROWS_IN_GROUP, 10]
    assert read.metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize(
    ("column", "value"), [("number", 2**31), ("number", "seven"), ("text", 7), ("at", "today")]
)
def test_a_value_of_another_type_is_refused(column: str, value: object) -> None:
    with ParquetFile(COLUMNS) as file, pytest.raises(Exception, match=r"\w"):
        file.write([{**ROW, column: value}])


@pytest.mark.parametrize("given", [0, 1])
def test_a_file_that_is_left_ends_its_thread(given: int) -> None:
    before = set(threading.enumerate())
    with ParquetFile(COLUMNS) as file:
        for _ in range(given):
            file.write([ROW])
        (thread,) = set(threading.enumerate()) - before
    thread.join(30)
    assert not thread.is_alive()
