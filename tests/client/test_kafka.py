"""The subscriber on a real Kafka: whatever befalls it or the broker, each event has one effect."""

from __future__ import annotations

import random
import sqlite3
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from kafka import KafkaProducer

from deploy.local.processes import Process, free_port
from deploy.local.servers import KafkaServer
from shared.client import About, Away, Kafka, Later, Store, Subscriber
from shared.client.kafka import REPLAYED_FOR
from shared.contracts.envelope import Envelope, topic, type_of
from shared.contracts.petitions import PetitionSupported
from shared.runtime.topics import provision, topics_of
from tests.client.arrivals import book, bookkeeper, supported
from tests.client.groups import PATIENCE, bury, committed, drop, members, until
from tests.guarded import publish

pytestmark = [pytest.mark.servers, pytest.mark.slow]

TOPIC = topic("petitions")
GROUP = "urban-management"
STREAMS, EACH = 30, 60


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    """A broker of these tests' own: they kill it, and their poison is nobody else's trouble."""
    server = KafkaServer(tmp_path_factory.mktemp("kafka"))
    try:
        yield server.start()
    finally:
        server.kill()


@pytest.fixture
def kafka(broker: KafkaServer) -> Iterator[KafkaServer]:
    """The same, with empty topics and without groups."""
    provision(broker.bootstrap, topics_of("petitions"))
    yield broker
    bury(broker.bootstrap, GROUP, forget=True)
    drop(broker.bootstrap, TOPIC)


@contextmanager
def reading(subscriber: Subscriber) -> Iterator[None]:
    """Runs a subscriber beside the test."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            subscriber.run()
        except BaseException as failure:
            failures.append(failure)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        subscriber.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()
    assert failures == []


def entered(path: Path) -> list[str]:
    """The ids in a book, read beside whoever writes it."""
    with closing(sqlite3.connect(path)) as db:
        try:
            return [row[0] for row in db.execute("SELECT event FROM book ORDER BY rowid")]
        except sqlite3.OperationalError:
            return []  # nobody has begun it


def reader(kafka: KafkaServer, store: Path) -> Process:
    """A subscriber in a process of its own."""
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "tests.client.reader",
        kafka.bootstrap,
        GROUP,
        store,
    ]
    return Process("reader", command, log=store.with_suffix(".log"))


def test_it_reads_from_before_its_first_start_and_goes_on_where_it_was(
    kafka: KafkaServer, tmp_path: Path
) -> None:
    first, second, third = (supported("p1", version) for version in (1, 2, 3))
    publish(kafka.bootstrap, first, first, second)
    path = tmp_path / "book.db"
    subscriber = bookkeeper(Kafka(kafka.bootstrap, GROUP), path)
    with reading(subscriber):
        until(lambda: len(entered(path)) == 2, "both entered")
    # Stopped, it has committed all it did.
    assert committed(kafka.bootstrap, GROUP, TOPIC)
    subscriber.close()

    publish(kafka.bootstrap, third)
    subscriber = bookkeeper(Kafka(kafka.bootstrap, GROUP), path)
    with reading(subscriber):
        until(lambda: len(entered(path)) == 3, "the third entered")
    assert book(subscriber) == [first.id, second.id, third.id]
    subscriber.close()


def test_a_group_set_back_to_the_start_does_nothing_twice(
    kafka: KafkaServer, tmp_path: Path
) -> None:
    events = [supported(f"p{number}", 1) for number in range(20)]
    publish(kafka.bootstrap, *events)
    path = tmp_path / "book.db"
    for round in (1, 2):
        subscriber = bookkeeper(Kafka(kafka.bootstrap, GROUP), path)
        with reading(subscriber):
            until(
                lambda: committed(kafka.bootstrap, GROUP, TOPIC), f"all committed in round {round}"
            )
        assert sorted(book(subscriber)) == sorted(event.id for event in events)
        subscriber.close()
        bury(kafka.bootstrap, GROUP, forget=True)


class Crooked(str):
    """A header's name that is not UTF-8, as a careless program may write it."""

    def encode(self, *_: object) -> bytes:
        return b"\xff\xfe"


def test_poison_is_put_aside_and_the_partition_moves_on(kafka: KafkaServer, tmp_path: Path) -> None:
    before, after = supported("p1", 1), supported("p1", 2)
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    key = before.subject.encode()

    def send(value: bytes | None, *headers: tuple[str, bytes]) -> None:
        producer.send(TOPIC, key=key, value=value, headers=list(headers)).get(30)

    send(before.to_bytes())
    send(b"{")
    send(b"\xff\xfe\x00")
    send(None)
    send(b'{"data":' * 20_000)
    send(before.to_bytes(), ("type", b"\xff\xfe"))
    send(supported("p1", 7).to_bytes(), (REPLAYED_FOR, b"notifications"))
    send(before.to_bytes().replace(b'"by":"r1"', b'"by":[]').replace(b"/1/0", b"/9/0"))
    send(b"odd", (Crooked("x"), b"y"))
    send(b"odd again", (Crooked("x"), b"y"))
    elsewhere = [supported(f"q{number}", 1) for number in range(20)]
    publish(kafka.bootstrap, *elsewhere)
    send(after.to_bytes())
    producer.close()

    path = tmp_path / "book.db"
    subscriber = bookkeeper(Kafka(kafka.bootstrap, GROUP), path)
    with reading(subscriber):
        until(lambda: len(entered(path)) == 22, "what stands behind the poison")
    assert set(book(subscriber)) == {event.id for event in (before, *elsewhere, after)}
    assert book(subscriber).index(before.id) < book(subscriber).index(after.id)
    assert len(subscriber.aside()) == 5
    assert committed(kafka.bootstrap, GROUP, TOPIC)
    subscriber.close()


def test_later_keeps_its_place_and_its_membership(kafka: KafkaServer, tmp_path: Path) -> None:
    events = [supported("p1", version) for version in range(1, 6)]
    publish(kafka.bootstrap, *events)
    away = threading.Event()
    away.set()
    subscriber = Subscriber(Kafka(kafka.bootstrap, GROUP), tmp_path / "store.db")
    seen: list[str] = []
    tries: list[str] = []

    @subscriber.on(PetitionSupported)
    def listen(event: PetitionSupported, about: About, db: sqlite3.Connection) -> None:
        if about.version == 3 and away.is_set():
            tries.append(about.id)
            raise Later("the map is away")
        seen.append(about.id)

    with reading(subscriber):
        until(lambda: len(tries) > 3, "several tries")
        assert seen == [event.id for event in events[:2]]
        away.clear()
        until(lambda: len(seen) == 5, "the rest")
    assert seen == [event.id for event in events]
    subscriber.close()


@pytest.mark.timeout(600)
def test_a_broker_that_is_away_is_waited_for(kafka: KafkaServer, tmp_path: Path) -> None:
    first, second = supported("p1", 1), supported("p1", 2)
    publish(kafka.bootstrap, first)
    kafka.stop()
    path = tmp_path / "book.db"
    subscriber = bookkeeper(Kafka(kafka.bootstrap, GROUP), path)
    with reading(subscriber):
        kafka.start()
        until(lambda: entered(path) == [first.id], "the first, after the broker came")
        kafka.kill()
        kafka.start()
        publish(kafka.bootstrap, second)
        until(lambda: entered(path) == [first.id, second.id], "the second, after a crash")
    subscriber.close()


def test_waiting_for_a_broker_leaves_nothing_behind(tmp_path: Path) -> None:
    store, threads = Store(tmp_path / "store.db"), threading.active_count()
    source = Kafka(f"127.0.0.1:{free_port()}", GROUP)
    for _ in range(2):
        with pytest.raises(Away):
            source.open([type_of(PetitionSupported)], store)
    source.close()
    store.close()
    until(lambda: threading.active_count() == threads, "its threads gone")


def publishing(kafka: KafkaServer, events: list[Envelope]) -> threading.Thread:
    """Publishes beside the test, some at a time."""

    def run() -> None:
        for start in range(0, len(events), 60):
            publish(kafka.bootstrap, *events[start : start + 60])

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def many() -> list[Envelope]:
    return [
        supported(f"p{number}", version)
        for version in range(1, EACH + 1)
        for number in range(STREAMS)
    ]


def each_once_and_in_order(path: Path, events: list[Envelope]) -> None:
    ids = entered(path)
    assert len(ids) == len(set(ids)), "something was entered twice"
    assert set(ids) == {event.id for event in events}, "something is missing"
    for number in range(STREAMS):
        stream = f"petitions/petition-p{number}/"
        versions = [int(id.split("/")[2]) for id in ids if id.startswith(stream)]
        assert versions == sorted(versions), f"{stream} out of order"


@pytest.mark.timeout(600)
def test_killed_at_random_nothing_is_lost_and_nothing_is_done_twice(
    kafka: KafkaServer, tmp_path: Path
) -> None:
    chance = random.Random(20260302)
    events, path = many(), tmp_path / "book.db"
    publisher = publishing(kafka, events)
    for _ in range(6):
        before = len(entered(path))
        with reader(kafka, path) as running:
            running.start()
            wanted = before + chance.randrange(1, 250)
            until(
                lambda wanted=wanted: len(entered(path)) >= min(wanted, len(events)),  # type: ignore[misc]
                "some more",
            )
            running.kill()
        bury(kafka.bootstrap, GROUP)
    publisher.join()
    with reader(kafka, path) as running:
        running.start()
        until(lambda: committed(kafka.bootstrap, GROUP, TOPIC), "all committed")
        running.stop()
        assert running.exit_code == 0
    each_once_and_in_order(path, events)


@pytest.mark.timeout(600)
def test_members_that_come_and_go_share_the_work_and_do_nothing_twice(
    kafka: KafkaServer, tmp_path: Path
) -> None:
    """Two processes with one file: partitions move while both are at work."""
    events, path = many(), tmp_path / "book.db"
    publisher = publishing(kafka, events)
    with reader(kafka, path) as one, reader(kafka, path) as two:
        one.start()
        until(lambda: len(entered(path)) > 0, "the first at work")
        two.start()
        until(lambda: members(kafka.bootstrap, GROUP) == 2, "two members")
        two.stop()
        two.start()
        until(lambda: members(kafka.bootstrap, GROUP) == 2, "two members again")
        one.pause()
        publisher.join()
        # Its partitions go to the other when its session has ended; then it wakes up.
        until(lambda: members(kafka.bootstrap, GROUP) == 1, "the paused one given up")
        one.resume()
        until(lambda: committed(kafka.bootstrap, GROUP, TOPIC), "all committed")
    each_once_and_in_order(path, events)
