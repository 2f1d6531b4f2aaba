"""Reads what the town's stores and topics hold, and lets the checker judge it."""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import httpx
from kafka import KafkaConsumer, TopicPartition

from services.community.main import service as community
from services.notifications.main import service as notifications
from services.petitions.main import service as petitions
from shared.contracts.envelope import topic
from shared.runtime.clock import SystemClock
from shared.runtime.mongo_journal import MongoJournal
from shared.runtime.service import Service
from tests.chaos.checker import Evidence, Message, Told, Violation, check, evidence_of
from tests.chaos.load import PLANTED
from tests.e2e.town import Town

PARTS: tuple[Service, ...] = (community, petitions, notifications)
SHOWN = 12
"""Violations that a failing test prints."""


class Witness:
    """Holds the town to what clients were told, in this test and in all before it."""

    def __init__(self, town: Town) -> None:
        self.told: list[Told] = []
        self.planted: set[bytes] = set()
        """Values of messages that tests put into topics, which no service published."""
        self.dead: set[str] = set()
        """Ids of events that lie among the dead letters."""
        self._town = town

    async def satisfied(self, told: Iterable[Told] = (), within: float = 60) -> None:
        """Waits until everything has come to rest and nothing is broken.

        What was lost never comes and what came twice never goes: then this fails, and says what.
        """
        self.told += told
        limit = time.monotonic() + within
        while found := await self.look():
            if time.monotonic() > limit:
                lines = "\n".join(str(violation) for violation in found[:SHOWN])
                raise AssertionError(f"{len(found)} broken promises:\n{lines}")
            await asyncio.sleep(0.5)

    async def look(self) -> list[Violation]:
        """What is broken now, or on its way."""
        clock = SystemClock()
        evidence: list[Evidence] = []
        for service in PARTS:
            settings = self._town.settings(service.name)
            database = settings["JINLIN_MONGO_DATABASE"]
            journal = MongoJournal.connect(self._town.mongo.uri, database, "pymongo", clock)
            try:
                messages = await asyncio.to_thread(self._messages, topic(service.name))
                evidence.append(await evidence_of(service, journal, messages, self.dead))
            finally:
                await journal.close()
        return check(evidence, self.told, clock.now(), personal=PLANTED, lines=self._lines())

    def _messages(self, name: str) -> list[Message]:
        return [
            message
            for message in messages_in(self._town.kafka.bootstrap, name)
            if message.value not in self.planted
        ]

    def _lines(self) -> list[str]:
        """What the services log, and what they tell Prometheus."""
        services = self._town.services
        logs = [process.log.read_text(errors="replace") for process in services.values()]
        metrics = [self._metrics(name) for name in services]
        return [line for text in (*logs, *metrics) for line in text.splitlines()]

    def _metrics(self, name: str) -> str:
        try:
            return self._town.metrics(name)
        except httpx.TransportError:  # it is down: when all has come to rest it is asked again
            return ""


def messages_in(bootstrap: str, name: str) -> list[Message]:
    """The messages of a topic, partition by partition, each in order."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, max_partition_fetch_bytes=8_000_000
    )
    try:
        found: list[Message] = []
        for place, records in _records(consumer, name).items():
            assert place.topic == name
            found += [Message(record.key, record.value or b"") for record in records]
        return found
    finally:
        consumer.close()


def _records(consumer: Any, name: str) -> dict[TopicPartition, list[Any]]:
    numbers = consumer.partitions_for_topic(name) or set()
    places = [TopicPartition(name, number) for number in sorted(numbers)]
    consumer.assign(places)
    consumer.seek_to_beginning(*places)
    ends = consumer.end_offsets(places)
    found: dict[TopicPartition, list[Any]] = {place: [] for place in places}
    while any(consumer.position(place) < ends[place] for place in places):
        for place, records in consumer.poll(timeout_ms=500).items():
            found[place] += records
    return found
