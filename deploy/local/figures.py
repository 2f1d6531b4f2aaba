"""The services' figures, as /metrics gives them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import httpx
from prometheus_client.parser import text_string_to_metric_families

from deploy.local.layout import LocalError


@dataclass(slots=True)
class Figures:
    """Of one service, since its processes were started. `lag_*` are of its relay, `waiting` of its
    consumer; `leads` says whether it leads the relay, `late` for how many seconds the earliest
    deadline has passed unheeded; `disk_*` are bytes below its store, 0 where that is not known yet.
    """

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
    leads: bool = False
    late: float = 0
    disk_used: float = 0
    disk_total: float = 0

    @property
    def disk(self) -> float:
        """The share of the disk that is used."""
        return self.disk_used / self.disk_total if self.disk_total else 0.0

    @property
    def batch_size(self) -> float:
        """Commits written together, on average."""
        return self.commits / self.batches if self.batches else 0.0


def figures_of(*addresses: str) -> Figures:
    """Of the service whose processes are at these addresses. Raises LocalError where one of them
    does not answer.
    """
    return read("".join(_told(f"{address}/metrics") for address in addresses))


def _told(url: str) -> str:
    try:
        return httpx.get(url, trust_env=False, timeout=10).raise_for_status().text
    except httpx.HTTPError as error:
        raise LocalError(f"{url} gave no figures: {error}") from None


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
                case "jinlin_relay_leader":
                    found.leads = found.leads or sample.value > 0
                case "jinlin_due_late_seconds":
                    found.late = max(found.late, sample.value)
                case "jinlin_store_disk_bytes" if sample.labels["what"] == "used":
                    found.disk_used = sample.value
                case "jinlin_store_disk_bytes":
                    found.disk_total = sample.value
                case "jinlin_dead_letters_total":
                    found.dead_letters += sample.value
    return found
