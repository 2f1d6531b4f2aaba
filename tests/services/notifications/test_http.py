"""The inbox: made from events, exactly once, read by its owner only, streamed as it grows."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from services.notifications import feed
from services.notifications.api import inbox as inbox_api
from services.notifications.domain.audience import who_must_know
from services.notifications.domain.message import Post, message, message_id
from services.notifications.feed import Feed, arrivals
from services.notifications.main import service
from shared.contracts import community, petitions
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.event import Event, emitting_service
from shared.contracts.types import Level, PlaceKind
from shared.runtime.bus import Outgoing
from shared.runtime.cursors import decode
from shared.runtime.memory_bus import MemoryBus
from shared.runtime.memory_journal import MemoryJournal
from tests.services.community.served import Served, served, until
from tests.services.notifications.telling import CASES, CHEN, LIN, NOON, WANG, P

SUN = "sun"
"""Speaks for a department."""


TAKEN = petitions.PetitionTaken(P, LIN, Level.AREA, WANG)
CLIMBED = petitions.PetitionReachedLevel(P, Level.AREA, "area-1", NOON, NOON, "overdue", WANG)
AREA = community.PlaceRegistered("area-1", PlaceKind.AREA, "东片区", ("gl", "area-1"), "gl")


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with served(service) as made:
        yield made


def enveloped(event: Event, stream: str, version: int, n: int = 0) -> Envelope:
    emitter = emitting_service(type(event))
    return Envelope(
        id=f"{emitter}/{stream}/{version}/{n}",
        type=type_of(type(event)),
        source=f"/jinlin/{emitter}",
        subject=stream,
        time=NOON,
        data=msgspec.to_builtins(event),
        sequence=version,
        correlationid="c",
    )


async def publish(at: Served, *envelopes: Envelope) -> None:
    bus = MemoryBus(at.topics, at.running.clock)
    await bus.start()
    await bus.publish(
        [Outgoing(topic(one.service), one.subject, one.to_bytes()) for one in envelopes]
    )
    await bus.stop()


async def handled(at: Served, wanted: int) -> None:
    """Until so many messages lie in the store."""
    documents = at.running.journal.disk._of("message").documents  # type: ignore[attr-defined]
    await until(lambda: len(documents) >= wanted, seconds=60)


async def inbox(at: Served, sub: str, query: str = "", language: str = "zh-CN") -> dict[str, Any]:
    answer = await at.ask(
        "GET", f"/inbox{query}", sub, "resident", headers={"Accept-Language": language}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def post(at: Served, n: int, recipient: str = WANG) -> str:
    """A message straight into the store."""
    event = f"petitions/petition-{P}/{n}/0"
    id = message_id(event, recipient, "petition-taken")
    command = Post(
        recipient, "petition-taken", {"petition": P, "level": "area"}, f"petition-{P}", event
    )
    await at.running.store.do(message, id, command, actor="service:notifications")
    return id


async def test_an_event_becomes_a_message_in_the_reader_s_language(at: Served) -> None:
    await publish(at, enveloped(AREA, "place-area-1", 1))
    await until(lambda: "area-1" in at.running.copies["place"])
    await publish(at, enveloped(CLIMBED, f"petition-{P}", 2))
    await handled(at, 1)
    (mine,) = (await inbox(at, WANG))["items"]
    assert mine["kind"] == "petition-climbed"
    assert "东片区（片区级）" in mine["body"]
    assert mine["about"] == f"petition-{P}"
    (same,) = (await inbox(at, WANG, language="en"))["items"]
    assert "not answered in time" in same["body"]
    assert (await inbox(at, LIN))["items"] == []


async def test_a_message_is_made_once_however_often_the_event_comes(at: Served) -> None:
    again = enveloped(TAKEN, f"petition-{P}", 3)
    marker = enveloped(CLIMBED, f"petition-{P}", 4)
    await publish(at, *[again] * 20, marker)
    await handled(at, 2)
    assert sorted(item["kind"] for item in (await inbox(at, WANG))["items"]) == [
        "petition-climbed",
        "petition-taken",
    ]


async def test_every_telling_of_every_event_arrives(at: Served) -> None:
    told = [telling for event, _ in CASES for telling in who_must_know(event)]
    bodies = {telling.recipient for telling in told if telling.body}
    speaks = (community.OrganisationMemberJoined(body, SUN, "head") for body in bodies)
    await publish(at, *(enveloped(one, f"organisation-{one.organisation}", 1) for one in speaks))
    await handled(at, len(bodies))
    await publish(at, *(enveloped(event, f"petition-{n}", 1) for n, (event, _) in enumerate(CASES)))
    expected = len(bodies) + len(told)
    await handled(at, expected)
    found = [
        item
        for person in {SUN, *(telling.recipient for telling in told if not telling.body)}
        for item in (await inbox(at, person, "?limit=200"))["items"]
    ]
    assert len(found) == expected
    assert all(item["title"] and item["body"] for item in found)


async def test_the_unread_come_first_then_the_newest_page_by_page(at: Served) -> None:
    ids = [await post(at, n) for n in range(4)]
    read = await at.ask("POST", f"/messages/{ids[3]}/read", WANG, json={})
    assert read.status_code == 200
    first = await inbox(at, WANG, "?limit=2")
    rest = await inbox(at, WANG, f"?limit=2&cursor={first['next']}")
    items = [*first["items"], *rest["items"]]
    assert first["unread"] == 3
    assert {item["id"] for item in items} == set(ids)
    assert [item["read"] for item in items] == [False, False, False, True]
    posted = [item["posted"] for item in items[:3]]
    assert posted == sorted(posted, reverse=True)
    assert rest["next"] is None


async def test_only_the_recipient_reads_and_others_do_not_learn_of_it(at: Served) -> None:
    id = await post(at, 1)
    for method, path in (
        ("POST", f"/messages/{id}/read"),
        ("GET", f"/messages/{id}"),
        ("GET", f"/messages/{id}/timeline"),
    ):
        rest: dict[str, Any] = {"json": {}} if method == "POST" else {}
        other = await at.ask(method, path, LIN, "administrator", **rest)
        assert other.status_code == 404
    again = [await at.ask("POST", f"/messages/{id}/read", WANG, json={}) for _ in range(2)]
    assert [answer.status_code for answer in again] == [200, 200]
    assert (await inbox(at, WANG))["unread"] == 0


async def test_without_a_token_there_is_no_inbox(at: Served) -> None:
    for path in ("/inbox", "/inbox/stream"):
        assert (await at.client.get(path)).status_code == 401


async def test_a_kind_that_this_version_does_not_know_is_shown_all_the_same(at: Served) -> None:
    command = Post(WANG, "from-tomorrow", {}, "petition-x", "petitions/petition-x/1/0")
    await at.running.store.do(message, "m1", command, actor="service:notifications")
    (item,) = (await inbox(at, WANG))["items"]
    assert (item["title"], item["body"]) == ("from-tomorrow", "")


# --- the stream --------------------------------------------------------------------------------


async def test_a_stream_gives_what_comes_and_what_is_read(at: Served) -> None:
    running = at.running
    before = await post(at, 1)
    one_feed = Feed(running.journal)
    since = running.clock.now() + timedelta(milliseconds=1)
    await until(lambda: running.clock.now() >= since)
    stream = arrivals(running.store, one_feed, WANG, since)
    other = arrivals(running.store, one_feed, LIN, since)
    came = await post(at, 2)
    await post(at, 3, recipient=LIN)
    name, stored = await anext(stream)
    assert (name, stored.id) == ("message", came)
    assert (await anext(other))[1].state["recipient"] == LIN
    await at.ask("POST", f"/messages/{before}/read", WANG, json={})
    name, stored = await anext(stream)
    assert (name, stored.id) == ("read", before)
    await stream.aclose()  # type: ignore[attr-defined]
    await other.aclose()  # type: ignore[attr-defined]


async def test_the_stream_is_served_as_server_sent_events(at: Served) -> None:
    """Straight over ASGI: httpx's transport waits for the end of an answer, which never comes."""
    sent: asyncio.Queue[Any] = asyncio.Queue()
    gone = asyncio.Event()
    asked = False

    async def receive() -> Any:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/inbox/stream",
        "raw_path": b"/inbox/stream",
        "query_string": b"",
        "headers": [
            (b"authorization", f"Bearer {at.issuer.token(WANG, (), ())}".encode()),
            (b"accept", b"text/event-stream"),
            (b"accept-language", b"en"),
        ],
        "server": ("service.test", 80),
        "client": ("127.0.0.1", 1),
    }
    serving = asyncio.create_task(at.app(scope, receive, sent.put))
    start = await sent.get()
    assert start["status"] == 200
    assert dict(start["headers"])[b"content-type"].startswith(b"text/event-stream")
    id = await post(at, 1)
    text = (await sent.get())["body"].decode()
    fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
    assert fields["event"] == "message"
    assert json.loads(fields["data"])["id"] == id
    assert json.loads(fields["data"])["title"] == "Your petition is being worked on"
    assert decode(fields["id"]) is not None
    gone.set()
    await serving


async def test_a_stream_resumes_where_it_broke_off(at: Served) -> None:
    running = at.running
    ids = [await post(at, n) for n in range(3)]
    stored = await running.journal.load("message", ids)
    last = stored[ids[0]]
    event = inbox_api.as_event(last, {})
    assert event.id is not None
    since, known = inbox_api.resume_at(event.id, running.clock)
    assert (since, known) == (last.state["posted"], ids[0])
    stream = arrivals(running.store, Feed(running.journal), WANG, since, known)
    resumed = [(await anext(stream))[1].id for _ in range(2)]
    assert sorted(resumed) == sorted(ids[1:])
    live = await post(at, 9)
    assert (await anext(stream))[1].id == live
    await stream.aclose()  # type: ignore[attr-defined]


async def test_what_the_watch_missed_is_found_at_the_next_look(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "HEARTBEAT", 0.02)
    running = at.running
    deaf = Feed(MemoryJournal(running.clock))  # another store's: it never hears of ours
    stream = arrivals(running.store, deaf, WANG, running.clock.now())
    waiting = anext(stream)
    id = await post(at, 1)
    assert (await waiting)[1].id == id
    await stream.aclose()  # type: ignore[attr-defined]


async def test_one_watch_serves_all_listeners_and_ends_with_the_last(at: Served) -> None:
    one = Feed(at.running.journal)
    async with one.listen(WANG), one.listen(LIN):
        first = one._watching._task
        async with one.listen(WANG):
            assert one._watching._task is first
        assert one._watching.working
    assert not one._watching.working


async def test_a_listener_that_is_too_slow_is_sent_away(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MOST_WAITING", 1)
    async with Feed(at.running.journal).listen(WANG) as slow:
        for n in range(3):
            await post(at, n)
        await until(slow.ended.is_set)


def test_params_survive_the_store() -> None:
    state = message.fold(
        message.initial,
        message.decide(
            Post(WANG, "welcome", {"place": "u1"}, "resident-wang", "e"), message.initial, NOON
        ),
    )
    assert asdict(state)["params"] == {"place": "u1"}


async def test_an_erased_person_has_no_messages_and_gets_none(at: Served) -> None:
    id = await post(at, 1)
    kept = await post(at, 1, LIN)
    await publish(at, enveloped(community.ResidentErased(WANG), "resident-wang", 2))
    await until(lambda: WANG in at.running.copies["addressee"])
    documents = at.running.journal.disk._of("message").documents  # type: ignore[attr-defined]
    await until(lambda: documents[id]["s"]["forgotten"])
    # Again, and something new: the marker tells that both have been handled.
    after = petitions.PetitionTaken(P, LIN, Level.AREA, CHEN)
    await publish(
        at,
        enveloped(TAKEN, f"petition-{P}", 1),
        enveloped(TAKEN, f"petition-{P}", 7),
        enveloped(after, f"petition-{P}", 8),
    )
    await until(lambda: any(one["s"]["recipient"] == CHEN for one in documents.values()))
    assert (await inbox(at, WANG))["items"] == []
    mine = (await at.ask("GET", "/my-data", WANG, "resident")).json()
    assert (mine["service"], mine["things"]) == ("notifications", [])
    theirs = (await at.ask("GET", "/my-data", LIN, "resident")).json()
    assert [thing["id"] for thing in theirs["things"]] == [kept]
    back = community.ResidentRegistered(WANG, "u1")
    await publish(at, enveloped(back, "resident-wang", 3))
    await until(lambda: not at.running.copies["addressee"][WANG].closed)
    await publish(at, enveloped(TAKEN, f"petition-{P}", 9))
    await until(lambda: any(one["s"]["recipient"] == WANG for one in documents.values()))
