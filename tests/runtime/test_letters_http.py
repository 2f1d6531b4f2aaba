"""Dead letters over HTTP: listed, read and decided on by those who run the platform."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.contracts.envelope import dead_letter_topic, topic
from shared.runtime import metrics
from shared.runtime.bus import Outgoing
from shared.runtime.letter_queries import letter_queries
from shared.runtime.letters import REPLAYED_FOR
from tests.runtime.lamp_service import World, world

ORIGIN = topic("petitions")
OPERATOR = {"sub": "operator-1", "roles": ("operator",)}


@pytest.fixture
async def at() -> AsyncIterator[World]:
    async with world(queries=[letter_queries("community")]) as made:
        yield made


def put(at: World, number: int, value: bytes = b'{"id": "e"}', origin: str = ORIGIN) -> str:
    """Lays a letter down; its id. The higher its number, the later it failed."""
    headers = {
        "original-topic": origin,
        "original-partition": "3",
        "original-offset": str(number),
        "original-key": "petition-1",
        "failed-at": f"2026-11-27T02:00:{number:02}.000123+00:00",
        "tries": "5",
        "reason": "RuntimeError at reactions.py:1",
        "event-id": f"petitions/petition-1/{number}/0",
    }
    message = Outgoing(
        dead_letter_topic("community"),
        f"petition-{number}",
        value,
        tuple((name, said.encode()) for name, said in headers.items()),
    )
    kept = at.topics.append(message, 0)
    return f"{kept.partition}-{kept.offset}"


async def ask(at: World, method: str, path: str, status: int = 200, **rest: Any) -> Any:
    answer = await at.ask(method, path, **{**OPERATOR, **rest})
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_only_who_runs_the_platform_may_know_of_them(at: World) -> None:
    id = put(at, 1)
    requests = (
        ("GET", "/dead-letters"),
        ("GET", f"/dead-letters/{id}"),
        ("POST", f"/dead-letters/{id}/replay"),
        ("POST", f"/dead-letters/{id}/drop"),
    )
    for method, path in requests:
        for roles in (("resident",), ("street-staff",), ("service",)):
            await ask(at, method, path, 403, roles=roles)
        assert (await at.client.request(method, path)).status_code == 401
    await ask(at, "GET", "/dead-letters", roles=("administrator",))
    assert at.topics.messages(ORIGIN) == []


async def test_they_are_listed_the_newest_first_page_by_page(at: World) -> None:
    ids = [put(at, number) for number in range(5)]
    seen: list[str] = []
    cursor = ""
    while True:
        told = await ask(at, "GET", f"/dead-letters?limit=2{cursor}")
        assert (told["count"], told["complete"]) == (5, True)
        seen += [one["id"] for one in told["items"]]
        if told["next"] is None:
            break
        cursor = f"&cursor={told['next']}"
    assert seen == ids[::-1]
    assert "text" not in told["items"][0]
    await ask(at, "GET", "/dead-letters?cursor=WzFd", 422)


async def test_one_says_why_it_failed_and_what_can_be_done(at: World) -> None:
    told = await ask(at, "GET", f"/dead-letters/{put(at, 7)}")
    assert told["reason"] == "RuntimeError at reactions.py:1"
    assert told["from"] == {"topic": ORIGIN, "partition": "3", "offset": "7"}
    assert told["event"] == "petitions/petition-1/7/0"
    assert (told["text"], told["whole"]) == ('{\n  "id": "e"\n}', True)
    assert told["can"] == ["drop", "replay"]


async def test_one_is_replayed_once_however_often_it_is_asked_for(at: World) -> None:
    id = put(at, 1)
    counted = metrics.DEAD_LETTERS_RESOLVED.labels("community", "replayed")
    before = counted._value.get()
    with capture_logs() as logged:
        first = await ask(at, "POST", f"/dead-letters/{id}/replay")
        again = await ask(at, "POST", f"/dead-letters/{id}/replay", sub="operator-2")
    assert first == again
    assert first["resolution"]["how"] == "replayed"
    assert first["resolution"]["by"] == "operator-1"
    (sent,) = at.topics.messages(ORIGIN)
    assert (sent.value, sent.key) == (b'{"id": "e"}', b"petition-1")
    assert dict(sent.headers)[REPLAYED_FOR] == b"community"
    assert counted._value.get() - before == 1
    (line,) = [one for one in logged if one["event"] == "dead_letter_resolved"]
    assert (line["id"], line["outcome"], line["holder"]) == (id, "replayed", "operator-1")
    assert (await ask(at, "GET", "/dead-letters"))["items"] == []
    assert (await ask(at, "GET", f"/dead-letters/{id}"))["can"] == []


async def test_one_is_dropped_with_a_reason_and_then_not_replayed(at: World) -> None:
    id = put(at, 1)
    await ask(at, "POST", f"/dead-letters/{id}/drop", 422, json={"reason": "  "})
    dropped = await ask(at, "POST", f"/dead-letters/{id}/drop", json={"reason": "not ours"})
    again = await ask(at, "POST", f"/dead-letters/{id}/drop", json={"reason": "another"})
    assert dropped["resolution"]["reason"] == "not ours"
    assert again == dropped
    refused = await ask(at, "POST", f"/dead-letters/{id}/replay", 409)
    assert refused["type"] == "urn:jinlin:problem:letter-dropped"
    assert at.topics.messages(ORIGIN) == []


async def test_what_names_another_topic_is_not_sent_there(at: World) -> None:
    id = put(at, 1, origin="payments")
    assert (await ask(at, "GET", f"/dead-letters/{id}"))["can"] == ["drop"]
    refused = await ask(at, "POST", f"/dead-letters/{id}/replay", 409)
    assert refused["type"] == "urn:jinlin:problem:letter-astray"
    assert at.topics.messages("payments") == []


async def test_one_that_is_not_there_is_not_found(at: World) -> None:
    await ask(at, "GET", "/dead-letters/0-99", 404)
    await ask(at, "POST", "/dead-letters/0-99/replay", 404)
    await ask(at, "GET", "/dead-letters/any", 422)


async def test_a_broker_that_is_away_is_said_in_words(at: World) -> None:
    id = put(at, 1)
    at.topics.go_away()
    for method, path in (("GET", "/dead-letters"), ("POST", f"/dead-letters/{id}/replay")):
        answer = await at.ask(method, path, headers={"Accept-Language": "zh"}, **OPERATOR)
        assert answer.status_code == 503
        assert answer.headers["retry-after"]
        assert "消息队列" in answer.json()["detail"]
