"""Kafka beside a backup: how far topics and groups had come, and where a restore sets them."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

from kafka import KafkaAdminClient, KafkaConsumer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, OffsetSpec
from kafka.errors import KafkaError, UnknownMemberIdError
from kafka.structs import OffsetAndMetadata

from deploy.backup.manifest import Kafka, Offsets
from deploy.backup.troubles import NotNow
from shared.contracts.envelope import SERVICES, Envelope, Unreadable, parse, topic
from shared.runtime.topics import RETENTION_HOURS

IDLE_WITHIN = 30.0
"""Seconds for members that were killed to be given up by Kafka."""
LOOK_EVERY = 0.5
TOPICS = tuple(topic(service) for service in SERVICES)


@contextmanager
def administered(bootstrap: str) -> Iterator[KafkaAdminClient]:
    """A connection. Raises `NotNow` where Kafka does not answer."""
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap,
            client_id="jinlin-backup",
            request_timeout_ms=15_000,
            bootstrap_timeout_ms=10_000,
        )
        try:
            yield admin
        finally:
            admin.close()
    except (KafkaError, OSError) as error:
        raise NotNow(f"Kafka at {bootstrap} cannot be used now: {error!r}") from error


def positions(bootstrap: str) -> Kafka:
    """How it is now. Ask before the stores' moment: then whatever lies before a group's offset is
    in its store, and whatever lies in a topic in the commits.
    """
    with administered(bootstrap) as admin:
        ends = _ends(admin)
        groups: dict[str, Offsets] = {}
        known = [one["group_id"] for one in admin.list_groups() if one["group_id"] in SERVICES]
        for group, offsets in (admin.list_group_offsets(known) if known else {}).items():
            for place, done in offsets.items():
                groups.setdefault(group, {}).setdefault(place.topic, {})[place.partition] = (
                    done.offset
                )
        return Kafka(_by_topic(ends), groups, _retention(admin, _by_topic(ends)))


def _ends(admin: KafkaAdminClient) -> dict[TopicPartition, int]:
    places = [
        TopicPartition(described["name"], one["partition_index"])
        for described in admin.describe_topics()
        if described["name"] in TOPICS
        for one in described["partitions"]
    ]
    if not places:
        return {}
    found = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    return {place: end.offset for place, end in found.items()}


def _by_topic(offsets: Mapping[TopicPartition, int]) -> Offsets:
    found: Offsets = {}
    for place, offset in sorted(offsets.items()):
        found.setdefault(place.topic, {})[place.partition] = offset
    return found


def _retention(admin: KafkaAdminClient, topics: Collection[str]) -> dict[str, float]:
    resources = [ConfigResource(ConfigResourceType.TOPIC, name) for name in topics]
    if not resources:
        return {}
    told = admin.describe_configs(resources, config_filter="all")["topic"]
    return {name: int(told[name]["retention.ms"]["value"]) / 3_600_000 for name in topics}


def longest_retention(kafka: Kafka) -> float:
    """Hours for which events were to be had from Kafka."""
    return max(kafka.retention_hours.values(), default=RETENTION_HOURS)


def need_idle(bootstrap: str) -> None:
    """Returns when no service is a member of its group. Raises `NotNow`."""
    limit = time.monotonic() + IDLE_WITHIN
    while True:
        with administered(bootstrap) as admin:
            known = [one["group_id"] for one in admin.list_groups() if one["group_id"] in SERVICES]
            told = admin.describe_groups(known) if known else {}
        busy = [group for group, one in told.items() if one["members"]]
        if not busy:
            return
        if time.monotonic() > limit:
            raise NotNow(f"still running: {', '.join(sorted(busy))}: stop all services first")
        time.sleep(LOOK_EVERY)


def tail(bootstrap: str, services: Collection[str], ends: Offsets) -> Iterator[Envelope]:
    """The events of these services that came after those ends: all, where a topic is another one by
    now. What is no envelope is passed over: nobody of ours put it there.
    """
    consumer = KafkaConsumer(
        bootstrap_servers=bootstrap,
        enable_auto_commit=False,
        max_partition_fetch_bytes=8_000_000,
        bootstrap_timeout_ms=10_000,
    )
    try:
        for service in services:
            name = topic(service)
            numbers = consumer.partitions_for_topic(name) or set()
            for place in (TopicPartition(name, number) for number in sorted(numbers)):
                consumer.assign([place])
                first = consumer.beginning_offsets([place])[place]
                last = consumer.end_offsets([place])[place]
                known = ends.get(name, {}).get(place.partition, 0)
                consumer.seek(place, max(first, known) if known <= last else first)
                while consumer.position(place) < last:
                    for record in consumer.poll(timeout_ms=1000).get(place, []):
                        try:
                            yield parse(record.value or b"")
                        except Unreadable:
                            continue
    except (KafkaError, OSError) as error:
        raise NotNow(f"Kafka at {bootstrap} cannot be read now: {error!r}") from error
    finally:
        consumer.close()


def set_back(bootstrap: str, services: Sequence[str], was: Kafka) -> None:
    """Empties the topics of these services, up to their ends, and sets groups back: at an emptied
    topic to where it begins now, of a restored service at any other topic to where it was.

    Offsets grow on: other systems at these topics find what is published again behind what they
    have read, wherever they were.
    """
    emptied = {topic(service) for service in services}
    with administered(bootstrap) as admin:
        ends = _ends(admin)
        known = [one["group_id"] for one in admin.list_groups() if one["group_id"] in SERVICES]
        for group, offsets in (admin.list_group_offsets(known) if known else {}).items():
            to: dict[TopicPartition, OffsetAndMetadata] = {}
            for place in offsets.keys() & ends.keys():
                if place.topic in emptied:
                    offset = ends[place]
                elif group in services:
                    before = was.groups.get(group, {}).get(place.topic, {})
                    offset = min(before.get(place.partition, 0), ends[place])
                else:
                    continue
                to[place] = OffsetAndMetadata(offset, "", -1)
            if to:
                _put_back(admin, group, to)
        # At the very end: what was lost can be found again as long as it is there.
        if goes := {place: end for place, end in ends.items() if place.topic in emptied and end}:
            admin.delete_records(goes)


def _put_back(
    admin: KafkaAdminClient, group: str, to: dict[TopicPartition, OffsetAndMetadata]
) -> None:
    """A broker that has just started tells of no members until it has read of them, and then waits
    for those that were killed as long as it would have: `need_idle` may have looked before.
    """
    limit = time.monotonic() + IDLE_WITHIN
    while True:
        answers = admin.alter_group_offsets(group, to)
        if UnknownMemberIdError not in answers.values() or time.monotonic() > limit:
            _need_no_errors(answers)
            return
        time.sleep(LOOK_EVERY)


def _need_no_errors(answers: Mapping[TopicPartition, type[KafkaError]]) -> None:
    for place, error in answers.items():
        if error.errno:
            raise NotNow(f"Kafka keeps the offset at {place.topic}/{place.partition}: {error}")
