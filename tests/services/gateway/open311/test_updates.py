"""What became of requests, step by step, and what applications add to their own."""

from datetime import timedelta

from services.petitions.domain.commands import Answer, Rate, Return
from services.petitions.domain.petition import petition
from services.petitions.domain.publication import Release
from tests.services.gateway.city import COMMUNITY, ELSEWHERE, WORKER, Door, becomes
from tests.services.gateway.open311.reporting import Application
from tests.services.gateway.open311.test_requests import SECRET, filed


async def lived(at: Door) -> str:
    """A petition that was answered, judged low, answered again and released; its id."""
    id = await filed(at)
    at.clock.ahead += timedelta(hours=1)
    await at.do(id, Answer(by=WORKER, done=SECRET + "，已经处理", done_by="物业", finished=True))
    at.clock.ahead += timedelta(hours=1)
    await at.do(id, Rate(by="lin", stars=1))
    at.clock.ahead += timedelta(hours=1)
    by = "worker-c1"
    await at.do(id, Answer(by=by, done=SECRET + "，已经疏通", done_by="社区", finished=True))
    await at.do(id, Release(by="clerk", title="污水井", question="污水井堵了", answer="已经疏通"))
    return id


async def test_a_request_tells_its_steps(at: Door) -> None:
    id = await lived(at)
    told = await Application(at).asks(f"v2/requests/{id}/updates")
    assert [(one["status"], one["description"]) for one in told] == [
        ("open", "办理中"),
        ("open", "已答复，等待评价\n已经疏通"),
        ("open", "办理中"),
        ("open", "已答复，等待评价\n已经疏通"),
    ]
    assert all(one["update_id"].startswith(f"{id}.") for one in told)
    assert len({one["update_id"] for one in told}) == 4
    assert SECRET not in str(told)


async def test_the_updates_of_a_time_come_from_what_happened_in_it(at: Door) -> None:
    begin = at.clock.now()
    id = await lived(at)
    elsewhere = await filed(at, ELSEWHERE)
    end = at.clock.now() + timedelta(seconds=1)
    feed = at.running["subscriptions"]

    async def entered() -> bool:
        at.clock.ahead += timedelta(seconds=61)  # what was remembered is asked anew
        told = await Application(at).asks("v2/servicerequestupdates")
        return {one["service_request_id"] for one in told} == {id, elsewhere}

    await becomes(entered)
    assert feed.connected
    application = Application(at)

    async def of(**asked: str) -> list[tuple[str, str]]:
        told = await application.asks("v2/servicerequestupdates", **asked)
        return [(one["service_request_id"], one["status"]) for one in told]

    time = {"start_date": begin.isoformat(), "end_date": end.isoformat()}
    assert await of(**time) == [(id, "open")] * 4 + [(elsewhere, "open")]
    assert await of(**time, jurisdiction_id=COMMUNITY) == [(id, "open")] * 4
    later = (begin + timedelta(minutes=90)).isoformat()
    assert await of(start_date=later, jurisdiction_id=COMMUNITY) == [(id, "open")] * 2
    until = (begin - timedelta(days=1)).isoformat()
    assert await of(end_date=until) == []


async def test_an_application_adds_to_its_own_request(at: Door) -> None:
    application = Application(at, await at.key())
    id = await application.reports()
    await at.do(id, Return(by=WORKER, question="是哪一口井？"))
    said = {"service_request_id": id, "description": "靠近车棚的那一口", "update_id": "7"}
    (first,) = await application.sends("v2/servicerequestupdates", **said)
    (again,) = await application.sends("v2/servicerequestupdates", **said)
    assert first == again
    snapshot = await at.running["petitions"].store.get(petition, id)
    assert snapshot is not None
    assert snapshot.state.status == "taken"


async def test_nobody_adds_to_what_another_one_sent_in(at: Door) -> None:
    one, other = Application(at, await at.key()), Application(at, await at.key())
    id = await one.reports()
    said = {"service_request_id": id, "description": "撤销"}
    path = "v2/servicerequestupdates"
    (error,) = await other.sends(path, 403, **said)
    assert error["description"] == "这件诉求不是用这个 api_key 提交的"
    (error,) = await Application(at).sends(path, 403, **said)
    assert error["description"] == "请给出 api_key"
    residents = await filed(at)
    await one.sends(path, 404, service_request_id=residents, description="补充")
    await one.sends(path, 404, service_request_id="../x", description="补充")
    await one.sends(path, 400, service_request_id=id)
    await one.sends(path, 400, description="补充")
