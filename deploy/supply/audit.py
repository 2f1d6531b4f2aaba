"""`make audit`: known weaknesses of every pinned version, by pip-audit, which asks PyPI.

A version that could not be asked about is no good news: it is named, and the exit code says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.install import LOCK
from deploy.local.layout import PYTHON, LocalError

PIP_AUDIT = "pip-audit>=2.9,<3"
NOTHING_KNOWN, KNOWN, NOT_ALL_ASKED = 0, 1, 2
"""Exit codes. What is known is told first: it is so, whatever else could not be asked."""


@dataclass(frozen=True, slots=True)
class Audited:
    """What was asked, and what was told. `known` has a line for each weakness, `unasked` by reason
    how many versions were not asked about.
    """

    asked: int
    known: tuple[str, ...]
    unasked: dict[str, int]

    @property
    def code(self) -> int:
        """The exit code that says so."""
        if self.known:
            return KNOWN
        return NOT_ALL_ASKED if self.unasked or not self.asked else NOTHING_KNOWN


def read(report: dict[str, Any]) -> Audited:
    """What pip-audit's report in JSON says."""
    entries = report["dependencies"]
    asked = [one for one in entries if "skip_reason" not in one]
    # Reasons name the version they are of: without it they are the same.
    reasons = (one["skip_reason"].partition(": ")[0] for one in entries if "skip_reason" in one)
    known = [_line(one, weakness) for one in asked for weakness in one["vulns"]]
    return Audited(len(asked), tuple(known), dict(Counter(reasons)))


def _line(package: dict[str, Any], weakness: dict[str, Any]) -> str:
    names = ", ".join((weakness["id"], *weakness["aliases"]))
    mended = " or ".join(weakness["fix_versions"]) or "no version"
    return f"{package['name']} {package['version']}: {names}; mended in {mended}"


def told(audited: Audited) -> list[str]:
    """The lines that say what was asked and what was not."""
    missed = sum(audited.unasked.values())
    all_of_it = f"{audited.asked} of {audited.asked + missed} pinned versions were asked about"
    return [
        f"{all_of_it}, {len(audited.known)} weaknesses are known",
        *audited.known,
        *(f"{count} not asked about: {reason}" for reason, count in audited.unasked.items()),
    ]


def ask(scratch: Path) -> Audited:
    """Asks about every version of the lock. Raises LocalError where pip-audit cannot be had or
    gives no report, as when nobody answers it at all.
    """
    python = scratch / "bin" / "python"
    _run("make a place for pip-audit", PYTHON, "-m", "venv", scratch)
    _run("fetch pip-audit", python, "-m", "pip", "install", "--quiet", PIP_AUDIT)
    # The lock is complete, nothing has to be resolved.
    options = ("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off")
    command: list[str | Path] = [python, "-m", "pip_audit", *options, "-r", LOCK]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        return read(json.loads(done.stdout))
    except ValueError:
        raise LocalError(f"pip-audit gave no report: {_last_line(done.stderr)}") from None


def _run(what: str, *command: str | Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LocalError(f"could not {what}: {_last_line(done.stderr)}")


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2] or "it said nothing"


def main() -> int:
    """0 where all was asked about and nothing is known, 1 where something is known, 2 where nothing
    is known of what was asked about, and not all of it was.
    """
    try:
        with tempfile.TemporaryDirectory() as scratch:
            audited = ask(Path(scratch))
    except LocalError as error:
        print(f"audit: nothing was asked about: {error}", file=sys.stderr)
        return NOT_ALL_ASKED
    for line in told(audited):
        print(f"audit: {line}")
    return audited.code


if __name__ == "__main__":
    sys.exit(main())
