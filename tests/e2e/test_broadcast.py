"""A typhoon warning to a street: on real MongoDB and Kafka."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from kafka import KafkaProducer

from shared.contracts.community import ResidentRegistered
from shared.contracts.envelope import Envelope, topic, type_of
from tests.e2e.town import FAR, HOME, NEXT_DOOR, STREET, Person, Town
from tests.e2e.waiting import until

PEOPLE = 60

pytestmark = [pytest.mark.alone, pytest.mark.slow, pytest.mark.timeout(180)]


def registered(town: Town, people: dict[str, str]) -> None:
    """They live there (by subject), as community tells it."""
    producer = KafkaProducer(bootstrap_servers=town.kafka.bootstrap, acks="all")
    try:
        for person, household in people.items():
            stream = f"resident-{person}"
            event = ResidentRegistered(person, household)
            message = Envelope(
                f"community/{stream}/1/0",
                type_of(ResidentRegistered),
                "/jinlin/community",
                stream,
                datetime.now(UTC),
                msgspec.to_builtins(event),
                1,
                f"community/{stream}/1",
            )
            producer.send(topic("community"), value=message.to_bytes(), key=stream.encode())
        producer.flush()
    finally:
        producer.close()
    roll = town.store("notifications")["state_roll"]
    ids = {"_id": {"$in": [*people]}}
    until(lambda: roll.count_documents(ids) == len(people), "the roll knows them")


def told(person: Person, about: str, kind: str) -> list[dict[str, Any]]:
    chinese = {"Accept-Language": "zh-CN"}
    answer = person.get("notifications", "/inbox?limit=200", headers=chinese)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return [one for one in items if one["about"] == about and one["kind"] == kind]


def done(person: Person, path: str, body: Any = None) -> dict[str, Any]:
    answer = person.post("notifications", path, body)
    assert answer.status_code in (200, 201), answer.text
    outcome: dict[str, Any] = answer.json()
    return outcome


def test_a_warning_reaches_everybody_of_the_street_and_nobody_else(town: Town) -> None:
    run = uuid4().hex[:8]
    there = {f"here-{run}-{n}": HOME if n % 2 else NEXT_DOOR for n in range(PEOPLE)}
    far = {f"far-{run}-{n}": FAR for n in range(3)}
    registered(town, there | far)
    writer, chief = (town.staff("street-staff", STREET, f"{who}-{run}") for who in ("w", "c"))
    words = [
        {"language": "zh-Hans", "title": "台风红色预警", "body": "今晚八点后请勿外出。"},
        {"language": "en", "title": "Typhoon red warning", "body": "Stay in after eight."},
    ]
    body = {"place": STREET, "words": words, "urgent": True, "rate": 25}
    at = f"/broadcasts/{done(writer, '/broadcasts', body)['id']}"
    about = at.removeprefix("/broadcasts/")
    done(writer, f"{at}/submit")
    own = writer.post("notifications", f"{at}/approve", {"urgent": True})
    assert own.json()["type"].endswith("own-broadcast")
    done(chief, f"{at}/approve", {"urgent": True})

    def progress() -> dict[str, Any]:
        found: dict[str, Any] = chief.get("notifications", f"{at}/progress").json()
        return found

    until(lambda: progress()["status"] == "done", "all are told")
    # Others of the town may live there, too.
    assert progress()["told"] == progress()["total"] >= PEOPLE
    messages = town.store("notifications")["state_message"]
    each = messages.find({"s.about": f"broadcast-{about}", "s.kind": "broadcast-urgent"})
    recipients = [one["s"]["recipient"] for one in each]
    assert set(there) <= set(recipients)
    assert len(set(recipients)) == len(recipients)
    assert not set(far) & set(recipients)
    somebody = town.resident(next(iter(there)))
    (message,) = told(somebody, f"broadcast-{about}", "broadcast-urgent")
    assert message["title"] == "紧急通知：台风红色预警"
    done(somebody, f"/messages/{message['id']}/read")
    until(lambda: progress()["read"] == 1, "one has read it")
