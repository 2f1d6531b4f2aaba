"""The servers of the local run, for real: what they promise and how they fail."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic
from kafka.errors import KafkaError
from pymongo import MongoClient
from pymongo.errors import OperationFailure, ServerSelectionTimeoutError

from deploy.local.layout import HOST, LocalError
from deploy.local.processes import StartFailed
from deploy.local.servers import KafkaServer, MongoServer

OwnMongo = Callable[..., MongoServer]
OwnKafka = Callable[..., KafkaServer]
Document = dict[str, Any]


# --- MongoDB -----------------------------------------------------------------------------------


def test_mongo_takes_transactions_and_change_streams(mongo: MongoServer, database: str) -> None:
    with MongoClient[Document](mongo.uri) as client:
        wishes = client[database].create_collection("wishes")
        with wishes.watch() as changes:
            with client.start_session() as session, session.start_transaction():
                wishes.insert_one({"_id": 1}, session=session)
                wishes.insert_one({"_id": 2}, session=session)
            assert [next(changes)["documentKey"]["_id"] for _ in range(2)] == [1, 2]


def test_a_journaled_write_survives_kill_9_of_mongo(own_mongo: OwnMongo) -> None:
    mongo = own_mongo()
    port, pid = mongo.port, mongo.pid
    with MongoClient[Document](mongo.uri, w="majority", journal=True) as client:
        client.city.wishes.insert_many([{"_id": n} for n in range(100)])
    mongo.kill()
    assert not mongo.running
    assert mongo.exit_code == -9
    mongo.start()
    assert mongo.port == port
    assert mongo.pid != pid
    with MongoClient[Document](mongo.uri) as client:
        assert client.city.wishes.count_documents({}) == 100


def test_a_paused_mongo_is_silent_until_it_is_resumed(own_mongo: OwnMongo) -> None:
    mongo = own_mongo()
    mongo.pause()
    assert mongo.running
    with (
        MongoClient[Document](mongo.uri, serverSelectionTimeoutMS=500) as client,
        pytest.raises(ServerSelectionTimeoutError),
    ):
        client.admin.command("ping")
    mongo.resume()
    with MongoClient[Document](mongo.uri) as client:
        assert client.admin.command("ping")["ok"] == 1


def test_stopping_ends_a_paused_mongo_in_order(own_mongo: OwnMongo) -> None:
    mongo = own_mongo()
    mongo.pause()
    mongo.stop()
    assert mongo.exit_code == 0


def test_a_directory_of_mongo_may_move_to_another_port(own_mongo: OwnMongo) -> None:
    first = own_mongo()
    with MongoClient[Document](first.uri) as client:
        client.city.wishes.insert_one({"_id": 1})
    first.stop()
    second = own_mongo(first.directory)
    assert second.port != first.port
    with MongoClient[Document](second.uri) as client:
        assert client.city.wishes.count_documents({}) == 1


def test_a_plain_mongo_can_be_had_for_the_refusal_of_it(own_mongo: OwnMongo) -> None:
    mongo = own_mongo(replica_set=False)
    with MongoClient[Document](mongo.uri) as client:
        assert "setName" not in client.admin.command("hello")
        with pytest.raises(OperationFailure, match="only supported on replica sets"):
            client.city.wishes.watch()


def test_a_taken_port_of_mongo_is_named_with_its_variable(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        server = MongoServer(tmp_path, port, variable="JINLIN_MONGO_PORT")
        with pytest.raises(LocalError, match=rf"port {port} of mongod.*set JINLIN_MONGO_PORT"):
            server.start()
    assert not server.running


@pytest.mark.servers
def test_a_mongo_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = MongoServer(tmp_path, options=["--noSuchOption"])
    with pytest.raises(StartFailed, match=r"(?s)mongod ended with .*noSuchOption"):
        server.start()


# --- Kafka -------------------------------------------------------------------------------------


def _make_topic(kafka: KafkaServer, name: str, partitions: int = 6) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        admin.create_topics([NewTopic(name, partitions, 1)])
    finally:
        admin.close()


def _send(kafka: KafkaServer, topic: str, values: list[bytes]) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    try:
        for sent in [producer.send(topic, value) for value in values]:
            sent.get(timeout=20)
    finally:
        producer.close()


def _read(kafka: KafkaServer, topic: str, count: int) -> set[bytes]:
    consumer = KafkaConsumer(
        topic, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest", group_id="readers"
    )
    read: set[bytes] = set()
    limit = time.monotonic() + 30
    try:
        while len(read) < count and time.monotonic() < limit:
            for records in consumer.poll(500).values():
                read.update(record.value for record in records)
    finally:
        consumer.close()
    return read


def test_kafka_carries_messages_to_a_group(kafka: KafkaServer) -> None:
    _make_topic(kafka, "carries")
    values = [b"%d" % n for n in range(60)]
    _send(kafka, "carries", values)
    assert _read(kafka, "carries", 60) == set(values)


def test_kafka_makes_no_topic_that_nobody_provisioned(kafka: KafkaServer) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, max_block_ms=1500)
    try:
        with pytest.raises(KafkaError):
            producer.send("unheard-of", b"x").get(timeout=3)
    finally:
        producer.close()
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        assert "unheard-of" not in admin.list_topics()
    finally:
        admin.close()


def test_what_kafka_acknowledged_survives_kill_9(own_kafka: OwnKafka) -> None:
    kafka = own_kafka()
    port, pid = kafka.port, kafka.pid
    _make_topic(kafka, "survives")
    values = [b"%d" % n for n in range(200)]
    _send(kafka, "survives", values)
    kafka.kill()
    kafka.start()
    assert (kafka.port, kafka.pid == pid) == (port, False)
    assert _read(kafka, "survives", 200) == set(values)


def test_kafka_restarts_in_order_on_its_directory_and_port(own_kafka: OwnKafka) -> None:
    kafka = own_kafka()
    bootstrap = kafka.bootstrap
    _make_topic(kafka, "kept", partitions=3)
    kafka.restart()
    assert kafka.bootstrap == bootstrap
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        (topic,) = admin.describe_topics(["kept"])
    finally:
        admin.close()
    assert len(topic["partitions"]) == 3


@pytest.mark.servers
def test_a_kafka_that_ends_at_once_shows_the_end_of_its_log(tmp_path: Path) -> None:
    server = KafkaServer(tmp_path, settings={"listeners": "nonsense"})
    with pytest.raises(LocalError, match="nonsense"):
        server.start()
    assert not server.running


def test_a_taken_controller_port_is_named_with_its_variable(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        server = KafkaServer(
            tmp_path, controller_port=port, controller_variable="JINLIN_KAFKA_CONTROLLER_PORT"
        )
        wanted = rf"port {port} of kafka's controller.*set JINLIN_KAFKA_CONTROLLER_PORT"
        with pytest.raises(LocalError, match=wanted):
            server.start()


@pytest.mark.servers
def test_servers_end_with_the_block_that_started_them(tmp_path: Path) -> None:
    with MongoServer(tmp_path).start() as mongo:
        assert mongo.running
    assert mongo.exit_code == 0
