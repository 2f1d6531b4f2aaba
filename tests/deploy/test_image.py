"""What goes into the image, without building it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from deploy.local.layout import ROOT, SERVICES
from deploy.local.processes import free_port
from deploy.ready import ready

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

RUN_IN_CONTAINERS = (
    *(f"services.{name}.main" for name in SERVICES),
    "deploy.local.issuer",
    "deploy.demo.__main__",
    "deploy.compose.prepare",
    "deploy.compose.stores",
    "deploy.compose.inventory",
)
WITHOUT_THE_REST = """
import importlib, importlib.metadata, re, sys

locked = {re.sub(r"[-_.]+", "-", name).lower() for name in sys.argv[1].split(",")}

class Absent:
    def find_spec(self, name, path=None, target=None):
        owners = OWNERS.get(name.partition(".")[0])
        if owners and not any(re.sub(r"[-_.]+", "-", one).lower() in locked for one in owners):
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

OWNERS = importlib.metadata.packages_distributions()
sys.meta_path.insert(0, Absent())
for module in sys.argv[2:]:
    importlib.import_module(module)
"""


def pinned(lock: str) -> set[tuple[str, str]]:
    """Names and versions; for Pythons that differ there may be two of a package."""
    return set(_PINNED.findall((ROOT / lock).read_text(encoding="utf-8")))


def test_the_image_has_what_the_lock_has() -> None:
    whole, image = pinned("requirements.lock"), pinned("deploy/image.lock")
    assert len(image) > 50
    assert image <= whole, "run `make lock`"


def test_every_package_has_its_digests() -> None:
    text = (ROOT / "deploy" / "image.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert [one for one in blocks if _PINNED.match(one) and "--hash=sha256:" not in one] == []


def test_what_runs_in_containers_needs_nothing_that_only_tests_have() -> None:
    locked = {name for name, _ in pinned("deploy/image.lock")}
    command = [sys.executable, "-c", WITHOUT_THE_REST, ",".join(sorted(locked))]
    done = subprocess.run(
        [*command, *RUN_IN_CONTAINERS], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("status", [200, 503])
def test_a_container_is_healthy_when_its_service_is_ready(status: int) -> None:
    with _answering(status) as port:
        assert ready(port) is (status == 200)


def test_a_container_whose_service_is_away_is_not_healthy() -> None:
    assert ready(free_port()) is False


def test_neither_tests_nor_what_a_run_wrote_goes_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    let_in = {line.removeprefix("!") for line in rules if line.startswith("!")}
    assert let_in == {"LICENSE", "pyproject.toml", "services", "shared", "deploy"}


@contextmanager
def _answering(status: int) -> Iterator[int]:
    """A server whose /readyz answers so; gives its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()
