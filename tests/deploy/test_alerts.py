"""The alerts: each fires when it shall and not otherwise, and has a page that says what to do."""

from __future__ import annotations

import re
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.local.install import find_prometheus
from deploy.local.layout import PORTS, ROOT
from deploy.local.people import SERVICE_CLIENTS
from deploy.prometheus import objectives
from tests.deploy.alert_cases import CASES, Case
from tests.deploy.told import SERVICE_OF

FOLDER = ROOT / "deploy" / "prometheus"
RUNBOOKS = ROOT / "docs" / "runbooks"
PARTS = ("## What it means", "## What to look at", "## What to do")


def promtool() -> Path:
    """The tool. Skips the test where there is none."""
    found = find_prometheus("promtool")
    if found is None:
        pytest.skip("there is no promtool: Debian's package `prometheus` has it (`make install`)")
    return found


def alerts() -> dict[str, dict[str, Any]]:
    """All alerts by name, each with its ``file``."""
    return {
        rule["alert"]: {**rule, "file": file}
        for file in FILES
        for group in yaml.safe_load(file.read_text())["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }


FILES = sorted((FOLDER / "rules").glob("*.yml"))
ALERTS = alerts()


def test_the_objectives_rules_are_up_to_date() -> None:
    assert objectives.RULES.read_text() == objectives.written()


def test_the_configuration_is_valid() -> None:
    command = [promtool(), "check", "config", FOLDER / "prometheus.yml"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_alertmanager_knows_its_receivers_the_severities_and_the_alerts_it_holds_back() -> None:
    file = ROOT / "deploy" / "alertmanager" / "alertmanager.yml"
    configured = yaml.safe_load(file.read_text())
    receivers = {one["name"] for one in configured["receivers"]}
    route = configured["route"]
    assert {route["receiver"], *(one["receiver"] for one in route["routes"])} == receivers
    assert [one["matchers"] for one in route["routes"]] == [['severity = "page"']]
    for rule in configured["inhibit_rules"]:
        for matcher in (*rule["source_matchers"], *rule["target_matchers"]):
            words = re.fullmatch(r'alertname (=|=~) "(.+)"', matcher)
            assert words, matcher
            for one in words[2].split("|"):
                assert any(re.fullmatch(one, alert) for alert in ALERTS), f"no alert is {one}"
    (webhook,) = next(one for one in configured["receivers"] if one["name"] == "on-call")[
        "webhook_configs"
    ]
    port = PORTS["notifications"].default
    assert webhook["url"] == f"http://notifications:{port}/alarms/alertmanager"
    client = SERVICE_CLIENTS[webhook["http_config"]["oauth2"]["client_id"]]
    assert client.roles == ("operator",)


def test_every_service_is_scraped_where_it_listens() -> None:
    jobs = yaml.safe_load((FOLDER / "prometheus.yml").read_text())["scrape_configs"]
    targets = {
        job["job_name"]: {one for each in job["static_configs"] for one in each["targets"]}
        for job in jobs
    }
    assert targets["jinlin"] == {
        f"{called}:{PORTS[name].default}" for called, name in SERVICE_OF.items()
    }
    assert targets["exporter"] == {f"exporter:{PORTS['exporter'].default}"}


def test_every_alert_is_known_to_fire_and_not_to_fire() -> None:
    known = defaultdict(set)
    for case in CASES:
        known[case.alert].add(bool(case.fires))
    assert dict(known) == {alert: {True, False} for alert in ALERTS}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_alerts_fire_when_they_shall_and_not_otherwise(file: Path, tmp_path: Path) -> None:
    cases = [case for case in CASES if ALERTS[case.alert]["file"] == file]
    scripts = []
    for step in sorted({case.step for case in cases}):
        script = tmp_path / f"{step}.yml"
        content = {
            "rule_files": [str(file)],
            "evaluation_interval": step,
            "tests": [_script(case) for case in cases if case.step == step],
        }
        script.write_text(yaml.safe_dump(content))
        scripts.append(script)
    command = [promtool(), "test", "rules", *scripts]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def _script(case: Case) -> dict[str, Any]:
    """The case in promtool's words."""
    expected = [{"labels": "{}", "value": case.fires}] if case.fires else []
    return {
        "interval": case.step,
        "name": f"{case.alert} {'fires' if case.fires else 'is quiet'}",
        "input_series": [
            {"series": name, "values": values} for name, values in case.series.items()
        ],
        "promql_expr_test": [
            {
                "expr": f'count(ALERTS{{alertname="{case.alert}",alertstate="firing"}})',
                "eval_time": case.at,
                "exp_samples": expected,
            }
        ],
    }


@pytest.mark.parametrize("alert", sorted(ALERTS))
def test_every_alert_says_how_severe_it_is_and_what_to_do(alert: str) -> None:
    rule = ALERTS[alert]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert {"summary", "description", "runbook"} == rule["annotations"].keys()
    page = ROOT / rule["annotations"]["runbook"]
    assert page.parent == RUNBOOKS
    text = page.read_text()
    assert alert in text, "the page does not name it"
    for part in PARTS:
        assert part in text


def test_every_runbook_is_of_an_alert_and_listed() -> None:
    linked = {Path(rule["annotations"]["runbook"]).name for rule in ALERTS.values()}
    there = {page.name for page in RUNBOOKS.glob("*.md")} - {"README.md"}
    assert there == linked
    listed = (RUNBOOKS / "README.md").read_text()
    assert all(f"({page})" in listed for page in there)
