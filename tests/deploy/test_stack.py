"""The local run by its command line, as `make up`, `make status` and `make down` use it."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.local.layout import HOST, PORTS, ROOT, SERVICES, LocalError, Setting
from deploy.local.processes import free_port
from deploy.local.stack import environment

pytestmark = pytest.mark.slow
"""Each starts processes."""


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[dict[str, str]]:
    """A local run beside whatever else runs here: own directory, own ports."""
    own = {setting.variable: str(free_port()) for setting in PORTS.values()}
    own["JINLIN_VAR"] = str(tmp_path / "var")
    yield own
    if (tmp_path / "var" / "run").exists():
        _local("down", **own)


def _local(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("JINLIN")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.local", *arguments],
        cwd=ROOT,
        env={**environment, **env},
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


@pytest.mark.servers
def test_up_starts_once_status_tells_and_down_stops(settings: dict[str, str]) -> None:
    up = _local("up", "--servers", **settings)
    assert up.returncode == 0, up.stderr
    assert len(re.findall(r"\d+ +ready", up.stdout)) == 3

    again = _local("up", "--servers", **settings)
    assert again.returncode == 0
    assert again.stdout.count("is running already") == 3

    issuer = f"http://{HOST}:{settings['JINLIN_ISSUER_PORT']}"
    document = httpx.get(f"{issuer}/.well-known/openid-configuration", trust_env=False).json()
    assert document["issuer"] == issuer

    status = _local("status", **settings)
    assert status.returncode == 1, "the services are down"
    for name in ("mongod", "kafka", "issuer"):
        assert re.search(rf"^{name} +\d+ +\d+ +ready", status.stdout, re.MULTILINE)
    for name in SERVICES:
        assert re.search(rf"^{name} +- +\d+ +down", status.stdout, re.MULTILINE)
        # What is down says nothing of itself; Kafka knows what waits for it, and its dead letters.
        assert re.search(rf"^{name} +\? +\? +0 +\? +0 +\?", status.stdout, re.MULTILINE)
    assert re.search(r"^kafka +\d+%", status.stdout, re.MULTILINE)

    logs = _local("logs", "kafka", **settings)
    assert "Kafka Server started" in logs.stdout

    down = _local("down", **settings)
    assert down.stdout.splitlines() == ["issuer stopped", "kafka stopped", "mongod stopped"]
    assert _local("down", **settings).stdout == "nothing is running\n"


def test_a_taken_port_is_named_and_nothing_is_started(settings: dict[str, str]) -> None:
    with socket.create_server((HOST, int(settings["JINLIN_ISSUER_PORT"]))):
        up = _local("up", **settings)
    assert up.returncode == 1
    port = settings["JINLIN_ISSUER_PORT"]
    assert f"port {port} of issuer is taken" in up.stderr
    assert "set JINLIN_ISSUER_PORT to another port" in up.stderr
    assert _local("down", **settings).stdout == "nothing is running\n"


def test_a_port_that_is_none_is_named(settings: dict[str, str]) -> None:
    up = _local("up", **{**settings, "JINLIN_KAFKA_PORT": "many"})
    assert up.returncode == 1
    assert up.stderr == "JINLIN_KAFKA_PORT='many' is not a port: expected 1 to 65535\n"


@pytest.mark.parametrize("text", ["0", "65536", "-1", "", "8100 "])
def test_only_port_numbers_are_ports(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JINLIN_SAMPLE_PORT", text)
    with pytest.raises(LocalError, match="JINLIN_SAMPLE_PORT"):
        _ = Setting("JINLIN_SAMPLE_PORT", 8100).value


def test_a_local_run_is_local(settings: dict[str, str]) -> None:
    up = _local("up", JINLIN_MODE="production", **settings)
    assert up.returncode == 1
    assert "JINLIN_MODE='production'" in up.stderr
    token = _local("token", "--sub", "w1", JINLIN_MODE="production", **settings)
    assert token.returncode == 1
    assert token.stdout == ""


def test_a_token_is_all_that_is_printed(settings: dict[str, str]) -> None:
    token = _local("token", "--sub", "w1", "--role", "grid-worker", "--place", "a,b", **settings)
    assert token.returncode == 0
    assert re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+\n", token.stdout)
    assert token.stderr == ""


def test_a_command_runs_with_a_services_settings(settings: dict[str, str]) -> None:
    show = 'echo "$JINLIN_MONGO_DATABASE $JINLIN_KAFKA_BOOTSTRAP"'
    run = _local("run", "community", "--", "sh", "-c", show, **settings)
    assert run.stdout == f"jinlin_community 127.0.0.1:{settings['JINLIN_KAFKA_PORT']}\n"
    failing = _local("run", "community", "--", "false", **settings)
    assert failing.returncode == 1
    unknown = _local("run", "canteen", "--", "true", **settings)
    assert "there is no service 'canteen'" in unknown.stderr


def test_settings_can_be_taken_into_a_shell(settings: dict[str, str]) -> None:
    printed = _local("env", "petitions", **settings).stdout
    shell = subprocess.run(
        ["sh", "-ec", f'{printed}\nprintf %s "$JINLIN_MONGO_URI"'],
        capture_output=True,
        text=True,
        check=True,
    )
    port = settings["JINLIN_MONGO_PORT"]
    assert shell.stdout == f"mongodb://127.0.0.1:{port}/?replicaSet=jinlin"


def test_each_service_has_its_own_database_and_port() -> None:
    told = [environment(name) for name in SERVICES]
    assert len({each["JINLIN_MONGO_DATABASE"] for each in told}) == len(SERVICES)
    assert len({each["JINLIN_HTTP_PORT"] for each in told}) == len(SERVICES)
    assert {each["JINLIN_MODE"] for each in told} == {"local"}


def test_logs_before_the_first_run_say_how_to_get_some(settings: dict[str, str]) -> None:
    logs = _local("logs", **settings)
    assert logs.returncode == 1
    assert "make up" in logs.stderr
    assert "there is no canteen" in _local("logs", "canteen", **settings).stderr


def test_every_target_of_the_makefile_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    phony = re.search(r"^\.PHONY: ((?:.*\\\n)*.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].replace("\\", "").split()) == targets
    # These tests run under `make` themselves; its settings are not meant for this one.
    alone = {name: text for name, text in os.environ.items() if not name.startswith("MAKE")}
    shown = subprocess.run(
        ["make"], cwd=ROOT, env=alone, capture_output=True, text=True, check=True
    ).stdout
    assert {line.split()[0] for line in shown.splitlines()[1:]} == targets
