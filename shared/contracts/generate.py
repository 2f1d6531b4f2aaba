"""``python -m shared.contracts.generate`` (make contracts) writes what other systems read of the
contracts.

From the event classes: a JSON Schema and, where there is none yet, a golden sample per event
version, the envelope's schema, the AsyncAPI document, and since when each is published. The files
already there are the promise made to readers: a change that would break one is refused, and nothing
is written. ``--check`` writes nothing and fails when a file differs.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from shared.contracts import asyncapi, compatibility, golden, published
from shared.contracts.envelope import dataschema
from shared.contracts.event import Event, emitting_service
from shared.contracts.files import HERE, contracts, sample_file, schema_file
from shared.contracts.json_schema import Schema, data_schema, envelope_schema

Contracts = Mapping[str, type[Event]]
"""The public event classes by CloudEvents type, in the order of their modules."""


class Breaking(Exception):
    """The classes no longer keep what the checked-in files promise. `faults` says how, a line
    each.
    """

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def generated(classes: Contracts, directory: Path) -> dict[Path, str]:
    """Every generated file's text by path. Raises `Breaking` when the files in `directory` forbid
    it.
    """
    schemas = {type: data_schema(type, cls) for type, cls in classes.items()}
    envelope = envelope_schema(list(classes))
    faults = list(_faults(schemas, envelope, directory))
    if faults:
        raise Breaking(faults)
    files = {directory / "schemas" / "envelope.v1.json": _json(envelope)}
    samples: dict[str, Any] = {}
    positions: dict[str, int] = {}
    for type, cls in classes.items():
        files[schema_file(directory, type)] = _json(schemas[type])
        service = emitting_service(cls) or ""
        position = positions[service] = positions.get(service, 0) + 1
        path = sample_file(directory, type)
        if path.exists():
            samples[type] = json.loads(path.read_text(encoding="utf-8"))
        else:
            samples[type] = json.loads(golden.sample(type, cls, position).to_bytes())
            files[path] = _json(samples[type])
    files[directory / "asyncapi.yaml"] = asyncapi.document(schemas, samples, envelope)
    since = published.written(classes, published.read(directory), _today())
    files[published.file_in(directory)] = since
    return files


def _today() -> date:
    return datetime.now(UTC).date()


def differing(files: Mapping[Path, str]) -> list[Path]:
    """The files that are missing or have another text."""
    return [
        path
        for path, text in files.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main(
    arguments: Sequence[str] | None = None,
    directory: Path = HERE,
    classes: Contracts | None = None,
) -> int:
    """The command; returns the exit code."""
    options = argparse.ArgumentParser(prog="make contracts", description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    check = options.parse_args(arguments).check
    try:
        files = generated(contracts() if classes is None else classes, directory)
    except Breaking as breaking:
        print("These changes break readers; nothing was written:", file=sys.stderr)
        for fault in breaking.faults:
            print(f"  {fault}", file=sys.stderr)
        return 1
    changed = differing(files)
    if check:
        for path in changed:
            state = "differs" if path.exists() else "is missing"
            print(f"{path.relative_to(directory)} {state}: run `make contracts`", file=sys.stderr)
        return 1 if changed else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files[path], encoding="utf-8")
        print(f"wrote {path.relative_to(directory)}")
    print(f"{len(files)} files, {len(changed)} written")
    return 0


def _faults(schemas: Mapping[str, Schema], envelope: Schema, directory: Path) -> list[str]:
    faults = []
    for path in sorted((directory / "schemas").rglob("*.json")):
        before = json.loads(path.read_text(encoding="utf-8"))
        name = path.relative_to(directory / "schemas").with_suffix("")
        if before["$id"] == envelope["$id"]:
            faults += [
                f"envelope: {fault}: every reader relies on it, put it back"
                for fault in compatibility.breaks(before, envelope)
            ]
            continue
        after = {dataschema(type): schema for type, schema in schemas.items()}.get(before["$id"])
        if after is None:
            faults.append(
                f"{name}: its class is gone. Put it back: commits and topics still hold such "
                "events, and others read them"
            )
            continue
        faults += [
            f"{name}: {fault}. {_way_out(path)}" for fault in compatibility.breaks(before, after)
        ]
    return faults


def _way_out(path: Path) -> str:
    event, _, version = path.stem.rpartition(".v")
    successor = f"{event}V{int(version) + 1}"
    return f"Leave this version as it was and put a class {successor} with the change beside it"


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.exit(main())
