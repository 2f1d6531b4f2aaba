"""Webhooks are called: verified, in order, again where it is not taken, until they are given up."""

import asyncio
import random
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from services.subscriptions.calling import calling as leading
from services.subscriptions.calling import endpoint, retrying
from services.subscriptions.calling.place import Place, lease_of, place_in
from services.subscriptions.domain.webhooks.webhook_state import Status
from services.subscriptions.feed_reading import Cursor
from shared.runtime.addresses import PUBLIC_ONLY
from shared.runtime.journal import Position
from tests.services.subscriptions.feed.happening import OTHER, filed, happens, message
from tests.services.subscriptions.webhooks.calling_here import OWNER, Here, calling, within
from tests.services.subscriptions.webhooks.receiver import (
    Received,
    Receiver,
    Reply,
    receiver,
    verified,
)


@pytest.fixture
async def here() -> AsyncIterator[Here]:
    async with calling() as there:
        yield there


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    async with receiver() as there:
        yield there


async def test_an_event_is_called_as_it_was_published(here: Here, other: Receiver) -> None:
    await here.created(other)
    (id,) = await here.happens("petition-1")
    await within(lambda: other.taken, "it is taken")
    (got,) = other.taken
    assert got.id == id
    assert got.path == "/hook"
    assert got.event["id"] == id
    assert got.event["type"] == "cn.jinlin.petitions.PetitionCommented.v1"
    assert got.event["specversion"] == "1.0"
    assert got.event["data"]["petition"] == "petition-1"
    assert got.headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert other.refused == []


async def test_in_binary_mode_the_attributes_stand_in_headers(here: Here, other: Receiver) -> None:
    await here.created(other, mode="binary")
    (id,) = await here.happens("petition-1")
    await within(lambda: other.taken, "it is taken")
    (got,) = other.taken
    assert got.headers["content-type"] == "application/json"
    assert got.headers["ce-id"] == id
    assert got.headers["ce-specversion"] == "1.0"
    assert got.headers["ce-subject"] == "petition-1"
    assert "ce-data" not in got.headers
    assert "ce-datacontenttype" not in got.headers
    assert (
        got.event["data"]
        == {
            "petition": "petition-1",
            "by": "r1",
            "org": None,
            "petitioner": "r1",
        }
        or got.event["data"]["petition"] == "petition-1"
    )


async def test_ed25519(here: Here, other: Receiver) -> None:
    id = await here.created(other, signing="ed25519")
    assert other.secrets[0].startswith("whpk_")
    shown = await here.ask("GET", f"/webhooks/{id}")
    assert shown["public_key"] == other.secrets[0]
    await here.happens("petition-1")
    await within(lambda: other.taken, "it is taken")


async def test_nothing_is_sent_before_the_endpoint_agrees(here: Here, other: Receiver) -> None:
    other.agrees = False
    id = await here.create(other)
    state = await here.has(id, lambda state: state.checked == 1)
    assert (state.status, state.refused) == (Status.PENDING, "no-challenge")
    await here.happens("petition-1")
    other.agrees = True
    await here.does(id, "verify")
    await here.has(id, lambda state: state.status is Status.ACTIVE)
    # What happened since it was created is not lost.
    await within(lambda: other.taken, "it is taken")
    assert len(other.verifications) == 2


async def test_only_what_is_wanted_is_sent(here: Here, other: Receiver) -> None:
    await here.created(other, types=["cn.jinlin.petitions.PetitionFiled.v1"])
    async with receiver() as all_of_it:
        await here.created(all_of_it, types=["cn.jinlin.petitions.*"])
        await here.happens("petition-1", "petition-2")
        await within(lambda: len(all_of_it.taken) == 2, "both are taken")
    assert other.received == []


async def test_an_owner_with_places_hears_of_nothing_beyond(here: Here, other: Receiver) -> None:
    told = await here.ask("POST", "/webhooks", json={"url": other.url}, places=("s1",))
    other.secrets.append(told["secret"])
    await here.has(told["id"], lambda state: state.status is Status.ACTIVE)
    theirs, elsewhere = filed("p1"), filed("p2", OTHER)
    await happens(
        here.at,
        message(elsewhere, "petition-p2"),
        message(theirs, "petition-p1"),
        here.event("petition-nowhere"),
        message(theirs, "petition-p3"),
    )
    await within(lambda: len(other.taken) == 2, "theirs are taken")
    assert {one.stream for one in other.received} == {"petition-p1", "petition-p3"}


async def test_a_stream_that_fails_holds_no_other_one_and_keeps_its_order(
    here: Here, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast(monkeypatch)
    tries: Counter[str] = Counter()

    def answer(received: Received) -> Reply:
        tries[received.id] += 1
        stubborn = received.stream == "petition-2" and tries[received.id] < 4
        return Reply(500 if stubborn else 200)

    other.answer = answer
    await here.created(other)
    await here.happens(*("petition-1", "petition-2", "petition-3") * 5)
    await within(lambda: len(other.taken) == 15, "all are taken")
    assert in_order(other.taken)
    positions = [one.stream for one in other.taken]
    assert positions.index("petition-2") > positions.index("petition-3")
    assert tries["petitions/petition-2/1/0"] == 4


async def test_under_random_failures_everything_arrives_in_order(
    here: Here, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast(monkeypatch)
    chance = random.Random(3)

    async def answer(_received: Received) -> Reply:
        await asyncio.sleep(chance.random() / 200)
        return Reply(chance.choice((200, 200, 204, 500, 429, 404)))

    other.answer = answer
    await here.created(other)
    await here.happens(*(f"petition-{n % 17}" for n in range(300)))
    await within(lambda: len(set(other.ids())) == 300, "all are taken", 30)
    assert in_order(other.taken)
    assert 2 <= other.most_at_once <= endpoint.AT_ONCE


async def test_a_test_arrives_and_says_what_came_of_it(here: Here, other: Receiver) -> None:
    id = await here.created(other)
    await here.does(id, "test")
    state = await here.has(id, lambda state: state.tested == 1)
    assert state.test_outcome == "204"
    (got,) = other.tests
    assert got.event["data"] == {"webhook": id, "test": 1}


async def test_gone_is_gone(here: Here, other: Receiver) -> None:
    other.answer = lambda _received: Reply(410)
    id = await here.created(other)
    await here.happens("petition-1")
    state = await here.has(id, lambda state: state.status is Status.DISABLED)
    assert state.because == "gone"
    other.answer = lambda _received: Reply(200)
    await here.does(id, "enable")
    await within(lambda: other.taken, "what was not taken is sent again")


async def test_a_replay_sends_everything_once_more(here: Here, other: Receiver) -> None:
    id = await here.created(other)
    since = (await here.state(id)).begin
    assert since is not None
    ids = [await here.happens("petition-1") for _ in range(3)]
    await within(lambda: len(other.taken) == 3, "all are taken")
    await here.does(id, "replay", since=since.isoformat())
    await within(lambda: len(other.taken) == 6, "all are taken again")
    assert other.ids() == [id for (id,) in ids] * 2


async def test_what_will_never_be_taken_is_passed_over(here: Here, other: Receiver) -> None:
    other.answer = lambda received: Reply(500 if received.id.endswith("/1/0") else 200)
    id = await here.created(other)
    first, _ = await here.happens("petition-1", "petition-1")
    await within(lambda: other.received, "it is not taken")
    failing = await within(lambda: failing_of(here, id), "it is known to fail")
    assert failing[0]["event"] == first
    assert failing[0]["outcome"] == "500"
    await here.does(id, "skip", event=failing[0]["event"])
    await within(lambda: other.taken, "the next one is taken")
    assert other.ids() == ["petitions/petition-1/2/0"]


async def failing_of(here: Here, id: str) -> Any:
    """What waits to be sent again."""
    return (await here.ask("GET", f"/webhooks/{id}/progress"))["failing"]


async def test_a_rotated_secret_overlaps(here: Here, other: Receiver) -> None:
    id = await here.created(other)
    former, present = other.secrets[0], (await here.does(id, "rotate-secret"))["secret"]
    assert present != former

    async def signs_with_both() -> bool:
        await here.happens("petition-1")
        return other.taken[-1:] != [] and verified(other.taken[-1], present)

    await within(signs_with_both, "calls are signed with the new one, too")
    assert verified(other.taken[-1], former)
    assert other.taken[-1].headers["webhook-signature"].count("v1,") == 2
    other.secrets = [present]
    count = len(other.taken)
    await here.happens("petition-2")
    await within(lambda: len(other.taken) > count, "the new one alone is enough")
    assert other.refused == []


async def test_what_is_edited_holds_from_then_on(here: Here, other: Receiver) -> None:
    id = await here.created(other)
    await here.happens("petition-1")
    await within(lambda: other.taken, "it is taken")
    async with receiver() as elsewhere:
        elsewhere.secrets = other.secrets
        await here.does(id, "edit", url=elsewhere.url, mode="binary")
        await here.has(id, lambda state: state.status is Status.ACTIVE and state.asked == 2)
        await here.happens("petition-2")
        await within(lambda: elsewhere.taken, "it is taken there")
        assert elsewhere.taken[0].headers["ce-subject"] == "petition-2"
    assert len(other.taken) == 1


async def test_one_that_is_disabled_or_removed_is_called_no_more(
    here: Here, other: Receiver
) -> None:
    async with receiver() as removed, receiver() as control:
        off, gone = await here.created(other), await here.created(removed)
        await here.created(control)
        await here.does(off, "disable")
        await here.does(gone, "remove")
        called = here.calling._endpoints
        await within(
            lambda: gone not in called and called[off].latest.status is Status.DISABLED, "heard"
        )
        await here.happens("petition-1")
        await within(lambda: control.taken, "the third is called")
        assert (other.received, removed.received) == ([], [])
        await here.does(off, "enable")
        await within(lambda: other.taken, "nothing is lost meanwhile")


async def test_retry_after_is_honoured(
    here: Here, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast(monkeypatch)
    loop = asyncio.get_running_loop()
    times: list[float] = []

    def answer(_received: Received) -> Reply:
        times.append(loop.time())
        return Reply(503, {"retry-after": "2"}) if len(times) == 1 else Reply(200)

    other.answer = answer
    await here.created(other)
    await here.happens("petition-1")
    await within(lambda: times, "it is not taken")
    await here.happens("petition-2")
    await within(lambda: len(other.taken) == 2, "both are taken")
    assert all(later - times[0] >= 1.9 for later in times[1:])


async def test_one_that_takes_nothing_for_long_is_called_no_more_and_its_owner_hears(
    here: Here, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast(monkeypatch)
    for module in (retrying, endpoint):
        monkeypatch.setattr(module, "GIVE_UP_AFTER", timedelta(seconds=0.5))
    other.answer = lambda _received: Reply(502)
    id = await here.created(other)
    ids = [(await here.happens("petition-1"))[0] for _ in range(2)]
    state = await here.has(id, lambda state: state.status is Status.DISABLED)
    assert state.because == "unreachable"
    assert state.since is not None
    told = [one.body for one in other.received]
    assert 2 < len(told) < 100
    published = here.at.topics.messages("subscriptions.events.v1")
    disabled = [one.value for one in published if b"WebhookDisabled" in one.value]
    assert len(disabled) == 1
    assert OWNER.encode() in disabled[0]
    # What was not taken waits, and the three days begin anew.
    other.answer = lambda _received: Reply(200)
    await here.does(id, "enable")
    await within(lambda: len(other.taken) == 2, "what was not taken is sent again")
    assert other.ids() == ids


async def test_one_that_takes_nothing_is_left_alone_but_for_a_few_calls(
    here: Here, other: Receiver
) -> None:
    other.answer = lambda _received: Reply(503)
    id = await here.created(other)
    await here.happens(*(f"petition-{n}" for n in range(100)))
    await within(lambda: len(other.received) >= endpoint.PAUSED_AFTER, "it fails")
    failing = await within(lambda: failing_of(here, id), "it is known to fail")
    most = endpoint.PAUSED_AFTER + endpoint.AT_ONCE
    assert len(failing) < most
    assert len(other.received) < most
    # Once it takes one again, the others do not wait for their own time.
    other.answer = lambda _received: Reply(200)
    await within(lambda: len(other.taken) == 100, "all are taken", 20)


async def test_dead_and_slow_ones_delay_nobody(here: Here, other: Receiver) -> None:
    async def slowly(_received: Received) -> Reply:
        await asyncio.sleep(3600)
        return Reply()

    loop = asyncio.get_running_loop()
    async with receiver(answer=slowly) as slow, receiver() as dead:
        await here.created(slow)
        await here.created(dead)
        dead.answer = lambda _received: Reply(500)
        await here.created(other)
        began = loop.time()
        for _ in range(20):
            await here.happens(*(f"petition-{n}" for n in range(20)))
        await within(lambda: len(other.taken) == 400, "all are taken")
        assert loop.time() - began < 8
        assert slow.most_at_once == endpoint.AT_ONCE
        assert slow.taken == dead.taken == []


async def test_whoever_takes_over_goes_on_where_the_other_ended(
    here: Here, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    await here.created(other)
    await here.happens("petition-1", "petition-2")
    await within(lambda: len(other.taken) == 2, "both are taken")
    await here.stop_calling()
    await here.happens("petition-1", "petition-3")
    here.call_anew()
    await within(lambda: len(other.taken) == 4, "the rest is taken")
    assert len(set(other.ids())) == 4  # nothing twice: its place was kept when it ended
    assert in_order(other.taken)


async def test_when_the_process_that_leads_dies_another_one_takes_over(
    here: Here, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in (("LEASE_SECONDS", 6.0), ("RENEW_EVERY", 0.2)):
        monkeypatch.setattr(leading, name, seconds)
    await here.stop_calling()
    here.call_anew()
    await here.created(other)
    dying, dead = here.task, here.calling
    here.call_anew()
    await here.happens(*(f"petition-{n % 7}" for n in range(50)))
    await within(lambda: len(other.taken) > 10, "it calls")
    dying.cancel()
    await here.happens(*(f"petition-{n % 7}" for n in range(50)))
    await within(lambda: len(set(other.ids())) == 100, "everything is called", 20)
    assert in_order(other.taken)
    assert dead is not here.calling


async def test_whoever_was_overtaken_does_not_set_a_place_back(here: Here, other: Receiver) -> None:
    id = await here.created(other)
    journal = here.at.running.journal
    await here.happens("petition-1")
    await within(lambda: other.taken, "it is taken")
    name, before = lease_of(id), here.calling._endpoints[id]

    async def taken_over() -> int | None:
        return await journal.take_lease(name, "another process", 1.0)

    fence = await within(taken_over, "another process has taken over")
    ahead = Position(Place(1, Cursor(10_000, 1)).token(), here.at.running.clock.now())
    await journal.save_position(name, ahead, fence)
    await here.happens("petition-2")
    await within(lambda: len(other.taken) == 2, "the one before goes on for a moment")

    # It notices when it saves its place, and takes the webhook up as it finds it: far ahead.
    called = here.calling._endpoints
    await within(lambda: called.get(id) not in (None, before), "it leads anew")
    await here.happens("petition-3")
    async with receiver() as control:
        await here.created(control)
        await here.happens("petition-4")
        await within(lambda: control.taken, "another one is called")
    assert len(other.taken) == 2
    position = await journal.position(name)
    assert position is not None
    assert place_in(position.token).acknowledged == Cursor(10_000, 1)


async def test_one_whose_name_leads_inside_is_not_called() -> None:
    asked: list[str] = []

    async def inside(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    async with calling(allowed=PUBLIC_ONLY, resolve=inside) as strict:
        body = {"url": "https://hooks.example.cn/"}
        told = await strict.ask("POST", "/webhooks", json=body)
        state = await strict.has(told["id"], lambda state: state.checked == 1)
        assert (state.status, state.refused) == (Status.PENDING, "not-allowed-private-address")
        assert asked == ["hooks.example.cn"]


async def test_a_redirect_is_not_followed_and_not_taken(here: Here, other: Receiver) -> None:
    async with receiver() as inside:
        other.answer = lambda _received: Reply(307, {"location": inside.url})
        id = await here.created(other)
        await here.happens("petition-1")
        failing = await within(lambda: failing_of(here, id), "it is known to fail")
        assert failing[0]["outcome"] == "307"
        assert inside.received == []


async def test_the_log_of_calls(here: Here, other: Receiver) -> None:
    answers = iter((500, 200))
    other.answer = lambda _received: Reply(next(answers, 200))
    id = await here.created(other)
    ids = [await here.happens("petition-1"), await here.happens("petition-2")]

    async def logged() -> Any:
        items = (await here.ask("GET", f"/webhooks/{id}/deliveries"))["items"]
        return items if len(items) == 3 else None

    items = await within(logged, "the calls are logged")
    assert [one["outcome"] for one in items] == ["200", "500", "200"]
    assert [one["event"] for one in items[:2]] == [ids[1][0], ids[0][0]]
    assert items[2]["type"].endswith("EndpointVerification.v1")
    failed = (await here.ask("GET", f"/webhooks/{id}/deliveries?failed=true"))["items"]
    assert [one["outcome"] for one in failed] == ["500"]
    first = await here.ask("GET", f"/webhooks/{id}/deliveries?limit=2")
    rest = await here.ask("GET", f"/webhooks/{id}/deliveries?limit=2&cursor={first['next']}")
    assert first["items"] + rest["items"] == items
    assert rest["next"] is None


def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not taken is sent again at once."""
    monkeypatch.setattr(retrying, "DELAYS", (timedelta(milliseconds=20),))


def in_order(taken: list[Received]) -> bool:
    """Whether each stream's events first came in their order."""
    streams: defaultdict[str, list[int]] = defaultdict(list)
    for one in taken:
        number = int(one.event["sequence"])
        if number not in streams[one.stream]:
            streams[one.stream].append(number)
    return all(a < b for each in streams.values() for a, b in pairwise(each))
