"""What operators' custom resources may say: of their schemas the part that the manifests use.

``python -m tests.deploy.custom_resources FOLDER`` writes it anew, into custom_resources.json, from
the CustomResourceDefinitions (YAML) in a folder: those of the releases that
docs/guides/deploying.md names. It has to be done where a manifest uses a field that none used
before; a field that the operator does not know is refused then.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.deploy.kubernetes import BASE, OVERLAY_NAMES, manifests

Doc = dict[str, Any]

FILE = Path(__file__).with_suffix(".json")
ANYTHING = "x-kubernetes-preserve-unknown-fields"
KEPT = (
    "type",
    "enum",
    "required",
    "pattern",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    ANYTHING,
)
"""Of a schema's words those that JSON Schema knows, and the one for what is not looked into."""
BUILT_IN = ("v1", "apps/", "batch/", "policy/", "networking.k8s.io/")
"""Kinds of Kubernetes itself have another check."""


class Unknown(Exception):
    """The operator knows no such field, or no such kind; the text says which."""


def custom(docs: Sequence[Doc]) -> list[Doc]:
    """The manifests whose kinds are operators'."""
    return [doc for doc in docs if not doc["apiVersion"].startswith(BUILT_IN)]


def key_of(doc: Doc) -> str:
    """Its kind and version in one word."""
    return f"{doc['apiVersion']}/{doc['kind']}"


def schemas() -> dict[str, Doc]:
    """By kind, as JSON Schema: what is not in it is not allowed."""
    read: dict[str, Doc] = json.loads(FILE.read_text(encoding="utf-8"))
    return {key: _closed(schema) for key, schema in read.items()}


def part_used(schema: Doc, used: Sequence[Any], path: str) -> Doc:
    """What of a schema these values need. Raises `Unknown`."""
    part = {word: schema[word] for word in KEPT if word in schema}
    if schema.get(ANYTHING):
        return part
    if items := schema.get("items"):
        within = [one for value in used if isinstance(value, list) for one in value]
        part["items"] = part_used(items, within, f"{path}[]")
    mappings = [value for value in used if isinstance(value, Mapping)]
    fields = {name for value in mappings for name in value}
    any_name = schema.get("additionalProperties")
    if isinstance(any_name, dict):
        within = [one for value in mappings for one in value.values()]
        part["additionalProperties"] = part_used(any_name, within, f"{path}.*")
    elif schema.get("type") == "object":
        known = schema.get("properties", {})
        if unknown := fields - set(known):
            raise Unknown(f"{path}: {', '.join(sorted(unknown))}")
        part["properties"] = {
            name: part_used(known[name], [m[name] for m in mappings if name in m], f"{path}.{name}")
            for name in sorted(fields)
        }
    return part


def _closed(schema: Doc) -> Doc:
    closed = {word: value for word, value in schema.items() if word != ANYTHING}
    if "items" in schema:
        closed["items"] = _closed(schema["items"])
    if "properties" in schema:
        closed["properties"] = {name: _closed(one) for name, one in schema["properties"].items()}
        closed["additionalProperties"] = False
    elif isinstance(schema.get("additionalProperties"), dict):
        closed["additionalProperties"] = _closed(schema["additionalProperties"])
    return closed


def _definitions(folder: Path) -> dict[str, Doc]:
    found: dict[str, Doc] = {}
    for file in sorted(folder.glob("*.yaml")):
        for doc in yaml.safe_load_all(file.read_text(encoding="utf-8")):
            if not doc or doc.get("kind") != "CustomResourceDefinition":
                continue
            spec = doc["spec"]
            for version in spec["versions"]:
                key = f"{spec['group']}/{version['name']}/{spec['names']['kind']}"
                if version["served"]:
                    found[key] = version["schema"]["openAPIV3Schema"]
    return found


def _used() -> dict[str, list[Doc]]:
    used: dict[str, list[Doc]] = {}
    for doc in _all():
        used.setdefault(key_of(doc), []).append(doc["spec"])
    return used


def _all() -> Iterator[Doc]:
    for which in (BASE, *OVERLAY_NAMES):
        yield from custom(manifests(which))


def main(folder: Path) -> None:
    """Writes the file. Raises `Unknown`."""
    defined = _definitions(folder)
    parts = {}
    for key, specs in sorted(_used().items()):
        if key not in defined:
            raise Unknown(f"{key} is not defined in {folder}")
        spec = defined[key]["properties"]["spec"]
        parts[key] = part_used(spec, specs, key)
    FILE.write_text(json.dumps(parts, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
