"""What a run of the tests that break things did: build/chaos.json for programs, a table for people.

As a plugin of pytest it notes every such test that has run; ``python -m tests.chaos.report`` puts
what is noted into docs/reliability.md. A test's line is its latest run, whichever run that was.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deploy.local.layout import BUILD, ROOT

JSON_FILE = BUILD / "chaos.json"
PAGE = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- runs: begin -->", "<!-- runs: end -->"

Noted = dict[str, dict[str, Any]]
"""By test: what was broken how often, what clients heard, how long it took, when, how it ended."""


@dataclass
class Account:
    """What a test broke, and what its clients heard meanwhile."""

    faults: Counter[str] = field(default_factory=Counter)
    operations: int = 0
    answers: Counter[str] = field(default_factory=Counter)

    def broke(self, what: str) -> None:
        """One blow."""
        self.faults[what] += 1

    def heard(self, answers: Mapping[str, int], operations: int) -> None:
        """Answers that clients got, by status, and how many commands they were about."""
        self.answers.update(answers)
        self.operations += operations

    def plain(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            "faults": dict(self.faults),
            "operations": self.operations,
            "answers": dict(self.answers),
        }


_noted: Noted = {}
"""Of this session."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[pytest.TestReport]:
    """Puts what a test broke into its report, which alone leaves a worker of pytest-xdist."""
    if item.get_closest_marker("chaos") is not None:
        account = getattr(item, "funcargs", {}).get("account") or Account()
        item.user_properties.append(("account", account.plain()))
    return (yield)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Notes a test that has run, or that failed before it could."""
    account = dict(report.user_properties).get("account")
    if account is not None and (report.when == "call" or report.failed) and not report.skipped:
        _noted[report.nodeid] = {
            "at": f"{datetime.now(UTC):%Y-%m-%d %H:%M}",
            "outcome": report.outcome,
            "seconds": round(report.duration, 1),
            **account,
        }


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Adds what was noted to the file; under pytest-xdist, once for all workers."""
    if _noted and not hasattr(session.config, "workerinput"):
        write_json({**read_json(), **_noted})


def read_json(file: Path = JSON_FILE) -> Noted:
    """What runs before have noted."""
    if not file.exists():
        return {}
    noted: Noted = json.loads(file.read_text(encoding="utf-8"))
    return noted


def write_json(noted: Noted, file: Path = JSON_FILE) -> None:
    """Writes it for programs, tests in the order of their names."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(noted, ensure_ascii=False, indent=2, sort_keys=True)
    file.write_text(text + "\n", encoding="utf-8")


def table(noted: Noted) -> str:
    """What is noted, as a Markdown table."""
    lines = [
        "| test | broken | commands | heard | seconds | run (UTC) | held |",
        "|---|---|---|---|---|---|---|",
    ]
    for test, run in sorted(noted.items()):
        name = test.removeprefix("tests/").replace("|", "/")
        held = "yes" if run["outcome"] == "passed" else "**no**"
        cells = (
            f"`{name}`",
            _counts(run["faults"]),
            f"{run['operations']:,}" if run["operations"] else "",
            _counts(run["answers"]),
            f"{run['seconds']:.0f}",
            run["at"],
            held,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{count:,} x {what}" for what, count in sorted(counted.items()))


def write_page(noted: Noted, page: Path = PAGE) -> None:
    """Puts the table between its marks on the page. Raises ValueError where they are missing."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no {BEGIN} ... {END}")
    page.write_text(f"{before}{BEGIN}\n{table(noted)}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write_page(read_json())
