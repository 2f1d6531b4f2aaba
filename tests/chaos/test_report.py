"""The page says what the tests are, and the report says what a run did."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.layout import ROOT
from tests.chaos.report import BEGIN, END, PAGE, Account, table, write_page

NAMED = re.compile(r"`((?:[a-z0-9_]+/)+test_[a-z0-9_]+\.py)(?:::(test_[a-z0-9_]+))?`")
"""A test as the page names it: its path below tests/, and mostly its name."""

FOLDERS = ("tests/chaos", "tests/e2e")
"""Where tests break things."""


def by_hand() -> str:
    """The page without what a run wrote."""
    text = PAGE.read_text(encoding="utf-8")
    return text[: text.index(BEGIN)] + text[text.index(END) :]


def test_every_test_that_the_page_names_is_there() -> None:
    named = NAMED.findall(by_hand())
    assert len(named) > 40
    missing = [
        f"{file}::{name}"
        for file, name in named
        if not (ROOT / "tests" / file).exists()
        or (name and f"def {name}(" not in (ROOT / "tests" / file).read_text())
    ]
    assert missing == []


@pytest.mark.slow
def test_every_test_that_breaks_something_is_on_the_page() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", "chaos", *FOLDERS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    ).stdout
    tests = set(re.findall(r"^tests/(\S+)::(test_\w+)", found, re.MULTILINE))
    assert len(tests) > 20, found[-500:]
    assert sorted(tests - set(NAMED.findall(by_hand()))) == []


def test_a_run_becomes_a_line(tmp_path: Path) -> None:
    account = Account()
    account.broke("kill -9 mongod")
    account.broke("kill -9 mongod")
    account.heard({"200": 1500, "503": 3}, 1400)
    run = {
        "at": "2026-03-02 09:00",
        "outcome": "passed",
        "seconds": 61.2,
        **account.plain(),
    }
    lost = {**run, "outcome": "failed"}
    noted = {"tests/chaos/test_a.py::test_a": run, "tests/chaos/test_b.py::test_b": lost}
    first, second = table(noted).splitlines()[2:]
    assert "| 2 x kill -9 mongod | 1,400 | 1,500 x 200, 3 x 503 | 61 |" in first
    assert first.endswith("| yes |")
    assert second.endswith("| **no** |")

    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    write_page(noted, page)
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n| test ")
    assert text.endswith(f"{END}\nafter\n")
    assert "old" not in text
    page.write_text("no marks")
    with pytest.raises(ValueError, match="runs: begin"):
        write_page(noted, page)
