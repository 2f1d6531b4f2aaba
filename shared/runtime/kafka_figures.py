"""What Kafka itself tells of topics and consumer groups, as Prometheus metrics.

A service tells its own lag, but not while it is down: asked from outside, its group's lag goes on
being told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from shared.contracts.envelope import SERVICES, dead_letter_topic, topic
from shared.runtime.dead_letters import DeadLetters, NoBroker

TIMEOUT_MS = 5_000
"""For one answer of the broker: Prometheus itself waits ten seconds by default."""
TOPICS = frozenset(made(service) for service in SERVICES for made in (topic, dead_letter_topic))
"""Those of the platform; what others keep on the same brokers is theirs to watch."""


class KafkaFigures(Collector):
    """Asks Kafka at every scrape. Where it does not answer, ``jinlin_kafka_up`` is 0 and nothing
    else is told.
    """

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._letters: dict[str, tuple[int, int]] = {}
        """By service: the end of its dead letter topic when it was read, and how many were there
        that nothing had become of: read again only when something was added."""

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("jinlin_kafka_up", "1 where Kafka answers")
        try:
            told = self._ask()
            up.add_metric([], 1)
        except (KafkaError, NoBroker, OSError):
            told = []
            up.add_metric([], 0)
        return [up, *told]

    def _ask(self) -> list[Metric]:
        admin = KafkaAdminClient(
            bootstrap_servers=self._bootstrap,
            client_id="jinlin-exporter",
            request_timeout_ms=TIMEOUT_MS,
            bootstrap_timeout_ms=TIMEOUT_MS,
        )
        try:
            described = {
                each["name"]: each["partitions"]
                for each in admin.describe_topics()
                if each["name"] in TOPICS
            }
            places = [
                TopicPartition(name, one["partition_index"])
                for name, partitions in described.items()
                for one in partitions
                if one["leader_id"] >= 0
            ]
            ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
            latest = {place: end.offset for place, end in ends.items()}
            return [
                *_of_brokers(admin),
                *_of_partitions(described),
                _of_topics(latest),
                _of_groups(admin, latest),
                self._of_letters(latest),
            ]
        finally:
            admin.close()

    def _of_letters(self, latest: Mapping[TopicPartition, int]) -> Metric:
        unresolved = GaugeMetricFamily(
            "jinlin_dead_letters_unresolved",
            "Dead letters that were neither sent again nor put away",
            labels=["service"],
        )
        for service in SERVICES:
            name = dead_letter_topic(service)
            end = sum(offset for place, offset in latest.items() if place.topic == name)
            if self._letters.get(service, (0, 0))[0] != end:
                count = len(DeadLetters(self._bootstrap, service).unresolved())
                self._letters[service] = (end, count)
            unresolved.add_metric([service], self._letters.get(service, (0, 0))[1])
        return unresolved


def _of_brokers(admin: KafkaAdminClient) -> list[Metric]:
    count = GaugeMetricFamily("jinlin_kafka_brokers", "Brokers in the cluster")
    disk = GaugeMetricFamily(
        "jinlin_kafka_disk_bytes",
        "The file system below a broker's log directory: used, total",
        labels=["broker", "what"],
    )
    brokers = admin.describe_cluster()["brokers"]
    count.add_metric([], len(brokers))
    for told in admin.describe_log_dirs(brokers=[one["broker_id"] for one in brokers]):
        for directory in told["log_dirs"]:
            total, usable = directory["total_bytes"], directory["usable_bytes"]
            disk.add_metric([str(told["broker"]), "total"], total)
            disk.add_metric([str(told["broker"]), "used"], total - usable)
    return [count, disk]


def _of_partitions(described: Mapping[str, list[dict[str, Any]]]) -> list[Metric]:
    leaderless = GaugeMetricFamily(
        "jinlin_kafka_leaderless_partitions", "Partitions that nobody leads", labels=["topic"]
    )
    behind = GaugeMetricFamily(
        "jinlin_kafka_underreplicated_partitions",
        "Partitions of which a replica is not up to date",
        labels=["topic"],
    )
    for name, partitions in described.items():
        leaderless.add_metric([name], sum(one["leader_id"] < 0 for one in partitions))
        behind.add_metric(
            [name], sum(len(one["isr_nodes"]) < len(one["replica_nodes"]) for one in partitions)
        )
    return [leaderless, behind]


def _of_topics(latest: Mapping[TopicPartition, int]) -> Metric:
    messages = GaugeMetricFamily(
        "jinlin_topic_messages",
        "Messages that were ever written to a topic, of all its partitions",
        labels=["topic"],
    )
    sums: Counter[str] = Counter()
    for place, end in latest.items():
        sums[place.topic] += end
    for name, count in sums.items():
        messages.add_metric([name], count)
    return messages


def _of_groups(admin: KafkaAdminClient, latest: Mapping[TopicPartition, int]) -> Metric:
    """Of the services' groups alone: those of other systems come and go, and are called as they
    like.
    """
    lag = GaugeMetricFamily(
        "jinlin_group_lag",
        "Messages of a topic that a service's group has not handled yet",
        labels=["service", "topic"],
    )
    known = [one["group_id"] for one in admin.list_groups() if one["group_id"] in SERVICES]
    for group, offsets in (admin.list_group_offsets(known) if known else {}).items():
        behind: Counter[str] = Counter()
        for place, done in offsets.items():
            if place in latest and done.offset >= 0:
                behind[place.topic] += max(0, latest[place] - done.offset)
        for name, count in behind.items():
            lag.add_metric([group, name], count)
    return lag
