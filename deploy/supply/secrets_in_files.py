"""Secrets that were checked in: looked for by the shapes that private keys and tokens have."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.local.layout import ROOT

SHAPES = {
    "a private key": re.compile(r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    "a key of the ledger": re.compile(r"PRIVATE\+KEY\+[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{40,}"),
    "a private JSON web key": re.compile(r'"d"\s*:\s*"[A-Za-z0-9_-]{40,}"'),
    "a token": re.compile(r"\beyJ[A-Za-z0-9_-]{16,}\.eyJ[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    "a password in an address": re.compile(r"\b[a-z+]+://[^\s/:@\"'{}<>]+:[^\s/:@\"'{}<>]{8,}@"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"),
    "a token of a forge": re.compile(r"\b(?:gh[pousr]|glpat|github_pat)[_-][A-Za-z0-9_-]{20,}"),
    "a token of a messenger": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
}
KNOWN = {
    "deploy/local/stack.py": "keys of the local run, known to everybody",
}
"""Files with what looks secret and is not, and why. Those of tests are made up."""
MADE_UP = ("tests/",)


def found_in(text: str) -> Iterator[tuple[int, str]]:
    """What looks like a secret: its line, counted from 1, and what it looks like."""
    for number, line in enumerate(text.splitlines(), start=1):
        for what, shape in SHAPES.items():
            if shape.search(line):
                yield number, what


def checked_in() -> list[Path]:
    """Every file that is kept. Raises CalledProcessError where there is no git."""
    told = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / name for name in told.split("\0") if name]


def leaks(files: Iterable[Path]) -> list[str]:
    """A line for each secret, without the secret."""
    lines = []
    for file in files:
        name = file.relative_to(ROOT).as_posix()
        if name in KNOWN or name.startswith(MADE_UP) or not file.is_file():
            continue
        text = file.read_bytes().decode(errors="ignore")
        lines += [f"{name}:{number}: {what}" for number, what in found_in(text)]
    return lines
