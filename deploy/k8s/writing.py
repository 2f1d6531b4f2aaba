"""From manifests to the YAML that is checked in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from deploy.k8s.backup import backup_file
from deploy.k8s.entrance import entrance_file
from deploy.k8s.kafka import kafka_file
from deploy.k8s.manifest import File, Part
from deploy.k8s.reaching import reaching_file
from deploy.k8s.services import service_file
from deploy.k8s.watching import exporter_file, watching_file
from deploy.local.layout import ROOT, SERVICES

FOLDER = ROOT / "deploy" / "k8s" / "base"
OVERLAYS = Path(FOLDER).with_name("overlays")
MADE = "# Written by `python -m deploy.k8s`: change what is written there, not this."


def files() -> Iterator[File]:
    """Every file of the base that is written."""
    yield from (service_file(name) for name in SERVICES)
    yield entrance_file()
    yield kafka_file()
    yield reaching_file()
    yield exporter_file()
    yield watching_file()
    yield backup_file()


def written() -> dict[str, str]:
    """The text of each file by its name."""
    return {file.name: _text(file) for file in files()}


def _text(file: File) -> str:
    return "".join([f"# {file.says}\n{MADE}\n", *(_part(part) for part in file.parts)])


def _part(part: Part) -> str:
    shown = yaml.dump(part.manifest, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)
    return f"---\n# {part.says}\n{shown}"


class _Plain(yaml.SafeDumper):
    """What is the same twice is written twice: a reader looks nothing up."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # Lists stand under their name, not beside it, as people write them.
        super().increase_indent(flow, False)
