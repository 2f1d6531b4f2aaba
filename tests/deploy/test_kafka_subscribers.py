"""Other systems at Kafka: they log in over TLS, read what they were given, and nothing else."""

from __future__ import annotations

import socket
import sqlite3
import ssl
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import (
    GroupAuthorizationFailedError,
    KafkaError,
    TopicAuthorizationFailedError,
)

from deploy.local.processes import free_port
from shared.client import About, Away, Kafka, Security, Store, Subscriber
from shared.contracts.envelope import dead_letter_topic, topic, type_of
from shared.contracts.petitions import PetitionSupported
from tests.client.arrivals import supported
from tests.guarded import Guarded, guarded, publish

pytestmark = [pytest.mark.servers, pytest.mark.slow]

PETITIONS, PLACES = topic("petitions"), topic("community")


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    with guarded(tmp_path_factory.mktemp("guarded"), "petitions", "community") as at:
        yield at


def consumer(at: Guarded, security: Security, group: str, **changed: Any) -> KafkaConsumer:
    """What some other client would connect with."""
    settings = {**security.settings(), "bootstrap_timeout_ms": 10_000, **changed}
    return KafkaConsumer(
        bootstrap_servers=at.outside, group_id=group, auto_offset_reset="earliest", **settings
    )


def poll(reader: KafkaConsumer, topic: str) -> list[bytes]:
    """The first messages of a topic."""
    try:
        reader.subscribe([topic])
        found = reader.poll(timeout_ms=20_000)
        return [record.value for records in found.values() for record in records]
    finally:
        reader.close()


def readable(reader: KafkaConsumer) -> set[str]:
    """The topics that the broker shows: to be shown one is the least of the rights to it, and the
    right to read has it in itself.
    """
    try:
        topics: set[str] = reader.topics()
        return topics
    finally:
        reader.close()


def test_a_subscriber_reads_what_it_was_given(kafka: Guarded, tmp_path: Path) -> None:
    security = kafka.add("urban-management", "petitions")
    event = supported("p1", 1)
    publish(kafka.inside, event)
    subscriber = Subscriber(Kafka(kafka.outside, "urban-management", security), tmp_path / "db")
    seen: list[str] = []

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        seen.append(about.id)
        subscriber.stop()

    subscriber.run()
    assert seen == [event.id]
    again = consumer(kafka, security, "urban-management.statistics")
    assert event.to_bytes() in poll(again, PETITIONS)


def test_it_reads_no_other_topic(kafka: Guarded) -> None:
    security = kafka.add("water-works", "petitions")
    # None of the other service, no dead letters, none of the broker's own.
    assert readable(consumer(kafka, security, "water-works")) == {PETITIONS}
    assert {PLACES, dead_letter_topic("petitions")} < readable(
        KafkaConsumer(bootstrap_servers=kafka.inside)
    )


def test_the_client_says_which_topic_it_waits_for(kafka: Guarded, tmp_path: Path) -> None:
    security = kafka.add("hopeful", "community")
    source, store = Kafka(kafka.outside, "hopeful", security), Store(tmp_path / "db")
    with pytest.raises(Away, match=PETITIONS):
        source.open([type_of(PetitionSupported)], store)
    store.close()


def test_it_is_no_member_of_anothers_group(kafka: Guarded) -> None:
    kafka.add("water-works", "petitions")
    security = kafka.add("water", "petitions")
    # Not even of one that begins like its own name.
    for group in ("notifications", "water-works"):
        with pytest.raises(GroupAuthorizationFailedError):
            poll(consumer(kafka, security, group), PETITIONS)


def test_it_writes_nothing(kafka: Guarded) -> None:
    security = kafka.add("writer", "petitions")
    producer = KafkaProducer(
        bootstrap_servers=kafka.outside, enable_idempotence=False, **security.settings()
    )
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            producer.send(PETITIONS, b"{}").get(20)
    finally:
        producer.close()


def test_nobody_comes_in_without_the_right_password(
    kafka: Guarded, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    right = kafka.add("forgetful", "petitions")
    wrong = Security(right.user, "something else", kafka.ca)
    store = Store(tmp_path / "db")
    with pytest.raises(Away, match="password"):
        Kafka(kafka.outside, "forgetful", wrong).open([type_of(PetitionSupported)], store)
    assert wrong.password not in caplog.text
    source = Kafka(kafka.outside, "forgetful", right)
    source.open([type_of(PetitionSupported)], store)
    source.close()
    store.close()


def refused(at: Guarded, security: Security) -> bool:
    """Whether the broker lets nobody in with this name and password."""
    try:
        consumer(at, security, security.user, bootstrap_timeout_ms=5_000).close()
    except KafkaError:
        return True
    return False


def test_nobody_comes_in_without_a_name(kafka: Guarded) -> None:
    tls = {"security_protocol": "SSL", "sasl_mechanism": None, "ssl_cafile": str(kafka.ca)}
    for settings in (tls, {"security_protocol": "PLAINTEXT", "sasl_mechanism": None}):
        with pytest.raises(KafkaError):
            consumer(
                kafka,
                Security("nobody", "", kafka.ca),
                "nobody",
                bootstrap_timeout_ms=3_000,
                **settings,
            )


def test_a_broker_with_another_certificate_is_not_believed(kafka: Guarded) -> None:
    security = kafka.add("careful", "petitions")
    believes_the_machine = Security(security.user, security.password)
    with pytest.raises(KafkaError):
        consumer(kafka, believes_the_machine, "careful", bootstrap_timeout_ms=3_000)


def test_the_listener_speaks_no_old_tls(kafka: Guarded) -> None:
    context = ssl.create_default_context(cafile=str(kafka.ca))
    with warnings.catch_warnings(action="ignore"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    host, _, port = kafka.outside.partition(":")
    with pytest.raises((ssl.SSLError, OSError)), socket.create_connection((host, int(port))) as s:
        context.wrap_socket(s, server_hostname=host)


def test_a_second_add_changes_password_and_rights(kafka: Guarded) -> None:
    before = kafka.add("moving", "petitions")
    after = kafka.add("moving", "community")
    assert before.password != after.password
    assert refused(kafka, before)
    assert not refused(kafka, after)
    assert readable(consumer(kafka, after, "moving")) == {PLACES}
    listed = kafka.subscriber("list").stdout.splitlines()
    assert "moving community.events." in listed


def test_who_was_removed_is_out(kafka: Guarded) -> None:
    security = kafka.add("leaving", "petitions")
    assert not refused(kafka, security)
    assert kafka.subscriber("remove", "leaving").returncode == 0
    assert refused(kafka, security)
    assert "leaving" not in kafka.subscriber("list").stdout
    # Once more is no fault.
    assert kafka.subscriber("remove", "leaving").returncode == 0


def test_the_platform_goes_on_inside(kafka: Guarded) -> None:
    reader = KafkaConsumer(bootstrap_servers=kafka.inside, group_id="notifications")
    try:
        assert reader.end_offsets([TopicPartition(PETITIONS, 0)])
    finally:
        reader.close()


@pytest.mark.parametrize("name", ["", "x", "Water", "../water", "water works", "a" * 64])
def test_a_name_is_small_letters_digits_and_dashes(kafka: Guarded, name: str) -> None:
    done = kafka.subscriber("add", name)
    assert done.returncode == 2
    assert "small letters" in done.stderr


def test_a_broker_without_rights_or_away_is_said(kafka: Guarded) -> None:
    away = Guarded(kafka.server, f"127.0.0.1:{free_port()}", kafka.outside, kafka.ca)
    done = away.subscriber("add", "somebody")
    assert (done.returncode, done.stdout) == (3, "")
    assert "no Kafka answers" in done.stderr
