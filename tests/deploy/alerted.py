"""Prometheus and Alertmanager as they are deployed, but in seconds: who is called by them, and two
processes of a service that may go away.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml
from prometheus_client import CollectorRegistry, Gauge, start_http_server

from deploy.local.install import find_alertmanager, find_prometheus
from deploy.local.layout import ALERTMANAGER_FILES, HOST, ROOT, LocalError
from deploy.local.people import SECRET
from deploy.local.processes import Process, answers, free_port
from deploy.local.prometheus_server import FOLDER, READY_WITHIN, PrometheusServer

CONFIGURED = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
PATH = "/alarms/alertmanager"
AT_ONCE = "1s"


class OnCall:
    """A server in the place of notifications: `calls` are the bodies that came, `tokens` what they
    came with. The first call is answered as by a service that is away.
    """

    def __init__(self) -> None:
        self.calls: list[bytes] = []
        self.tokens: list[str] = []
        self.refused = 0
        on_call = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                if not on_call.refused:
                    on_call.refused += 1
                    self.send_error(503)
                    return
                if self.path != PATH:
                    self.send_error(404)
                    return
                on_call.calls.append(body)
                on_call.tokens.append(self.headers["authorization"].removeprefix("Bearer "))
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer((HOST, 0), Handler)

    @property
    def url(self) -> str:
        """What stands in the configuration instead of notifications' address."""
        return f"http://{HOST}:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class Replica:
    """One process of a service, as Prometheus sees it."""

    def __init__(self) -> None:
        self.port = free_port()
        self._server: Any = None

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def come(self) -> None:
        registry = CollectorRegistry()
        Gauge("jinlin_relay_leader", "Whether it leads.", registry=registry).set(1)
        self._server, _ = start_http_server(self.port, HOST, registry)

    def go(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def lacking() -> str | None:
    """What is missing here for Prometheus to tell Alertmanager, if anything."""
    if find_prometheus() is None:
        return "there is no Prometheus: Debian's package has it (`make install`)"
    if find_alertmanager() is None:
        return "there is no Alertmanager: Debian's prometheus-alertmanager has it (`make install`)"
    if subprocess.run([*_program(), "--version"], capture_output=True, check=False).returncode:
        return "Alertmanager cannot be shown its templates: mounting is not allowed here"
    return None


def _program() -> list[str | Path]:
    """How Alertmanager is run. Debian's looks for its templates in /usr/share and nowhere else: to
    the one that is only unpacked its own files are shown there.
    """
    program = find_alertmanager()
    if program is None:
        raise LocalError("there is no Alertmanager")
    if not program.is_relative_to(ALERTMANAGER_FILES):
        return [program]
    shown = f'mount --bind "{ALERTMANAGER_FILES / "usr" / "share"}" /usr/share && exec "$0" "$@"'
    return ["unshare", "--mount", "--map-root-user", "sh", "-c", shown, program]


class Alertmanager(Process):
    """With the deployed configuration, but for addresses, the secret's file and the waiting."""

    def __init__(self, directory: Path, on_call: str, issuer: str) -> None:
        """Raises LocalError where Alertmanager is not installed."""
        self.port = free_port()
        self._directory = directory
        self._on_call = on_call
        self._issuer = issuer
        super().__init__(
            "alertmanager",
            [
                *_program(),
                f"--config.file={directory / 'alertmanager.yml'}",
                f"--storage.path={directory / 'data'}",
                f"--web.listen-address={HOST}:{self.port}",
                "--cluster.listen-address=",  # alone
            ],
            log=directory / "alertmanager.log",
        )

    @property
    def address(self) -> str:
        return f"{HOST}:{self.port}"

    def start(self) -> Self:
        """Start it and wait until it answers. Raises LocalError."""
        self._directory.mkdir(parents=True, exist_ok=True)
        secret = self._directory / "secret"
        secret.write_text(SECRET)
        text = yaml.safe_dump(self._configured(yaml.safe_load(CONFIGURED.read_text()), secret))
        (self._directory / "alertmanager.yml").write_text(text)
        super().start()
        self.wait(lambda: answers(f"http://{self.address}/-/ready"), timeout=READY_WITHIN)
        return self

    def _configured(self, configured: dict[str, Any], secret: Path) -> dict[str, Any]:
        for route in (configured["route"], *configured["route"]["routes"]):
            route.update(group_wait=AT_ONCE, group_interval=AT_ONCE)
        (webhook,) = configured["receivers"][1]["webhook_configs"]
        webhook["url"] = webhook["url"].replace("http://notifications:8103", self._on_call)
        token = webhook["http_config"]["oauth2"]
        token["token_url"] = token["token_url"].replace("http://issuer:8100", self._issuer)
        token["client_secret_file"] = str(secret)
        return configured


class AlertingPrometheus(PrometheusServer):
    """That tells an Alertmanager. `at_once` names alerts that need not have lasted."""

    def __init__(
        self,
        directory: Path,
        targets: Mapping[str, Sequence[str]],
        alertmanager: str,
        at_once: Sequence[str],
    ) -> None:
        super().__init__(directory, targets, seconds=1)
        self._alertmanager = alertmanager
        self._at_once = at_once

    def _configured(self) -> dict[str, Any]:
        configured = super()._configured()
        configured["alerting"] = {
            "alertmanagers": [{"static_configs": [{"targets": [self._alertmanager]}]}]
        }
        configured["rule_files"] = [str(self._rules(file)) for file in FOLDER.glob("rules/*.yml")]
        return configured

    def _rules(self, file: Path) -> Path:
        """The rules of a file, in a copy."""
        rules = yaml.safe_load(file.read_text())
        for group in rules["groups"]:
            for rule in group["rules"]:
                if rule.get("alert") in self._at_once:
                    rule["for"] = AT_ONCE
        copy = self.directory / file.name
        copy.write_text(yaml.safe_dump(rules))
        return copy
