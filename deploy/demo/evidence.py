"""What is really there: the stores read directly, the topics read from Kafka.

Nothing here asks a service: it is what the services' words are held against.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from kafka import KafkaConsumer, TopicPartition
from pymongo import ASCENDING, MongoClient
from pymongo.database import Database

from deploy.demo.addresses import database, kafka_bootstrap, mongo_uri
from deploy.local.layout import LocalError
from shared.contracts.envelope import Envelope, Unreadable, parse, public_events, topic

Doc = dict[str, Any]

POLL = 0.2
"""Seconds between two looks at what is waited for."""
CHUNK = 1_000
"""Ids asked for at once."""


def stream(petition: str) -> str:
    """The stream of a petition: what its commits, events and messages name."""
    return f"petition-{petition}"


@dataclass(frozen=True, slots=True)
class Published:
    """A public event as the commits say it must stand in the topic."""

    id: str
    type: str
    data: Doc


class Stores:
    """The services' databases, read without the services."""

    def __init__(self) -> None:
        self._clients: dict[str, MongoClient[Doc]] = {}

    def of(self, service: str) -> Database[Doc]:
        """A service's database."""
        uri = mongo_uri(service)
        if uri not in self._clients:
            self._clients[uri] = MongoClient(uri, tz_aware=True)
        return self._clients[uri][database(service)]

    def commits(self, service: str, streams: Iterable[str]) -> dict[str, list[Doc]]:
        """The commits of streams, by stream, in order."""
        found: defaultdict[str, list[Doc]] = defaultdict(list)
        for chunk in _chunks(streams):
            # `_id` is `<stream>/<version>`, which has an index; the stream alone has none.
            ranges = [{"_id": {"$gt": f"{one}/", "$lt": f"{one}0"}} for one in chunk]
            for commit in self.of(service)["commits"].find({"$or": ranges}):
                found[commit["stream"]].append(commit)
        return {one: sorted(all_of, key=lambda doc: doc["v"]) for one, all_of in found.items()}

    def first_commits(self, ids: Iterable[str]) -> dict[str, Doc]:
        """The commit that filed each petition, by petition."""
        commits = self.of("petitions")["commits"]
        wanted = {f"{stream(one)}/1": one for one in ids}
        return {wanted[doc["_id"]]: doc for doc in _with_ids(commits, wanted)}

    def petitions(self, ids: Iterable[str]) -> dict[str, Doc]:
        """The stored states of petitions, by id: `v` the version, `s` the state."""
        states = self.of("petitions")["state_petition"]
        return {doc["_id"]: doc for doc in _with_ids(states, ids)}

    def dossier_entries(self, name: str, ids: Collection[str]) -> dict[str, Doc]:
        """The data of the first entry of this name in each petition's dossier, by petition."""
        wanted = {stream(one): one for one in ids}
        found: dict[str, Doc] = {}
        for chunk in _chunks(wanted):
            asked = {"stream": {"$in": chunk}, "name": name}
            for entry in self.of("petitions")["dossiers"].find(asked):
                found.setdefault(wanted[entry["stream"]], entry["d"])
        return found

    def messages(self, about: Collection[str]) -> list[Doc]:
        """The stored messages about streams; `s` has recipient, kind and the event told of."""
        wanted = frozenset(about)
        cursor = self.of("notifications")["state_message"].find({}).sort("s.posted", ASCENDING)
        return [message for message in cursor if message["s"]["about"] in wanted]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for client in self._clients.values():
            client.close()


def _with_ids(collection: Any, ids: Iterable[str]) -> Iterable[Doc]:
    for chunk in _chunks(ids):
        yield from collection.find({"_id": {"$in": chunk}})


def _chunks(things: Iterable[str]) -> Iterable[list[str]]:
    listed = list(things)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def published_of(service: str, commits: Iterable[Mapping[str, Any]]) -> list[Published]:
    """The public events of commits, as they must be found in the service's topic."""
    types = {cls.__name__: type for type, cls in public_events(service).items()}
    return [
        Published(f"{service}/{commit['_id']}/{n}", types[event["n"]], event["d"])
        for commit in commits
        for n, event in enumerate(commit["events"])
        if event["n"] in types
    ]


class Topic:
    """A service's topic, read on from the beginning: `events` are all read so far, by id.

    At-least-once delivery may show an event more than once; its first appearance counts, and the
    order of `events` is the order of first appearances.
    """

    def __init__(self, service: str) -> None:
        self.name = topic(service)
        self.events: dict[str, Envelope] = {}
        self._consumer = KafkaConsumer(
            bootstrap_servers=kafka_bootstrap(),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        numbers = self._consumer.partitions_for_topic(self.name)
        if not numbers:
            raise LocalError(f"Kafka has no topic {self.name}: `make topics`")
        self.partitions = [TopicPartition(self.name, number) for number in sorted(numbers)]
        self._consumer.assign(self.partitions)
        self._consumer.seek_to_beginning()

    def read(self) -> None:
        """Reads what has come since the last time."""
        ends = self._consumer.end_offsets(self.partitions)
        while any(self._consumer.position(each) < ends[each] for each in self.partitions):
            for records in self._consumer.poll(timeout_ms=1_000, max_records=5_000).values():
                for record in records:
                    # What is no envelope was put there by somebody else, and is no event.
                    with suppress(Unreadable):
                        envelope = parse(record.value or b"")
                        self.events.setdefault(envelope.id, envelope)

    def ends(self) -> dict[TopicPartition, int]:
        """How far the topic goes now."""
        return dict(self._consumer.end_offsets(self.partitions))

    def of_streams(self, streams: Collection[str]) -> dict[str, list[Envelope]]:
        """The events read so far by stream."""
        found: defaultdict[str, list[Envelope]] = defaultdict(list)
        for envelope in self.events.values():
            if envelope.subject in streams:
                found[envelope.subject].append(envelope)
        return dict(found)

    def close(self) -> None:
        """Leaves Kafka."""
        self._consumer.close()


class Group:
    """How far a service's subscriber has handled a topic; offsets follow the stored effects."""

    def __init__(self, service: str) -> None:
        self._consumer = KafkaConsumer(
            bootstrap_servers=kafka_bootstrap(), group_id=service, enable_auto_commit=False
        )

    def behind(self, ends: Mapping[TopicPartition, int]) -> int:
        """Messages up to `ends` that the service has not handled yet."""
        return sum(
            max(0, end - (self._consumer.committed(partition) or 0))
            for partition, end in ends.items()
        )

    def close(self) -> None:
        """Leaves Kafka, without ever having joined the group."""
        self._consumer.close()


def messages_in(names: Iterable[str]) -> dict[str, int]:
    """How many messages stand in each topic."""
    consumer = KafkaConsumer(bootstrap_servers=kafka_bootstrap(), enable_auto_commit=False)
    try:
        counts = {}
        for name in names:
            numbers = consumer.partitions_for_topic(name) or set()
            partitions = [TopicPartition(name, number) for number in numbers]
            begins, ends = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
            counts[name] = sum(ends.values()) - sum(begins.values())
        return counts
    finally:
        consumer.close()


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Waits until `is_so`. Raises LocalError naming `what` when `seconds` have passed."""
    limit = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > limit:
            raise LocalError(f"not within {seconds:.0f} s: {what}. `make logs` may say why")
        time.sleep(POLL)
