"""The topics a service needs, created explicitly: the broker creates none by itself.

A topic that came into being on first use would have one partition and the broker's retention.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType
from kafka.errors import KafkaError, TopicAlreadyExistsError

from shared.contracts.envelope import dead_letter_topic, topic
from shared.runtime.clock import Clock

PARTITIONS = 6
RETENTION_HOURS = 168
"""A week: how long a subscriber may be away before it has to be helped by a replay."""
DEAD_LETTER_RETENTION = 4
"""How many times longer a dead letter is kept than an event: a person has to find the time."""
DEAD_LETTER_MAX_BYTES = 12 * 1024 * 1024
"""A dead letter is the message plus what is said about it, so its topic takes larger ones."""

log = structlog.get_logger(__name__)


class TopicsError(Exception):
    """The topics are not as they must be; the text says which and why."""


class BrokerAway(TopicsError):
    """No broker answers at the address."""


@dataclass(frozen=True, slots=True)
class TopicSpec:
    """A topic as it should be. `max_bytes` None leaves the broker's limit for a message."""

    name: str
    retention_hours: int = RETENTION_HOURS
    replication: int = 1
    partitions: int = PARTITIONS
    max_bytes: int | None = None

    def configs(self) -> dict[str, str]:
        """Its settings in Kafka's words."""
        configs = {
            "retention.ms": str(self.retention_hours * 3_600_000),
            "cleanup.policy": "delete",
        }
        if self.replication > 2:
            # One replica may be away and writes still go on, still twice on disk.
            configs["min.insync.replicas"] = str(self.replication - 1)
        if self.max_bytes is not None:
            configs["max.message.bytes"] = str(self.max_bytes)
        return configs


@dataclass(frozen=True, slots=True)
class Provisioned:
    """What was found or done: `outcome` is ``created``, ``there`` or ``changed``."""

    spec: TopicSpec
    outcome: str


def topics_of(
    service: str, retention_hours: int = RETENTION_HOURS, replication: int = 1
) -> list[TopicSpec]:
    """The topics of one service: its public events and its dead letters."""
    return [
        TopicSpec(topic(service), retention_hours, replication),
        TopicSpec(
            dead_letter_topic(service),
            retention_hours * DEAD_LETTER_RETENTION,
            replication,
            max_bytes=DEAD_LETTER_MAX_BYTES,
        ),
    ]


def provision(bootstrap: str, specs: Sequence[TopicSpec]) -> list[Provisioned]:
    """Creates the topics that are missing and corrects the settings of those that differ.

    Does nothing where all is as it should be. Raises `BrokerAway`, or `TopicsError` when the broker
    refuses or a topic has another number of partitions: that is never changed, as it would move
    keys to other partitions and break their order.
    """
    with _admin(bootstrap) as admin:
        done = [_provision_one(admin, spec) for spec in specs]
        created = [each.spec.name for each in done if each.outcome == "created"]
        if created:
            # Nobody should meet a topic whose partitions have no leader yet.
            admin.wait_for_topics(created)
        return done


async def ensure(bootstrap: str, specs: Sequence[TopicSpec], clock: Clock) -> list[Provisioned]:
    """`provision` for a service that starts: waits, and says so, while no broker answers."""
    while True:
        try:
            return await asyncio.to_thread(provision, bootstrap, specs)
        except BrokerAway as away:
            log.warning("waiting for the broker to create topics", reason=str(away))
            await clock.sleep(2)


@contextmanager
def _admin(bootstrap: str) -> Iterator[KafkaAdminClient]:
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=bootstrap,
            client_id="jinlin-topics",
            request_timeout_ms=10_000,
            bootstrap_timeout_ms=5_000,
        )
    except (KafkaError, OSError, ValueError) as error:
        raise BrokerAway(f"no Kafka answers at {bootstrap}: {error!r}") from error
    try:
        yield admin
    except KafkaError as error:
        if error.retriable:
            raise BrokerAway(f"Kafka at {bootstrap} did not answer: {error!r}") from error
        raise TopicsError(f"Kafka at {bootstrap} refused: {error}") from error
    finally:
        admin.close()


def _provision_one(admin: KafkaAdminClient, spec: TopicSpec) -> Provisioned:
    found = [t for t in admin.describe_topics([spec.name]) if t["error_code"] == 0]
    if not found:
        try:
            admin.create_topics(
                {
                    spec.name: {
                        "num_partitions": spec.partitions,
                        "replication_factor": spec.replication,
                        "configs": spec.configs(),
                    }
                }
            )
        except TopicAlreadyExistsError:
            return Provisioned(spec, "there")  # another process of ours was faster
        return Provisioned(spec, "created")
    partitions = len(found[0]["partitions"])
    if partitions != spec.partitions:
        raise TopicsError(
            f"topic {spec.name} has {partitions} partitions, expected {spec.partitions}: "
            "was it created by hand, or by a broker with auto.create.topics.enable? "
            "Stop all services, delete the topic and start again; its events can be replayed."
        )
    resource = ConfigResource(ConfigResourceType.TOPIC, spec.name)
    present = admin.describe_configs([resource], config_filter="all")["topic"][spec.name]
    wrong = {
        name: value
        for name, value in spec.configs().items()
        if present.get(name, {}).get("value") != value
    }
    if not wrong:
        return Provisioned(spec, "there")
    admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, spec.name, configs=wrong)])
    return Provisioned(spec, "changed")
