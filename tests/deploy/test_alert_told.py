"""An alert on its way: a figure that Prometheus scrapes, the rule, Alertmanager, whoever is on
call; and the same way back when the trouble is over.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deploy.local.issuer import AUDIENCE, IssuerKey, IssuerProcess
from deploy.local.layout import ROOT
from services.notifications.api.alertmanager import Called, command_of
from services.notifications.domain.alarm_commands import Raise, Resolved
from tests.deploy.alerted import AlertingPrometheus, Alertmanager, OnCall, Replica, lacking
from tests.e2e.waiting import until

pytestmark = [pytest.mark.servers, pytest.mark.slow]

ALERT = "ServiceDown"
TOLD_WITHIN = 90
"""Seconds, for what takes some five on a machine with nothing else to do."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Two processes, and who is called when they go away."""

    replicas: tuple[Replica, Replica]
    on_call: OnCall

    def told(self) -> list[dict[str, Any]]:
        """The calls about processes that went away, in the order they came."""
        calls = [json.loads(body) for body in self.on_call.calls]
        return [call for call in calls if call["groupLabels"]["alertname"] == ALERT]

    def now(self) -> dict[str, str]:
        """By process: whether the last call said that it is away."""
        return {
            one["labels"]["instance"]: one["status"]
            for call in self.told()
            for one in call["alerts"]
        }


@pytest.fixture
def watched(issuer: IssuerProcess, tmp_path: Path) -> Iterator[Watched]:
    if why := lacking():
        pytest.skip(why)
    replicas = (Replica(), Replica())
    for replica in replicas:
        replica.come()
    targets = {"jinlin": [replica.address for replica in replicas]}
    try:
        with (
            OnCall() as on_call,
            Alertmanager(tmp_path / "alertmanager", on_call.url, issuer.url) as manager,
            AlertingPrometheus(
                tmp_path / "prometheus", targets, manager.address, [ALERT]
            ) as prometheus,
        ):
            manager.start()
            prometheus.start()
            yield Watched(replicas, on_call)
    finally:
        for replica in replicas:
            replica.go()


@pytest.mark.timeout(400)
def test_whoever_is_on_call_hears_that_processes_went_and_that_they_are_back(
    watched: Watched, issuer: IssuerProcess
) -> None:
    both = {replica.address for replica in watched.replicas}
    for replica in watched.replicas:
        replica.go()
    called = until(
        lambda: [call for call in watched.told() if len(call["alerts"]) == len(both)],
        "one call tells of both",
        TOLD_WITHIN,
    )[0]
    assert (called["receiver"], called["status"]) == ("on-call", "firing")
    assert called["groupLabels"] == {"alertname": ALERT}
    assert {one["labels"]["instance"] for one in called["alerts"]} == both
    for one in called["alerts"]:
        assert one["labels"]["severity"] == "page"
        assert one["labels"]["instance"] in one["annotations"]["summary"]
        page = ROOT / one["annotations"]["runbook"]
        assert ALERT in page.read_text()
    assert watched.on_call.refused == 1  # it was away, and was called again

    for replica in watched.replicas:
        replica.come()
    until(lambda: watched.now() == dict.fromkeys(both, "resolved"), "both are back", TOLD_WITHIN)
    assert watched.told()[-1]["status"] == "resolved"

    # What came is what notifications take, from somebody who may.
    for body in watched.on_call.calls:
        for one in Called.model_validate_json(body).alerts:
            assert isinstance(command_of(one, ()), Raise if one.status == "firing" else Resolved)
    for token in watched.on_call.tokens:
        claims = IssuerKey(issuer.key, issuer.url).read(token)
        assert claims is not None
        assert (claims["aud"], claims["roles"]) == (AUDIENCE, ["operator"])
