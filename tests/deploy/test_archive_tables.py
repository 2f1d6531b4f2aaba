"""Commits in an archive's files: as they were, for us and for others; and in older archives."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from deploy.archive.tables import ROWS_AT_ONCE, Table, commits_in
from shared.runtime.journal import Commit, Recorded

MORNING = datetime(2026, 3, 2, 1, tzinfo=UTC)
SCHEMA = pyarrow.schema(
    [
        ("stream", pyarrow.string()),
        ("version", pyarrow.int32()),
        ("at", pyarrow.timestamp("ms", tz="UTC")),
        ("actor", pyarrow.string()),
        ("verb", pyarrow.string()),
        (
            "events",
            pyarrow.list_(pyarrow.struct([("name", pyarrow.string()), ("data", pyarrow.string())])),
        ),
        ("correlation", pyarrow.string()),
        ("causes", pyarrow.list_(pyarrow.string())),
        ("fingerprint", pyarrow.string()),
        ("causation", pyarrow.string()),
        ("trace", pyarrow.string()),
    ]
)
"""What others read from the first archive on."""


def commits(number: int) -> list[Commit]:
    """Of all sorts: with and without causes, with events of which one is personal, with none."""
    return [
        Commit(
            stream=f"petition-p{n % 7}",
            version=n // 7 + 1,
            at=MORNING + timedelta(milliseconds=n),
            actor="s1",
            verb="answer",
            events=(
                Recorded("PetitionAnswered", {"words": "已修好", "n": n, "parts": [1, None]}),
                Recorded("AnswerWorded", None),
            )
            if n % 3
            else (),
            correlation="c1",
            cause=f"key-{n}" if n % 2 else None,
            joined=(f"event-{n}",) if n % 4 == 1 else (),
            fingerprint=None,
            causation="e1" if n % 5 else None,
        )
        for n in range(number)
    ]


def written(folder: Path, given: list[Commit]) -> Path:
    file = folder / "petitions-2026-03.parquet"
    with Table(file) as table:
        for commit in given:
            table.add(commit)
        table.end()
        assert table.commits == len(given)
    return file


@pytest.mark.parametrize("number", [0, 1, 50, ROWS_AT_ONCE, ROWS_AT_ONCE + 1])
def test_what_is_read_is_what_was_written(tmp_path: Path, number: int) -> None:
    given = commits(number)
    assert list(commits_in(written(tmp_path, given))) == given


def test_others_find_what_they_always_found(tmp_path: Path) -> None:
    file = written(tmp_path, commits(50))
    table = parquet.read_table(file)
    assert table.schema.equals(SCHEMA)
    assert table["stream"].to_pylist() == [commit.stream for commit in commits(50)]
    assert table["causes"].to_pylist() == [list(commit.causes) for commit in commits(50)]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_archive_that_another_library_wrote_is_read(tmp_path: Path) -> None:
    rows = parquet.read_table(written(tmp_path, commits(50))).to_pylist()
    older = tmp_path / "older.parquet"
    parquet.write_table(pyarrow.Table.from_pylist(rows, SCHEMA), older, compression="zstd")
    assert list(commits_in(older)) == commits(50)
