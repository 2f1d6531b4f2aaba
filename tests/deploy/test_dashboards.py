"""The dashboards: written from their code, and every query answered by a real Prometheus that has
scraped the running platform.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.grafana.board import Board
from deploy.grafana.writing import DASHBOARDS, FOLDER, SOURCE, written
from deploy.local.install import find_prometheus
from deploy.local.issuer import IssuerProcess
from deploy.local.layout import HOST, PYTHON, ROOT, SERVICES
from deploy.local.processes import Process, free_port
from deploy.local.prometheus_server import PrometheusServer
from deploy.local.servers import KafkaServer, MongoServer
from tests.e2e.town import HOME, Town, filing
from tests.e2e.waiting import until

PROVISIONING = ROOT / "deploy" / "grafana" / "provisioning"
SHOWN_OF = ("petitions", "notifications")
"""What ``$service`` stands for while the queries are tried."""
RATE_INTERVAL = "1m"


def queries(board: Board) -> list[str]:
    """The queries of all panels of a dashboard, as they are in its JSON."""
    panels = json.loads((FOLDER / f"{board.uid}.json").read_text())["panels"]
    return [one["expr"] for panel in panels for one in panel.get("targets", ())]


def test_the_dashboards_are_up_to_date() -> None:
    for board in DASHBOARDS:
        assert (FOLDER / f"{board.uid}.json").read_text() == written(board), (
            "python -m deploy.grafana"
        )
    assert {file.stem for file in FOLDER.glob("*.json")} == {board.uid for board in DASHBOARDS}


def test_every_panel_has_a_title_a_query_and_the_data_source_that_is_provided() -> None:
    (source,) = yaml.safe_load((PROVISIONING / "datasources" / "prometheus.yml").read_text())[
        "datasources"
    ]
    assert source["uid"] == SOURCE.uid
    for board in DASHBOARDS:
        shown = json.loads((FOLDER / f"{board.uid}.json").read_text())
        panels = [one for one in shown["panels"] if one["type"] != "row"]
        assert len(panels) == sum(len(row.panels) for row in board.rows)
        for panel in panels:
            assert panel["title"]
            assert panel["targets"]
            assert panel["datasource"] == {"type": "prometheus", "uid": source["uid"]}


# --- against the running platform ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Watched:
    """A town with traffic, and the Prometheus that watches it."""

    town: Town
    prometheus: PrometheusServer
    exporter: Process

    def asked(self, query: str) -> list[dict[str, Any]]:
        """What a query gives now. Raises AssertionError where Prometheus refuses it."""
        asked = query.replace("$__rate_interval", RATE_INTERVAL)
        answer = self.town.http.get(f"{self.prometheus.url}/api/v1/query", params={"query": asked})
        assert answer.status_code == 200, f"{query}: {answer.text}"
        found: list[dict[str, Any]] = answer.json()["data"]["result"]
        return found


@pytest.fixture(scope="module")
def watched(
    mongo: MongoServer, issuer: IssuerProcess, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Watched]:
    """A town in which petitions are filed, answered and rated, watched every second."""
    if find_prometheus() is None:
        pytest.skip("there is no Prometheus: Debian's package has it (`make install`)")
    directory: Path = tmp_path_factory.mktemp("watched")
    kafka = KafkaServer(directory / "kafka")
    try:
        with Town(mongo, kafka.start(), issuer, directory) as town:
            port = free_port()
            exporter = exporter_of(kafka.bootstrap, port, directory)
            targets = {
                "jinlin": [httpx.URL(town.url(name)).netloc.decode() for name in SERVICES],
                "exporter": [f"{HOST}:{port}"],
            }
            with (
                exporter.start(),
                PrometheusServer(directory / "prometheus", targets, seconds=1) as prometheus,
            ):
                prometheus.start()
                there = Watched(town, prometheus, exporter)
                until(
                    lambda: len(there.asked("up == 1")) == len(SERVICES) + 1, "all are scraped", 60
                )
                busy(town)
                yield there
    finally:
        kafka.kill()


def exporter_of(bootstrap: str, port: int, directory: Path) -> Process:
    """The exporter, not yet started."""
    return Process(
        "exporter",
        [PYTHON, "-m", "shared.runtime.tools.exporter"],
        log=directory / "exporter.log",
        env={
            "JINLIN_KAFKA_BOOTSTRAP": bootstrap,
            "JINLIN_HTTP_HOST": HOST,
            "JINLIN_HTTP_PORT": str(port),
        },
    )


def busy(town: Town) -> None:
    """Petitions by the gateway, one of them answered and rated."""
    resident, clerk = town.resident(), town.holder(HOME)
    for _ in range(5):
        answer = town.http.post(
            f"{town.url('gateway')}/api/petitions", json=filing(), headers=resident.headers()
        )
        assert answer.status_code == 201, answer.text
    petition = answer.json()["id"]
    clerk.does("take", petition)
    clerk.does("answer", petition, done="管道已疏通。", done_by="小区物业", finished=True)
    resident.does("rate", petition, stars=5, solved=True, word="谢谢")
    resident.told("petition-received", petition)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("board", DASHBOARDS, ids=lambda board: board.uid)
def test_every_query_has_an_answer(watched: Watched, board: Board) -> None:
    names = SHOWN_OF if board.per_service else ("",)
    for query in queries(board):
        for name in names:
            asked = query.replace("$service", name)

            def shown(asked: str = asked) -> bool:
                found = watched.asked(asked)
                return any(value(one) == value(one) for one in found)  # NaN is no answer

            until(shown, f"{board.uid}: {asked}", 60)


def value(series: dict[str, Any]) -> float:
    """The figure of one series."""
    return float(series["value"][1])
