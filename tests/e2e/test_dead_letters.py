"""Dead letters through the door: an operator reads one, sends it again, nobody is told twice."""

from uuid import uuid4

import pytest
from kafka import KafkaProducer

from shared.contracts.envelope import Unreadable, dead_letter_topic, parse, topic
from shared.runtime.letters import REPLAYED_FOR
from tests.e2e.town import HOME, Person, Town
from tests.runtime.bus_fixtures import KafkaTestBroker

LETTERS = "/api/notifications/dead-letters"
ORIGIN = topic("petitions")


@pytest.fixture
def operator(town: Town) -> Person:
    """Who runs the platform."""
    return Person(town, "operator-1", ("operator",), ())


def assigned(town: Town, petition: str) -> bytes:
    """The event, as it stands in its topic, that somebody was assigned a petition."""
    for message in KafkaTestBroker(town.kafka.bootstrap).messages(ORIGIN):
        try:
            envelope = parse(message.value)
        except Unreadable:
            continue
        if envelope.subject == f"petition-{petition}" and "PetitionAssigned" in envelope.type:
            return message.value
    raise AssertionError(f"nobody was assigned {petition}")


def bury(town: Town, petition: str, reason: str) -> str:
    """Lays the event down as notifications would that could not handle it; the letter's id."""
    key = f"petition-{petition}".encode()
    headers = {
        "original-topic": ORIGIN.encode(),
        "original-key": key,
        "failed-at": b"2026-11-27T02:00:00+00:00",
        "reason": reason.encode(),
    }
    producer = KafkaProducer(bootstrap_servers=town.kafka.bootstrap, acks="all")
    try:
        sent = producer.send(
            dead_letter_topic("notifications"),
            key=key,
            value=assigned(town, petition),
            headers=list(headers.items()),
        )
        kept = sent.get(timeout=15)
    finally:
        producer.close()
    return f"{kept.partition}-{kept.offset}"


def test_one_is_sent_again_and_nobody_is_told_twice(town: Town, operator: Person) -> None:
    resident, reason = town.resident(), f"a defect of {uuid4().hex[:8]}"
    petition = resident.file()
    resident.told("petition-assigned", petition)
    id = bury(town, petition, reason)

    listed = operator.get("gateway", LETTERS).json()["items"]
    assert [one["id"] for one in listed if one["reason"] == reason] == [id]
    shown = operator.get("gateway", f"{LETTERS}/{id}").json()
    assert shown["can"] == ["drop", "replay"]
    assert "PetitionAssigned" in shown["text"]
    assert resident.get("gateway", f"{LETTERS}/{id}").status_code == 403

    first = operator.post("gateway", f"{LETTERS}/{id}/replay")
    again = operator.post("gateway", f"{LETTERS}/{id}/replay")
    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    sent = [
        dict(one.headers)[REPLAYED_FOR]
        for one in KafkaTestBroker(town.kafka.bootstrap).messages(ORIGIN)
        if one.key == f"petition-{petition}".encode() and REPLAYED_FOR in dict(one.headers)
    ]
    assert sent == [b"notifications"]
    # What comes behind it in the same partition is handled after it.
    town.holder(HOME).does("answer", petition, done="疏通了污水井。", done_by="物业", finished=True)
    resident.told("petition-answered", petition)
    kinds = [one["kind"] for one in resident.inbox(petition)]
    assert kinds.count("petition-assigned") == 1
    assert operator.get("gateway", f"{LETTERS}/{id}").json()["can"] == []


def test_one_is_put_away_with_a_reason(town: Town, operator: Person) -> None:
    resident = town.resident()
    petition = resident.file()
    resident.told("petition-assigned", petition)
    id = bury(town, petition, "no envelope")
    told = {"reason": "written by a test"}
    dropped = operator.post("gateway", f"{LETTERS}/{id}/drop", told)
    assert dropped.json()["resolution"]["how"] == "dropped"
    assert operator.post("gateway", f"{LETTERS}/{id}/replay").status_code == 409
    listed = operator.get("gateway", LETTERS).json()["items"]
    assert id not in [one["id"] for one in listed]
