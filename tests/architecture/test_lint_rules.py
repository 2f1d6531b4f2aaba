"""Which of the rules about dangerous code are off, and where a line is let off: with a reason."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.architecture.modules import ROOT

RULE = re.compile(r"S\d{3}")
LET_OFF = re.compile(r"# noqa: *(?:[A-Z]+\d+, *)*S\d{3}(?:, *[A-Z]+\d+)*(.*)$")
FOLDERS = ("services", "shared", "deploy", "examples")


def test_rules_that_are_off_stand_in_the_page_with_the_reason() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"][
        "lint"
    ]
    assert {"S", "PLE2502"} <= set(lint["select"])
    off = {rule for rule in lint["ignore"] if RULE.fullmatch(rule)}
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `(S\d{3})` \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE)
    assert sorted(off) == told
    elsewhere = {
        pattern
        for pattern, rules in lint["per-file-ignores"].items()
        if any(rule == "S" or RULE.fullmatch(rule) for rule in rules)
    }
    assert elsewhere == {"tests/**"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_line_that_is_let_off_says_why(folder: str) -> None:
    bare = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := LET_OFF.search(line)) and not found[1].strip()
    ]
    assert bare == []


def test_a_line_without_a_reason_is_found() -> None:
    for line in ("x  # noqa: S501", "x  # noqa: E501, S501", "x  # noqa:S501, E501 "):
        found = LET_OFF.search(line)
        assert found
        assert not found[1].strip()
    found = LET_OFF.search("x  # noqa: S501  plain http")
    assert found
    assert found[1].strip() == "plain http"
