"""Open311 on real servers: an application reports, people work on it, and everybody reads what came
of it once it is released.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import httpx

from tests.e2e.town import DISTRICT, HOLDERS, HOME, Town
from tests.e2e.waiting import until

REPORT = {
    "service_code": "sanitation",
    "address_string": "鼓楼区东街街道军门社区朱紫坊小区三号楼",
    "description": "垃圾桶三天没有清运",
    "first_name": "大明",
    "last_name": "林",
    "phone": "13812345678",
}


def asked(town: Town, path: str, **params: str) -> httpx.Response:
    """A question of nobody in particular."""
    answer = town.http.get(f"{town.url('gateway')}{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer


def key_of(town: Town) -> str:
    """A key that an administrator gives an application."""
    body = {"application": "随手拍", "contact": "api@app.example", "jurisdiction": DISTRICT}
    answer = town.administrator().post("gateway", "/api/gateway/api-keys", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["key"])


def reported(town: Town, key: str, **changes: str) -> dict[str, Any]:
    """What is answered to a report, as soon as the key is known."""
    address = f"{town.url('gateway')}/open311/v2/requests.json"
    form = {"api_key": key, **REPORT, **changes}

    def sent() -> httpx.Response | None:
        answer = town.http.post(address, data=form, headers={"Idempotency-Key": key[-8:]})
        return None if answer.status_code == 403 else answer

    answer = until(sent, "the key is known")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()[0]
    return told


def test_an_application_reports_and_everybody_reads_the_answer(town: Town) -> None:
    told = reported(town, key_of(town))
    id = told["service_request_id"]
    worker = town.holder(HOME)
    assert worker.sees(id)["assignee"] == HOLDERS[HOME]

    (before,) = asked(town, f"/open311/v2/requests/{id}.json").json()
    assert (before["status"], before["description"], before["address_id"]) == ("open", None, HOME)

    worker.does("take", id)
    answer = {"done": "已清运，增加了收运班次", "done_by": "环卫所", "finished": True}
    worker.does("answer", id, **answer)
    release = {"title": "垃圾清运", "question": "垃圾桶没有清运", "answer": "已清运"}
    worker.does("release", id, **release)

    # What was asked before is remembered for a minute: as XML of another question it is asked anew.
    request = ElementTree.fromstring(
        asked(town, "/open311/v2/requests.xml", jurisdiction_id=HOME).content
    ).find(f"request[service_request_id='{id}']")
    assert request is not None
    assert request.findtext("description") == "垃圾桶没有清运"
    assert request.findtext("status_notes") == "已答复，等待评价\n已清运"
    assert "三天" not in ElementTree.tostring(request, encoding="unicode")

    (filed, answered) = asked(town, f"/open311/v2/requests/{id}/updates.json").json()
    assert (filed["description"], answered["status"]) == ("办理中", "open")

    def told_of_all() -> bool:
        since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()  # another one each time
        path = "/open311/v2/servicerequestupdates.json"
        found = asked(town, path, jurisdiction_id=HOME, start_date=since).json()
        steps = [one["update_id"] for one in found if one["service_request_id"] == id]
        return steps == [filed["update_id"], answered["update_id"]]

    until(told_of_all, "the feed has both steps")

    released = asked(town, f"/public/petitions/{id}")
    again = town.http.get(
        f"{town.url('gateway')}/public/petitions/{id}",
        headers={"If-None-Match": released.headers["ETag"]},
    )
    assert again.status_code == 304


def test_the_receipt_of_a_report_lets_its_sender_judge_the_answer(town: Town) -> None:
    told = reported(town, key_of(town))
    notice, id = told["service_notice"], told["service_request_id"]
    receipt = notice.partition("回执 ")[2].partition("，")[0].replace(" ", "")
    code = notice.partition("查询码 ")[2].partition("，")[0]
    worker = town.holder(HOME)
    worker.does("take", id)
    worker.does("answer", id, done="已清运，增加了收运班次", done_by="环卫所", finished=True)
    judged = town.http.post(
        f"{town.url('gateway')}/api/petitions/receipts/{receipt}/rate",
        json={"code": code, "stars": 5, "solved": True},
    )
    assert judged.status_code == 200, judged.text
    (after,) = asked(town, f"/open311/v2/requests/{id}.json").json()
    assert after["status"] == "closed"
