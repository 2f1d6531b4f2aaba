"""The local run watched: `make status`, one screen of what is up and what waits; `make watch`, a
Prometheus with the alerts and everything the dashboards show.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

from deploy.local.figures import Figures, figures_of
from deploy.local.layout import HOST, PORTS, SERVICES, LocalError, var
from deploy.local.prometheus_server import PrometheusServer, exporter
from deploy.local.stack import Status, kafka_bootstrap, log_file, service_url
from shared.runtime.kafka_figures import KafkaFigures

LAG, LETTERS, DISK = "jinlin_group_lag", "jinlin_dead_letters_unresolved", "jinlin_kafka_disk_bytes"
LATE_SECONDS = 60
"""From here on a figure of seconds is marked."""
MANY_EVENTS = 1_000
DISK_FULL = 0.85


@dataclass(frozen=True, slots=True)
class Kafka:
    """What Kafka says, whether or not the services run: by service, how many events wait and how
    many dead letters nothing has become of; the share of the disk that is used.
    """

    waiting: Mapping[str, float]
    dead_letters: Mapping[str, float]
    disk: float


def kafka_now() -> Kafka | None:
    """None where Kafka does not answer."""
    told = {metric.name: metric.samples for metric in KafkaFigures(kafka_bootstrap()).collect()}
    if LAG not in told:
        return None
    waiting: dict[str, float] = {}
    for sample in told[LAG]:
        service = sample.labels["service"]
        waiting[service] = waiting.get(service, 0) + sample.value
    letters = {sample.labels["service"]: sample.value for sample in told[LETTERS]}
    disk = {sample.labels["what"]: sample.value for sample in told[DISK]}
    return Kafka(waiting, letters, disk["used"] / disk["total"])


def watched(parts: Sequence[Status], services: Sequence[str]) -> Table:
    """A row for each service: leader, lag, backlog, dead letters, disk. What deserves a look is
    red.
    """
    kafka = kafka_now() if any(part.name == "kafka" and part.ready for part in parts) else None
    up = {part.name for part in parts if part.pid is not None}
    table = Table(box=None, pad_edge=False)
    for heading in ("service", "relay", "to publish", "to handle", "late", "dead letters", "disk"):
        table.add_column(heading, no_wrap=True, justify="left" if heading == "service" else "right")
    for name in services:
        table.add_row(name, *_of(name, figures(name) if name in up else None, kafka))
    if kafka is not None:
        table.add_row("kafka", "", "", "", "", "", _share(kafka.disk))
    return table


def figures(service: str) -> Figures | None:
    """What a service tells; None where it does not answer."""
    try:
        return figures_of(service_url(service))
    except LocalError:
        return None


def _of(name: str, told: Figures | None, kafka: Kafka | None) -> list[str]:
    waiting = letters = "?"
    if kafka is not None:
        count = kafka.waiting.get(name, 0)
        waiting = _marked(f"{count:,.0f}", count > MANY_EVENTS)
        dead = kafka.dead_letters.get(name, 0)
        letters = _marked(f"{dead:,.0f}", dead > 0)
    if told is None:
        return ["?", "?", waiting, "?", letters, "?"]
    return [
        "leads" if told.leads else _marked("nobody", True),
        _marked(
            f"{told.lag_events:,.0f} ({told.lag_seconds:.0f} s)", told.lag_seconds > LATE_SECONDS
        ),
        waiting,
        _marked(f"{told.late:.0f} s", told.late > LATE_SECONDS),
        letters,
        _share(told.disk) if told.disk else "?",
    ]


def _share(share: float) -> str:
    return _marked(f"{share:.0%}", share > DISK_FULL)


def _marked(text: str, bad: bool) -> str:
    return f"[red]{text}[/red]" if bad else text


# --- make watch --------------------------------------------------------------------------------


def watch(say: Callable[[str], None] = print) -> None:
    """Runs Prometheus and the exporter beside the local run until Ctrl-C. Raises LocalError."""
    port, own = PORTS["exporter"].value, PORTS["prometheus"]
    targets = {
        "jinlin": [f"{HOST}:{PORTS[name].value}" for name in SERVICES],
        "exporter": [f"{HOST}:{port}"],
        "prometheus": [f"{HOST}:{own.value}"],
    }
    prometheus = PrometheusServer(
        var() / "prometheus",
        targets,
        own.value,
        log=log_file("prometheus"),
        variable=own.variable,
    )
    with exporter(kafka_bootstrap(), port, log_file("exporter")).start(), prometheus.start():
        say(f"Prometheus is {prometheus.url} (alerts: {prometheus.url}/alerts); Ctrl-C ends it")
        signal.pause()
