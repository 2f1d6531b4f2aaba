"""Exports: every petition of a place once, as CSV and as Parquet, and nobody in it."""

import csv
import io
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from pyarrow import parquet

from services.petitions import exporting
from services.petitions.exporting import COLUMNS, as_parquet
from services.petitions.statistics import Selection
from shared.runtime import parquet as writing
from shared.runtime.tables import csv_lines
from shared.worktime.hours import CHINA
from tests.services.petitions.city import BANYAN, DISTRICT, LAKE, NORTH, STREET, UNIT, City, city


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def exported(town: City, asked: str, place: str = DISTRICT) -> bytes:
    answer = await town.get(f"/petitions/export?{asked}", "street-staff", places=(place,))
    assert answer.status_code == 200, answer.text
    return answer.content


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


@pytest.mark.parametrize("at_once", [7, 1000])
async def test_both_forms_hold_every_petition(
    town: City, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", at_once)
    ids = await town.live(many=40)
    lines = rows_of(await exported(town, "format=csv"))
    table = parquet.read_table(io.BytesIO(await exported(town, "format=parquet"))).to_pylist()
    assert [line["id"] for line in lines] == sorted(ids) == [one["id"] for one in table]
    assert list(lines[0]) == list(COLUMNS) == list(table[0])
    for line, one in zip(lines, table, strict=True):
        for name, value in one.items():
            assert line[name] == _as_text(value), name


async def test_a_reader_that_goes_away_leaves_no_thread(
    town: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "ROWS_AT_ONCE", 1)
    monkeypatch.setattr(writing, "ROWS_IN_GROUP", 1)
    await town.live(many=40)
    before = set(threading.enumerate())
    pieces = as_parquet(town.running.store, Selection(DISTRICT), lambda path: path)
    assert await anext(pieces)
    (thread,) = [one for one in set(threading.enumerate()) - before if one.name == "parquet"]
    await pieces.aclose()
    thread.join(30)
    assert not thread.is_alive()


async def test_they_are_narrowed_as_statistics_are(town: City) -> None:
    town.clock.put(datetime(2025, 1, 5, tzinfo=UTC))
    first = await town.file(BANYAN)
    town.clock.put(datetime(2025, 2, 5, tzinfo=UTC))
    second = await town.file(BANYAN, "sanitation")
    await town.file(LAKE)

    async def ids(asked: str) -> list[str]:
        return [row["id"] for row in rows_of(await exported(town, asked, NORTH))]

    assert await ids("") == [first, second]
    assert await ids("from=2025-02") == [second]
    assert await ids("category=property") == [first]
    refused = await town.get(f"/petitions/export?place={LAKE}", "area-staff", places=(NORTH,))
    assert refused.status_code == 403
    assert (await town.get("/petitions/export")).status_code == 401


async def test_nobody_and_no_word_is_in_it(town: City) -> None:
    id = await town.file(title="林阿妹家的灯", text="电话13812345678")
    await town.answer(id)
    content = (await exported(town, "format=csv")).decode()
    for word in ("lin", "林阿妹", "13812345678", "desk-of", "灯泡"):
        assert word not in content


@pytest.mark.parametrize("form", ["csv", "parquet"])
async def test_nobodys_door_is_in_it(town: City, form: str) -> None:
    await town.file(UNIT)
    content = await exported(town, f"format={form}")
    if form == "parquet":
        (line,) = parquet.read_table(io.BytesIO(content)).to_pylist()
    else:
        (line,) = rows_of(content)
    assert line["place"] == BANYAN
    assert line["path"] == "/".join((DISTRICT, STREET, NORTH, BANYAN))
    assert UNIT not in str(line)


async def test_nobody_exports_a_single_door(town: City) -> None:
    await town.file(UNIT)
    asked = f"/petitions/export?place={UNIT}"
    refused = await town.get(asked, "street-staff", places=(STREET,))
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json()["errors"]] == ["place"]


def test_a_spreadsheet_has_nothing_to_calculate() -> None:
    rows: list[dict[str, Any]] = [{"a": "=1+1", "b": -3}, {"a": "@x", "b": "+x"}]
    assert csv_lines(rows, ("a", "b")) == b"'=1+1,-3\r\n'@x,'+x\r\n"


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime():
            return value.astimezone(CHINA).isoformat(timespec="seconds")
    return str(value)
