"""What a backup is, in one file beside its data: nothing personal stands in it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from bson import json_util

from deploy.backup import described
from deploy.backup.files import digest_of
from deploy.backup.troubles import Damaged

FILE = "manifest.json"
FORMAT = "cn.jinlin.backup.v1"

Offsets = dict[str, dict[int, int]]
"""Offsets by topic and partition."""


class Collection(msgspec.Struct, frozen=True):
    """A collection as it was: how many documents in which file, `bytes` before compression,
    `sha256` of the file; `indexes` as the store tells them, in MongoDB's extended JSON.
    """

    name: str
    file: str
    documents: int
    bytes: int
    sha256: str
    indexes: list[dict[str, Any]]

    def index_documents(self) -> list[dict[str, Any]]:
        """The indexes as the store takes them."""
        found: list[dict[str, Any]] = json_util.loads(json.dumps(self.indexes))
        return found


class Store(msgspec.Struct, frozen=True):
    """A service's store at `moment` (cluster time: seconds, and 0). `relayed` is the time of the
    last commit that its relay had published.
    """

    service: str
    moment: int
    mongodb: str
    relayed: datetime | None
    collections: list[Collection]


class Kafka(msgspec.Struct, frozen=True):
    """Kafka just before the moment: where topics ended, and how far groups had come."""

    ends: Offsets
    groups: dict[str, Offsets]
    retention_hours: dict[str, float]
    """How long a topic keeps what is in it."""


class Manifest(msgspec.Struct, frozen=True):
    """`version` is that of the platform, `sealed` whether a key is needed."""

    format: str
    at: datetime
    version: str
    sealed: bool
    stores: list[Store]
    kafka: Kafka

    def of(self, service: str) -> Store:
        """The store of a service. Raises LookupError."""
        for store in self.stores:
            if store.service == service:
                return store
        raise LookupError(service)


def save(folder: Path, manifest: Manifest) -> None:
    """Writes it. A folder without one is no backup."""
    described.save(folder / FILE, manifest)


def load(folder: Path) -> Manifest:
    """Reads it. Raises `Damaged`."""
    return described.load(folder / FILE, Manifest, FORMAT, "backup")


def verify(folder: Path, manifest: Manifest) -> None:
    """Compares every file with its digest. Raises `Damaged` naming those that differ."""
    wrong = [
        collection.file
        for store in manifest.stores
        for collection in store.collections
        if digest_of(folder / collection.file) != collection.sha256
    ]
    if wrong:
        raise Damaged(f"not what was written: {', '.join(wrong)}")
