"""Topics come into being on purpose, with partitions and retention as asked for, and only once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from deploy.local.processes import free_port
from deploy.local.servers import KafkaServer
from shared.contracts.envelope import SERVICES
from shared.runtime.tools import topics as tool
from shared.runtime.topics import BrokerAway, TopicsError, TopicSpec, provision, topics_of


def settings_of(kafka: KafkaServer, topic: str) -> dict[str, str]:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        resource = ConfigResource(ConfigResourceType.TOPIC, topic)
        found = admin.describe_configs([resource], config_filter="all")["topic"][topic]
        (described,) = admin.describe_topics([topic])
    finally:
        admin.close()
    values = {name: entry["value"] for name, entry in found.items()}
    return {**values, "partitions": str(len(described["partitions"]))}


def name() -> str:
    return f"topic-{uuid4().hex[:8]}"


def test_a_service_has_a_topic_of_events_and_one_of_dead_letters_kept_longer() -> None:
    events, dead = topics_of("petitions", retention_hours=24, replication=3)

    assert (events.name, dead.name) == ("petitions.events.v1", "petitions.dlq.v1")
    assert dead.retention_hours > events.retention_hours == 24
    assert events.partitions == 6
    assert events.configs()["min.insync.replicas"] == "2"


def test_what_is_missing_is_created_and_what_is_there_is_left_alone(kafka: KafkaServer) -> None:
    spec = TopicSpec(name(), retention_hours=24, max_bytes=2_000_000)

    assert [each.outcome for each in provision(kafka.bootstrap, [spec])] == ["created"]
    assert [each.outcome for each in provision(kafka.bootstrap, [spec])] == ["there"]
    found = settings_of(kafka, spec.name)
    assert found["partitions"] == "6"
    assert found["retention.ms"] == str(24 * 3_600_000)
    assert found["max.message.bytes"] == "2000000"


def test_a_changed_retention_is_brought_to_the_broker(kafka: KafkaServer) -> None:
    topic = name()
    provision(kafka.bootstrap, [TopicSpec(topic, retention_hours=24)])

    (done,) = provision(kafka.bootstrap, [TopicSpec(topic, retention_hours=48)])

    assert done.outcome == "changed"
    assert settings_of(kafka, topic)["retention.ms"] == str(48 * 3_600_000)


def test_what_was_set_by_hand_besides_stays(kafka: KafkaServer) -> None:
    topic = name()
    provision(kafka.bootstrap, [TopicSpec(topic, retention_hours=24)])
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        by_hand = {"segment.bytes": "20000000"}
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, configs=by_hand)])
    finally:
        admin.close()

    provision(kafka.bootstrap, [TopicSpec(topic, retention_hours=48)])

    found = settings_of(kafka, topic)
    assert found["retention.ms"] == str(48 * 3_600_000)
    assert found["segment.bytes"] == "20000000"


def test_of_processes_that_start_at_once_one_makes_the_topic(kafka: KafkaServer) -> None:
    spec = TopicSpec(name())
    with ThreadPoolExecutor(4) as processes:
        done = list(processes.map(lambda _: provision(kafka.bootstrap, [spec]), range(4)))

    outcomes = [each.outcome for [each] in done]
    assert outcomes.count("created") == 1
    assert outcomes.count("there") == 3


def test_a_topic_with_other_partitions_is_refused_with_what_to_do(kafka: KafkaServer) -> None:
    topic = name()
    provision(kafka.bootstrap, [TopicSpec(topic, partitions=1)])

    with pytest.raises(TopicsError, match=f"{topic} has 1 partitions, expected 6"):
        provision(kafka.bootstrap, [TopicSpec(topic)])


def test_more_replicas_than_brokers_are_refused_clearly(kafka: KafkaServer) -> None:
    with pytest.raises(TopicsError, match="refused"):
        provision(kafka.bootstrap, [TopicSpec(name(), replication=3)])


@pytest.mark.slow
def test_a_broker_that_is_not_there_is_named() -> None:
    nobody = f"127.0.0.1:{free_port()}"

    with pytest.raises(BrokerAway, match=nobody):
        provision(nobody, [TopicSpec("t")])


def test_the_tool_makes_the_topics_of_all_services_and_tells(
    kafka: KafkaServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JINLIN_KAFKA_BOOTSTRAP", kafka.bootstrap)

    assert tool.main() == 0
    told = capsys.readouterr().out
    assert all(f"{service}.events.v1" in told for service in SERVICES)
    assert all(f"{service}.dlq.v1" in told for service in SERVICES)


@pytest.mark.parametrize(
    ("variable", "value"),
    [("JINLIN_KAFKA_RETENTION_HOURS", "a week"), ("JINLIN_KAFKA_REPLICATION", "0")],
)
def test_the_tool_names_a_wrong_setting(
    variable: str,
    value: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("JINLIN_KAFKA_BOOTSTRAP", "127.0.0.1:1")
    monkeypatch.setenv(variable, value)

    assert tool.main() == 2
    assert f"{variable}='{value}'" in capsys.readouterr().err


def test_the_tool_says_which_setting_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("JINLIN_KAFKA_BOOTSTRAP", raising=False)

    assert tool.main() == 2
    assert "JINLIN_KAFKA_BOOTSTRAP" in capsys.readouterr().err
