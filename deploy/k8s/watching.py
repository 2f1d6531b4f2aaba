"""What Prometheus looks at, by which rules, and what tells it of Kafka."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from deploy.k8s import kafka
from deploy.k8s.manifest import (
    COMPONENT,
    MONITORING,
    NAME,
    PART_OF,
    SERVICE,
    Doc,
    File,
    Part,
    labels,
    manifest,
    selects,
)
from deploy.k8s.processes import deployment
from deploy.k8s.reaching import comes, from_namespace, goes, policy
from deploy.local.layout import PORTS, ROOT

EXPORTER = "exporter"
RULES = ROOT / "deploy" / "prometheus" / "rules"
EVERY = "15s"
"""As deploy/prometheus/prometheus.yml has it."""


def exporter_file() -> File:
    """The process that tells of topics, consumer groups and dead letters."""
    port = PORTS[EXPORTER].default
    runs = deployment(
        EXPORTER,
        EXPORTER,
        "shared.runtime.tools.exporter",
        port,
        {"JINLIN_HTTP_PORT": str(port)},
        ("96Mi", "256Mi"),
        ready="/metrics",
        alive="/metrics",
        replicas=1,
    )
    reached = policy(
        EXPORTER,
        selects(EXPORTER),
        [comes(port, from_namespace(MONITORING))],
        [goes(kafka.PORT, kafka.POD)],
    )
    return File(
        "exporter.yaml",
        "What no service tells of itself: topics, consumer groups, dead letters.",
        [Part("One is enough.", runs), Part("Only Prometheus comes to it.", reached)],
    )


def watching_file() -> File:
    """Whom Prometheus asks, and its rules: those of deploy/prometheus."""
    return File(
        "watching.yaml",
        "For the Prometheus operator: whom to ask, and the rules of deploy/prometheus/rules.",
        [
            # Rules go by the job: `jinlin` for services, `exporter`.
            Part("Every process of every service.", _asked("services", SERVICE, PART_OF)),
            Part("The exporter.", _asked(EXPORTER, EXPORTER, NAME)),
            *_rules(),
        ],
    )


def _asked(name: str, component: str, job: str) -> Doc:
    spec = {
        "jobLabel": job,
        "selector": {"matchLabels": {COMPONENT: component, PART_OF: "jinlin"}},
        "podMetricsEndpoints": [{"port": "http", "path": "/metrics", "interval": EVERY}],
    }
    return manifest("monitoring.coreos.com/v1", "PodMonitor", name, spec, labels(name, component))


def _rules() -> Iterator[Part]:
    for file in sorted(RULES.glob("*.yml")):
        read: Doc = yaml.safe_load(file.read_text(encoding="utf-8"))
        rule = manifest(
            "monitoring.coreos.com/v1",
            "PrometheusRule",
            file.stem,
            {"groups": read["groups"]},
            labels(file.stem, "rules"),
        )
        yield Part(f"deploy/prometheus/rules/{file.name}", rule)
