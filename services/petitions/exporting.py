"""Petitions as tables for other programs, without anything personal: a row for each petition."""

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from services.petitions.domain.petition import petition
from services.petitions.domain.state import NEVER, Petition
from services.petitions.statistics import Selection
from shared.runtime.journal import Query
from shared.runtime.store import Store
from shared.runtime.tables import csv_head, csv_lines

ROWS_AT_ONCE = 1000
"""Rows read together; a Parquet file has as many in a row group, so it never stands in memory."""

COLUMNS = {
    "id": "string",
    "receipt": "string",
    "place": "string",
    "path": "string",
    "category": "string",
    "kind": "string",
    "urgency": "string",
    "channel": "string",
    "status": "string",
    "level": "string",
    "month": "string",
    "raised_at": "timestamp",
    "filed_at": "timestamp",
    "answer_by": "timestamp",
    "closed_at": "timestamp",
    "outcome": "string",
    "answered": "bool",
    "answered_in_time": "bool",
    "stars": "int",
    "solved": "bool",
    "reopened": "int",
    "answers": "int",
    "supporters": "int",
    "suspended_seconds": "int",
}
"""The columns in order, each with its type. `path` runs from the district down, parted by ``/``, to
`place`, which is no closer than the neighbourhood: a door would tell who it was.
"""

Outside = Callable[[tuple[str, ...]], tuple[str, ...]]
"""The part of a path that may be known to others."""


def row(id: str, state: Petition, outside: Outside) -> dict[str, Any]:
    """The row of a petition. Nobody is named in it, staff neither, and nobody's door."""
    figures = state.figures
    path = outside(state.path)
    return {
        "id": id,
        "receipt": state.receipt,
        "place": path[-1] if path else None,
        "path": "/".join(path),
        "category": state.category,
        "kind": state.kind.value,
        "urgency": state.urgency.value,
        "channel": state.channel,
        "status": state.status.value,
        "level": state.level.value,
        "month": figures.month,
        "raised_at": None if state.raised_at == NEVER else state.raised_at,
        "filed_at": None if state.filed_at == NEVER else state.filed_at,
        "answer_by": state.answer_by,
        "closed_at": state.closed_at,
        "outcome": state.outcome,
        "answered": figures.in_time is not None,
        "answered_in_time": figures.in_time,
        "stars": figures.stars,
        "solved": figures.solved,
        "reopened": state.reopened,
        "answers": len(state.answered_by),
        "supporters": 0 if state.voices is None else len(state.voices.supporters),
        "suspended_seconds": round(state.suspended_for.total_seconds()),
    }


async def as_csv(store: Store, selection: Selection, outside: Outside) -> AsyncIterator[bytes]:
    """The file in pieces, the oldest petition first."""
    yield csv_head(tuple(COLUMNS))
    async for rows in _rows(store, selection, outside):
        yield csv_lines(rows, tuple(COLUMNS))


async def as_parquet(store: Store, selection: Selection, outside: Outside) -> AsyncIterator[bytes]:
    """The same as Parquet. Raises ModuleNotFoundError where pyarrow is not installed."""
    file = await asyncio.to_thread(_ParquetFile)
    async for rows in _rows(store, selection, outside):
        if piece := await asyncio.to_thread(file.write, rows):
            yield piece
    yield await asyncio.to_thread(file.end)


async def _rows(
    store: Store, selection: Selection, outside: Outside
) -> AsyncIterator[list[dict[str, Any]]]:
    query = Query(selection.where(), limit=ROWS_AT_ONCE)
    rows: list[dict[str, Any]] = []
    async for id, state in store.find(petition, query):
        rows.append(row(id, state, outside))
        if len(rows) == ROWS_AT_ONCE:
            yield rows
            rows = []
    if rows:
        yield rows


class _ParquetFile:
    """A Parquet file that is handed on while it is written."""

    def __init__(self) -> None:
        # Forty megabytes of memory that only a process that exports needs.
        import pyarrow
        from pyarrow import parquet

        types = {
            "string": pyarrow.string(),
            "bool": pyarrow.bool_(),
            "int": pyarrow.int32(),
            "timestamp": pyarrow.timestamp("ms", tz="UTC"),
        }
        self._pyarrow = pyarrow
        self._schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
        self._pieces = _Pieces()
        self._writer = parquet.ParquetWriter(pyarrow.PythonFile(self._pieces, "w"), self._schema)

    def write(self, rows: list[dict[str, Any]]) -> bytes:
        """What the file has grown by."""
        self._writer.write_table(self._pyarrow.Table.from_pylist(rows, self._schema))
        return b"".join(self._pieces.taken())

    def end(self) -> bytes:
        """The rest of it."""
        self._writer.close()
        return b"".join(self._pieces.taken())


class _Pieces(io.RawIOBase):
    """Takes what is written, for somebody else to take away."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held.append(bytes(data))
        self._length += len(self._held[-1])
        return len(self._held[-1])

    def tell(self) -> int:
        return self._length

    def taken(self) -> Iterator[bytes]:
        """The pieces since the last time."""
        held, self._held = self._held, []
        return iter(held)
