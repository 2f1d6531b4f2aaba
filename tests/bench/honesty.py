"""A run proves its own honesty: what clients were told, what is stored, what was published and what
it led to have to agree, to the last event."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from pymongo.database import Database

from shared.contracts.envelope import Envelope, parse, public_events, topic

SHOWN = 3
"""How many of what differs a message names."""


@dataclass(slots=True)
class Told:
    """What the load generators were told. `unanswered` counts requests that were under way when a
    load ended: they may be stored or not.
    """

    acknowledged: int = 0
    unanswered: int = 0
    seeded: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """What the stores and the topic hold.

    `committed` are the ids of the public events in the commits, `published` those in the topic;
    `expected` are the causes (event and stream) that the consumer's reactions lead to, `effects`
    those it has stored.
    """

    petitions: int
    states: int
    committed: set[str] = field(default_factory=set)
    published: set[str] = field(default_factory=set)
    expected: set[str] = field(default_factory=set)
    effects: set[str] = field(default_factory=set)


def differences(told: Told, found: Found) -> list[str]:
    """What does not agree, in words; empty for an honest run."""
    least = told.acknowledged + told.seeded
    most = least + told.unanswered
    wrong = []
    if found.petitions < least:
        wrong.append(f"{least - found.petitions} petitions were acknowledged and are not stored")
    if found.petitions > most:
        wrong.append(f"{found.petitions - most} petitions are stored that nobody asked for")
    if found.states != found.petitions:
        wrong.append(f"{found.petitions} petitions in commits, {found.states} states")
    wrong += _missing("events were committed and not published", found.committed, found.published)
    wrong += _missing("events were published and not committed", found.published, found.committed)
    wrong += _missing("effects are missing in notifications", found.expected, found.effects)
    wrong += _missing("effects in notifications have no cause", found.effects, found.expected)
    return wrong


def _missing(what: str, these: set[str], those: set[str]) -> Iterator[str]:
    if left := these - those:
        yield f"{len(left)} {what}: {', '.join(sorted(left)[:SHOWN])}"


# --- looking -------------------------------------------------------------------------------------


def event_ids(store: Database[dict[str, Any]], service: str) -> set[str]:
    """The ids of the public events in a service's commits."""
    names = {event.__name__ for event in public_events(service).values()}
    commits = store["commits"].find({"v": {"$gt": 0}}, {"stream": 1, "v": 1, "events.n": 1})
    return {
        f"{service}/{commit['stream']}/{commit['v']}/{n}"
        for commit in commits
        for n, event in enumerate(commit["events"])
        if event["n"] in names
    }


def causes(store: Database[dict[str, Any]], service: str) -> set[str]:
    """The causes of a consumer's commits that are events of `service`."""
    mine = {"causation": {"$regex": f"^{service}/"}}
    return {commit["cause"] for commit in store["commits"].find(mine, {"cause": 1})}


def envelopes(bootstrap: str, service: str) -> Iterator[Envelope]:
    """All that stands in the topic of a service, partition by partition."""
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    try:
        name = topic(service)
        partitions = [
            TopicPartition(name, number) for number in consumer.partitions_for_topic(name) or ()
        ]
        consumer.assign(partitions)
        consumer.seek_to_beginning(*partitions)
        ends = consumer.end_offsets(partitions)
        while any(consumer.position(one) < ends[one] for one in partitions):
            for records in consumer.poll(timeout_ms=1000, max_records=5000).values():
                yield from (parse(record.value) for record in records)
    finally:
        consumer.close()


def ids(of: Iterable[Envelope]) -> set[str]:
    """The ids of envelopes: of what was published twice, one."""
    return {envelope.id for envelope in of}
