"""The compose file as Docker itself reads it, which needs no daemon."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.compose.project import Project
from deploy.compose.rehearsal import leaving_out
from deploy.local.layout import ROOT, SERVICES, LocalError
from tests.deploy.compose_file import compose_file, env_file

REPLICATED = ROOT / "deploy" / "compose" / "replicated.env"
PROFILES = [(), ("core",), ("full",), ("idp",), ("replicated",), ("full", "idp", "replicated")]


def _has_compose() -> bool:
    if shutil.which("docker") is None:
        return False
    asked = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
    return asked.returncode == 0


pytestmark = pytest.mark.skipif(not _has_compose(), reason="there is no docker compose here")


def project(scratch: Path, profiles: Sequence[str]) -> Project:
    files = [REPLICATED] if "replicated" in profiles else []
    return Project.apart("read", scratch, {"COMPOSE_PROFILES": ",".join(profiles)}, *files)


@pytest.mark.parametrize("profiles", PROFILES, ids="+".join)
def test_it_is_read_as_the_tests_of_the_file_read_it(
    profiles: tuple[str, ...], tmp_path: Path
) -> None:
    told = env_file("replicated.env") if "replicated" in profiles else {}
    expected = {
        name: one
        for name, one in compose_file(told)["services"].items()
        if not one.get("profiles") or set(one["profiles"]) & set(profiles)
    }
    read = project(tmp_path, profiles).services()
    assert set(read) == set(expected)
    for name, one in read.items():
        ours = expected[name]
        assert set(one["networks"]) == set(ours["networks"]), name
        assert one["image"] == ours["image"], name
        assert one["cap_drop"] == ["ALL"], name
        assert one["security_opt"] == ["no-new-privileges:true"], name
        given = [
            each if isinstance(each, str) else each["source"] for each in ours.get("secrets", ())
        ]
        assert [each["source"] for each in one.get("secrets", ())] == given, name
        told_of = ours.get("environment", {})
        as_text = {key: "" if text is None else str(text) for key, text in told_of.items()}
        assert one.get("environment", {}) == as_text, name
        asked = ours.get("healthcheck", {}).get("test")
        assert one.get("healthcheck", {}).get("test") == asked, name
        assert (int(one["mem_limit"]), one["cpus"]) > (0, 0), name


def test_what_is_left_out_does_not_run(tmp_path: Path) -> None:
    whole = project(tmp_path, ("full",))
    without = leaving_out(whole, ["grafana"], tmp_path)
    assert set(whole.services()) - set(without.services()) == {"grafana"}
    assert leaving_out(whole, [], tmp_path) is whole


def test_what_is_told_at_once_goes_before_files(tmp_path: Path) -> None:
    told = project(tmp_path, ("full",)).services(told={"COMPOSE_PROFILES": "", "JINLIN_MODE": "x"})
    assert "grafana" not in told
    assert {told[name]["environment"]["JINLIN_MODE"] for name in SERVICES} == {"x"}


def test_secrets_and_settings_are_the_projects_own(tmp_path: Path) -> None:
    apart = project(tmp_path, ())
    assert json.loads(apart.run("config", "--format", "json"))["secrets"]["cookie_secret"][
        "file"
    ] == str(tmp_path / "secrets" / "cookie_secret")
    with pytest.raises(LocalError, match="docker compose config --what ended with"):
        apart.run("config", "--what")
