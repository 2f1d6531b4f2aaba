"""Petitions as tables for other programs, without anything personal: a row for each petition."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from services.petitions.domain.petition import petition
from services.petitions.domain.state import NEVER, Petition
from services.petitions.statistics import Selection
from shared.runtime.columns import Column
from shared.runtime.journal import Query
from shared.runtime.store import Store
from shared.runtime.tables import csv_head, csv_lines

ROWS_AT_ONCE = 1000
"""Rows read together and handed on, so that no file stands in memory."""

COLUMNS = {
    "id": Column.STRING,
    "receipt": Column.STRING,
    "place": Column.STRING,
    "path": Column.STRING,
    "category": Column.STRING,
    "kind": Column.STRING,
    "urgency": Column.STRING,
    "channel": Column.STRING,
    "status": Column.STRING,
    "level": Column.STRING,
    "month": Column.STRING,
    "raised_at": Column.TIMESTAMP,
    "filed_at": Column.TIMESTAMP,
    "answer_by": Column.TIMESTAMP,
    "closed_at": Column.TIMESTAMP,
    "outcome": Column.STRING,
    "answered": Column.BOOL,
    "answered_in_time": Column.BOOL,
    "stars": Column.INT,
    "solved": Column.BOOL,
    "reopened": Column.INT,
    "answers": Column.INT,
    "supporters": Column.INT,
    "suspended_seconds": Column.INT,
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
    """The same as Parquet."""
    from shared.runtime.parquet import ParquetFile

    with ParquetFile(COLUMNS) as file:
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
