"""One trace from the request through commit and Kafka into the other service's commit."""

import json
import secrets
from typing import Any

from kafka import KafkaConsumer, TopicPartition

from tests.e2e.town import Town, filing
from tests.e2e.waiting import until


def messages(bootstrap: str, topic: str) -> list[dict[str, Any]]:
    """All envelopes of a topic."""
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    try:
        numbers = consumer.partitions_for_topic(topic) or set()
        places = [TopicPartition(topic, number) for number in sorted(numbers)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends = consumer.end_offsets(places)
        found: list[dict[str, Any]] = []
        while any(consumer.position(place) < ends[place] for place in places):
            for records in consumer.poll(timeout_ms=500).values():
                found += [json.loads(record.value) for record in records]
        return found
    finally:
        consumer.close()


def test_the_trace_of_a_request_is_found_everywhere_it_led_to(town: Town) -> None:
    trace = secrets.token_hex(16)
    resident = town.resident()
    headers = {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"}
    answer = resident.post("petitions", "/petitions", filing(), headers)
    petition = answer.json()["id"]
    resident.told("petition-received", petition)

    stream = f"petition-{petition}"
    (commit,) = town.store("petitions")["commits"].find({"stream": stream})
    assert commit["trace"].split("-")[1] == trace

    def published() -> list[dict[str, Any]]:
        everything = messages(town.kafka.bootstrap, "petitions.events.v1")
        return [one for one in everything if one["subject"] == stream]

    envelopes = until(published, "the events are published")
    assert {one["traceparent"].split("-")[1] for one in envelopes} == {trace}
    assert len({one["correlationid"] for one in envelopes}) == 1

    told = {"causation": {"$in": [one["id"] for one in envelopes]}, "v": {"$gt": 0}}
    posted = list(town.store("notifications")["commits"].find(told))
    assert posted
    assert {one["trace"].split("-")[1] for one in posted} == {trace}
    assert {one["correlation"] for one in posted} == {envelopes[0]["correlationid"]}


def test_a_broken_traceparent_begins_a_new_trace(town: Town) -> None:
    resident = town.resident()
    for wrong in ("00-zz-zz-01", "00-" + "0" * 32 + "-" + "0" * 16 + "-01", "x" * 300):
        answer = resident.post("petitions", "/petitions", filing(), {"traceparent": wrong})
        assert answer.status_code == 201
        stream = f"petition-{answer.json()['id']}"
        (commit,) = town.store("petitions")["commits"].find({"stream": stream})
        assert set(commit["trace"].split("-")[1]) != {"0"}
