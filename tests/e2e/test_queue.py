"""The work queue of petitions, with its filters, its order and its pages."""

from typing import Any
from uuid import uuid4

import pytest

from tests.e2e.town import DISTRICT, FAR, HOME, NEXT_DOOR, Person, Town


@pytest.fixture
def word() -> str:
    """A word that stands in this test's petitions only."""
    return f"词{uuid4().hex[:10]}"


def queue(person: Person, **asked: Any) -> list[str]:
    """The ids of the queue, page after page."""
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = person.get("petitions", "/petitions", params={**asked, **cursor})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        ids += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return ids
        cursor = {"cursor": page["next"]}


def test_the_queue_is_that_of_the_callers_places(town: Town, word: str) -> None:
    resident = town.resident()
    here = resident.file(title=f"{word} 甲", place=HOME)
    next_door = resident.file(title=f"{word} 乙", place=NEXT_DOOR)
    far = resident.file(title=f"{word} 丙", place=FAR)

    top = town.holder(DISTRICT)
    assert queue(top, q=word) == [here, next_door]
    assert queue(town.holder(HOME), q=word) == [here]
    assert queue(town.holder(FAR), q=word) == [far]
    assert queue(top, q=word, place=NEXT_DOOR) == [next_door]
    assert top.get("petitions", "/petitions", params={"place": FAR}).status_code == 403
    assert resident.get("petitions", "/petitions").status_code == 403


def test_the_filters_keep_what_they_name(town: Town, word: str) -> None:
    resident, worker, top = town.resident(), town.holder(HOME), town.holder(DISTRICT)
    asked = resident.file(title=word, kind="question", category="other")
    answered = resident.file(text=f"正文里有{word.upper()}两个字")
    up = resident.file(title=word, urgency="urgent")
    worker.does("answer", answered, done="灯已修好", done_by="物业", finished=True)
    worker.does("hand-up", up, reason="要片区协调")

    assert queue(top, q=word) == [up, asked]
    assert set(queue(top, q=word, status=["assigned", "answered"])) == {up, asked, answered}
    assert queue(top, q=word, status="answered") == [answered]
    assert queue(top, q=word, level="area") == [up]
    assert queue(top, q=word, category="other") == [asked]
    assert queue(top, q=word, assignee=worker.sub) == [asked]
    assert queue(top, q=word, overdue="true") == []
    assert queue(top, q=word, overdue="false") == [up, asked]
    (row,) = top.get("petitions", "/petitions", params={"q": word, "level": "area"}).json()["items"]
    assert (row["title"], row["status"], row["urgency"]) == (word, "assigned", "urgent")


def test_pages_give_every_petition_once_and_what_is_due_first_stands_first(
    town: Town, word: str
) -> None:
    resident, top = town.resident(), town.holder(DISTRICT)
    slow = [resident.file(title=word) for _ in range(4)]
    soon = [resident.file(title=word, urgency="urgent") for _ in range(3)]
    assert queue(top, q=word, limit=2) == [*soon, *slow]
    assert queue(top, q=word) == [*soon, *slow]
    assert queue(top, place=HOME, limit=3)[:3] == queue(top, place=HOME)[:3]

    mine = resident.get("petitions", "/petitions/mine", params={"limit": 5}).json()
    rest = resident.get("petitions", "/petitions/mine", params={"cursor": mine["next"]}).json()
    latest_first = [*reversed(soon), *reversed(slow)]
    assert [item["id"] for item in (*mine["items"], *rest["items"])] == latest_first
    nonsense = top.get("petitions", "/petitions", params={"cursor": "nonsense"})
    assert nonsense.status_code == 422


def test_who_reads_a_dossier_is_recorded_and_the_petitioner_is_not(town: Town) -> None:
    resident, worker = town.resident(), town.holder(HOME)
    petition = resident.file(contact={"name": "林女士", "phone": "13900000000"})
    resident.sees(petition)
    worker.sees(petition)
    readings = list(town.store("petitions")["readings"].find({"stream": f"petition-{petition}"}))
    assert [reading["reader"] for reading in readings] == [worker.sub]
