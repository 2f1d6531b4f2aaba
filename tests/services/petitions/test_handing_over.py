"""Petitions for another system: under its columns, in its words for things, and back again."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition, Status
from shared.contracts.types import PetitionKind
from tests.services.petitions.city import BANYAN, LAKE, NORTH, UNIT, City, city

MAPPING = """
source: jinlin-north
columns: {id: 编号, title: 标题, text: 内容, raised_at: 时间, kind: 类型, category: 类别,
          place: 地点, urgency: 紧急, answer: 答复, answered_at: 答复时间, answered_by: 答复单位}
values:
  kind: {投诉: complaint, 求助: request}
  urgency: {一般: normal}
dates: ["%Y-%m-%d %H:%M:%S.%f"]
"""


@pytest.fixture
async def town() -> AsyncIterator[City]:
    async with city() as made:
        yield made


async def handed_over(
    town: City, query: str = "", mapping: str = MAPPING, role: str = "administrator"
) -> httpx.Response:
    files = {"mapping": ("m.yaml", mapping.encode())}
    return await town.send("POST", f"/petitions/hand-over{query}", role, files=files)


async def rows(town: City, query: str = "") -> list[dict[str, str]]:
    answer = await handed_over(town, query)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_the_words_go_under_the_columns_of_the_other_system(town: City) -> None:
    id = await town.file(UNIT, title="=1+1 号楼", text="三号楼前，\n路灯“不亮”")
    await town.answer(id)
    waiting = await town.file(LAKE, kind=PetitionKind.SUGGESTION)
    answered, open = await rows(town)
    state = await town.state(id)
    assert answered["编号"] == state.receipt
    assert answered["标题"] == "'=1+1 号楼", "a spreadsheet calculates nothing"
    assert answered["内容"] == "三号楼前，\n路灯“不亮”"
    assert (answered["类型"], answered["紧急"], answered["地点"]) == ("投诉", "一般", UNIT)
    assert (answered["答复"], answered["答复单位"]) == ("已更换灯泡，现场查看正常", "物业")
    assert open["编号"] == (await town.state(waiting)).receipt
    assert (open["类型"], open["答复"], open["答复时间"]) == ("suggestion", "", "")


async def test_only_what_is_asked_for_goes_and_never_a_report(town: City) -> None:
    await town.file(BANYAN, kind=PetitionKind.REPORT)
    here, there = await town.file(BANYAN), await town.file(LAKE, category="labour")
    receipts = {id: (await town.state(id)).receipt for id in (here, there)}
    assert [row["编号"] for row in await rows(town, f"?place={NORTH}")] == [receipts[here]]
    assert [row["编号"] for row in await rows(town, "?category=labour")] == [receipts[there]]
    assert await rows(town, "?to=2001-01") == []


async def test_every_reading_is_recorded(town: City) -> None:
    id = await town.file()
    await rows(town)
    (reading,) = await town.running.journal.readings(petition.stream(id))
    assert (reading["reader"], reading["purpose"]) == ("clerk", "handed over to jinlin-north")


async def test_what_was_handed_over_is_imported_as_it_was(town: City) -> None:
    ids = [await town.file(UNIT, title="-5 度停暖"), await town.file(LAKE, category="labour")]
    await town.answer(ids[0])
    before = [await town.state(id) for id in ids]
    content = (await handed_over(town)).content
    async with city() as other:
        files = {
            "mapping": ("m.yaml", MAPPING.encode()),
            "petitions": ("p.csv", content),
        }
        told = await other.send("POST", "/petitions/import", "administrator", files=files)
        assert told.json() | {"faults": []} == told.json(), told.text
        assert (told.json()["adopted"], told.json()["filed"]) == (1, 1)
        kept = [
            (one.id, other.running.store.read(petition, one))
            async for one in other.running.journal.all("petition")
        ]
        after = {state.place: state for _, state in kept}
        for was in before:
            assert essence(after[was.place]) == essence(was)
        (adopted,) = [id for id, state in kept if state.status is Status.CLOSED]
        words = await other.running.journal.dossier(petition.stream(adopted))
        assert words[0].data["title"] == "-5 度停暖", "the guard of the cell is gone again"
        again = await other.send("POST", "/petitions/import", "administrator", files=files)
        assert again.json()["unchanged"] == 2


def essence(state: Petition) -> dict[str, Any]:
    """What the other system has to know as well."""
    return {
        "kind": state.kind,
        "category": state.category,
        "place": state.place,
        "urgency": state.urgency,
        "raised_at": state.raised_at,
    }


async def test_what_cannot_be_is_said(town: City) -> None:
    assert (await handed_over(town, role="district-staff")).status_code == 403
    assert (await handed_over(town, "?place=nowhere")).status_code == 404
    assert (await handed_over(town, "?category=nothing")).status_code == 422
    wrong = await handed_over(town, mapping="source: a\ncolumns: {title: t}\ndates: ['%Y']")
    assert wrong.status_code == 422
    assert "columns.id" in wrong.text
