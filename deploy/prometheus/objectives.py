"""Service level objectives, and the rules that watch how fast their budgets burn.

    python -m deploy.prometheus.objectives        writes rules/objectives.yml

An objective leaves a budget of errors. It burns with 1 when it lasts just its 30 days; alerts look
at two windows each, as Google's SRE workbook has it: the long one says that it matters, the short
one that it goes on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

RULES = Path(__file__).with_name("rules") / "objectives.yml"
WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
PERIOD = "30d"
RUNBOOKS = "docs/runbooks"
HEADER = "# Made by `python -m deploy.prometheus.objectives`; never edited by hand.\n"


@dataclass(frozen=True, slots=True)
class Objective:
    """`share` of all `good` and `all`, which are selectors of counters, is to be good. `name` is
    that of its alerts in Prometheus' words, `slo` that of its label.
    """

    slo: str
    name: str
    share: float
    good: str
    all: str
    says: str

    def errors(self, window: str) -> str:
        """The share of what was not good within a window, as PromQL: nothing without traffic."""
        return f"1 - sum(rate({self.good}[{window}])) / (sum(rate({self.all}[{window}])) > 0)"

    @property
    def budget(self) -> float:
        """The share that may be bad."""
        return round(1 - self.share, 6)


@dataclass(frozen=True, slots=True)
class Burn:
    """An alert: the budget burns `times` as fast as it may, in both windows."""

    name: str
    severity: str
    parts: tuple[tuple[str, str, float], ...]
    """Long window, short window, times."""
    says: str


_POSTS = 'jinlin_http_requests_total{service="gateway",method="POST"'
_FILING = 'service="petitions",method="POST",route="/petitions"'

OBJECTIVES = (
    Objective(
        "accept-availability",
        "AcceptAvailability",
        0.999,
        f'{_POSTS},status!="5xx"}}',
        f"{_POSTS}}}",
        "of what people send is accepted or refused with a reason, not failed",
    ),
    Objective(
        "accept-latency",
        "AcceptLatency",
        0.99,
        f'jinlin_http_seconds_bucket{{{_FILING},le="0.25"}}',
        f"jinlin_http_seconds_count{{{_FILING}}}",
        "of petitions are accepted within a quarter of a second",
    ),
    Objective(
        "event-delivery",
        "EventDelivery",
        0.999,
        'jinlin_event_delay_seconds_bucket{le="5.0"}',
        "jinlin_event_delay_seconds_count",
        "of events have taken effect in another service within 5 s",
    ),
    Objective(
        "notification",
        "Notification",
        0.999,
        'jinlin_event_delay_seconds_bucket{service="notifications",le="60.0"}',
        'jinlin_event_delay_seconds_count{service="notifications"}',
        "of events stand in the inbox of whom they concern within 60 s",
    ),
    Objective(
        "urgent-delivery",
        "UrgentDelivery",
        0.99,
        'jinlin_delivery_seconds_bucket{lane="urgent",le="60.0"}',
        'jinlin_delivery_seconds_count{lane="urgent"}',
        "of urgent messages are taken by a provider within 60 s",
    ),
)

BURNS = (
    Burn(
        "BurnsFast",
        "page",
        (("1h", "5m", 14.4), ("6h", "30m", 6)),
        "the budget of 30 days is used up within five days at most",
    ),
    Burn(
        "BurnsSlowly",
        "ticket",
        (("1d", "2h", 3), ("3d", "6h", 1)),
        "the budget of 30 days will not last",
    ),
)


def rules() -> dict[str, Any]:
    """The rule file. One group is looked at in order: alerts see what has just been recorded."""
    alerts = [_alert(objective, burn) for objective in OBJECTIVES for burn in BURNS]
    return {"groups": [{"name": "objectives", "rules": [*_targets(), *_records(), *alerts]}]}


def _targets() -> list[dict[str, Any]]:
    return [
        {
            "record": "slo:objective:ratio",
            "expr": f"vector({objective.share})",
            "labels": {"slo": objective.slo},
        }
        for objective in OBJECTIVES
    ]


def _records() -> list[dict[str, Any]]:
    return [
        {
            "record": f"slo:errors:ratio_rate{window}",
            "expr": objective.errors(window),
            "labels": {"slo": objective.slo},
        }
        for objective in OBJECTIVES
        for window in WINDOWS
    ]


def _alert(objective: Objective, burn: Burn) -> dict[str, Any]:
    def above(window: str, times: float) -> str:
        most = round(times * objective.budget, 6)
        return f'slo:errors:ratio_rate{window}{{slo="{objective.slo}"}} > {most}'

    either = " or ".join(
        f"({above(long, times)} and {above(short, times)})" for long, short, times in burn.parts
    )
    return {
        "alert": f"{objective.name}{burn.name}",
        "expr": either,
        "labels": {"severity": burn.severity},
        "annotations": {
            "summary": f"{objective.slo}: {burn.says}",
            "description": (
                f"{objective.share:.1%} {objective.says}. "
                "Now {{ $value | humanizePercentage }} are not."
            ),
            "runbook": f"{RUNBOOKS}/{page_of(objective.name)}.md",
        },
    }


def page_of(alert: str) -> str:
    """The name of a runbook's page: ``accept-latency`` of ``AcceptLatency``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", alert).lower()


def written() -> str:
    """The rule file's text."""
    return HEADER + yaml.safe_dump(rules(), sort_keys=False, allow_unicode=True, width=120)


if __name__ == "__main__":
    RULES.write_text(written())
