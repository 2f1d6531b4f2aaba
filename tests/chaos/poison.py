"""Messages that no service of ours would publish, and how they come into a topic."""

import json
from collections.abc import Iterable
from typing import Any

from kafka import KafkaProducer

from shared.contracts.envelope import parse, topic
from shared.contracts.files import HERE, sample_file
from shared.runtime.dead_letters import DeadLetters, Letter
from tests.e2e.town import Town

FILED = "cn.jinlin.petitions.PetitionFiled.v1"
TOPIC = topic("petitions")
LARGEST = 12_000_000
"""Bytes of a message that a producer here may send."""
NOBODYS = {"data": {"petitioner": None}}
"""An event of which nobody is told."""


def envelope(**changes: Any) -> bytes:
    """A filed petition in an envelope; `data` changes its data."""
    raw = json.loads(parse(sample_file(HERE, FILED).read_bytes()).to_bytes())
    raw["data"].update(changes.pop("data", {}))
    return json.dumps({**raw, **changes}).encode()


def put(
    town: Town,
    values: Iterable[bytes],
    partition: int | None = None,
    headers: Any = (),
    key: bytes = b"poison",
) -> None:
    """Puts messages into the topic of petitions' events: into the key's partition, unless one is
    named.
    """
    producer = KafkaProducer(
        bootstrap_servers=town.kafka.bootstrap,
        acks="all",
        max_request_size=LARGEST,
    )
    try:
        sent = [
            producer.send(TOPIC, value=value, key=key, headers=list(headers), partition=partition)
            for value in values
        ]
        for one in sent:
            one.get(timeout=30)
    finally:
        producer.close()


def letters(town: Town) -> list[Letter]:
    """The unresolved dead letters of notifications."""
    return DeadLetters(town.kafka.bootstrap, "notifications").unresolved()
