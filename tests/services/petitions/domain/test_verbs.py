"""The table of verbs is whole, and every refusal has words in both languages."""

import ast
import string
from pathlib import Path

import yaml

import services.petitions
from services.petitions.domain.commands import File
from services.petitions.domain.petition import CHAPTERS
from services.petitions.domain.state import Petition, Status
from services.petitions.domain.verbs import ASSIGNEES, OPEN, PETITIONERS, can
from shared.runtime.aggregate import caller_fills
from tests.services.petitions.town import (
    GRID_HEAD,
    RESIDENT,
    STREET_OFFICER,
    answered,
    filed,
    in_review,
)

SERVICE = Path(services.petitions.__file__).parent


def refusals() -> dict[str, set[str]]:
    """Every code with which the service refuses, and the placeholders it fills."""
    found: dict[str, set[str]] = {}
    for file in sorted(SERVICE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name("Rejected" | "Refused"),
                    args=[ast.Constant(str() as code), *_],
                    keywords=given,
                ):
                    found.setdefault(code, set()).update(k.arg or "" for k in given)
                case ast.Call(func=ast.Name("Rejected")):
                    raise AssertionError(f"{file.name}:{node.lineno}: the code is not a literal")
    return found


def test_every_refusal_has_its_chinese_words_and_no_words_are_left_over() -> None:
    words = yaml.safe_load((SERVICE / "problems.zh.yaml").read_text(encoding="utf-8"))
    codes = refusals()
    assert words.keys() == codes.keys()
    for code, text in words.items():
        placeholders = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert placeholders <= codes[code], code


def test_the_table_knows_every_status_and_every_verb() -> None:
    verbs = {
        command.verb
        for chapter in CHAPTERS
        for command in chapter.COMMANDS
        if caller_fills(command)
    }
    assert OPEN.keys() == set(Status)
    assert frozenset().union(*OPEN.values()) == verbs
    assert verbs >= PETITIONERS | ASSIGNEES
    assert OPEN[Status.UNFILED] == {File.verb}


BY_ROLE = {"assign", "suspend", "resume", "consult", "merge", "split", "link", "release"}
"""Offered to whoever asks, as far as the petition decides it: the tables say which roles may."""


def offered(state: Petition, by: str) -> frozenset[str]:
    return can(state, by) - BY_ROLE


def test_what_is_offered_depends_on_who_asks() -> None:
    fresh = filed().state
    assert offered(fresh, RESIDENT) == {"comment", "withdraw"}
    at_work = {"take", "answer", "hand-up", "return", "comment", "support"}
    assert offered(fresh, GRID_HEAD) == at_work
    answer = answered().state
    assert offered(answer, RESIDENT) == {
        "rate",
        "confirm-solved",
        "follow-up",
        "comment",
        "withdraw",
    }
    assert offered(answer, GRID_HEAD) == {"comment"}
    assert offered(answer, STREET_OFFICER) == {"comment", "follow-up"}
    assert offered(in_review(reviewer_answered=True).state, "officer-wu") == {"comment"}
