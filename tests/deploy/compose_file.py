"""The compose file as Docker reads it: with what it includes, and with its defaults."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from deploy.local.layout import ROOT

Doc = dict[str, Any]

_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*))?\}")
PARTS = ("services", "networks", "volumes", "secrets", "configs")


def compose_file(environment: Mapping[str, str] | None = None) -> Doc:
    """All of it as one document. Raises ValueError where two files differ about the same thing."""
    top = _read(ROOT / "docker-compose.yml", environment or {})
    for included in top.pop("include"):
        assert included["project_directory"] == "."
        for part, things in _read(ROOT / included["path"], environment or {}).items():
            if part not in PARTS:
                continue
            for name, thing in things.items():
                if top[part].setdefault(name, thing) != thing:
                    raise ValueError(f"{part}.{name} is not the same in {included['path']}")
    return top


def variables() -> set[str]:
    """The names of all that may be set."""
    files = [ROOT / "docker-compose.yml", *(ROOT / "deploy" / "compose").glob("*.yml")]
    return {name for file in files for name, _ in _VARIABLE.findall(file.read_text())}


def env_file(name: str) -> dict[str, str]:
    """What a file of settings in deploy/compose sets."""
    lines = (ROOT / "deploy" / "compose" / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def _read(file: Path, environment: Mapping[str, str]) -> Doc:
    def value(match: re.Match[str]) -> str:
        return environment.get(match[1]) or match[2] or ""

    read: Doc = yaml.safe_load(_VARIABLE.sub(value, file.read_text(encoding="utf-8")))
    return read
