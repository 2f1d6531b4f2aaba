"""The inbox as a live stream of server-sent events."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.e2e.town import Person, Town

PATIENCE = 20.0
"""Seconds within which what was posted has to arrive."""


class Stream:
    """An open stream; `next` gives its events as they come."""

    def __init__(self) -> None:
        self.events: queue.Queue[dict[str, Any]] = queue.Queue()
        self.open = threading.Event()

    def next(self) -> dict[str, Any]:
        """The next event: ``event``, ``id`` and ``data``."""
        return self.events.get(timeout=PATIENCE)

    def read(self, response: httpx.Response) -> None:
        """Takes the lines of an answer apart, until it is closed."""
        self.open.set()
        event: dict[str, Any] = {}
        for line in response.iter_lines():
            name, _, value = line.partition(": ")
            if name in ("event", "id"):
                event[name] = value
            elif name == "data":
                event["data"] = json.loads(value)
            elif not line and event:
                self.events.put(event)
                event = {}


@contextmanager
def listening(person: Person, **headers: str) -> Iterator[Stream]:
    """The person's stream, open; closed at the end."""
    stream = Stream()
    client = httpx.Client(timeout=None, trust_env=False)
    url = f"{person.town.url('notifications')}/inbox/stream"
    request = client.build_request("GET", url, headers=person.headers(headers))
    response = client.send(request, stream=True)
    assert response.status_code == 200, response.read()

    def read() -> None:
        try:
            stream.read(response)
        except httpx.HTTPError:
            # The test is over and has closed it.
            return

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    assert stream.open.wait(PATIENCE)
    try:
        yield stream
    finally:
        # A thread waits in the socket: closing it under the thread is how it is told.
        response.extensions["network_stream"].get_extra_info("socket").shutdown(2)
        reader.join(PATIENCE)
        response.close()
        client.close()


def test_a_message_arrives_while_the_stream_is_open(town: Town) -> None:
    resident = town.resident()
    with listening(resident, **{"Accept-Language": "en"}) as stream:
        petition = resident.file()
        received, assigned = stream.next(), stream.next()
    told = {event["data"]["kind"]: event["data"] for event in (received, assigned)}
    assert {event["event"] for event in (received, assigned)} == {"message"}
    assert set(told) == {"petition-received", "petition-assigned"}
    assert told["petition-received"]["title"] == "We have your petition"
    assert told["petition-received"]["about"] == f"petition-{petition}"


def test_a_reading_is_told_to_the_persons_other_windows(town: Town) -> None:
    resident = town.resident()
    message = resident.told("petition-received", resident.file())
    with listening(resident) as stream:
        resident.told("petition-assigned", message["about"][9:])
        resident.post("notifications", f"/messages/{message['id']}/read")
        event = stream.next()
        while event["event"] != "read":
            event = stream.next()
    assert event["data"] == {"id": message["id"]}


def test_a_stream_goes_on_where_it_broke_off(town: Town) -> None:
    resident = town.resident()
    with listening(resident) as stream:
        first = resident.file()
        last = [stream.next(), stream.next()][-1]
    while_away = resident.file()
    resident.told("petition-received", while_away)
    resident.told("petition-assigned", while_away)
    with listening(resident, **{"Last-Event-ID": last["id"]}) as stream:
        seen = {event["data"]["id"]: event["data"] for event in (stream.next(), stream.next())}
        while {one["about"] for one in seen.values()} != {f"petition-{while_away}"} or (
            len(seen) < 2
        ):
            event = stream.next()
            seen = {
                id: one
                for id, one in {**seen, event["data"]["id"]: event["data"]}.items()
                if one["about"] != f"petition-{first}"
            }
    assert {one["kind"] for one in seen.values()} == {"petition-received", "petition-assigned"}


def test_nothing_of_others_comes_through(town: Town) -> None:
    resident, other = town.resident(), town.resident()
    with listening(resident) as stream:
        others = other.file()
        other.told("petition-assigned", others)
        own = resident.file()
        abouts = {stream.next()["data"]["about"] for _ in range(2)}
    assert abouts == {f"petition-{own}"}
