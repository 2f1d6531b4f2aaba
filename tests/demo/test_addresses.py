"""Where the demo looks: in the local run, or where the environment says."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.demo import addresses
from deploy.local import stack
from deploy.local.layout import SERVICES


@pytest.mark.parametrize("service", SERVICES)
def test_in_the_local_run_where_nothing_is_said(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("URL", "MONGO_URI", "MONGO_URI_FILE"):
        monkeypatch.delenv(f"JINLIN_{service.upper()}_{name}", raising=False)
    monkeypatch.delenv("JINLIN_KAFKA_BOOTSTRAP", raising=False)
    assert addresses.service_url(service) == stack.service_url(service)
    assert addresses.mongo_uri(service) == stack.mongo_uri()
    assert addresses.kafka_bootstrap() == stack.kafka_bootstrap()
    assert addresses.database(service) == f"jinlin_{service}"


def test_where_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "uri"
    file.write_text("mongodb://petitions-store/?replicaSet=jinlin\n")
    monkeypatch.setenv("JINLIN_PETITIONS_URL", "http://petitions:8102")
    monkeypatch.setenv("JINLIN_PETITIONS_MONGO_URI_FILE", str(file))
    monkeypatch.setenv("JINLIN_KAFKA_BOOTSTRAP", "kafka:9092,kafka-2:9092")
    assert addresses.service_url("petitions") == "http://petitions:8102"
    assert addresses.mongo_uri("petitions") == "mongodb://petitions-store/?replicaSet=jinlin"
    assert addresses.mongo_uri("community") == stack.mongo_uri()
    assert addresses.kafka_bootstrap() == "kafka:9092,kafka-2:9092"
