"""Commits as rows of Parquet, and back."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import orjson

from deploy.backup.files import created
from shared.runtime.columns import Column, Each
from shared.runtime.journal import Commit, Recorded
from shared.runtime.parquet import ParquetFile, rows_in

EVENT = {"name": Column.STRING, "data": Column.STRING}
"""`data` is JSON; a personal event has none: what it says lies in the dossier, and stays there."""
COLUMNS: Mapping[str, Column | Each] = {
    "stream": Column.STRING,
    "version": Column.INT,
    "at": Column.TIMESTAMP,
    "actor": Column.STRING,
    "verb": Column.STRING,
    "events": Each(EVENT),
    "correlation": Column.STRING,
    "causes": Each(Column.STRING),
    "fingerprint": Column.STRING,
    "causation": Column.STRING,
    "trace": Column.STRING,
}
ROWS_AT_ONCE = 5_000


class Table:
    """A file being written, row group by row group; only its owner may read it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.commits = 0
        self._rows: list[dict[str, Any]] = []
        self._parquet = ParquetFile(COLUMNS)
        self._there = created(file)

    def __enter__(self) -> Self:
        self._parquet.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._parquet.__exit__(kind, error, trace)
        self._there.close()

    def add(self, commit: Commit) -> None:
        """One more row."""
        self._rows.append(_row(commit))
        self.commits += 1
        if len(self._rows) == ROWS_AT_ONCE:
            self._write()

    def end(self) -> None:
        """Writes what is left, and the file's end."""
        self._write()
        self._there.write(self._parquet.end())
        self._there.flush()

    def _write(self) -> None:
        if self._rows:
            self._there.write(self._parquet.write(self._rows))
            self._rows.clear()


def commits_in(file: Path) -> Iterator[Commit]:
    """The commits of a file, in its order."""
    return map(_commit, rows_in(file))


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
