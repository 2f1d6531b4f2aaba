"""The ten lines that another system subscribes with, as printed in the guide, on a real Kafka."""

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Queue

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import MemberToRemove

from deploy.local.servers import KafkaServer
from shared.contracts.envelope import Envelope, parse, topic
from shared.contracts.files import HERE, sample_file
from shared.runtime.topics import PARTITIONS, provision, topics_of

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/guides/subscribing.md"
README = ROOT / "README.md"
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```", re.DOTALL | re.MULTILINE)
MARKER = "<!-- subscribe -->"

TOPIC = topic("petitions")
GROUP = "my-system"
FILED = "cn.jinlin.petitions.PetitionFiled.v1"
GOLDEN = parse(sample_file(HERE, FILED).read_bytes())
PETITION = GOLDEN.data["petition"]
PATIENCE = 60.0
"""Seconds after which something that should have been printed will not be."""


def snippet() -> str:
    block = BLOCK.search(GUIDE.read_text(encoding="utf-8"))
    assert block is not None, f"no python block in {GUIDE.name}"
    return block["code"]


def test_the_readme_shows_the_same_lines() -> None:
    if not README.exists():
        pytest.skip("there is no README.md")
    _, marker, rest = README.read_text(encoding="utf-8").partition(MARKER)
    assert marker, f"README.md has no {MARKER}"
    block = BLOCK.search(rest)
    assert block is not None, f"no python block after {MARKER}"
    assert block["code"] == snippet()


def filed(version: int) -> Envelope:
    """The golden sample, as the event of a later version of its stream."""
    return replace(GOLDEN, id=f"petitions/{GOLDEN.subject}/{version}/0", sequence=version)


def publish(kafka: KafkaServer, *envelopes: Envelope) -> None:
    producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
    try:
        for envelope in envelopes:
            producer.send(TOPIC, key=envelope.subject.encode(), value=envelope.to_bytes()).get(30)
    finally:
        producer.close()


class Subscriber:
    """The snippet in a process of its own; its lines can be waited for."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: Queue[str] = Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)

    def next_id(self) -> str:
        """The id in its next line."""
        _, type, id, data = self._lines.get(timeout=PATIENCE).split(" ", 3)
        assert type == FILED
        assert json.loads(data)["petition"] == PETITION
        return id

    def stop(self) -> list[str]:
        """Kills it, as the plug would; what it had printed beyond the lines already taken."""
        self._process.kill()
        self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return list(self._lines.queue)


@contextmanager
def subscriber(kafka: KafkaServer, directory: Path) -> Iterator[Subscriber]:
    process = subprocess.Popen(
        [sys.executable, "-c", snippet()],
        cwd=directory,
        env={**os.environ, "JINLIN_KAFKA_BOOTSTRAP": kafka.bootstrap},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    running = Subscriber(process)
    try:
        yield running
    finally:
        running.stop()


def wait_until_all_is_committed(kafka: KafkaServer) -> None:
    """Until the group has committed as far as the topic reaches."""
    partitions = [TopicPartition(TOPIC, number) for number in range(PARTITIONS)]
    probe = KafkaConsumer(
        bootstrap_servers=kafka.bootstrap, group_id=GROUP, enable_auto_commit=False
    )
    give_up = time.monotonic() + PATIENCE
    try:
        ends = probe.end_offsets(partitions)
        while any((probe.committed(each) or 0) < ends[each] for each in partitions):
            assert time.monotonic() < give_up, "the snippet did not commit what it had read"
    finally:
        probe.close()


def bury(kafka: KafkaServer, forget: bool = False) -> None:
    """Tells the broker at once that the killed member is gone; it would notice after 45 seconds.

    With `forget` the group's offsets go too.
    """
    admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    try:
        members = admin.describe_groups([GROUP])[GROUP]["members"]
        admin.remove_group_members(
            GROUP, [MemberToRemove(member_id=member["member_id"]) for member in members]
        )
        if forget:
            admin.delete_groups([GROUP])
    finally:
        admin.close()


@pytest.mark.servers
def test_the_snippet_prints_events_and_never_one_twice(
    own_kafka: Callable[[], KafkaServer], tmp_path: Path
) -> None:
    # A broker of its own: another test's poison in the topic would stop these ten lines.
    kafka = own_kafka()
    provision(kafka.bootstrap, topics_of("petitions"))
    first, second, third, fourth = (filed(version) for version in range(1, 5))

    # Filed before the first start, and delivered twice.
    publish(kafka, first, first, second)
    with subscriber(kafka, tmp_path) as running:
        assert [running.next_id(), running.next_id()] == [first.id, second.id]
        wait_until_all_is_committed(kafka)
        assert running.stop() == []
    bury(kafka)

    # It goes on where it was.
    publish(kafka, third)
    with subscriber(kafka, tmp_path) as running:
        assert running.next_id() == third.id
        wait_until_all_is_committed(kafka)
        assert running.stop() == []
    bury(kafka, forget=True)

    # Its group is forgotten, so everything is delivered again: only what is new has an effect.
    publish(kafka, fourth)
    with subscriber(kafka, tmp_path) as running:
        assert running.next_id() == fourth.id
        wait_until_all_is_committed(kafka)
        assert running.stop() == []
