"""How often somebody may come, how much they may bring, and how long they may take for it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from services.gateway import connection, front, incoming
from services.gateway.limiting.counts import Counts
from services.gateway.limiting.origin import NOWHERE, Origins, near, neighbourhood
from services.gateway.passing import leaving, passing
from services.gateway.settings import read_gateway_settings
from shared.runtime.settings import WrongSettings
from tests.services.gateway.door import DoorAtWork, door, environment, until

FEW = {
    "JINLIN_READING_LIMIT": "3/minute",
    "JINLIN_WRITING_LIMIT": "2/minute",
    "JINLIN_ANONYMOUS_LIMIT": "4/minute",
}


@pytest.fixture
async def at() -> AsyncIterator[DoorAtWork]:
    """The door, where few requests are many."""
    async with door(**FEW) as there:
        yield there


# --- how often ---------------------------------------------------------------------------------


async def test_each_answer_tells_how_many_more(at: DoorAtWork) -> None:
    left = []
    for _ in range(3):
        answer = await at.get("/things", headers=at.token())
        assert answer.headers["ratelimit-policy"] == '"reading";q=3;w=60'
        name, remaining, after = answer.headers["ratelimit"].split(";")
        assert name == '"reading"'
        assert 0 < int(after.removeprefix("t=")) <= 60
        left.append(remaining)
    assert left == ["r=2", "r=1", "r=0"]


async def test_who_comes_too_often_is_told_when_to_come_again(at: DoorAtWork) -> None:
    for _ in range(3):
        assert (await at.get("/things", headers=at.token())).status_code == 200
    refused = await at.get("/things", headers={**at.token(), "Accept-Language": "zh"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit"].startswith('"reading";r=0;')
    assert refused.json()["type"] == "urn:jinlin:problem:too-often"
    assert refused.json()["detail"] == "每60秒最多3次，请稍后再试。"
    assert len(at.behind.asked) == 3


async def test_everybody_is_counted_for_themselves(at: DoorAtWork) -> None:
    for _ in range(4):
        await at.get("/things", headers=at.token("u1"))
    assert (await at.get("/things", headers=at.token("u2"))).status_code == 200


async def test_reading_and_writing_are_counted_apart(at: DoorAtWork) -> None:
    for _ in range(4):
        await at.get("/things", headers=at.token())
    answers = [(await at.post("/things", headers=at.token())).status_code for _ in range(3)]
    assert answers == [200, 200, 429]


async def test_who_is_not_logged_in_is_counted_by_their_address(at: DoorAtWork) -> None:
    wrong = [{"Authorization": f"Bearer {number}"} for number in range(5)]
    answers = [(await at.get("/things", headers=one)).status_code for one in wrong]
    assert answers == [200, 200, 200, 200, 429], "a made-up token makes nobody somebody else"


async def test_behind_the_citys_proxy_each_caller_has_an_address_of_their_own() -> None:
    async with door(**FEW, JINLIN_TRUSTED_PROXIES="127.0.0.1") as at:
        for _ in range(5):
            last = await at.get("/things", headers={"X-Forwarded-For": "1.2.3.4"})
        assert last.status_code == 429
        other = await at.get("/things", headers={"X-Forwarded-For": "1.2.3.5"})
        assert other.status_code == 200


async def test_refusals_are_counted(at: DoorAtWork) -> None:
    for _ in range(4):
        await at.get("/things", headers=at.token("u9"))
    told = (await at.client.get("/metrics")).text
    counted = 'jinlin_limited_total{group="reading",service="gateway"} '
    (line,) = [one for one in told.splitlines() if one.startswith(counted)]
    assert float(line.rpartition(" ")[2]) >= 1
    assert "u9" not in told


@dataclass
class Time:
    """Seconds that a test moves on."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_window_slides() -> None:
    time = Time(600.0)
    counts = Counts(time)
    taken = [counts.acquire_sliding_window_entry("k", 2, 60) for _ in range(3)]
    assert taken == [True, True, False]
    time.now = 660.0  # the next window: what was before still counts whole
    assert not counts.acquire_sliding_window_entry("k", 2, 60)
    time.now = 690.0  # by half
    assert counts.acquire_sliding_window_entry("k", 2, 60)
    assert not counts.acquire_sliding_window_entry("k", 2, 60)
    assert counts.get_sliding_window("k", 60) == (2, 30.0, 1, 90.0)
    time.now = 900.0  # much later nothing is left
    assert counts.get_sliding_window("k", 60) == (0, 60.0, 0, 120.0)


@pytest.mark.parametrize(
    ("peer", "said", "origin"),
    [
        ("9.9.9.9", "1.2.3.4", "9.9.9.9"),
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, 10.0.0.9", "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, nonsense", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        (None, "1.2.3.4", NOWHERE),
    ],
)
def test_an_origin_is_what_the_nearest_stranger_is(
    peer: str | None, said: str, origin: str
) -> None:
    proxies = read_gateway_settings(environment({}, JINLIN_TRUSTED_PROXIES="10.0.0.0/8")).proxies
    assert Origins(proxies).of(peer, [(b"x-forwarded-for", said.encode())]) == origin


def test_a_subscriber_of_ipv6_has_one_count() -> None:
    assert neighbourhood("2001:db8:1:2::1") == neighbourhood("2001:db8:1:2:3:4:5:6")
    assert neighbourhood("2001:db8:1:2::1") != neighbourhood("2001:db8:1:3::1")
    assert neighbourhood("::ffff:1.2.3.4") == neighbourhood("1.2.3.4") == "1.2.3.4"


@pytest.mark.parametrize("name", ["READING_LIMIT", "TRUSTED_PROXIES", "PETITIONS_URL"])
def test_what_is_wrong_in_the_settings_is_named(name: str) -> None:
    with pytest.raises(WrongSettings, match=f"JINLIN_{name} is wrong"):
        read_gateway_settings(environment({}, **{f"JINLIN_{name}": "what?"}))


# --- who may see how the door is ---------------------------------------------------------------


async def test_how_the_door_is_can_be_seen_from_near_only() -> None:
    async with door(JINLIN_TRUSTED_PROXIES="127.0.0.1") as at:
        assert (await at.client.get("/metrics")).status_code == 200
        for path in ("/metrics", "/readyz", "/livez"):
            far = await at.client.get(path, headers={"X-Forwarded-For": "1.2.3.4"})
            assert far.status_code == 404, path
    assert near("10.1.2.3")
    assert not near("8.8.8.8")
    assert not near(NOWHERE)


# --- how much ----------------------------------------------------------------------------------


async def test_a_body_that_says_it_is_too_large_is_not_read(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "MOST_BODY", 100_000)
    request = b"POST /api/petitions/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100001\r\n\r\n"
    answer = await asyncio.wait_for(at.raw(request), 10)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"urn:jinlin:problem:too-large" in answer
    assert at.behind.asked == []


async def test_a_body_that_turns_out_too_large_is_cut(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "MOST_BODY", 300_000)
    chunk = b"%x\r\n" % 65_536 + b"x" * 65_536 + b"\r\n"
    head = b"POST /api/petitions/files HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = await asyncio.wait_for(at.raw(head + chunk * 6), 10)
    assert answer.startswith(b"HTTP/1.1 413 ")
    await asyncio.wait_for(at.behind.left.wait(), 10)


async def test_the_doors_own_forms_have_bounds_too(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(front, "MOST_OTHER", 1_000)
    answer = await at.client.post("/nowhere", content=b"x" * 1_001)
    assert answer.status_code == 413


# --- how long ----------------------------------------------------------------------------------


async def test_who_does_not_say_what_they_want_is_cut(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    assert await asyncio.wait_for(at.raw(b""), 10) == b""
    assert await asyncio.wait_for(at.raw(b"GET /api/petitions/things HT"), 10) == b""


async def test_who_says_it_letter_by_letter_is_cut(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)

    async def trickle() -> None:
        for letter in b"GET /api/petitions/things HTTP/1.1\r\nX: " + b"x" * 10_000:
            writer.write(bytes((letter,)))
            await writer.drain()
            await asyncio.sleep(0.02)

    trickling = asyncio.create_task(trickle())
    try:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await asyncio.wait_for(reader.readexactly(1), 10)
    finally:
        trickling.cancel()
        writer.close()
    assert at.behind.asked == []


async def test_a_connection_that_is_kept_may_be_idle(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.2)
    request = b"GET /api/petitions/things HTTP/1.1\r\nHost: x\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    writer.write(request + b"\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    (length,) = [line for line in head.lower().split(b"\r\n") if b"content-length" in line]
    await reader.readexactly(int(length.split(b":")[1]))
    # Longer than a head may take: between two requests that does not count.
    assert not await _ended(reader, 0.5)
    writer.write(request + b"Connection: close\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), 10)).startswith(b"HTTP/1.1 200")
    writer.close()


async def _ended(reader: asyncio.StreamReader, within: float) -> bool:
    try:
        return await asyncio.wait_for(reader.read(1), within) == b""
    except TimeoutError:
        return False


@pytest.mark.parametrize("length", [1_000, 1_000_000])
async def test_a_body_that_does_not_come_is_not_waited_for(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr(incoming, "PAUSE_SECONDS", 0.3)
    head = f"POST /api/petitions/files HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\nabc"
    answer = await asyncio.wait_for(at.raw(head.encode()), 10)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"urn:jinlin:problem:too-slow" in answer


async def test_an_answer_that_is_not_read_is_given_up(
    at: DoorAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_LOOK_SECONDS", "LOOK_SECONDS", "UNREAD_SECONDS"):
        monkeypatch.setattr(leaving, name, 0.2)
    pool = at.front.doorway.upstreams.pool("petitions")
    assert pool is not None
    _, writer = await asyncio.open_connection("127.0.0.1", at.port, limit=1_024)
    writer.write(b"GET /api/petitions/files/90000000 HTTP/1.1\r\nHost: x\r\n\r\n")

    async def under_way() -> bool:
        return pool.under_way == 1

    async def given_up() -> bool:
        return pool.under_way == 0

    await until(under_way)
    await until(given_up)
    writer.close()


async def test_a_body_that_trickles_is_cut(at: DoorAtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incoming, "PAUSE_SECONDS", 0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", at.port)
    writer.write(b"POST /api/petitions/files HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")

    async def trickle() -> None:
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)

    trickling = asyncio.create_task(trickle())
    try:
        answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
        assert answer.startswith(b"HTTP/1.1 408 ")
    finally:
        trickling.cancel()
        writer.close()
