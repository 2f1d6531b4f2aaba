"""Commits as rows of Parquet, and back."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
import pyarrow
from pyarrow import parquet

from shared.runtime.journal import Commit, Recorded

EVENT = pyarrow.struct([("name", pyarrow.string()), ("data", pyarrow.string())])
"""`data` is JSON; a personal event has none: what it says lies in the dossier, and stays there."""
SCHEMA = pyarrow.schema(
    [
        ("stream", pyarrow.string()),
        ("version", pyarrow.int32()),
        ("at", pyarrow.timestamp("ms", tz="UTC")),
        ("actor", pyarrow.string()),
        ("verb", pyarrow.string()),
        ("events", pyarrow.list_(EVENT)),
        ("correlation", pyarrow.string()),
        ("causes", pyarrow.list_(pyarrow.string())),
        ("fingerprint", pyarrow.string()),
        ("causation", pyarrow.string()),
        ("trace", pyarrow.string()),
    ]
)
ROWS_AT_ONCE = 5_000


class Table:
    """A file being written, row group by row group."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.commits = 0
        self._rows: list[dict[str, Any]] = []
        self._writer = parquet.ParquetWriter(file, SCHEMA, compression="zstd")

    def add(self, commit: Commit) -> None:
        """One more row."""
        self._rows.append(_row(commit))
        self.commits += 1
        if len(self._rows) == ROWS_AT_ONCE:
            self._write()

    def close(self) -> None:
        """Writes what is left, and the file's end."""
        self._write()
        self._writer.close()

    def _write(self) -> None:
        if self._rows:
            self._writer.write_table(pyarrow.Table.from_pylist(self._rows, SCHEMA))
            self._rows.clear()


def commits_in(file: Path) -> Iterator[Commit]:
    """The commits of a file, in its order."""
    with parquet.ParquetFile(file) as table:
        for batch in table.iter_batches(ROWS_AT_ONCE):
            for row in batch.to_pylist():
                yield _commit(row)


def _row(commit: Commit) -> dict[str, Any]:
    return {
        "stream": commit.stream,
        "version": commit.version,
        "at": commit.at,
        "actor": commit.actor,
        "verb": commit.verb,
        "events": [
            {
                "name": event.name,
                "data": None if event.data is None else orjson.dumps(event.data).decode(),
            }
            for event in commit.events
        ],
        "correlation": commit.correlation,
        "causes": list(commit.causes),
        "fingerprint": commit.fingerprint,
        "causation": commit.causation,
        "trace": commit.trace,
    }


def _commit(row: Mapping[str, Any]) -> Commit:
    cause, *joined = row["causes"] or [None]
    return Commit(
        stream=row["stream"],
        version=row["version"],
        at=row["at"],
        actor=row["actor"],
        verb=row["verb"],
        events=tuple(
            Recorded(event["name"], None if event["data"] is None else orjson.loads(event["data"]))
            for event in row["events"]
        ),
        correlation=row["correlation"],
        cause=cause,
        fingerprint=row["fingerprint"],
        causation=row["causation"],
        trace=row["trace"],
        joined=tuple(joined),
    )
