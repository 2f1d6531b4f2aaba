"""What was measured, as docs/performance.md tells it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import median

from deploy.local.layout import ROOT

PAGE = ROOT / "docs" / "performance.md"


@dataclass(frozen=True, slots=True)
class Measured:
    """Rates per second, times in milliseconds, of one process on two cores that share everything.

    `accept_rate` is what 128 connections get; `half_rate` half of it, at which `half_p50_ms` and
    `half_p99_ms` were measured. `lives_straight` went to petitions itself, `lives_rate` through the
    gateway.
    """

    accept_rate: float
    half_rate: float
    half_p50_ms: float
    half_p99_ms: float
    lives_rate: float
    lives_straight: float
    messages_rate: float
    events_rate: float
    broadcast_rate: float
    ledger_rate: float
    million_gib: float
    ledger_million_gib: float
    statistics_s: float
    read_s: float
    rss_mib: float


def measured() -> Measured:
    """From the page's tables. Raises ValueError where a row is not told as it was."""
    page = PAGE.read_text(encoding="utf-8")
    rounds = [
        float(one) for one in _found(page, r"accept_vs_crud .*jinlin ([\d/]+) req/s").split("/")
    ]
    return Measured(
        accept_rate=median(rounds),
        half_rate=_number(_found(page, r"accept_p99_ms .*?([\d,.]+) req/s held")),
        half_p50_ms=float(_found(page, r"accept_p99_ms .*p50 ([\d.]+) ms")),
        half_p99_ms=float(_found(page, r"accept_p99_ms [^\n]*?\| ([\d.]+) ms \|")),
        lives_rate=float(_found(page, r"lifecycle_rate [^\n]*?\| ([\d.]+) lives/s \|")),
        lives_straight=float(
            _found(page, r"petitions stored \| lives/s \|\n\|[-|]+\n\| [\d,]+ \| ([\d.]+) \|")
        ),
        messages_rate=_number(_found(page, r"consume_rate [^\n]*: ([\d,]+) messages/s")),
        events_rate=_number(_found(page, r"consume_rate [^\n]*?\| ([\d,]+) events/s \|")),
        broadcast_rate=_number(_found(page, r"broadcast_rate [^\n]*?\| ([\d,]+) messages/s")),
        ledger_rate=_number(_found(page, r"ledger_append_rate_1m [^\n]*?\| ([\d,]+) entries/s \|")),
        million_gib=float(_found(page, r"slowdown_1m [^\n]*, ([\d.]+) GiB with indexes")),
        ledger_million_gib=float(_found(page, r"ledger_append_rate_1m [^\n]*, ([\d.]+) GiB")),
        statistics_s=float(_found(page, r"statistics_s_1m [^\n]*?\| ([\d.]+) s \|")),
        read_s=float(
            _found(page, r"duplicates_p99_ms_1m [^\n]*had read all it compares after ([\d.]+) s")
        ),
        rss_mib=float(_found(page, r"rss_mb_after_load [^\n]*?\| ([\d.]+) MiB \|")),
    )


def _found(page: str, pattern: str) -> str:
    found = re.search(rf"^\| {pattern}", page, re.MULTILINE)
    if found is None:
        raise ValueError(f"docs/performance.md has no row like {pattern}")
    return found[1]


def _number(text: str) -> float:
    return float(text.replace(",", ""))
