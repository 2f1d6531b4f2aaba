"""Petitions of another system: each line once, with its answer, and a word on every refused one."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Status
from services.petitions.importing import (
    MAX_LINES,
    Names,
    NotImportable,
    bring_in,
    read_lines,
    read_mapping,
)
from shared.contracts.types import PetitionKind
from tests.services.petitions.city import BANYAN, DISTRICT, LAKE, City, city

REAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "petitions" / "answered.csv"
MAPPING = f"""
source: letters
columns: {{id: nr, title: subject, text: body, raised_at: filed, kind: type, category: about,
          place: where, answer: reply, answered_at: replied}}
same: {{answered_by: 市长信箱, category: other}}
values:
  kind: {{投诉: complaint, 求助: request}}
  place: {{榕树里: {BANYAN}}}
dates: ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%z"]
"""
HEAD = "nr,subject,body,filed,type,about,where,reply,replied\n"
ANSWERED = "1,路灯不亮,三号楼前,2019-04-25 09:32,投诉,物业服务,榕树里,已更换,2019-05-10 14:56\n"
OPEN = f"2,电梯停运,住七楼,2019-04-24T16:03:40+09:00,求助,property-lifts,{LAKE},,\n"


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def send(
    town: City,
    lines: str,
    mapping: str = MAPPING,
    report: str = "json",
    role: str = "administrator",
) -> httpx.Response:
    files = {"mapping": ("m.yaml", mapping.encode()), "petitions": ("p.csv", lines.encode())}
    return await town.send("POST", f"/petitions/import?report={report}", role, files=files)


async def sent(town: City, lines: str, mapping: str = MAPPING) -> dict[str, Any]:
    answer = await send(town, lines, mapping)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def stored(town: City) -> dict[str, Any]:
    """The petitions by where they are."""
    return {
        state.state["place"]: town.running.store.read(petition, state)
        async for state in town.running.journal.all("petition")
    }


async def test_what_was_answered_is_closed_and_what_was_not_is_filed(town: City) -> None:
    assert await sent(town, HEAD + ANSWERED + OPEN) == {
        "source": "letters",
        "lines": 2,
        "filed": 1,
        "adopted": 1,
        "unchanged": 0,
        "changed": 0,
        "refused": 0,
        "faults": [],
    }
    there = await stored(town)
    old, new = there[BANYAN], there[LAKE]
    assert (old.status, old.outcome, old.kind) == (Status.CLOSED, "adopted", PetitionKind.COMPLAINT)
    assert old.raised_at == old.filed_at == datetime(2019, 4, 25, 1, 32, tzinfo=UTC)
    assert old.closed_at == datetime(2019, 5, 10, 6, 56, tzinfo=UTC)
    assert (old.category, old.figures.month) == ("property", "2019-04")
    assert petition.due(old) is None
    assert new.status is not Status.CLOSED
    assert new.raised_at == datetime(2019, 4, 24, 7, 3, 40, tzinfo=UTC)
    assert new.filed_at > datetime(2025, 1, 1, tzinfo=UTC)
    words = {
        entry.name: entry.data
        for entry in await town.running.journal.dossier(petition.stream(old.id))
    }
    assert words["AnswerWritten"]["done"] == "已更换"
    assert words["PetitionDescribed"]["title"] == "路灯不亮"


async def test_an_adopted_answer_can_be_shown_to_everybody(town: City) -> None:
    await sent(town, HEAD + ANSWERED)
    (old,) = (await stored(town)).values()
    await town.release(old.id)
    shown = (await town.get(f"/public/petitions/{old.id}")).json()
    assert (shown["released"], shown["state"], shown["days"]) == (True, "closed", 16)


async def test_a_second_run_files_nothing_twice(town: City) -> None:
    await sent(town, HEAD + ANSWERED + OPEN)
    again = await sent(town, HEAD + ANSWERED + OPEN + ANSWERED)
    assert (again["filed"], again["adopted"], again["unchanged"]) == (0, 0, 3)
    assert len(await stored(town)) == 2


async def test_a_line_that_changed_is_told_and_stays_as_it_came_first(town: City) -> None:
    await sent(town, HEAD + ANSWERED)
    changed = await sent(town, HEAD + ANSWERED.replace("2019-04-25", "2019-04-26"))
    assert (changed["changed"], changed["adopted"]) == (1, 0)
    assert changed["faults"][0]["line"] == 2
    (old,) = (await stored(town)).values()
    assert old.raised_at.day == 25


async def test_the_same_line_twice_in_one_file_counts_once(town: City) -> None:
    told = await sent(town, HEAD + OPEN + OPEN)
    assert (told["filed"], told["unchanged"]) == (1, 1)
    assert len(await stored(town)) == 1


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (ANSWERED.replace("榕树里", "无此处"), "place"),
        (ANSWERED.replace("物业服务", "无此类"), "category"),
        (ANSWERED.replace("投诉", "表扬"), "kind"),
        (ANSWERED.replace("2019-04-25 09:32", "25.4.2019"), "raised_at"),
        (ANSWERED.replace("2019-04-25", "2099-04-25"), "raised_at"),
        (ANSWERED.replace("2019-05-10", "2019-04-10"), "answered_at"),
        (ANSWERED.replace("路灯不亮", ""), "title"),
        (ANSWERED.replace("路灯不亮", "路" * 300), "title"),
        (ANSWERED.replace("1,路", ",路"), "id"),
    ],
)
async def test_a_refused_line_is_told_with_its_field_and_the_others_come_in(
    town: City, line: str, field: str
) -> None:
    told = await sent(town, HEAD + OPEN + line)
    assert (told["filed"], told["refused"]) == (1, 1)
    assert [(fault["line"], fault["field"]) for fault in told["faults"]] == [(3, field)]
    assert told["faults"][0]["reason"]


async def test_the_report_comes_as_csv_and_as_it_grows(town: City) -> None:
    wrong = ANSWERED.replace("榕树里", "无此处")
    table = await send(town, HEAD + wrong, report="csv")
    (row,) = csv.DictReader(io.StringIO(table.content.decode("utf-8-sig")))
    assert (row["line"], row["field"]) == ("2", "place")
    many = HEAD + "".join(OPEN.replace("2,电", f"{n},电") for n in range(250))
    lines = [
        json.loads(line) for line in (await send(town, many, report="progress")).text.splitlines()
    ]
    assert [line["done"] for line in lines[:-1]] == [100, 200, 250]
    assert lines[-1]["filed"] == 250


@pytest.mark.parametrize(
    ("mapping", "lines", "field"),
    [
        (MAPPING.replace("id: nr, ", ""), HEAD, "mapping"),
        (MAPPING.replace("category: other", "text: other"), "nr\n", "petitions"),
        (MAPPING.replace("answered_by: 市长信箱, ", ""), HEAD, "mapping"),
        (MAPPING + "colour: red\n", HEAD, "mapping"),
        ("[", HEAD, "mapping"),
        (MAPPING, "nr,subject\n", "petitions"),
        (MAPPING, HEAD + '1,"unended', "petitions"),
    ],
)
async def test_what_cannot_be_read_is_refused_as_a_whole(
    town: City, mapping: str, lines: str, field: str
) -> None:
    answer = await send(town, lines, mapping)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == field


def test_a_file_has_only_so_many_lines() -> None:
    with pytest.raises(NotImportable, match=str(MAX_LINES)):
        read_lines((HEAD + "x\n" * (MAX_LINES + 1)).encode(), read_mapping(MAPPING.encode()))


async def test_only_an_administrator_imports(town: City) -> None:
    assert (await send(town, HEAD + OPEN, role="district-staff")).status_code == 403


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the real messages (../shared/data) are not here")
async def test_the_real_answered_messages_come_in_twice_without_a_double(town: City) -> None:
    mapping = read_mapping(
        f"""
        source: mayors-letters
        columns: {{id: id, title: subject, text: body, raised_at: filed_at,
                  answer: reply, answered_at: replied_at}}
        same: {{kind: complaint, category: other, place: "{DISTRICT}", answered_by: 市长信箱}}
        dates: ["%Y-%m-%dT%H:%M:%S"]
        """.encode()
    )
    lines = await asyncio.to_thread(read_lines, REAL.read_bytes(), mapping)
    for run in (1, 2):
        async for report in bring_in(lines, mapping, Names({}, {}), "admin", town.running.store):
            told = report
        assert told.lines == len(lines) == 2816
        assert told.refused == len(told.faults) - told.changed
        assert (told.adopted + told.filed == 0) == (run == 2)
        assert told.adopted + told.filed + told.unchanged + told.changed + told.refused == 2816
        print(run, told.adopted, told.unchanged, told.changed, told.refused)
    fields = [(fault.line, fault.field, fault.reason[:80]) for fault in told.faults]
    assert told.refused <= 0.01 * len(lines), fields[:20]
