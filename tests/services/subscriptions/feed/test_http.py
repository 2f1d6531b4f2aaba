"""The feed over HTTP: what is given out, to whom, in which form, and when."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import httpx
import orjson
import pytest

from services.subscriptions import feed_asking
from services.subscriptions.feed_asking import cursor_in, text_of
from services.subscriptions.feed_formats import ATOM_NAMESPACE, atom
from services.subscriptions.feed_reading import START, Cursor, Entry
from shared.contracts.ledger import LogKeyFollowed
from shared.runtime.problems import Invalid
from tests.services.community.served import Served
from tests.services.subscriptions.feed.happening import (
    NOON,
    OTHER,
    commented,
    envelope,
    filed,
    happens,
    message,
    subscriptions,
)

SYSTEM = "system-12345"
FILED = "cn.jinlin.petitions.PetitionFiled.v1"
COMMENTED = "cn.jinlin.petitions.PetitionCommented.v1"


@pytest.fixture
async def at() -> AsyncIterator[Served]:
    async with subscriptions() as there:
        yield there


async def ask(at: Served, path: str, *places: str, role: str = "service") -> httpx.Response:
    """What a municipal system is answered."""
    return await at.ask("GET", path, SYSTEM, role, places=places)


async def given(at: Served, path: str = "/feed", *places: str) -> list[str]:
    """The streams of the events that it is given."""
    answer = await ask(at, path, *places)
    assert answer.status_code == 200, answer.text
    return [each["subject"] for each in answer.json()]


async def two_petitions(at: Served) -> None:
    """One in each neighbourhood, then a word on the first, and a key of the log."""
    await happens(at, message(filed("p1"), "petition-p1"))
    await happens(at, message(filed("p2", OTHER, "noise"), "petition-p2"))
    await happens(at, message(commented("p1"), "petition-p1", 2))
    await happens(at, message(LogKeyFollowed("main", "key"), "log-main"))


# --- batches -------------------------------------------------------------------------------------


async def test_a_batch_holds_the_events_as_they_were_published(at: Served) -> None:
    sent = message(filed(), "petition-p1")
    await happens(at, sent)
    answer = await ask(at, "/feed")
    assert answer.headers["content-type"] == "application/cloudevents-batch+json"
    assert answer.content == b"[" + sent.value + b"]", "byte for byte"
    assert answer.headers["cache-control"] == "no-store"


async def test_the_next_part_begins_where_this_one_ends(at: Served) -> None:
    await two_petitions(at)
    found: list[str] = []
    path = "/feed?limit=1&types=cn.jinlin.petitions.*"
    for _ in range(4):
        answer = await ask(at, path)
        found += [each["subject"] for each in answer.json()]
        link = answer.links["next"]["url"]
        assert parse_qs(urlsplit(link).query)["after"] == [answer.headers["jinlin-cursor"]]
        path = str(httpx.URL("http://city.example/feed").join(link)).removeprefix(
            "http://city.example"
        )
    assert found == ["petition-p1", "petition-p2", "petition-p1"]
    await happens(at, message(filed("p3"), "petition-p3"))
    assert await given(at, path) == ["petition-p3"], "an empty part leads on, too"


@pytest.mark.parametrize(
    ("asked", "streams"),
    [
        ("types=" + COMMENTED, ["petition-p1"]),
        ("types=cn.jinlin.ledger.*", ["log-main"]),
        (f"types={FILED},cn.jinlin.ledger.*", ["petition-p1", "petition-p2", "log-main"]),
        ("places=n1", ["petition-p1", "petition-p1"]),
        ("places=s2", ["petition-p2"]),
        ("places=d1", ["petition-p1", "petition-p2", "petition-p1"]),
        ("categories=noise", ["petition-p2"]),
        ("categories=noise,property-lifts&places=c1", ["petition-p1", "petition-p1"]),
        ("places=nowhere", []),
    ],
)
async def test_only_what_is_wanted_is_given(at: Served, asked: str, streams: list[str]) -> None:
    await two_petitions(at)
    assert await given(at, f"/feed?{asked}") == streams


async def test_it_begins_at_a_moment(at: Served) -> None:
    await happens(at, message(filed("p1"), "petition-p1"))
    async with asyncio.timeout(5):
        before = at.running.clock.now()
        while at.running.clock.now() <= before:  # noqa: ASYNC110 - the clock tells nobody
            await asyncio.sleep(0.001)
    moment = at.running.clock.now()
    await happens(at, message(filed("p2"), "petition-p2"))
    zulu = moment.isoformat().replace("+00:00", "Z")
    assert await given(at, f"/feed?from={zulu}") == ["petition-p2"]
    assert await given(at, "/feed?from=2001-01-01T00:00:00Z") == ["petition-p1", "petition-p2"]
    assert await given(at, "/feed?from=2101-01-01T00:00:00Z") == []


async def test_a_narrow_filter_moves_on_though_nothing_is_found(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed_asking, "MOST_SCANNED", 20)
    monkeypatch.setattr(feed_asking, "AT_ONCE", 10)
    await happens(at, *(message(filed(f"p{n}"), f"petition-p{n}") for n in range(50)))
    await happens(at, message(filed("far", OTHER), "petition-far"))
    path, asked = "/feed?places=n9&wait=30", 0
    found: list[dict[str, Any]] = []
    while not found:
        answer = await ask(at, path)
        found = answer.json()
        path = f"/feed?places=n9&wait=30&after={answer.headers['jinlin-cursor']}"
        asked += 1
    assert [each["subject"] for each in found] == ["petition-far"]
    assert asked == 3, "each looks at 20, and none waits before it has seen all"


# --- waiting -------------------------------------------------------------------------------------


async def test_whoever_waits_is_answered_when_it_happens(at: Served) -> None:
    await happens(at, message(filed("p1"), "petition-p1"))
    cursor = (await ask(at, "/feed")).headers["jinlin-cursor"]
    waiting = [
        asyncio.create_task(given(at, f"/feed?wait=30&after={cursor}&places=n9")) for _ in range(10)
    ]
    await happens(at, message(filed("p2"), "petition-p2"))  # not theirs
    assert not any(task.done() for task in waiting)
    await happens(at, message(filed("p3", OTHER), "petition-p3"))
    async with asyncio.timeout(10):
        assert await asyncio.gather(*waiting) == [["petition-p3"]] * 10


async def test_a_wait_that_is_over_is_answered_with_how_far_it_came(at: Served) -> None:
    await happens(at, message(filed("p1"), "petition-p1"))
    began = at.running.clock.monotonic()
    answer = await ask(at, "/feed?wait=1&places=n9")
    assert at.running.clock.monotonic() - began >= 0.99
    assert answer.json() == []
    assert cursor_in("after", answer.headers["jinlin-cursor"]) == Cursor(1, 1)


# --- who may -------------------------------------------------------------------------------------


async def test_a_token_with_places_sees_what_lies_in_them(at: Served) -> None:
    await two_petitions(at)
    assert await given(at, "/feed", "s2") == ["petition-p2"]
    assert await given(at, "/feed?places=n1", "s2") == []
    assert await given(at, "/feed", "d1") == ["petition-p1", "petition-p2", "petition-p1"]
    assert "log-main" in await given(at, "/feed"), "what lies nowhere is the city's own"
    assert await given(at, "/feed?types=cn.jinlin.ledger.*", "d1") == []


@pytest.mark.parametrize("path", ["/feed", "/feed.atom", "/feed/stream"])
async def test_the_feed_is_not_for_everybody(at: Served, path: str) -> None:
    assert (await at.client.get(path)).status_code == 401
    for role in ("resident", "community-staff", "volunteer", "mediator"):
        assert (await ask(at, path, "d1", role=role)).status_code == 403
    if path != "/feed/stream":
        for role in ("service", "operator", "administrator"):
            assert (await ask(at, path, role=role)).status_code == 200


# --- what is wrong -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("types=cn.jinlin.petitions.PetitionSung.v1", "types"),
        ("types=cn.jinlin.notifications.MessagePosted.v1", "types"),
        ("types=,", "types"),
        ("types=" + ",".join(["*"] * 101), "types"),
        ("places=a%00b", "places"),
        ("categories=" + "x" * 200, "categories"),
        ("after=nonsense", "after"),
        ("after=W10", "after"),
        ("after=WzFd", "after"),
        ("after=WzEsIngiXQ", "after"),
        ("after=WzEsdHJ1ZV0", "after"),
        ("after=Wy0xLDBd", "after"),
        ("after=WzFlMzAwLDBd", "after"),
        ("after=WzksMV0", "after"),
        ("after=WzAsMF0&from=2026-01-01T00:00:00Z", "from"),
        ("from=2026-01-01T00:00:00", "from"),
        ("from=yesterday", "from"),
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("wait=61", "wait"),
        ("wait=-1", "wait"),
    ],
)
async def test_what_is_wrong_is_said(at: Served, asked: str, field: str) -> None:
    answer = await ask(at, f"/feed?{asked}")
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


@pytest.mark.parametrize("cursor", [START, Cursor(1, 1), Cursor(2**40, 900)])
def test_a_cursor_is_kept_as_text(cursor: Cursor) -> None:
    assert cursor_in("after", text_of(cursor)) == cursor


def test_a_cursor_of_another_list_is_none() -> None:
    with pytest.raises(Invalid):
        cursor_in("after", "WyJhIiwiYiJd")


# --- Atom ----------------------------------------------------------------------------------------


def tag(name: str) -> str:
    """A name in Atom's namespace."""
    return f"{{{ATOM_NAMESPACE}}}{name}"


async def test_as_atom(at: Served) -> None:
    sent = message(filed(), "petition-p1")
    await happens(at, sent)
    answer = await ask(at, "/feed.atom?limit=1&places=n1")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = ElementTree.fromstring(answer.content)
    assert feed.tag == tag("feed")
    for needed in ("id", "title", "updated", "author"):  # RFC 4287, 4.1.1
        assert feed.find(tag(needed)) is not None
    links = {link.attrib["rel"]: link.attrib["href"] for link in feed.iter(tag("link"))}
    assert links["self"] == "feed.atom?limit=1&places=n1"
    (entry,) = feed.iter(tag("entry"))
    said = {child.tag: child for child in entry}
    assert said[tag("id")].text == "urn:jinlin:event:petitions/petition-p1/1/0"
    assert said[tag("title")].text == "PetitionFiled petition-p1"
    moment = datetime.fromisoformat(said[tag("updated")].text or "")
    assert moment == datetime.fromisoformat(envelope(sent)["time"])
    assert said[tag("category")].attrib["term"] == FILED
    assert said[tag("content")].text == sent.value.decode()
    following = await ask(at, "/" + links["next"])
    assert list(ElementTree.fromstring(following.content).iter(tag("entry"))) == []


def test_whatever_is_said_is_still_xml() -> None:
    said = {"type": FILED, "id": "a <&>\"' 中", "subject": "x", "time": "2026-03-02T01:15:00Z"}
    said["data"] = "]]> <script> \ufffe\uffff \x7f 🏠 \u0000"
    document = atom([Entry(START, said, (), None)], "feed.atom", "feed.atom?after=x", NOON)
    content = ElementTree.fromstring(document).find(f".//{tag('content')}")
    assert content is not None
    assert orjson.loads(content.text or "") == said


# --- server-sent events --------------------------------------------------------------------------


class Stream:
    """A stream straight over ASGI: httpx's transport waits for the end of an answer."""

    def __init__(self, at: Served, query: str = "", last: str | None = None) -> None:
        token = at.issuer.token(SYSTEM, ["service"], [])
        headers = [(b"authorization", f"Bearer {token}".encode())]
        if last is not None:
            headers.append((b"last-event-id", last.encode()))
        self.status = 0
        self._lines: asyncio.Queue[str] = asyncio.Queue()
        self._gone = asyncio.Event()
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/feed/stream",
            "raw_path": b"/feed/stream",
            "query_string": query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("service.test", 80),
        }
        self._asked = False
        self._task = asyncio.create_task(at.app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, part: Any) -> None:
        if part["type"] == "http.response.start":
            self.status = part["status"]
        for line in part.get("body", b"").decode().splitlines():
            self._lines.put_nowait(line)

    async def next(self) -> dict[str, str]:
        """The next event's fields."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(10):
            while True:
                line = await self._lines.get()
                if line == "" and fields:
                    return fields
                if line and not line.startswith(":"):
                    name, _, value = line.partition(": ")
                    fields[name] = value

    async def leave(self) -> None:
        """The client goes."""
        self._gone.set()
        async with asyncio.timeout(10):
            await self._task


async def test_a_stream_gives_what_is_there_and_what_comes(at: Served) -> None:
    first, second = message(filed("p1"), "petition-p1"), message(filed("p2"), "petition-p2")
    await happens(at, first)
    stream = Stream(at)
    assert (await stream.next())["data"] == first.value.decode()
    await happens(at, second)
    got = await stream.next()
    assert got["data"] == second.value.decode()
    await stream.leave()
    again = Stream(at, last=text_of(Cursor(1, 1)))
    assert await again.next() == got, "whoever comes again goes on after the last that it had"
    await again.leave()


async def test_a_stream_says_how_far_it_has_come(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.subscriptions.api.feed.HEARTBEAT", 0.2)
    await happens(at, message(filed("p1"), "petition-p1"))
    stream = Stream(at, "places=n9")
    assert await stream.next() == {"id": text_of(Cursor(1, 1))}, "without data: nothing happened"
    await happens(at, message(filed("p2", OTHER), "petition-p2"))
    assert orjson.loads((await stream.next())["data"])["subject"] == "petition-p2"
    await stream.leave()


async def test_a_stream_ends_so_that_its_token_is_looked_at_anew(
    at: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.subscriptions.api.feed.STREAM_LASTS", 0)
    await happens(at, message(filed("p1"), "petition-p1"))
    stream = Stream(at)
    assert "data" in await stream.next()
    async with asyncio.timeout(10):
        await stream._task


async def test_what_is_wrong_is_said_before_a_stream_begins(at: Served) -> None:
    for query, last in (("types=x", None), ("", "nonsense"), ("", "WzksMV0")):
        stream = Stream(at, query, last)
        await stream._task
        assert stream.status == 422
