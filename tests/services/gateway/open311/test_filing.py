"""Reporting something: what becomes of the form, where it is, and who may send it in."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from services.petitions.domain.petition import petition
from services.petitions.domain.state import Petition
from tests.services.gateway.city import (
    COMMUNITY,
    DISTRICT,
    ELSEWHERE,
    HOME,
    NEXT_DOOR,
    OTHER_UNIT,
    PUBLIC_URL,
    STREET,
    UNIT,
    WORKER,
    Door,
    becomes,
    door,
    until,
)
from tests.services.gateway.open311.reporting import REPORT, Application

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Door]:
    """One city for all of these: each has a key of its own."""
    async with door() as made:
        yield made


async def an_application(at: Door, **changes: Any) -> Application:
    return Application(at, await at.key(**changes))


async def state(at: Door, id: str) -> Petition:
    snapshot = await at.running["petitions"].store.get(petition, id)
    assert snapshot is not None
    return snapshot.state


async def described(at: Door, id: str) -> dict[str, Any]:
    """What the dossier has of it."""
    entries = await at.running["petitions"].journal.dossier(petition.stream(id))
    (told,) = (entry.data for entry in entries if entry.name == "PetitionDescribed")
    return dict(told)


async def test_a_report_becomes_a_petition_of_nobody_who_is_logged_in(at: Door) -> None:
    application = await an_application(at)
    (told,) = await application.sends("v2/requests", **REPORT)
    filed = await state(at, told["service_request_id"])
    assert (filed.channel, filed.petitioner, filed.kind) == ("open311", None, "complaint")
    assert (filed.place, filed.category, filed.assignee) == (HOME, "sanitation", WORKER)
    assert filed.origin is not None
    assert filed.origin.startswith("api-key:")
    assert told["account_id"] == ""
    assert "朱紫坊小区, 军门社区, 东街街道, 鼓楼区" in told["service_notice"]
    assert f"{PUBLIC_URL}/status" in told["service_notice"]


async def test_who_reports_stands_in_the_contact_alone(at: Door) -> None:
    application = await an_application(at)
    id = await application.reports(
        lat="26.08", long="119.30", media_url="https://pictures.example/1.jpg"
    )
    words = await described(at, id)
    assert words["title"] == "楼下的污水井堵了两天"
    assert words["contact"] == {
        "name": "林大明",
        "phone": "13812345678",
        "email": "lin@example.org",
        "address": REPORT["address_string"],
    }
    assert words["text"].splitlines() == [
        "楼下的污水井堵了两天",
        "臭味很大",
        f"地点：{REPORT['address_string']}",
        "坐标（WGS84）：26.08, 119.3",
        "图片：https://pictures.example/1.jpg",
    ]
    western = await application.reports(first_name="Ann", last_name="Lee")
    assert (await described(at, western))["contact"]["name"] == "Ann Lee"


async def test_the_receipt_in_the_answer_lets_its_bearer_follow_it(at: Door) -> None:
    (told,) = await (await an_application(at)).sends("v2/requests", **REPORT)
    notice = told["service_notice"]
    receipt = notice.partition("回执 ")[2].partition("，")[0].replace(" ", "")
    code = notice.partition("查询码 ")[2].partition("，")[0]
    seen = await at.upstreams.ask("petitions", "GET", f"/receipts/{receipt}?code={code}")
    assert seen.status == 200


async def test_an_address_says_where_it_is_as_closely_as_it_can(at: Door) -> None:
    application = await an_application(at)

    async def place(**where: str) -> str:
        filed = {"service_code": "sanitation", "description": "有垃圾", **where}
        (told,) = await application.sends("v2/requests", **filed)
        return (await state(at, told["service_request_id"])).place

    assert await place(address_id=UNIT) == UNIT
    assert await place(address_id=COMMUNITY, address_string="安民小区") == COMMUNITY
    assert await place(address_string="安民小区北门") == NEXT_DOOR
    assert await place(address_string="东街街道办门口") == STREET
    # Two neighbourhoods of one name each: the place around both.
    assert await place(address_string="安民小区与朱紫坊小区之间") == COMMUNITY
    # The district of the key, and the words say the rest.
    assert await place(address_string="河边") == DISTRICT
    assert await place(lat="26.08", long="119.30") == DISTRICT
    assert await place(jurisdiction_id=COMMUNITY, lat="26.08", long="119.30") == COMMUNITY


async def test_the_kind_is_an_attribute(at: Door) -> None:
    application = await an_application(at)
    id = await application.reports(**{"attribute[kind]": "suggestion"})
    assert (await state(at, id)).kind == "suggestion"
    for wrong in ("report", "nonsense"):
        form = {**REPORT, "attribute[kind]": wrong}
        (error,) = await application.sends("v2/requests", 400, **form)
        assert error["description"] == f"attribute[kind] 不能是 {wrong}"


async def test_words_are_not_needed(at: Door) -> None:
    id = await (await an_application(at)).reports(description="")
    assert (await described(at, id))["title"] != ""


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"service_code": ""}, 400, "请给出 service_code"),
        ({"service_code": "nonsense"}, 404, "没有 service_code nonsense"),
        ({"jurisdiction_id": "atlantis"}, 404, "没有 jurisdiction_id atlantis"),
        ({"jurisdiction_id": ELSEWHERE}, 403, f"这个 api_key 只能用于 {DISTRICT}"),
        ({"address_string": ""}, 400, "请给出地点"),
        ({"address_string": "", "lat": "26"}, 400, "lat 和 long"),
        ({"lat": "91", "long": "0"}, 400, "lat 和 long"),
        ({"lat": "nan", "long": "nan"}, 400, "lat 和 long"),
        ({"lat": "north", "long": "1"}, 400, "lat 和 long"),
        ({"address_id": "nowhere"}, 400, "没有 address_id nowhere"),
        ({"address_id": "../places"}, 400, "没有 address_id ../places"),
        ({"address_id": ELSEWHERE}, 403, f"这个 api_key 只能用于 {DISTRICT}"),
        ({"description": "长" * 4_001}, 400, "description 最多 4000 个字符"),
        ({"media_url": "javascript:alert(1)"}, 400, "media_url 不是网址"),
        ({"media_url": "https://["}, 400, "media_url 不是网址"),
    ],
)
async def test_what_is_wrong_is_said(
    at: Door, changes: dict[str, str], status: int, words: str
) -> None:
    application = await an_application(at)
    (error,) = await application.sends("v2/requests", status, **{**REPORT, **changes})
    assert error["code"] == str(status)
    assert words in error["description"]


async def test_only_who_has_a_key_that_holds_sends_anything_in(at: Door) -> None:
    (error,) = await Application(at).sends("v2/requests", 403, **REPORT)
    assert error["description"] == "请给出 api_key"
    (error,) = await Application(at, "jlk_nonsense").sends("v2/requests", 403, **REPORT)
    assert error["description"] == "api_key 无效"
    application = await an_application(at)
    in_the_address = await at.client.post(
        "/open311/v2/requests.json", params={"api_key": application.key}, data=REPORT
    )
    assert in_the_address.status_code == 200


async def test_a_revoked_key_opens_nothing(at: Door) -> None:
    application = await an_application(at)
    admin = at.as_("administrator")
    keys = (await at.get("/api/gateway/api-keys?limit=200", headers=admin)).json()["items"]
    (key,) = (one for one in keys if str(application.key).endswith(one["last"]))
    revoke = f"/api/gateway/api-keys/{key['id']}/revoke"
    done = await at.client.post(revoke, json={"reason": "泄露"}, headers=admin)
    assert done.status_code == 200, done.text

    async def refused() -> bool:
        answer = await at.client.post(
            "/open311/v2/requests.xml", data={**REPORT, "api_key": application.key}
        )
        return answer.status_code == 403

    await becomes(refused)


async def test_a_key_may_not_be_used_more_often_than_was_agreed(at: Door) -> None:
    application = await an_application(at, rate=2)
    await application.reports()
    await application.reports()
    answer = await at.client.post(
        "/open311/v2/requests.xml", data={**REPORT, "api_key": application.key}
    )
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 61
    assert "每分钟最多 2 次请求" in answer.text


async def test_the_same_key_of_a_repeated_report_counts_once(at: Door) -> None:
    one, other = await an_application(at), await an_application(at)
    headers = {"Idempotency-Key": "report-1"}
    first = await one.sends("v2/requests", headers=headers, **REPORT)
    again = await one.sends("v2/requests", headers=headers, **REPORT)
    assert again[0]["service_request_id"] == first[0]["service_request_id"]
    theirs = await other.sends("v2/requests", headers=headers, **REPORT)
    assert theirs[0]["service_request_id"] != first[0]["service_request_id"]


async def test_only_a_form_is_read(at: Door) -> None:
    application = await an_application(at)
    address = "/open311/v2/requests.json"
    as_json = await at.client.post(address, json={"api_key": application.key, **REPORT})
    assert (as_json.status_code, as_json.json()[0]["code"]) == (400, 400)
    bad = b"description=%ff"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    not_text = await at.client.post(address, content=bad, headers=headers)
    assert not_text.status_code == 400
    huge = await at.client.post(address, content=b"a" * 70_000, headers=headers)
    assert huge.status_code == 413


async def test_what_petitions_refuses_is_told_in_its_words(at: Door) -> None:
    application = await an_application(at)
    closed = await at.upstreams.ask(
        "community",
        "POST",
        f"/places/{UNIT}/close",
        token=at.issuer.token("admin", ("administrator",)),
        json={"successor": OTHER_UNIT},
    )
    assert closed.status == 200, closed.content
    await until(lambda: at.running["petitions"].copies["place"][UNIT].closed)
    form = {**REPORT, "address_id": UNIT}
    (error,) = await application.sends("v2/requests", 400, **form)
    assert UNIT in error["description"]
