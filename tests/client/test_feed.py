"""The feed as a source, over HTTP: what is asked, what is kept, and what a bad answer leads to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.client import Away, Feed, Refused, Store, Subscriber
from shared.contracts.envelope import Envelope
from tests.client.arrivals import book, bookkeeper, supported

FIRST, SECOND, THIRD = (supported("p1", version) for version in (1, 2, 3))


@dataclass
class Answer:
    """What a server says once."""

    status: int = 200
    body: bytes = b"[]"
    headers: dict[str, str] = field(default_factory=dict)


def batch(*events: Envelope, cursor: str) -> Answer:
    """What the feed says: a batch, and the place to go on from."""
    body = b"[" + b",".join(event.to_bytes() for event in events) + b"]"
    return Answer(body=body, headers={"Jinlin-Cursor": cursor})


@dataclass
class Script:
    """A server that gives these answers, one after the other, and notes what it was asked."""

    answers: list[Answer]
    url: str = ""
    asked: list[dict[str, str]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    at_end: Callable[[], None] = lambda: None

    def next(self, handler: BaseHTTPRequestHandler) -> Answer:
        address = urlsplit(handler.path)
        assert address.path == "/feed"
        self.asked.append({name: values[0] for name, values in parse_qs(address.query).items()})
        self.tokens.append(handler.headers["Authorization"])
        if self.answers:
            return self.answers.pop(0)
        self.at_end()
        return batch(cursor="end")


@contextmanager
def serving(*answers: Answer) -> Iterator[Script]:
    script = Script(list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = script.next(self)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        script.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()


def read(script: Script, path: Path) -> Subscriber:
    """Runs a bookkeeper of the feed until the script is over."""
    subscriber = bookkeeper(Feed(script.url, lambda: "abc", places=["C1", "C2"]), path / "book.db")
    script.at_end = subscriber.stop
    subscriber.run()
    return subscriber


def test_it_asks_for_what_is_handled_and_goes_on_from_the_cursor(tmp_path: Path) -> None:
    with serving(batch(FIRST, SECOND, cursor="two"), batch(THIRD, cursor="three")) as script:
        subscriber = read(script, tmp_path)
    assert book(subscriber) == [FIRST.id, SECOND.id, THIRD.id]
    asked = {"types": FIRST.type, "places": "C1,C2", "limit": "500", "wait": "10"}
    assert script.asked == [asked, {**asked, "after": "two"}, {**asked, "after": "three"}]
    assert set(script.tokens) == {"Bearer abc"}
    assert subscriber.store.position(f"{script.url}/feed") == "end"


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    with serving(batch(FIRST, cursor="one")) as script:
        read(script, tmp_path).close()
        script.answers = [batch(FIRST, SECOND, cursor="two")]
        subscriber = read(script, tmp_path)
        assert script.asked[2]["after"] == "end"
    assert book(subscriber) == [FIRST.id, SECOND.id]


def test_a_feed_that_is_away_is_waited_for(tmp_path: Path) -> None:
    troubles = [
        Answer(503),
        Answer(429),
        Answer(200, b"<html>a proxy's page</html>"),
        Answer(200, b"{}", {"Jinlin-Cursor": "x"}),
        Answer(200, b"[]"),
    ]
    with serving(*troubles, batch(FIRST, cursor="one")) as script:
        assert book(read(script, tmp_path)) == [FIRST.id]


def test_nobody_there_is_waited_for_too(tmp_path: Path) -> None:
    with serving() as script:
        pass
    source, store = Feed(script.url, lambda: "abc"), Store(tmp_path / "store.db")
    source.open([FIRST.type], store)
    with pytest.raises(Away):
        source.poll()
    store.close()


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refusal_is_told_and_ends_it(tmp_path: Path, status: int) -> None:
    problem = json.dumps({"code": "no", "detail": "the token has expired"}).encode()
    with serving(Answer(status, problem)) as script, pytest.raises(Refused) as refused:
        read(script, tmp_path)
    assert f"{status}: the token has expired" in str(refused.value)


def test_a_token_does_not_follow_to_another_address(tmp_path: Path) -> None:
    with serving() as other, serving() as script:
        script.answers = [Answer(302, b"", {"Location": f"{other.url}/feed"})]
        with pytest.raises(Refused):
            read(script, tmp_path)
    assert other.tokens == []


def test_what_is_no_event_is_put_aside(tmp_path: Path) -> None:
    odd = b'["\\ud800", {"type": 7}, {"type": "%s"}]' % FIRST.type.encode()
    with serving(Answer(200, odd, {"Jinlin-Cursor": "c"}), batch(FIRST, cursor="d")) as script:
        subscriber = read(script, tmp_path)
    assert book(subscriber) == [FIRST.id]
    assert len(subscriber.aside()) == 3


def test_an_address_is_of_http() -> None:
    with pytest.raises(ValueError):
        Feed("ftp://jinlin.city.example", lambda: "abc")
