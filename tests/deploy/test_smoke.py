"""The demo's day on a compose project: what Docker is asked for, by a program in Docker's place."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.compose import smoke
from deploy.compose.project import Project
from deploy.compose.rehearsal import HELD, take_down, without_image
from deploy.local.layout import LocalError

START = "compose up -d --no-deps --wait petitions petitions-work"
PLAY = "compose run --rm smoke"

Asked = Callable[[], list[str]]
Docker = Callable[..., Asked]


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Docker:
    """Puts a script in Docker's place; what it was asked for, each with the rules it was told."""
    programs, log = tmp_path / "bin", tmp_path / "asked"
    programs.mkdir()
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.delenv("JINLIN_PETITION_RULES", raising=False)

    def does(*lines: str) -> Asked:
        program = programs / "docker"
        log.touch()
        note = f'echo "$*|$JINLIN_PETITION_RULES" >> {log}'
        program.write_text("\n".join(("#!/bin/bash", note, *lines, "")))
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return lambda: log.read_text().splitlines()

    return does


def running(*services: str) -> str:
    """A line of the script: these containers run."""
    told = [json.dumps({"Service": name, "State": "running"}) for name in services]
    return f"[[ $* != *' ps '* ]] || printf '%s\\n' {' '.join(map(repr, told))}"


def test_the_day_is_played_by_its_own_rules_and_those_of_before_come_back(docker: Docker) -> None:
    asked = docker(running("petitions", "petitions-work", "gateway"))
    assert smoke.main() == 0
    rules = smoke.RULES["JINLIN_PETITION_RULES"]
    assert asked()[1:] == [f"{START}|{rules}", f"{PLAY}|", f"{START}|"]


def test_where_not_all_is_true_it_fails_and_the_rules_come_back(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = docker(running("petitions", "petitions-work"), "[[ $* != *' run '* ]] || exit 1")
    assert smoke.main() == 1
    assert asked()[-1] == f"{START}|"
    assert capsys.readouterr().err == "smoke: docker compose run --rm smoke ended with 1\n"


def test_nothing_is_started_where_nothing_runs(
    docker: Docker, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = docker(running("kafka", "petitions"))
    assert smoke.main() == 1
    assert "the platform does not run" in capsys.readouterr().err
    assert len(asked()) == 1


def test_without_docker_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalError, match="no Docker here"):
        smoke.play_day(Project())


def test_what_profiles_add_is_left_out_where_there_is_no_image_of_it(docker: Docker) -> None:
    ours = {"image": "jinlin/platform:1"}
    always = {"stores": {**ours, "build": {}}, "kafka": {"image": "kafka:1"}}
    added = {"exporter": ours, "grafana": {"image": "grafana:1"}, "prometheus": {"image": "p:1"}}
    docker(
        f"always={json.dumps({'services': always})!r}",
        f"whole={json.dumps({'services': always | added})!r}",
        '[[ $* != *" config "* ]] || echo "${COMPOSE_PROFILES+$always}${COMPOSE_PROFILES-$whole}"',
        "[[ $* != *' pull '*grafana ]] || exit 1",
    )
    assert without_image(Project()) == ["grafana"]


def test_a_network_that_docker_holds_on_to_is_told_where_nothing_is_in_it(docker: Docker) -> None:
    said: list[str] = []
    asked = docker(f"[[ $* = *' ps '* ]] || {{ echo network bus {HELD} >&2; exit 1; }}")
    take_down(Project(), said.append, "--volumes")
    assert asked() == ["compose down --volumes|", "compose ps --all --format json|"]
    assert said == ["Docker holds on to a network that nothing is in any more"]


@pytest.mark.parametrize("why", [f"network bus {HELD}", "no such project"])
def test_what_was_not_taken_down_is_said(why: str, docker: Docker) -> None:
    docker(running("kafka"), f"[[ $* = *' ps '* ]] || {{ echo {why} >&2; exit 1; }}")
    with pytest.raises(LocalError, match=why):
        take_down(Project(), print)
