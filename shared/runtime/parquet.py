"""Tables as Parquet files, handed on piece by piece while they are written; and rows read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self

from arro3.core import (
    Array,
    DataType,
    Field,
    RecordBatch,
    RecordBatchReader,
    Schema,
    list_array,
    struct_array,
)
from arro3.io import read_parquet, write_parquet

from shared.runtime.columns import Column, Each

COMPRESSION = "zstd(3)"
ROWS_IN_GROUP = 10_000
"""So many the library keeps, encoded, until it writes them; of each group it keeps some 4 kB until
the end, where a Parquet file says what is in it.
"""

_MILLISECONDS = DataType.timestamp("ms", tz="UTC")

Row = Mapping[str, Any]


_TYPES = {
    Column.STRING: DataType.string(),
    Column.BOOL: DataType.bool(),
    Column.INT: DataType.int32(),
    Column.TIMESTAMP: _MILLISECONDS,
}


class ParquetFile:
    """A file that is handed on while it is written: what `write` and `end` give is, one after the
    other, the file.

    The library asks for all rows and writes the whole file in one call. That call has a thread of
    its own, which goes on only while somebody waits in `write` or `end`: what waits in memory is
    never more than a group of rows and what was given last. Leaving the context ends the thread,
    whether the file was finished or not.
    """

    def __init__(self, columns: Mapping[str, Column | Each]) -> None:
        self._columns = columns
        self._schema = Schema(_fields(columns))
        self._given: SimpleQueue[Sequence[Row] | None] = SimpleQueue()
        self._taken: SimpleQueue[BaseException | None] = SimpleQueue()
        self._pieces = BytesIO()
        self._thread = Thread(target=self._write_all, name="parquet", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Says to the thread that nothing follows, and does not wait for it: who leaves may be a
        coroutine that is being cancelled.
        """
        self._given.put(None)

    def write(self, rows: Sequence[Row]) -> bytes:
        """What the file has grown by since the last time; it may be nothing yet.

        Raises what the library does of a value that its column cannot hold.
        """
        return self._hand_over(rows)

    def end(self) -> bytes:
        """The rest of it."""
        return self._hand_over(None)

    def _hand_over(self, rows: Sequence[Row] | None) -> bytes:
        self._given.put(rows)
        if (trouble := self._taken.get()) is not None:
            raise trouble
        piece = self._pieces.getvalue()
        self._pieces.seek(0)
        self._pieces.truncate()
        return piece

    def _write_all(self) -> None:
        batches = RecordBatchReader.from_batches(self._schema, self._batches())
        trouble: BaseException | None = None
        try:
            write_parquet(
                batches,
                self._pieces,
                compression=COMPRESSION,
                max_row_group_size=ROWS_IN_GROUP,
            )
        except BaseException as error:  # the library's own panics are no Exceptions
            trouble = error
        self._taken.put(trouble)

    def _batches(self) -> Iterator[RecordBatch]:
        """Asked for the next one when the last one has been written."""
        while (rows := self._given.get()) is not None:
            yield RecordBatch.from_arrays(
                [
                    _array(column, [row[name] for row in rows])
                    for name, column in self._columns.items()
                ],
                schema=self._schema,
            )
            self._taken.put(None)


def rows_in(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file, in its order; some thousand of them are in memory at a time."""
    for batch in read_parquet(file):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            yield dict(zip(batch.column_names, values, strict=True))


def _fields(columns: Mapping[str, Column | Each]) -> list[Field]:
    return [Field(name, _type(column), nullable=True) for name, column in columns.items()]


def _type(column: Column | Each) -> DataType:
    if isinstance(column, Column):
        return _TYPES[column]
    of = column.of
    inner = _TYPES[of] if isinstance(of, Column) else DataType.struct(_fields(of))
    return DataType.list(Field("element", inner, nullable=True))


def _array(column: Column | Each, values: Sequence[Any]) -> Array:
    if isinstance(column, Each):
        return _lists(column, values)
    if column is not Column.TIMESTAMP:
        return Array(values, _TYPES[column])
    # The library makes none of datetimes.
    numbers = [None if at is None else round(at.timestamp() * 1000) for at in values]
    return Array(numbers, DataType.int64()).cast(_MILLISECONDS)


def _lists(column: Each, values: Sequence[Sequence[Any]]) -> Array:
    """The library makes no lists either: all that is in them, and where each begins."""
    within = [one for value in values for one in value]
    begins = Array(list(accumulate(map(len, values), initial=0)), DataType.int32())
    if isinstance(column.of, Column):
        return list_array(begins, _array(column.of, within), type=_type(column))
    parts = [_array(of, [one[name] for one in within]) for name, of in column.of.items()]
    records = struct_array(parts, fields=_fields(column.of))
    return list_array(begins, records, type=_type(column))
