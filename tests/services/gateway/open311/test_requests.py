"""What was reported, as everybody may see it: of a time, of some types, open or closed; and nothing
that was not released.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.petitions.domain.commands import Answer, ConfirmSolved, File
from services.petitions.domain.petition import petition
from services.petitions.domain.publication import Release, WithdrawRelease
from shared.contracts.types import PetitionKind
from tests.services.gateway.city import COMMUNITY, ELSEWHERE, HOME, NEXT_DOOR, UNIT, Door
from tests.services.gateway.open311.reporting import Application

SECRET = "王女士家里的事"


async def filed(at: Door, place: str = HOME, category: str = "sanitation", **more: Any) -> str:
    """A petition of somebody who is logged in; its id."""
    at.clock.ahead += timedelta(milliseconds=2)
    id = at.clock.new_id()
    given = {"kind": PetitionKind.COMPLAINT, "title": SECRET, "text": SECRET, **more}
    await at.do(id, File(by="lin", place=place, category=category, **given))
    return id


async def answered(at: Door, id: str) -> None:
    snapshot = await at.running["petitions"].store.get(petition, id)
    assert snapshot is not None
    by = snapshot.state.assignee or "officer"
    await at.do(id, Answer(by=by, done=SECRET + "，已经处理完毕", done_by="物业", finished=True))


async def released(at: Door, id: str) -> None:
    await at.do(id, Release(by="clerk", title="污水井", question="污水井堵了", answer="已经疏通"))


def ids(told: list[dict[str, Any]]) -> list[str]:
    return [one["service_request_id"] for one in told]


async def test_before_it_is_released_no_word_of_it_is_told(at: Door) -> None:
    id = await filed(at, UNIT)
    (told,) = await Application(at).asks(f"v2/requests/{id}")
    moment = datetime.fromisoformat(told["requested_datetime"])
    assert moment.utcoffset() == timedelta(hours=8)
    assert told == {
        "service_request_id": id,
        "status": "open",
        "status_notes": "办理中",
        "service_name": told["service_name"],
        "service_code": "sanitation",
        "description": None,
        "agency_responsible": None,
        "service_notice": None,
        "requested_datetime": told["requested_datetime"],
        "updated_datetime": told["requested_datetime"],
        "expected_datetime": None,
        # Not the flat that it is about: no closer than the neighbourhood.
        "address": "朱紫坊小区, 军门社区, 东街街道, 鼓楼区",
        "address_id": HOME,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


async def test_what_was_released_is_told_until_it_is_taken_back(at: Door) -> None:
    id = await filed(at)
    await answered(at, id)
    everything = await at.get(f"/open311/v2/requests/{id}.json")
    assert SECRET not in everything.text
    assert everything.json()[0]["status_notes"] == "已答复，等待评价"
    later = await a_minute_later(at)
    await released(at, id)
    (told,) = await later.asks(f"v2/requests/{id}")
    assert told["description"] == "污水井堵了"
    assert told["status_notes"] == "已答复，等待评价\n已经疏通"
    assert told["agency_responsible"] == "小区"
    await at.do(id, WithdrawRelease(by="clerk", reason="有误"))
    (told,) = await (await a_minute_later(at)).asks(f"v2/requests/{id}")
    assert told["description"] is None


async def a_minute_later(at: Door) -> Application:
    """When what was remembered is asked anew."""
    at.clock.ahead += timedelta(seconds=61)
    return Application(at)


async def test_reports_about_people_are_never_shown(at: Door) -> None:
    id = await filed(at, kind=PetitionKind.REPORT)
    application = Application(at)
    assert await application.asks("v2/requests") == []
    (error,) = await application.asks(f"v2/requests/{id}", 404)
    assert error["description"] == f"没有 service_request_id {id}"
    assert await application.asks("v2/requests", service_request_id=id) == []
    await application.asks(f"v2/requests/{id}/updates", 404)
    await application.asks(f"v2/tokens/{id}", 404)
    assert await application.asks("v2/servicerequestupdates") == []


async def test_the_list_is_narrowed(at: Door) -> None:
    first, second = await filed(at, HOME, "property-lifts"), await filed(at, NEXT_DOOR)
    third = await filed(at, ELSEWHERE, "labour")
    await answered(at, second)
    await at.do(second, ConfirmSolved(by="lin"))
    application = Application(at)

    async def found(**asked: str) -> list[str]:
        return ids(await application.asks("v2/requests", **asked))

    assert await found() == [third, second, first]
    assert await found(status="open") == [third, first]
    assert await found(status="closed") == [second]
    assert await found(status="open,closed") == [third, second, first]
    assert await found(service_code="property") == [first]
    assert await found(service_code="property,labour") == [third, first]
    assert await found(jurisdiction_id=COMMUNITY) == [second, first]
    # Named ids override all other arguments.
    assert await found(service_request_id=f"{first},{third}", status="closed") == [third, first]
    assert await found(service_request_id=first, jurisdiction_id=ELSEWHERE) == []


async def test_the_list_is_of_a_time(at: Door) -> None:
    first = await filed(at)
    at.clock.ahead += timedelta(days=50)
    between = at.clock.now()
    at.clock.ahead += timedelta(days=50)
    second = await filed(at)
    application = Application(at)

    async def found(**asked: str) -> list[str]:
        return ids(await application.asks("v2/requests", **asked))

    assert await found() == [second]  # the latest 90 days
    assert await found(end_date=between.isoformat()) == [first]
    assert await found(start_date=between.isoformat()) == [second]
    whole = {
        "start_date": (between - timedelta(days=45)).isoformat(),
        "end_date": (between + timedelta(days=45)).isoformat(),
    }
    assert await found(**whole) == []
    (stood,) = await application.asks("v2/requests", service_request_id=first)
    exactly = stood["requested_datetime"]
    begun = datetime.fromisoformat(exactly)
    until = (begun + timedelta(seconds=1)).isoformat()
    assert await found(start_date=exactly, end_date=until) == [first]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"status": "done"}, "status 是 open 或 closed"),
        ({"start_date": "yesterday"}, "start_date 须是带时区的日期时间"),
        ({"end_date": "2026-03-02T09:15:00"}, "end_date 须是带时区的日期时间"),
        ({"start_date": "0001-01-01T00:00:00Z"}, "start_date 须是带时区的日期时间"),
        (
            {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
            "最多 90 天",
        ),
        (
            {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
            "end_date 早于 start_date",
        ),
        ({"service_request_id": ",".join(map(str, range(1_001)))}, "一次最多 1000 个编号"),
    ],
)
async def test_what_is_wrong_with_a_question_is_said(
    at: Door, asked: dict[str, str], words: str
) -> None:
    (error,) = await Application(at).asks("v2/requests", 400, **asked)
    assert words in error["description"]


async def test_there_are_a_thousand_at_most(at: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.open311.service_requests.PAGE", 2)
    monkeypatch.setattr("services.gateway.open311.service_requests.MOST", 5)
    filings = [await filed(at) for _ in range(7)]
    assert ids(await Application(at).asks("v2/requests")) == filings[::-1][:5]


async def test_a_request_is_its_own_token(at: Door) -> None:
    id = await filed(at)
    told = await Application(at).asks(f"v2/tokens/{id}")
    assert told == [{"service_request_id": id, "token": id}]
    (error,) = await Application(at).asks("v2/tokens/nothing", 404)
    assert error["description"] == "没有 token nothing"


async def test_whoever_likes_may_keep_and_read_it(at: Door) -> None:
    answer = await at.get("/open311/v2/requests.json")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_markup_and_control_characters_stay_text(at: Door) -> None:
    id = await filed(at)
    await answered(at, id)
    words = "<script>alert(1)</script> & ]]> \x0b\x00"
    await at.do(id, Release(by="clerk", title="污水井", question=words, answer="已经疏通"))
    answer = await at.get(f"/open311/v2/requests/{id}.xml")
    assert "&lt;script&gt;" in answer.text
    assert "\x0b" not in answer.text
