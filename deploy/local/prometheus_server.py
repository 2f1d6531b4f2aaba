"""Prometheus on this machine, with the rules and the scrape configuration of deploy/prometheus but
for the addresses: those of a run.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import yaml

from deploy.local.install import find_prometheus
from deploy.local.layout import HOST, PYTHON, ROOT, LocalError
from deploy.local.processes import Process, answers, free_port, need_free_port

FOLDER = ROOT / "deploy" / "prometheus"
READY_WITHIN = 30.0
SECONDS = 15
"""Between two scrapes, and between two looks at the rules."""


class PrometheusServer(Process):
    """A Prometheus that scrapes `targets`: by job of deploy/prometheus/prometheus.yml addresses,
    as ``host:port``. They stand in a file that may be written anew meanwhile.
    """

    def __init__(
        self,
        directory: Path,
        targets: Mapping[str, Sequence[str]],
        port: int | None = None,
        *,
        seconds: int = SECONDS,
        log: Path | None = None,
        variable: str | None = None,
    ) -> None:
        """Prepare a server whose data lie in `directory`. Raises LocalError where Prometheus is
        not installed.
        """
        program = find_prometheus()
        if program is None:
            raise LocalError(
                "there is no `prometheus`: `make install` fetches it on Debian, elsewhere install "
                "it by the system's own means"
            )
        self.port = port or free_port()
        self.directory = directory
        self._variable = variable
        self._targets = dict(targets)
        self._seconds = seconds
        self.configuration = directory / "prometheus.yml"
        super().__init__(
            "prometheus",
            [
                program,
                f"--config.file={self.configuration}",
                f"--storage.tsdb.path={directory / 'data'}",
                f"--web.listen-address={HOST}:{self.port}",
                "--log.level=warn",
            ],
            log=log or directory / "prometheus.log",
        )

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://{HOST}:{self.port}"

    def start(self) -> Self:
        """Start it and wait until it answers. Raises LocalError."""
        need_free_port(self.port, self.name, self._variable)
        self.directory.mkdir(parents=True, exist_ok=True)
        self.configuration.write_text(yaml.safe_dump(self._configured()))
        super().start()
        self.wait(lambda: answers(f"{self.url}/-/ready"), timeout=READY_WITHIN)
        return self

    def _configured(self) -> dict[str, Any]:
        configured: dict[str, Any] = yaml.safe_load((FOLDER / "prometheus.yml").read_text())
        every = f"{self._seconds}s"
        configured["global"] = {"scrape_interval": every, "evaluation_interval": every}
        configured["rule_files"] = [str(FOLDER / "rules" / "*.yml")]
        del configured["alerting"]  # nobody is called from a machine at somebody's desk
        configured["scrape_configs"] = [
            {
                "job_name": job["job_name"],
                "file_sd_configs": [{"files": [self._file(job["job_name"])]}],
            }
            for job in configured["scrape_configs"]
            if job["job_name"] in self._targets
        ]
        return configured

    def _file(self, job: str) -> str:
        """The file with a job's addresses, written."""
        file = self.directory / f"{job}.json"
        file.write_text(json.dumps([{"targets": list(self._targets[job])}]))
        return str(file)


def exporter(bootstrap: str, port: int, log: Path) -> Process:
    """What tells of Kafka beside the services, not yet started."""
    return Process(
        "exporter",
        [PYTHON, "-m", "shared.runtime.tools.exporter"],
        log=log,
        env={
            "JINLIN_KAFKA_BOOTSTRAP": bootstrap,
            "JINLIN_HTTP_HOST": HOST,
            "JINLIN_HTTP_PORT": str(port),
        },
    )
