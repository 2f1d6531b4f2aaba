"""What changed between two versions of an agreement: clause by clause, and within one word by word.

A word is a run of letters or digits, or one Chinese character.
"""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

from services.mediation.domain.agreements.agreement_commands import ClauseDraft
from services.mediation.domain.agreements.agreement_events import AgreementWorded

ALIKE = 0.5
"""How much of its words a clause shares with the one that it is taken to have been before."""

_WORDS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


def differences(before: AgreementWorded, after: AgreementWorded) -> dict[str, Any]:
    """All that is not the same, in the order of the later version; what was dropped comes last."""
    old_names, new_names = dict(before.names), dict(after.names)
    return {
        "clauses": _clauses(before.clauses, after.clauses),
        "open_points": [
            _words(tag, " ".join(before.open_points[i:j]), " ".join(after.open_points[k:m]))
            for tag, i, j, k, m in SequenceMatcher(
                None, before.open_points, after.open_points, autojunk=False
            ).get_opcodes()
            if tag != "equal"
        ],
        "names": [
            {"party": party, "before": old_names.get(party), "after": new_names.get(party)}
            for party in sorted(old_names.keys() | new_names.keys())
            if old_names.get(party) != new_names.get(party)
        ],
    }


def _clauses(before: Sequence[ClauseDraft], after: Sequence[ClauseDraft]) -> list[dict[str, Any]]:
    was = _paired(before, after)
    found: list[dict[str, Any]] = []
    for n, one in enumerate(after):
        if n not in was:
            found.append({"change": "added", "before": None, "after": n + 1, **_terms(None, one)})
        elif before[was[n]] != one:
            old = before[was[n]]
            found.append(
                {"change": "changed", "before": was[n] + 1, "after": n + 1, **_terms(old, one)}
            )
    gone = [n for n in range(len(before)) if n not in was.values()]
    return found + [
        {"change": "dropped", "before": n + 1, "after": None, **_terms(before[n], None)}
        for n in gone
    ]


def _paired(before: Sequence[ClauseDraft], after: Sequence[ClauseDraft]) -> dict[int, int]:
    """Which clause each was before: the same one, else the one that shares most words with it."""
    was: dict[int, int] = {}
    left = list(range(len(before)))
    for n, one in enumerate(after):
        same = next((m for m in left if before[m] == one), None)
        if same is not None:
            was[n] = same
            left.remove(same)
    for n, one in enumerate(after):
        if n in was or not left:
            continue
        alike = [(_likeness(before[m], one), -abs(m - n), m) for m in left]
        likeness, _, best = max(alike)
        if likeness >= ALIKE:
            was[n] = best
            left.remove(best)
    return was


def _likeness(one: ClauseDraft, other: ClauseDraft) -> float:
    words = SequenceMatcher(None, _split(one.what), _split(other.what), autojunk=False)
    if words.real_quick_ratio() < ALIKE or words.quick_ratio() < ALIKE:
        return 0.0
    return words.ratio()


def _terms(before: ClauseDraft | None, after: ClauseDraft | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "what": _pieces("" if before is None else before.what, "" if after is None else after.what)
    }
    for field in ("party", "until", "cents"):
        old = None if before is None else getattr(before, field)
        new = None if after is None else getattr(after, field)
        if old != new:
            told[field] = {"before": old, "after": new}
    return told


def _words(tag: str, before: str, after: str) -> dict[str, Any]:
    change = {"insert": "added", "delete": "dropped", "replace": "changed"}[tag]
    return {"change": change, "what": _pieces(before, after)}


def _pieces(before: str, after: str) -> list[dict[str, str]]:
    """The text in pieces that stayed (``same``), went (``gone``) or came (``new``)."""
    old, new = _split(before), _split(after)
    pieces: list[dict[str, str]] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append({"same": "".join(old[i:j])})
            continue
        if i < j:
            pieces.append({"gone": "".join(old[i:j])})
        if k < m:
            pieces.append({"new": "".join(new[k:m])})
    return pieces


def _split(text: str) -> list[str]:
    return _WORDS.findall(text)
