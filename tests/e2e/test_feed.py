"""The feed and the catalogue on real servers: what happens in the town is read by other systems."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree

import httpx

from services.subscriptions.feed_formats import ATOM_NAMESPACE
from shared.contracts.envelope import topic, type_of
from shared.contracts.notifications import MessagePosted
from shared.contracts.petitions import PetitionClosed, PetitionFiled, PetitionTaken
from tests.chaos.witness import messages_in
from tests.e2e.town import COMMUNITY, DISTRICT, ELSEWHERE, FAR, HOME, NEXT_DOOR, Person, Town

PETITIONS = "cn.jinlin.petitions.*"
PATIENCE = 20.0
"""Seconds within which what happened has to arrive."""


def system(town: Town, *places: str) -> Person:
    """Another system of the city, for some of its places or for all."""
    return Person(town, "system-12345", ("service",), places)


def page(reader: Person, **asked: str) -> httpx.Response:
    """A part of the feed."""
    answer = reader.get("subscriptions", "/feed", params=asked)
    assert answer.status_code == 200, answer.text
    return answer


def now(reader: Person) -> str:
    """A cursor at the end."""
    cursor = ""
    while True:
        asked = {"limit": "1000", **({"after": cursor} if cursor else {})}
        answer = page(reader, **asked)
        cursor = answer.headers["jinlin-cursor"]
        if not answer.json():
            return cursor


def read(reader: Person, after: str, count: int, **asked: str) -> list[dict[str, Any]]:
    """The next so many events, waiting for them."""
    found: list[dict[str, Any]] = []
    limit = time.monotonic() + PATIENCE
    while len(found) < count:
        assert time.monotonic() < limit, found
        answer = page(reader, after=after, wait="5", **asked)
        found += answer.json()
        after = answer.headers["jinlin-cursor"]
    return found


def filings(reader: Person, after: str, petition: str) -> list[dict[str, Any]]:
    """The filings up to that of a petition, waited for; others' may stand before it."""
    found: list[dict[str, Any]] = []
    while not any(each["data"]["petition"] == petition for each in found):
        found = read(reader, after, len(found) + 1, types=type_of(PetitionFiled))
    return found


def test_a_petitions_life_is_read_as_it_was_published(town: Town) -> None:
    reader, resident, worker = system(town), town.resident(), town.holder(HOME)
    begin = now(reader)
    petition = resident.file()
    worker.does("take", petition)
    resident.does("withdraw", petition)
    stream = f"petition-{petition}"
    kinds = {type_of(PetitionFiled), type_of(PetitionTaken)}
    events = read(reader, begin, 2, types=",".join(sorted(kinds)), places=HOME)
    mine = [event for event in events if event["subject"] == stream]
    assert [event["type"] for event in mine] == [type_of(PetitionFiled), type_of(PetitionTaken)]
    sent = [json.loads(m.value) for m in messages_in(town.kafka.bootstrap, topic("petitions"))]
    assert all(event in sent for event in mine)


def test_places_and_categories_narrow_it(town: Town) -> None:
    everywhere = system(town)
    begin = now(everywhere)
    here = town.resident().file(category="sanitation")
    there = town.resident().file(place=FAR, category="property-lifts")
    filed = type_of(PetitionFiled)
    both = {event["data"]["petition"] for event in read(everywhere, begin, 2, types=filed)}
    assert both == {here, there}

    def seen(reader: Person, **asked: str) -> set[str]:
        answer = page(reader, after=begin, types=filed, **asked)
        return {event["data"]["petition"] for event in answer.json()}

    assert seen(everywhere, places=DISTRICT) == {here}
    assert seen(everywhere, places=ELSEWHERE) == {there}
    assert seen(everywhere, categories="property-lifts") == {there}
    assert seen(everywhere, places=NEXT_DOOR) == set()
    assert seen(system(town, COMMUNITY)) == {here}
    assert seen(system(town, FAR)) == {there}
    assert seen(system(town, COMMUNITY), places=ELSEWHERE) == set()


def test_what_happens_is_told_to_whoever_waits(town: Town) -> None:
    reader, resident = system(town), town.resident()
    begin = now(reader)
    answers: queue.Queue[httpx.Response] = queue.Queue()
    asked = {"after": begin, "wait": "30", "types": type_of(PetitionFiled)}
    waiting = threading.Thread(target=lambda: answers.put(page(reader, **asked)), daemon=True)
    waiting.start()
    petition = resident.file()
    (event,) = answers.get(timeout=PATIENCE).json()
    assert event["data"]["petition"] == petition


def test_as_atom_page_by_page(town: Town) -> None:
    reader = system(town)
    begin = now(reader)
    petitions = [town.resident().file() for _ in range(3)]
    read(reader, begin, 3, types=type_of(PetitionFiled))
    found: list[str] = []
    link = f"feed.atom?after={begin}&limit=1&types={type_of(PetitionFiled)}"
    for _ in range(4):
        answer = reader.get("subscriptions", f"/{link}")
        assert answer.status_code == 200, answer.text
        feed = ElementTree.fromstring(answer.content)
        found += [
            json.loads(content.text or "")["data"]["petition"]
            for content in feed.iter(f"{{{ATOM_NAMESPACE}}}content")
        ]
        (link,) = (
            each.attrib["href"]
            for each in feed.iter(f"{{{ATOM_NAMESPACE}}}link")
            if each.attrib["rel"] == "next"
        )
    assert sorted(found) == sorted(petitions)


@contextmanager
def streaming(
    reader: Person, last: str, **asked: str
) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
    """An open stream: cursor and event, as they come."""
    url = f"{reader.town.url('subscriptions')}/feed/stream"
    headers = reader.headers({"Last-Event-ID": last})
    with (
        httpx.Client(timeout=PATIENCE, trust_env=False) as http,
        http.stream("GET", url, params=asked, headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        yield _events(response)


def _events(response: httpx.Response) -> Iterator[tuple[str, dict[str, Any]]]:
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        name, _, value = line.partition(": ")
        if name in ("id", "data"):
            fields[name] = value
        elif not line:
            if "data" in fields:
                yield fields["id"], json.loads(fields["data"])
            fields = {}


def test_as_a_stream_that_goes_on_where_it_broke_off(town: Town) -> None:
    reader, resident = system(town), town.resident()
    begin = now(reader)
    filed = type_of(PetitionFiled)
    with streaming(reader, begin, types=filed) as events:
        first = resident.file()
        last, event = next(events)
        assert event["data"]["petition"] == first
    while_away = resident.file()
    with streaming(reader, last, types=filed) as events:
        _, event = next(events)
        assert event["data"]["petition"] == while_away
        after = resident.file()
        _, event = next(events)
        assert event["data"]["petition"] == after


def test_it_begins_at_a_moment(town: Town) -> None:
    reader, resident = system(town), town.resident()
    begin = now(reader)
    first = resident.file()
    (event,) = (each for each in filings(reader, begin, first) if each["data"]["petition"] == first)
    answer = page(reader, **{"from": event["time"], "types": type_of(PetitionFiled)})
    assert first in {each["data"]["petition"] for each in answer.json()}
    late = page(reader, **{"from": "2199-01-01T00:00:00Z"})
    # What follows on the filing may just be entered; the filing was before.
    assert event["id"] not in {each["id"] for each in late.json()}
    second = resident.file()
    after = filings(reader, late.headers["jinlin-cursor"], second)
    assert event not in after, "it is a place like any other"


def test_the_feed_knows_nothing_of_those_who_stay_inside(town: Town) -> None:
    reader, resident = system(town), town.resident()
    resident.told("petition-received", resident.file())
    posted = {"types": type_of(MessagePosted)}
    assert reader.get("subscriptions", "/feed", params=posted).status_code == 422
    assert resident.get("subscriptions", "/feed").status_code == 403
    assert town.holder(HOME).get("subscriptions", "/feed").status_code == 403
    assert town.administrator().get("subscriptions", "/feed").status_code == 200


def test_the_catalogue_names_what_the_feed_gives(town: Town) -> None:
    listed = town.http.get(f"{town.url('subscriptions')}/catalogue").json()["items"]
    described = {one["type"]: one for one in listed}
    begin = now(system(town))
    town.resident().file()
    for event in read(system(town), begin, 1, types=PETITIONS):
        assert described[event["type"]]["fed"]
        assert described[event["type"]]["dataschema"] == event["dataschema"]
    assert type_of(PetitionClosed) in described
    html = town.http.get(f"{town.url('subscriptions')}/catalogue.html?service=petitions")
    assert "PetitionFiled" in html.text
