"""What a run found: build/bench.json for programs, a table for people."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.local.layout import BUILD, ROOT
from tests.bench.figure import Figure
from tests.bench.rows import FULL, ROWS, Row

JSON_FILE = BUILD / "bench.json"
PAGE = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
FULL_BEGIN, FULL_END = "<!-- full: begin -->", "<!-- full: end -->"
FULL_PART = "full"
"""Where in the file a run with a full store stands; beside it, the other run's stays."""


@dataclass
class Report:
    """A run's figures and failures by row, and what they were measured with."""

    date: str
    machine: Mapping[str, Any]
    versions: Mapping[str, str]
    load: Mapping[str, str]
    figures: dict[str, Figure] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    counted: dict[str, int] = field(default_factory=dict)
    full: bool = False

    @property
    def rows(self) -> Mapping[str, Row]:
        """Those that this run measures."""
        return FULL if self.full else ROWS

    def plain(self) -> dict[str, Any]:
        """All of it as plain values."""
        figures = {
            name: {
                "value": round(figure.value, 3),
                "unit": self.rows[name].unit,
                "comparison": self.rows[name].comparison,
                "target": self.rows[name].target,
                "met": self.rows[name].met(figure.value),
                "what": self.rows[name].what,
                "note": figure.note,
            }
            for name, figure in self.figures.items()
        }
        return {
            "date": self.date,
            "machine": dict(self.machine),
            "versions": dict(self.versions),
            "load": dict(self.load),
            "figures": figures,
            "failures": self.failures,
            "honesty": {"counted": self.counted, "differences": self.differences},
        }

    def table(self) -> str:
        """The figures as a Markdown table with what they were measured on."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        lines = [
            where(self.date, self.machine),
            "",
            f"Versions: {versions}.",
            "",
            f"Load: {'; '.join(self.load.values())}.",
            "",
            "| figure | what | measured | target | met | how |",
            "|---|---|---|---|---|---|",
        ]
        for name, row in self.rows.items():
            target = f"{row.comparison} {row.target:g}"
            if name in self.figures:
                figure = self.figures[name]
                met = "yes" if row.met(figure.value) else "**no**"
                value = f"{shown(figure.value)} {row.unit}"
                lines.append(
                    f"| {name} | {row.what} | {value} | {target} | {met} | {figure.note} |"
                )
            elif name in self.failures:
                why = " ".join(self.failures[name].split())[:200].replace("|", "/")
                lines.append(f"| {name} | {row.what} | failed | {target} | **no** | {why} |")
        if not self.counted and not self.differences:
            return "\n".join(lines)
        counted = ", ".join(f"{count:,} {what}" for what, count in self.counted.items())
        verdict = "; ".join(self.differences) or "they agree to the last event"
        lines += ["", f"Counted afterwards: {counted}. Differences: {verdict}."]
        return "\n".join(lines)


def shown(value: float) -> str:
    """A figure with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def write_json(report: Report, file: Path = JSON_FILE) -> None:
    """Writes the figures for programs; what the other kind of run wrote stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    before = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if report.full:
        told = {**before, FULL_PART: report.plain()}
    else:
        told = report.plain()
        if FULL_PART in before:
            told[FULL_PART] = before[FULL_PART]
    text = json.dumps(told, ensure_ascii=False, indent=2)
    file.write_text(text + "\n", encoding="utf-8")


def write_page(report: Report, page: Path = PAGE) -> None:
    """Puts the table between its marks on the page. Raises ValueError where they are missing."""
    begins, ends = (FULL_BEGIN, FULL_END) if report.full else (BEGIN, END)
    put_between(page, begins, ends, report.table())


def put_between(page: Path, begins: str, ends: str, told: str) -> None:
    """Replaces what stands between two marks. Raises ValueError where they are missing."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(begins)
    _, end, after = rest.partition(ends)
    if not begin or not end:
        raise ValueError(f"{page} has no {begins} ... {ends}")
    page.write_text(f"{before}{begins}\n{told}\n{ends}{after}", encoding="utf-8")


def where(date: str, machine: Mapping[str, Any]) -> str:
    """When and on what something was measured, as a sentence."""
    return (
        f"Measured on {date}: {machine['cores']} cores ({machine['processor']}), "
        f"{machine['ram_gb']} GB RAM; load average before the run {machine['load_before']}."
    )


def now() -> str:
    """The time of a run as it is told."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
