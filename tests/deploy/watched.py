"""A town that is watched: scraped by Prometheus, its spans taken by a receiver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from deploy.local.issuer import IssuerProcess
from deploy.local.layout import HOST, SERVICES
from deploy.local.processes import free_port
from deploy.local.prometheus_server import PrometheusServer, exporter
from deploy.local.servers import KafkaServer, MongoServer
from tests.deploy.receiver import Receiver
from tests.e2e.town import HOME, Person, Town, filing
from tests.e2e.waiting import until

RATE_INTERVAL = "1m"
SCRAPED_WITHIN = 60
"""Seconds."""


class TracedTown(Town):
    """Whose services send their spans to `spans`."""

    def __init__(self, spans: str, *servers: Any) -> None:
        self.spans = spans
        super().__init__(*servers)

    def settings(self, name: str) -> dict[str, str]:
        return {**super().settings(name), "JINLIN_OTLP_ENDPOINT": self.spans}


@dataclass(frozen=True, slots=True)
class Watched:
    """A town with traffic, and what watches it."""

    town: Town
    prometheus: PrometheusServer
    receiver: Receiver

    def asked(self, query: str) -> list[dict[str, Any]]:
        """What a query gives now. Raises AssertionError where Prometheus refuses it."""
        asked = query.replace("$__rate_interval", RATE_INTERVAL)
        answer = self.town.http.get(f"{self.prometheus.url}/api/v1/query", params={"query": asked})
        assert answer.status_code == 200, f"{asked}: {answer.text}"
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found

    def figures(self, query: str) -> list[float]:
        """The figures that a query gives now, without those that are none (0/0)."""
        values = [float(one["value"][1]) for one in self.asked(query)]
        return [value for value in values if value == value]


@contextmanager
def watched_town(mongo: MongoServer, issuer: IssuerProcess, directory: Path) -> Iterator[Watched]:
    """A town in which petitions are filed, answered and rated, watched every second."""
    kafka = KafkaServer(directory / "kafka")
    port = free_port()
    told_of_kafka = exporter(kafka.bootstrap, port, directory / "exporter.log")
    try:
        with (
            Receiver() as receiver,
            TracedTown(receiver.url, mongo, kafka.start(), issuer, directory) as town,
            told_of_kafka.start(),
        ):
            targets = {
                "jinlin": [httpx.URL(town.url(name)).netloc.decode() for name in SERVICES],
                "exporter": [f"{HOST}:{port}"],
            }
            with PrometheusServer(directory / "prometheus", targets, seconds=1) as prometheus:
                there = Watched(town, prometheus.start(), receiver)
                all_up = f"count(up == 1) == {len(SERVICES) + 1}"
                until(lambda: there.asked(all_up), "all are scraped", SCRAPED_WITHIN)
                busy(town)
                yield there
    finally:
        kafka.kill()


def files_by_the_gateway(town: Town, resident: Person, **headers: str) -> str:
    """Files a petition as front ends do; its id."""
    answer = town.http.post(
        f"{town.url('gateway')}/api/petitions/petitions",
        json=filing(),
        headers=resident.headers(headers),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def busy(town: Town) -> None:
    """Petitions by the gateway, one of them answered and rated."""
    resident, clerk = town.resident(), town.holder(HOME)
    petition = [files_by_the_gateway(town, resident) for _ in range(5)][-1]
    clerk.does("take", petition)
    clerk.does("answer", petition, done="管道已疏通。", done_by="小区物业", finished=True)
    resident.does("rate", petition, stars=5, solved=True, word="谢谢")
    resident.told("petition-received", petition)
