"""The services' figures, as /metrics gives them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.demo.addresses import service_url
from deploy.local.layout import SERVICES, LocalError

HEADINGS = ("数字 figure", *SERVICES)


@dataclass(slots=True)
class Figures:
    """Of one service, since it was started. `lag_*` are of its relay, `waiting` of its consumer."""

    commands: Counter[str] = field(default_factory=Counter)
    """Commands by outcome."""
    batches: float = 0
    commits: float = 0
    published: float = 0
    lag_events: float = 0
    lag_seconds: float = 0
    handled: Counter[str] = field(default_factory=Counter)
    """Events received by outcome."""
    waiting: float = 0
    dead_letters: float = 0

    @property
    def batch_size(self) -> float:
        """Commits written together, on average."""
        return self.commits / self.batches if self.batches else 0.0


def figures() -> dict[str, Figures]:
    """Of every service. Raises LocalError where one does not answer."""
    return {name: read(_metrics(name)) for name in SERVICES}


def _metrics(service: str) -> str:
    url = f"{service_url(service)}/metrics"
    try:
        answer = httpx.get(url, trust_env=False, timeout=10).raise_for_status()
    except httpx.HTTPError as error:
        raise LocalError(f"{url} gave no figures: {error}") from None
    return answer.text


def read(text: str) -> Figures:
    """The figures in Prometheus' text format."""
    found = Figures()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            match sample.name:
                case "jinlin_commands_total":
                    found.commands[sample.labels["outcome"]] += int(sample.value)
                case "jinlin_commit_batch_size_count":
                    found.batches += sample.value
                case "jinlin_commit_batch_size_sum":
                    found.commits += sample.value
                case "jinlin_relay_published_total":
                    found.published += sample.value
                case "jinlin_relay_lag_events":
                    found.lag_events += sample.value
                case "jinlin_relay_lag_seconds":
                    found.lag_seconds = max(found.lag_seconds, sample.value)
                case "jinlin_events_handled_total":
                    found.handled[sample.labels["outcome"]] += int(sample.value)
                case "jinlin_consumer_lag":
                    found.waiting += sample.value
                case "jinlin_dead_letters_total":
                    found.dead_letters += sample.value
    return found


def as_rows(all_of: Mapping[str, Figures]) -> list[list[str]]:
    """A table's rows: one per figure, one column per service."""
    each = [all_of[name] for name in SERVICES]
    rows = []
    for title, outcomes in (
        ("命令 commands", [one.commands for one in each]),
        ("收到的事件 events received", [one.handled for one in each]),
    ):
        rows += [
            [f"{title}: {outcome}", *(f"{counted[outcome]:,}" for counted in outcomes)]
            for outcome in sorted(set().union(*outcomes))
        ]
    rows += [
        ["每批提交数 commits per batch", *(f"{one.batch_size:.1f}" for one in each)],
        ["已发布事件 events published", *(f"{one.published:,.0f}" for one in each)],
        ["待发布 relay lag, events", *(f"{one.lag_events:,.0f}" for one in each)],
        ["待发布 relay lag, seconds", *(f"{one.lag_seconds:.2f}" for one in each)],
        ["待处理 consumer lag", *(f"{one.waiting:,.0f}" for one in each)],
        ["死信 dead letters", *(f"{one.dead_letters:,.0f}" for one in each)],
    ]
    return rows


def differences(
    before: Mapping[str, Figures], after: Mapping[str, Figures], commands: int, events: int
) -> list[str]:
    """Where the figures do not bear out that petitions did `commands` and published `events`."""
    found = []
    done = after["petitions"].commands["done"] - before["petitions"].commands["done"]
    published = after["petitions"].published - before["petitions"].published
    if done < commands:
        found.append(f"/metrics of petitions: {done} commands done, {commands} were acknowledged")
    if published < events:
        found.append(f"/metrics of petitions: {published:.0f} events published, of {events}")
    for name in SERVICES:
        dead = after[name].dead_letters - before[name].dead_letters
        if dead:
            found.append(f"/metrics of {name}: {dead:.0f} dead letters; `make dlq` lists them")
    return found
