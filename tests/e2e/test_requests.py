"""What a request may rely on: versions, conditions, repetition; over real HTTP."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from tests.e2e.town import HOME, Town, filing


def test_an_answer_carries_the_version_that_a_change_may_depend_on(town: Town) -> None:
    resident = town.resident()
    filed = resident.post("petitions", "/petitions", filing())
    assert filed.status_code == 201
    path = filed.headers["location"]
    assert path == f"/petitions/{filed.json()['id']}"
    assert filed.headers["etag"] == '"1"'

    comment = {"text": "还有一件事。"}
    second = resident.post("petitions", f"{path}/comment", comment, {"If-Match": '"1"'})
    assert (second.status_code, second.headers["etag"]) == (200, '"2"')
    assert resident.get("petitions", path).headers["etag"] == '"2"'
    stale = resident.post(
        "petitions", f"{path}/comment", comment, {"If-Match": '"1"', "Accept-Language": "en"}
    )
    assert stale.status_code == 412
    assert stale.headers["content-type"] == "application/problem+json"
    assert stale.json()["type"] == "urn:jinlin:problem:version-mismatch"
    assert resident.sees(filed.json()["id"])["version"] == 2


def test_a_repeated_request_has_its_effect_once(town: Town) -> None:
    resident = town.resident()
    key = {"Idempotency-Key": uuid4().hex}
    body = filing(title="重复提交")
    with ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(lambda _: resident.post("petitions", "/petitions", body, key), range(16))
        )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(resident.get("petitions", "/petitions/mine").json()["items"]) == 1

    other = resident.post("petitions", "/petitions", filing(title="另一件"), key)
    assert other.status_code == 422
    assert other.json()["type"] == "urn:jinlin:problem:idempotency-key-reused"
    somebody_else = town.resident().post("petitions", "/petitions", body, key)
    assert somebody_else.status_code == 201
    assert somebody_else.json()["id"] != answers[0].json()["id"]


def test_a_repeated_verb_gets_its_first_outcome_though_it_is_no_longer_open(town: Town) -> None:
    resident, worker = town.resident(), town.holder(HOME)
    petition = resident.file()
    key = {"Idempotency-Key": uuid4().hex}
    path = f"/petitions/{petition}/answer"
    body = {"done": "已经处理好。", "done_by": "网格", "finished": True}
    first = worker.post("petitions", path, body, key)
    again = worker.post("petitions", path, body, key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    anew = worker.post("petitions", path, body)
    assert anew.status_code == 409
    assert anew.json()["type"].endswith(":already-answered")


def test_refusals_speak_the_callers_language_and_name_each_field(town: Town) -> None:
    resident = town.resident()
    wrong = {"kind": "poem", "title": "", "place": HOME, "category": "sanitation", "extra": 1}
    zh = resident.post("petitions", "/petitions", wrong, {"Accept-Language": "zh-CN"})
    en = resident.post("petitions", "/petitions", wrong, {"Accept-Language": "en"})
    assert zh.status_code == en.status_code == 422
    fields = {"kind", "title", "text", "extra"}
    assert {error["field"] for error in zh.json()["errors"]} == fields
    assert {error["field"] for error in en.json()["errors"]} == fields
    assert zh.json()["title"] != en.json()["title"]

    unknown = resident.post(
        "petitions", "/petitions", filing(place="nowhere"), {"Accept-Language": "zh"}
    )
    assert unknown.status_code == 409
    assert "nowhere" in unknown.json()["detail"]
    assert "没有" in unknown.json()["detail"]
