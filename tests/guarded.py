"""A Kafka to which other systems log in, set up with nothing but what deploy/kafka has."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaProducer

from deploy.local.layout import HOST, ROOT
from deploy.local.processes import free_port
from deploy.local.servers import KafkaServer
from shared.client import Security
from shared.contracts.envelope import Envelope, topic
from shared.runtime.topics import provision, topics_of

DEPLOY = ROOT / "deploy" / "kafka"
NAME = "localhost"
"""By which the other systems of these tests reach the broker."""


@dataclass(frozen=True)
class Guarded:
    """Where its two doors are: `inside` for the platform, `outside` for other systems."""

    server: KafkaServer
    inside: str
    outside: str
    ca: Path

    def subscriber(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Runs the documented command."""
        return subprocess.run(
            [sys.executable, "-m", "deploy.kafka.subscriber", "--bootstrap", self.inside, *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def add(self, name: str, *services: str) -> Security:
        """A subscriber's user, with its new password."""
        done = self.subscriber("add", name, "--services", *services)
        assert done.returncode == 0, done.stderr
        return Security(name, done.stdout.strip(), self.ca)


@contextmanager
def guarded(directory: Path, *services: str) -> Iterator[Guarded]:
    """Starts it, with the topics of these services."""
    tls = directory / "tls"
    subprocess.run(
        [DEPLOY / "certificates.sh", tls, NAME, HOST], check=True, capture_output=True, timeout=30
    )
    inside, controller, outside = (free_port() for _ in range(3))
    server = KafkaServer(
        directory / "kafka",
        inside,
        controller_port=controller,
        settings=_settings(
            {
                "10.0.0.11:9092": f"{HOST}:{inside}",
                "10.0.0.11:9093": f"{HOST}:{controller}",
                "0.0.0.0:9094": f"{HOST}:{outside}",
                "kafka.city.example:9094": f"{NAME}:{outside}",
                "/etc/kafka/tls": str(tls),
            }
        ),
    )
    with server.start():
        for service in services:
            provision(server.bootstrap, topics_of(service))
        yield Guarded(server, server.bootstrap, f"{NAME}:{outside}", tls / "ca.pem")


def _settings(here: dict[str, str]) -> dict[str, str]:
    """The fragment of server.properties, with this machine's addresses in place of the city's."""
    text = (DEPLOY / "subscribers.properties").read_text(encoding="utf-8")
    for written, meant in here.items():
        assert written in text
        text = text.replace(written, meant)
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def publish(bootstrap: str, *envelopes: Envelope) -> None:
    """Puts events into their topics, as the relay does: in order, with the stream as the key."""
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all")
    try:
        for envelope in envelopes:
            sent = producer.send(
                topic(envelope.service),
                key=envelope.subject.encode(),
                value=envelope.to_bytes(),
                headers=[("type", envelope.type.encode())],
            )
            sent.get(30)
    finally:
        producer.close()
