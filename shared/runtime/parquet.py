"""Tables as Parquet files, handed on piece by piece while they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from io import BytesIO
from queue import SimpleQueue
from threading import Thread
from typing import Any, Self

from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import write_parquet

COMPRESSION = "zstd(3)"
ROWS_IN_GROUP = 10_000
"""So many the library keeps, encoded, until it writes them; of each group it keeps some 4 kB until
the end, where a Parquet file says what is in it.
"""

_MILLISECONDS = DataType.timestamp("ms", tz="UTC")

Row = Mapping[str, Any]


class Column(Enum):
    """What stands in a column; any value may be missing."""

    STRING = "string"
    BOOL = "bool"
    INT = "int of 32 bits"
    TIMESTAMP = "milliseconds, UTC"


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

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self._columns = columns
        fields = [Field(name, _TYPES[column], nullable=True) for name, column in columns.items()]
        self._schema = Schema(fields)
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


def _array(column: Column, values: Sequence[Any]) -> Array:
    if column is not Column.TIMESTAMP:
        return Array(values, _TYPES[column])
    # The library makes none of datetimes.
    numbers = [None if at is None else round(at.timestamp() * 1000) for at in values]
    return Array(numbers, DataType.int64()).cast(_MILLISECONDS)
