"""The topics a service needs, created explicitly: the broker creates none by itself.

A topic that came into being on first use would have one partition and the broker's retention.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from shared.contracts.envelope import dead_letter_topic, topic
from shared.runtime.clock import Clock

PARTITIONS = 6
RETENTION_HOURS = 168
"""A week: how long a subscriber may be away before it has to be helped by a replay."""
DEAD_LETTER_RETENTION = 4
"""How many times longer a dead letter is kept than an event: a person has to find the time."""
DEAD_LETTER_MAX_BYTES = 12 * 1024 * 1024
"""A dead letter is the message plus what is said about it, so its topic takes larger ones."""

REQUEST_SECONDS = 10
LEADERS_WITHIN = 30.0
"""Seconds for the partitions of a new topic to have leaders."""
LOOK_AGAIN = 0.05

_SET_FOR_THE_TOPIC = 1
"""Where a setting comes from: from the topic itself, not from the broker or from Kafka."""

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
    keys to other partitions and break their order. Holds its caller up, with a loop or without.
    """
    with ThreadPoolExecutor(1) as own:
        return own.submit(lambda: asyncio.run(_provision(bootstrap, specs))).result()


async def ensure(bootstrap: str, specs: Sequence[TopicSpec], clock: Clock) -> list[Provisioned]:
    """`provision` for a service that starts: waits, and says so, while no broker answers."""
    while True:
        try:
            return await _provision(bootstrap, specs)
        except BrokerAway as away:
            log.warning("waiting for the broker to create topics", reason=str(away))
            await clock.sleep(2)


async def _provision(bootstrap: str, specs: Sequence[TopicSpec]) -> list[Provisioned]:
    async with _admin(bootstrap) as admin:
        found = await _partitions(admin)
        for spec in specs:
            if spec.name in found and len(found[spec.name]) != spec.partitions:
                raise TopicsError(
                    f"topic {spec.name} has {len(found[spec.name])} partitions, expected "
                    f"{spec.partitions}: "
                    "was it created by hand, or by a broker with auto.create.topics.enable? "
                    "Stop all services, delete the topic and start again; its events can be "
                    "replayed."
                )
        created = await _create(admin, [spec for spec in specs if spec.name not in found])
        changed = await _correct(admin, [spec for spec in specs if spec.name in found])
        outcomes = dict.fromkeys(created, "created") | dict.fromkeys(changed, "changed")
        return [Provisioned(spec, outcomes.get(spec.name, "there")) for spec in specs]


@asynccontextmanager
async def _admin(bootstrap: str) -> AsyncIterator[AIOKafkaAdminClient]:
    admin = AIOKafkaAdminClient(
        bootstrap_servers=bootstrap.split(","),
        client_id="jinlin-topics",
        request_timeout_ms=REQUEST_SECONDS * 1000,
    )
    try:
        await admin.start()
        cluster = admin._client.cluster
        if not cluster.brokers() or cluster.controller is None:
            # The client takes for granted that there are some.
            raise BrokerAway(f"Kafka at {bootstrap} has no controller yet")
        yield admin
    except (KafkaError, OSError, TimeoutError) as error:
        if isinstance(error, KafkaError) and not error.retriable:
            raise TopicsError(f"Kafka at {bootstrap} refused: {error}") from error
        raise BrokerAway(f"Kafka at {bootstrap} did not answer: {error!r}") from error
    finally:
        await admin.close()


async def _partitions(admin: AIOKafkaAdminClient) -> dict[str, list[int]]:
    """The leader of each partition of every topic there is, -1 where it has none."""
    # To ask for one by its name would have some brokers create it.
    return {
        described["topic"]: [partition["leader"] for partition in described["partitions"]]
        for described in await admin.describe_topics()
        if described["error_code"] == 0
    }


async def _create(admin: AIOKafkaAdminClient, specs: Sequence[TopicSpec]) -> list[str]:
    """Creates topics; the names of those that no other process of ours was faster with."""
    if not specs:
        return []
    answer = await admin.create_topics(
        [
            NewTopic(spec.name, spec.partitions, spec.replication, topic_configs=spec.configs())
            for spec in specs
        ]
    )
    created = []
    for name, code, text in answer.topic_errors:
        if code == TopicAlreadyExistsError.errno:
            continue
        _raise_for(code, text)
        created.append(name)
    # Nobody should meet a topic whose partitions have no leader yet.
    async with asyncio.timeout(LEADERS_WITHIN):
        while True:
            leaders = await _partitions(admin)
            if all(min(leaders.get(spec.name, ()), default=-1) >= 0 for spec in specs):
                return created
            await asyncio.sleep(LOOK_AGAIN)


async def _correct(admin: AIOKafkaAdminClient, specs: Sequence[TopicSpec]) -> list[str]:
    """Gives topics the settings that they should have; the names of those that had others."""
    if not specs:
        return []
    wanted = {spec.name: spec.configs() for spec in specs}
    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in wanted]
    wrong = []
    for answer in await admin.describe_configs(asked):
        for code, text, _, name, entries in answer.resources:
            _raise_for(code, text)
            present = {entry[0]: entry[1] for entry in entries}
            if wanted[name].items() <= present.items():
                continue
            # What is not given with the others would go back to Kafka's own.
            own = {entry[0]: entry[1] for entry in entries if entry[3] == _SET_FOR_THE_TOPIC}
            wrong.append(ConfigResource(ConfigResourceType.TOPIC, name, own | wanted[name]))
    if wrong:
        for answer in await admin.alter_configs(wrong):
            for code, text, *_ in answer.resources:
                _raise_for(code, text)
    return [resource.name for resource in wrong]


def _raise_for(code: int, text: str | None) -> None:
    """Raises the `KafkaError` that a code other than 0 means."""
    if code:
        raise for_code(code)(text)
