"""What an audit says it asked, and what it did not; what pip-audit reports is written out here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from deploy.local.layout import LocalError
from deploy.supply import audit
from deploy.supply.audit import KNOWN, NOT_ALL_ASKED, NOTHING_KNOWN, read, told

FINE = {"name": "anyio", "version": "4.9.0", "vulns": []}
WEAK = {
    "name": "madeup",
    "version": "1.0",
    "vulns": [
        {
            "id": "PYSEC-2026-1",
            "fix_versions": ["1.1", "2.0"],
            "aliases": ["CVE-2026-1"],
            "description": "…",
        }
    ],
}


def skipped(name: str) -> dict[str, str]:
    """As pip-audit 2.10 tells of what PyPI does not know, or has no interface for."""
    reason = f"Dependency not found on PyPI and could not be audited: {name} (1.0)"
    return {"name": name, "skip_reason": reason}


def report(*entries: dict[str, Any]) -> dict[str, Any]:
    return {"dependencies": list(entries), "fixes": []}


def test_nothing_is_known_only_where_all_was_asked_about() -> None:
    audited = read(report(FINE))
    assert audited.code == NOTHING_KNOWN
    assert told(audited) == [
        "1 of 1 pinned versions were asked about, 0 weaknesses are known",
    ]


def test_what_was_not_asked_about_is_no_good_news() -> None:
    audited = read(report(FINE, skipped("attrs"), skipped("rich")))
    assert audited.code == NOT_ALL_ASKED
    assert told(audited) == [
        "1 of 3 pinned versions were asked about, 0 weaknesses are known",
        "2 not asked about: Dependency not found on PyPI and could not be audited",
    ]


def test_nothing_asked_about_is_no_good_news_either() -> None:
    assert read(report()).code == NOT_ALL_ASKED


def test_a_weakness_is_told_whatever_else_could_not_be_asked() -> None:
    audited = read(report(WEAK, skipped("rich")))
    assert audited.code == KNOWN
    assert told(audited)[1] == "madeup 1.0: PYSEC-2026-1, CVE-2026-1; mended in 1.1 or 2.0"


def put_in_place_of_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """A script that is asked instead of Python, and makes of itself what `venv` would have made."""
    program = tmp_path / "python"
    copy = 'case "$2" in venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit;; esac'
    program.write_text("\n".join(("#!/bin/bash", copy, *lines, "")))
    program.chmod(0o755)
    monkeypatch.setattr(audit, "PYTHON", program)


def test_where_pip_audit_cannot_be_had_that_is_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    put_in_place_of_python(tmp_path, monkeypatch, "echo no route to the index >&2; exit 1")
    assert audit.main() == NOT_ALL_ASKED
    told = "audit: nothing was asked about: could not fetch pip-audit: no route to the index\n"
    assert capsys.readouterr().err == told


def test_where_nobody_answers_pip_audit_that_is_the_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fails = "echo Could not connect to the feed >&2; exit 1"
    put_in_place_of_python(tmp_path, monkeypatch, f'[[ "$2" != pip_audit ]] || {{ {fails}; }}')
    with pytest.raises(LocalError, match="gave no report: Could not connect to the feed"):
        audit.ask(tmp_path / "scratch")


def test_a_report_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = """echo '{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}'"""
    put_in_place_of_python(tmp_path, monkeypatch, f'[[ "$2" != pip_audit ]] || {answer}')
    assert audit.main() == NOTHING_KNOWN
    assert "1 of 1 pinned versions" in capsys.readouterr().out
