"""What Kafka tells of topics and groups: true of a service that is down, too."""

from collections.abc import Callable

import pytest
from kafka import KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from prometheus_client import CollectorRegistry

from deploy.local.processes import free_port
from deploy.local.servers import KafkaServer
from shared.contracts.envelope import dead_letter_topic, topic
from shared.runtime.dead_letters import DeadLetters
from shared.runtime.kafka_figures import KafkaFigures
from shared.runtime.tools.exporter import registry
from shared.runtime.topics import provision, topics_of

EVENTS = topic("petitions")


class Told:
    """The figures as a scrape gets them."""

    def __init__(self, bootstrap: str) -> None:
        self.bootstrap = bootstrap
        self.registry = CollectorRegistry()
        self.registry.register(KafkaFigures(bootstrap))

    def __call__(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


@pytest.fixture
def told(own_kafka: Callable[..., KafkaServer]) -> Told:
    """Of a broker with the topics of petitions, six events in the first partition."""
    kafka = own_kafka()
    provision(kafka.bootstrap, topics_of("petitions"))
    write(kafka.bootstrap, EVENTS, 6)
    return Told(kafka.bootstrap)


def write(bootstrap: str, name: str, count: int) -> None:
    with KafkaProducer(bootstrap_servers=bootstrap) as producer:
        sent = [producer.send(name, value=b"{}", partition=0) for _ in range(count)]
        for each in sent:
            each.get(timeout=15)


def commit(bootstrap: str, group: str, offset: int) -> None:
    """As a service does that has handled so many events, and then goes down."""
    place = TopicPartition(EVENTS, 0)
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=group, enable_auto_commit=False)
    try:
        consumer.assign([place])
        consumer.commit({place: OffsetAndMetadata(offset, "", -1)})
    finally:
        consumer.close()


def test_a_broker_nobody_has_listened_to_is_told_whole(told: Told) -> None:
    assert told("jinlin_kafka_up") == 1
    assert told("jinlin_kafka_brokers") == 1
    assert told("jinlin_topic_messages", topic=EVENTS) == 6
    assert told("jinlin_kafka_leaderless_partitions", topic=EVENTS) == 0
    assert told("jinlin_kafka_underreplicated_partitions", topic=EVENTS) == 0
    assert told("jinlin_dead_letters_unresolved", service="petitions") == 0
    used, total = (told("jinlin_kafka_disk_bytes", broker="1", what=w) for w in ("used", "total"))
    assert used is not None
    assert total is not None
    assert 0 < used <= total


def test_what_waits_for_a_service_is_told_while_it_is_down_and_of_others_nothing(
    told: Told,
) -> None:
    commit(told.bootstrap, "notifications", 2)
    commit(told.bootstrap, "somebody-elses", 1)
    assert told("jinlin_group_lag", service="notifications", topic=EVENTS) == 4
    assert told("jinlin_group_lag", service="somebody-elses", topic=EVENTS) is None
    write(told.bootstrap, EVENTS, 3)
    assert told("jinlin_group_lag", service="notifications", topic=EVENTS) == 7


def test_a_dead_letter_counts_until_something_has_become_of_it(told: Told) -> None:
    write(told.bootstrap, dead_letter_topic("petitions"), 2)
    assert told("jinlin_dead_letters_unresolved", service="petitions") == 2
    letters = DeadLetters(told.bootstrap, "petitions")
    letters.drop(letters.unresolved()[0], "not ours")
    assert told("jinlin_dead_letters_unresolved", service="petitions") == 1
    assert told("jinlin_topic_messages", topic=dead_letter_topic("petitions")) == 3


def test_a_broker_that_is_away_is_told_as_away() -> None:
    told = Told(f"127.0.0.1:{free_port()}")
    assert told("jinlin_kafka_up") == 0
    assert told("jinlin_kafka_brokers") is None


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "JINLIN_KAFKA_BOOTSTRAP"),
        (
            {"JINLIN_KAFKA_BOOTSTRAP": "kafka:9092", "JINLIN_CERTIFICATES": "tls/broker.pem"},
            "JINLIN_CERTIFICATES",
        ),
    ],
)
def test_a_setting_that_is_wrong_is_named(settings: dict[str, str], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        registry(settings)
