"""What a manifest is made of, and the names by which manifests know each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Doc = dict[str, Any]

NAME = "app.kubernetes.io/name"
COMPONENT = "app.kubernetes.io/component"
PART_OF = "app.kubernetes.io/part-of"
SERVICE = "service"
"""The component of what answers people or programs: the eight services."""

BACKUP = "backup"
"""The name and component of what backs the stores up."""

IMAGE = "jinlin/platform"
"""Overlays say from which registry, and which version of it."""
SETTINGS = "settings"
"""The ConfigMap with what every service is told: base/settings.env."""
MONITORING, KEDA, INGRESS = "monitoring", "keda", "ingress-nginx"
"""The namespaces of those who come from elsewhere in the cluster."""


@dataclass(frozen=True, slots=True)
class Part:
    """A manifest, and in a line or two what it is there for."""

    says: str
    manifest: Doc


@dataclass(frozen=True, slots=True)
class File:
    """A file of manifests that are read together."""

    name: str
    says: str
    parts: Sequence[Part]


def manifest(api: str, kind: str, name: str, spec: Doc, labels: Mapping[str, str] = {}) -> Doc:
    """Of any kind that has a spec; the kustomization says in which namespace."""
    metadata: Doc = {"name": name}
    if labels:
        metadata["labels"] = dict(labels)
    return {"apiVersion": api, "kind": kind, "metadata": metadata, "spec": spec}


def labels(name: str, component: str = SERVICE) -> dict[str, str]:
    """Of everything that runs here."""
    return {NAME: name, COMPONENT: component, PART_OF: "jinlin"}


def selects(name: str) -> Doc:
    """The pods of one name."""
    return {"matchLabels": {NAME: name}}
